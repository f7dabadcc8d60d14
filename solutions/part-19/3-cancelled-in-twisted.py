"""Cancelling what Twisted's own functions return: nothing is left behind."""

from twisted.internet import defer, endpoints, task
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.testing import MemoryReactor


def cancelled(err, name):
    print(f'{name}: {err.type.__name__}')


def cancel(d, name):
    d.addErrback(cancelled, name)
    d.cancel()


clock = task.Clock()
cancel(task.deferLater(clock, 3600, print, 'An hour is over.'), 'deferLater')
print('calls left:', len(clock.getDelayedCalls()))

queue = defer.DeferredQueue()
cancel(queue.get(), 'DeferredQueue.get')
print('waiting for the queue:', len(queue.waiting))

lock = defer.DeferredLock()
lock.acquire()
cancel(lock.acquire(), 'DeferredLock.acquire')
print('waiting for the lock:', len(lock.waiting))

# a reactor that connects to nobody, but remembers what it was asked for
reactor = MemoryReactor()
endpoint = endpoints.TCP4ClientEndpoint(reactor, '127.0.0.1', 10000)
cancel(endpoint.connect(Factory.forProtocol(Protocol)), 'connect')
print('stopped connecting:', reactor.connectors[0].stoppedConnecting)
