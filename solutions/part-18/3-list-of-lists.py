"""A DeferredList of DeferredLists: each has its own list of results."""

from twisted.internet import defer


def got_results(res):
    print('We got:', res)


d1 = defer.Deferred()
d2 = defer.Deferred()
d3 = defer.Deferred()
d4 = defer.Deferred()
list1 = defer.DeferredList([d1, d2], consumeErrors=True)
list2 = defer.DeferredList([d3, d4], consumeErrors=True)
d = defer.DeferredList([list1, list2], consumeErrors=True)
d.addCallback(got_results)
print('Firing d4 with errback.')
d4.errback(Exception('d4 failure'))
print('Firing d3.')
d3.callback('d3 result')
print('Firing d2.')
d2.callback('d2 result')
print('Firing d1.')
d1.callback('d1 result')
