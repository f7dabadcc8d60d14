"""gatherResults: all results, or the first error."""

from twisted.internet import defer


def cbPrintResult(result):
    print(result)


def print_first_error(failure):
    # a FirstError, with the failure that was the first in it
    print('Failed:', failure.value.subFailure.getErrorMessage())


d1 = defer.Deferred()
d2 = defer.Deferred()
d = defer.gatherResults([d1, d2], consumeErrors=True)
d.addCallbacks(cbPrintResult, print_first_error)

d1.callback('one')
# nothing is printed yet: d2 is still to come
d2.callback('two')

d1 = defer.Deferred()
d2 = defer.Deferred()
d = defer.gatherResults([d1, d2], consumeErrors=True)
d.addCallbacks(cbPrintResult, print_first_error)

# the error is printed right away: d1 need not come any more
d2.errback(Exception('bang!'))
