"""An errback can handle a cancellation, like any other failure."""

from twisted.internet import defer


def callback(res):
    print('callback got:', res)


def errback(err):
    print('errback got:', err)


d = defer.Deferred()
d.addCallbacks(callback, errback)
d.cancel()
print('done')
