"""Callback and errback: one after the other, or side by side as a pair."""

from twisted.internet import defer


def getDeferredFromSomewhere():
    return defer.succeed('a result')


def callback1(result):
    print(f'callback1 got {result}, and fails')
    raise Exception('callback1 failed')


def errback1(failure):
    print(f'errback1 got the error: {failure.getErrorMessage()}')


def callback2(result):
    print(f'callback2 got {result}')


def errback2(failure):
    print(f'errback2 got the error: {failure.getErrorMessage()}')


print('Case 1')
d = getDeferredFromSomewhere()
d.addCallback(callback1)
d.addErrback(errback1)  # after callback1: gets its error
d.addCallback(callback2)
d.addErrback(errback2)

print()

print('Case 2')
d = getDeferredFromSomewhere()
d.addCallbacks(callback1, errback1)  # just one runs: errback2 gets its error
d.addCallbacks(callback2, errback2)
