"""A fired Deferred calls new callbacks at once, unless it is paused."""

from twisted.internet.defer import Deferred


def out(res):
    print('callback got', res)
    return res


d = Deferred()

print('Adding a callback.')
d.addCallback(out)

print('Firing.')
d.callback('a poem')

print('Adding another callback.')
d.addCallback(out)

print()

# a Deferred pauses itself while it waits for one that a callback returned
print('Pausing.')
d.pause()

print('Adding a third callback.')
d.addCallback(out)

print('Going on.')
d.unpause()
