"""A Deferred can't be fired twice: a result after a failure."""

from twisted.internet.defer import Deferred


def out(s):
    print(s)


d = Deferred()
d.addCallbacks(out, out)

d.errback(Exception('First error'))
d.callback('First result')

print('Finished')
