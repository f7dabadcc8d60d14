"""A chain: a callback gets what the one before it returned."""

import sys

from twisted.internet import defer, reactor


class Getter:
    d = None

    def gotResults(self, x):
        """Fire the Deferred: even numbers are good, odd ones are not."""
        if self.d is None:
            print('Nowhere to put results')
            return

        # forgotten first: nobody can fire it twice, and a callback may ask
        # this Getter for more
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
        # a timer stands in for a source that takes its time
        reactor.callLater(2, self.gotResults, x)
        # the first in the chain: our caller's callbacks get the text
        self.d.addCallback(self._toHTML)
        return self.d


def cbPrintData(result):
    print(result)


def ebPrintError(failure):
    print(failure, file=sys.stderr)


# an odd number: both callbacks are passed over, the errback runs
g = Getter()
d = g.getDummyData(3)
d.addCallback(cbPrintData)
d.addErrback(ebPrintError)

# an even number: both callbacks run, the errback is passed over
g = Getter()
d = g.getDummyData(4)
d.addCallback(cbPrintData)
d.addErrback(ebPrintError)

reactor.callLater(4, reactor.stop)
reactor.run()
