"""Deferreds that have fired already: the generator goes on, not deeper."""

import inspect

from twisted.internet.defer import inlineCallbacks, succeed


def depth():
    """Return how many calls we are in."""
    return len(inspect.stack())


@inlineCallbacks
def my_callbacks():
    yield succeed(None)
    before = depth()

    # if each callback were called by the one before it, as those of 100,000
    # Deferreds might be, the stack would overflow
    for _ in range(100000):
        yield succeed(None)

    print('deeper by', depth() - before)


my_callbacks()
