"""A canceller may fire the Deferred with an error of its own."""

from twisted.internet import defer


def canceller(d):
    print('I need to cancel this deferred:', d)
    d.errback(Exception('canceller error'))


def callback(res):
    print('callback got:', res)


def errback(err):
    print('errback got:', err)


d = defer.Deferred(canceller)
d.addCallbacks(callback, errback)
d.cancel()
print('done')
