"""A Deferred: a result that comes later, and a callback that waits for it."""

from twisted.internet import defer, reactor


def getDummyData(inputData):
    """Return a Deferred that fires two seconds later with inputData * 3."""
    print('getDummyData called')
    deferred = defer.Deferred()
    # a timer stands in for slow input
    reactor.callLater(2, deferred.callback, inputData * 3)
    return deferred


def cbPrintData(result):
    print(f'Result received: {result}')


deferred = getDummyData(3)
deferred.addCallback(cbPrintData)

reactor.callLater(4, reactor.stop)

print('Starting the reactor')
reactor.run()
