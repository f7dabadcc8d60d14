"""Logging: messages, errors and failures, once somebody listens."""

import sys

from twisted.internet.defer import Deferred
from twisted.python import log


def bad_callback(_):
    raise Exception('I fall down.')


log.msg('Nobody reads this: logging has not been started.')

log.startLogging(sys.stdout)

log.msg('This is logged.')
log.err('This is logged as an error.')

try:
    bad_callback(None)
except Exception:
    log.err()  # the exception that is being handled, with its traceback

d = Deferred()
d.addCallback(bad_callback)
d.addErrback(log.err)  # a Failure, with its traceback
d.callback(None)

log.msg('The end.')
