"""A Failure holds an exception, and the traceback if it was raised."""

from twisted.python.failure import Failure


class RhymeSchemeViolation(Exception):
    pass


def check_rhymes(poem):
    raise RhymeSchemeViolation('nothing rhymes with orange')


print('A failure made from an exception that nobody raised:')
print()

failure = Failure(RhymeSchemeViolation('made, not raised'))

# no traceback: it begins where an exception is raised
print(failure)
print()

print('A failure made where an exception was caught:')
print()

try:
    check_rhymes('Oranges are orange.')
except RhymeSchemeViolation:
    failure = Failure()  # takes the exception that is being handled

# the except block is over, the traceback is still there
print(failure)
print()
print(failure.getTraceback())
