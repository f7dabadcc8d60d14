"""gatherResults: all results, or the first error."""

from twisted.internet import defer


def cbPrintResult(result):
    print(result)


def print_first_error(failure):
    # a FirstError, which holds the first failure
    print('Failed:', failure.value.subFailure.getErrorMessage())


d1 = defer.Deferred()
d2 = defer.Deferred()
d = defer.gatherResults([d1, d2], consumeErrors=True)
d.addCallbacks(cbPrintResult, print_first_error)

d1.callback('one')
# nothing is printed yet: d waits for d2
d2.callback('two')

d1 = defer.Deferred()
d2 = defer.Deferred()
d = defer.gatherResults([d1, d2], consumeErrors=True)
d.addCallbacks(cbPrintResult, print_first_error)

# printed at once: d doesn't wait for d1 any more
d2.errback(Exception('bang!'))
