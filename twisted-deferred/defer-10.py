"""A callback may return a Deferred: the chain goes on when that fires."""

from twisted.internet.defer import Deferred


def callback_1(res):
    print('callback_1 got', res)
    return 1


def callback_2(res):
    print('callback_2 got', res)
    return 2


def callback_3(res):
    print('callback_3 got', res)
    return 3


def callback_2_async(res):
    print('callback_2_async got', res)
    # a global, so that this script can fire it by hand; real code never does
    # that: whatever does the work makes the Deferred and fires it
    return inner


print('Three callbacks that return at once:')

outer = Deferred()
outer.addCallback(callback_1)
outer.addCallback(callback_2)
outer.addCallback(callback_3)
outer.callback(0)

print()
print('The second returns a Deferred that has not fired yet:')

inner = Deferred()
outer = Deferred()
outer.addCallback(callback_1)
outer.addCallback(callback_2_async)
outer.addCallback(callback_3)
outer.callback(0)

print('The outer Deferred waits. Now the inner one is fired:')

inner.callback(2)
