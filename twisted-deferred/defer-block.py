"""A Deferred makes nothing asynchronous: a callback that blocks, blocks."""

import time

from twisted.internet import reactor
from twisted.internet.defer import Deferred


def start_chain(_):
    print('The chain starts.')


def blocking_poem(_):
    for line in 'Tyger Tyger, burning bright,', 'In the forests of the night;':
        time.sleep(1)  # nothing else happens meanwhile
        print(line)


def end_chain(_):
    print('The chain ends.')
    reactor.stop()


def meanwhile():
    print('The reactor has time for something else.')


d = Deferred()
d.addCallback(start_chain)
d.addCallback(blocking_poem)
d.addCallback(end_chain)


def fire():
    print('Firing.')
    d.callback(None)
    print('Fired.')


reactor.callWhenRunning(fire)
reactor.callLater(0.5, meanwhile)

print('Starting the reactor.')
reactor.run()
print('Done.')
