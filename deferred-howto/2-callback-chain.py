"""A chain: a callback gets what the one before it returned."""

import sys

from twisted.internet import defer, reactor


class Getter:
    d = None

    def gotResults(self, x):
        """Fire the Deferred: an even number is a result, an odd an error."""
        if self.d is None:
            print('Nowhere to put results')
            return

        # cleared first, so that it can't be fired twice, and a callback
        # may call getDummyData again
        d = self.d
        self.d = None
        if x % 2 == 0:
            d.callback(x * 3)
        else:
            d.errback(ValueError('You used an odd number!'))

    def _toHTML(self, r):
        return f'Result: {r}'

    def getDummyData(self, x):
        """Return a Deferred that fires two seconds later with a text."""
        self.d = defer.Deferred()
        # a timer stands in for slow input
        reactor.callLater(2, self.gotResults, x)
        # added first, so that our caller's callbacks get what it returns
        self.d.addCallback(self._toHTML)
        return self.d


def cbPrintData(result):
    print(result)


def ebPrintError(failure):
    print(failure, file=sys.stderr)


# an odd number: both callbacks are skipped, the errback runs
g = Getter()
d = g.getDummyData(3)
d.addCallback(cbPrintData)
d.addErrback(ebPrintError)

# an even number: both callbacks run, the errback is skipped
g = Getter()
d = g.getDummyData(4)
d.addCallback(cbPrintData)
d.addErrback(ebPrintError)

reactor.callLater(4, reactor.stop)
reactor.run()
