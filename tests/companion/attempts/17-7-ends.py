# The reader has come to its end, so nothing is left to cancel. It should wait
# when the queue is empty.
"""A generator without an end stands for work without an end."""

from twisted.internet.defer import DeferredQueue, inlineCallbacks


@inlineCallbacks
def reader(queue):
    while queue.pending:
        poem = yield queue.get()
        print('reading', poem)


def stopped(err):
    print('stopped by', err.type.__name__)


queue = DeferredQueue()
queue.put('The Ecstasy')
queue.put('Sonnet - To Science')

d = reader(queue)
d.addErrback(stopped)

# nobody else could end it: its Deferred never fires by itself
d.cancel()
