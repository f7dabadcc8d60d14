"""A Deferred can't be fired twice: a result after a result."""

from twisted.internet.defer import Deferred


def out(s):
    print(s)


d = Deferred()
d.addCallbacks(out, out)

d.callback('First result')
d.callback('Second result')

print('Finished')
