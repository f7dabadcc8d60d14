"""A callback that blocks: a Deferred doesn't make it asynchronous."""

import time

from twisted.internet import reactor
from twisted.internet.defer import Deferred


def opening(_):
    print('The chain starts.')


def poem(_):
    for line in 'Tyger Tyger, burning bright,', 'In the forests of the night;':
        time.sleep(1)  # blocks the reactor, and all that waits for it
        print(line)


def closing(_):
    print('The chain ends.')


def fire(d):
    print('Firing.')
    d.callback(None)  # returns when the whole chain has run
    print('Fired.')


def something_else():
    print('The reactor has time for something else.')


d = Deferred()
d.addCallback(opening)
d.addCallback(poem)
d.addCallback(closing)

reactor.callWhenRunning(fire, d)
reactor.callLater(0.5, something_else)
reactor.callLater(3, reactor.stop)

print('Starting the reactor.')
reactor.run()
print('Done.')
