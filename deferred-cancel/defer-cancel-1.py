"""A Deferred that is cancelled fails with a CancelledError."""

from twisted.internet import defer


def callback(res):
    print('callback got:', res)


d = defer.Deferred()
d.addCallback(callback)
d.cancel()
print('done')
