"""A DeferredList that fires with the first result, or the first error."""

from twisted.internet import defer


def got_results(res):
    print('We got:', res)


def got_error(err):
    print('We failed:', err.value.index, err.value.subFailure.value)


for option in 'fireOnOneCallback', 'fireOnOneErrback':
    print(option)
    d1 = defer.Deferred()
    d2 = defer.Deferred()
    d = defer.DeferredList([d1, d2], consumeErrors=True, **{option: True})
    d.addCallbacks(got_results, got_error)
    print('Firing d1.')
    d1.callback('d1 result')
    print('Firing d2 with errback.')
    d2.errback(Exception('d2 failure'))
