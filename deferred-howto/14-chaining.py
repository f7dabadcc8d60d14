"""Chaining: a Deferred that waits for another one."""

from twisted.internet.defer import Deferred


def return_b(result):
    print(f'A has {result!r}, and its callback returns B')
    return b


def shout(result):
    return result.upper()


def print_a(result):
    print(f'A goes on with {result!r}')


def print_b(result):
    print(f'B goes on with {result!r}')


print('A callback that returns a Deferred')
a = Deferred()
b = Deferred()
a.addCallback(return_b)
a.addCallback(print_a)
b.addCallback(shout)

a.callback('one')
print('A was fired, and waits for B')
b.callback('two')

print()

print('chainDeferred')
a = Deferred()
b = Deferred()
b.addCallback(print_b)
# A's result fires B; A itself goes on with None
a.chainDeferred(b)
a.addCallback(print_a)

a.callback('one')
