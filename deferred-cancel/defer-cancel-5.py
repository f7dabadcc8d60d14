"""A canceller is called first, to stop the work behind the Deferred."""

from twisted.internet import defer


def canceller(d):
    print('I need to cancel this deferred:', d)


def callback(res):
    print('callback got:', res)


def errback(err):
    print('errback got:', err)


d = defer.Deferred(canceller)
d.addCallbacks(callback, errback)
d.cancel()
print('done')
