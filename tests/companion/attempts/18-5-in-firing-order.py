# The keys come in the order in which their Deferreds fired. It should be the
# order of the dict.
"""A DeferredDict: a DeferredList whose results have names."""

from twisted.internet import defer


class DeferredDict(defer.Deferred):
    def __init__(self, deferreds, consumeErrors=False):
        super().__init__()
        self.results = {}
        self.left = len(deferreds)
        for key, d in deferreds.items():
            d.addCallback(self.got, key, True)
            d.addErrback(self.got, key, False)

    def got(self, result, key, success):
        self.results[key] = (success, result)
        self.left -= 1
        if self.left == 0:
            self.callback(self.results)


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
