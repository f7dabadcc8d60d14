"""An errback added after the list was made gets the failure, too."""

from twisted.internet import defer


def got_results(res):
    print('We got:', res)


def errback(err):
    print('errback got:', err.getErrorMessage())


d1 = defer.Deferred()
d2 = defer.Deferred()
d = defer.DeferredList([d1, d2])
d.addCallback(got_results)
d2.addErrback(errback)
print('Firing d1.')
d1.callback('d1 result')
print('Firing d2 with errback.')
d2.errback(Exception('d2 failure'))
