"""A DeferredDict: a DeferredList whose results have names."""

from twisted.internet import defer


class DeferredDict(defer.DeferredList):
    """
    Fires when all Deferreds of a dict have: with a dict that has the same
    keys, in the same order, and for each what a DeferredList would have.
    """

    def __init__(self, deferreds, consumeErrors=False):
        super().__init__(deferreds.values(), consumeErrors=consumeErrors)
        # now: somebody may change the dict before we fire
        keys = list(deferreds)
        self.addCallback(lambda results: dict(zip(keys, results)))


def got_results(res):
    print('We got:', res)


d1 = defer.Deferred()
d2 = defer.Deferred()
d = DeferredDict({'one': d1, 'two': d2}, consumeErrors=True)
d.addCallback(got_results)
print('Firing d1.')
d1.callback('d1 result')
print('Firing d2 with errback.')
d2.errback(Exception('d2 failure'))
