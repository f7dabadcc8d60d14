"""Without a canceller, cancel only fails the Deferred: the work goes on."""

from twisted.internet.defer import AlreadyCalledError, Deferred


def x(result):
    print(f'Hooray, a result:{result!r}')


def print_error(failure):
    print(f'The errback got: {failure.type.__name__}')


def operationDone():
    operation.callback('completed')


print('Done, then cancelled')
operation = Deferred()
operation.addCallbacks(x, print_error)
operationDone()
operation.cancel()
print('cancel() came too late and changed nothing')

print()

print('Cancelled, then done')
operation = Deferred()
operation.addCallbacks(x, print_error)
operation.cancel()

# nothing has stopped the operation: it goes on, and fires
operationDone()
print('The first callback() was ignored')

try:
    operationDone()
except AlreadyCalledError:
    print('The second callback() raised AlreadyCalledError')
