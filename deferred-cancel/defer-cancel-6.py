"""A canceller may fire the Deferred with a result instead."""

from twisted.internet import defer


def canceller(d):
    print('I need to cancel this deferred:', d)
    d.callback('canceller result')


def callback(res):
    print('callback got:', res)


def errback(err):
    print('errback got:', err)


d = defer.Deferred(canceller)
d.addCallbacks(callback, errback)
d.cancel()
print('done')
