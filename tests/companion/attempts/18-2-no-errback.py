# With `fireOnOneErrback` the list fails, and nobody handles that: it needs an
# errback, too.
"""A DeferredList that fires with the first result, or the first error."""

from twisted.internet import defer


def got_results(res):
    print('We got:', res)


for option in 'fireOnOneCallback', 'fireOnOneErrback':
    print(option)
    d1 = defer.Deferred()
    d2 = defer.Deferred()
    d = defer.DeferredList([d1, d2], consumeErrors=True, **{option: True})
    d.addCallback(got_results)
    print('Firing d1.')
    d1.callback('d1 result')
    print('Firing d2 with errback.')
    d2.errback(Exception('d2 failure'))
