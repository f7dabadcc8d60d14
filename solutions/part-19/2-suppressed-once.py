"""Cancelled without a canceller: one result that comes late is ignored."""

from twisted.internet import defer


def errback(err):
    print('errback got:', err.type.__name__)


d = defer.Deferred()
d.addErrback(errback)
d.cancel()

# whoever works on the result has not been told, and may still deliver it
d.callback('late')
print('The first result is ignored.')

try:
    d.callback('later')
except defer.AlreadyCalledError:
    print('The second one is an error, as ever.')
