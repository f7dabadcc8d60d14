# To call a generator function runs nothing of it and returns no Deferred.
# `inlineCallbacks` sees to both.
"""A generator without an end stands for work without an end."""

from twisted.internet.defer import DeferredQueue


def reader(queue):
    while True:
        poem = yield queue.get()
        print('reading', poem)


def stopped(err):
    print('stopped by', err.type.__name__)


queue = DeferredQueue()

d = reader(queue)
d.addErrback(stopped)

queue.put('The Ecstasy')
queue.put('Sonnet - To Science')

# nobody else could end it: its Deferred never fires by itself
d.cancel()
