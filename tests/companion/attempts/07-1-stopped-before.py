# Nothing comes after the first poem: `poem_done` has stopped the reactor. What
# `callWhenRunning` was given before comes all the same, in the same turn.
"""The reactor fires a Deferred: addBoth stops the reactor either way."""

import sys

from twisted.internet.defer import Deferred


def got_poem(poem):
    print(poem)


def poem_failed(err):
    print('poem download failed', file=sys.stderr)
    print('I am terribly sorry', file=sys.stderr)
    print('try again later?', file=sys.stderr)


def poem_done(_):
    from twisted.internet import reactor

    reactor.stop()


fired = False


def fire(method, what):
    global fired
    if fired:
        print('Too late:', what)
        return
    fired = True
    method(what)


d = Deferred()
d.addCallbacks(got_poem, poem_failed)
d.addBoth(poem_done)

from twisted.internet import reactor

reactor.callLater(0, fire, d.callback, 'Another short poem.')
reactor.callLater(0.1, fire, d.callback, 'A second poem.')
reactor.callLater(0.2, fire, d.errback, Exception('The time is up.'))
reactor.run()
