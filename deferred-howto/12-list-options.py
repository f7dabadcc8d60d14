"""Options of DeferredList: when it fires, and what becomes of the errors."""

from twisted.internet import defer


def print_first_result(result):
    # one result and its index, not a list
    value, index = result
    print(f'The list fired: {value} (at index {index})')


def printResult(result):
    print('The list fired:', result)


def print_first_error(failure):
    # a FirstError, which holds the first failure and its index
    error = failure.value
    message = error.subFailure.getErrorMessage()
    print(f'The list failed: {message} (at index {error.index})')


def print_left(result):
    print('Left in the Deferred:', result)


def print_left_error(failure):
    print('Left in the Deferred: the error', failure.getErrorMessage())


print('fireOnOneCallback: the first result will do')
deferred1 = defer.Deferred()
deferred2 = defer.Deferred()
dl = defer.DeferredList([deferred1, deferred2], fireOnOneCallback=True)
dl.addCallback(print_first_result)
deferred2.callback('two')
# the list has fired: this result is ignored
deferred1.callback('one')

print()

print('fireOnOneErrback: the first error spoils it all')
deferred1 = defer.Deferred()
deferred2 = defer.Deferred()
# without consumeErrors the error would also stay in deferred2, unhandled
dl = defer.DeferredList(
    [deferred1, deferred2], fireOnOneErrback=True, consumeErrors=True
)
dl.addCallbacks(printResult, print_first_error)
deferred2.errback(Exception('bang!'))
# the list has fired: this result is ignored
deferred1.callback('one')

print()

for consume_errors in False, True:
    print(f'consumeErrors={consume_errors}')
    deferred1 = defer.Deferred()
    dl = defer.DeferredList([deferred1], consumeErrors=consume_errors)
    dl.addCallback(printResult)
    # added after the list was made: they get what the list leaves
    deferred1.addCallbacks(print_left, print_left_error)
    deferred1.errback(Exception('bang!'))
