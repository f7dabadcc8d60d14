# Two yields cut a generator into three pieces, and not into two.
"""Count in how many ways three generators of client 7.0 can take turns."""

from itertools import permutations

from twisted.internet.defer import Deferred, inlineCallbacks


def turns_taken(order):
    """Fire the Deferreds of a, b and c in that order; return who ran when."""
    turns = []
    waiting = {}

    @inlineCallbacks
    def get_transformed_poem(name):
        turns.append(name)  # asks for the poem, then for the transform
        waiting[name] = Deferred()
        yield waiting[name]

        turns.append(name)  # has that, too

    for name in 'abc':
        get_transformed_poem(name)
    for name in order:
        waiting[name].callback(None)
    return ''.join(turns)


# two yields make two pieces
print(len(set(permutations('aabbcc'))))

# but the first ones have run when the reactor starts, and it has two
# one Deferred of each to fire
print(len({turns_taken(order) for order in permutations('abc')}))
