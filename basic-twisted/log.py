"""Logging: what is logged before startLogging is lost, the rest written."""

import sys

from twisted.internet.defer import Deferred
from twisted.python import log


def falldown(_):
    raise Exception('I fall down.')


log.msg('Nobody reads this: logging has not been started.')

log.startLogging(sys.stdout)

log.msg('This is logged.')
log.err('This is logged as an error.')

try:
    falldown(None)
except Exception:
    log.err()  # the exception that is being handled, with its traceback

d = Deferred()
d.addCallback(falldown)
d.addErrback(log.err)  # the Failure, with its traceback
d.callback(None)

log.msg('The end.')
