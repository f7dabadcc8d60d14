"""A Deferred can't be fired twice: a failure after a result."""

from twisted.internet.defer import Deferred


def out(s):
    print(s)


d = Deferred()
d.addCallbacks(out, out)

d.callback('First result')
d.errback(Exception('First error'))

print('Finished')
