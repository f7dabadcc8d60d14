"""Unhandled errors are logged when the Deferred goes, or by log.err."""

import gc

from twisted.internet import defer
from twisted.python import log


def fail(result):
    raise Exception(f'{result} went wrong')


d = defer.Deferred()
d.addCallback(fail)
d.callback('the first')

# not reported yet: an errback may still be added
print('There is an error, and it is silent as long as the Deferred is there.')
print()

# the Deferred and the traceback it holds refer to each other: such a cycle
# is left to the garbage collector
del d
gc.collect()

print('The Deferred is gone; its error was logged.')
print()

d = defer.Deferred()
d.addCallback(fail)
d.addErrback(log.err)
d.callback('the second')

print('The Deferred is there; log.err has logged its error at once.')
