"""A cancelled Deferred ignores the result that comes too late."""

from twisted.internet import defer


def callback(res):
    print('callback got:', res)


def errback(err):
    print('errback got:', err)


d = defer.Deferred()
d.addCallbacks(callback, errback)
d.cancel()
d.callback('result')
print('done')
