# All results have the last key. A function made in a loop looks its names up
# when it is called, and then the loop is over.
"""A DeferredDict: a DeferredList whose results have names."""

from twisted.internet import defer


class DeferredDict(defer.Deferred):
    def __init__(self, deferreds, consumeErrors=False):
        super().__init__()
        self.results = {}
        self.left = len(deferreds)
        for key, d in deferreds.items():
            d.addCallbacks(
                lambda result: self.got(key, True, result),  # noqa: B023
                lambda err: self.got(key, False, err),  # noqa: B023
            )

    def got(self, key, success, result):
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
