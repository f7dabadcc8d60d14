"""Failures: exceptions that can be carried around, with their traceback."""

from twisted.python.failure import Failure


class RhymeSchemeViolation(Exception):
    pass


def analyze_poem(poem):
    raise RhymeSchemeViolation('nothing rhymes with orange')


print('A failure made from an exception that nobody raised:')
print()

failure = Failure(RhymeSchemeViolation('made, not raised'))

# there is no traceback: nothing was called
print(failure)
print()

print('A failure made where an exception was caught:')
print()

try:
    analyze_poem('Oranges are orange.')
except RhymeSchemeViolation:
    failure = Failure()

# we have left the except block, and the traceback is still there
print(failure)
print()
print(failure.getTraceback())
