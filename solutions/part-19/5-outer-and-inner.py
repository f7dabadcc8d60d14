"""Cancelling a Deferred that waits for a poem stops the poem's timer."""

from twisted.internet.defer import Deferred


def send_poem(d):
    print('Sending poem')
    d.callback('Once upon a midnight dreary')


def get_poem():
    """Return a Deferred that fires with a poem in 5 seconds."""
    from twisted.internet import reactor

    def canceler(d):
        print('inner canceller')
        # nobody wants the poem any more: the timer needn't send it
        delayed_call.cancel()
        # d is still ours to fire: with another result, with an error that
        # says more, or not at all, and then it fails with CancelledError

    d = Deferred(canceler)
    delayed_call = reactor.callLater(5, send_poem, d)
    return d


def outer_callback(res):
    print('outer callback')
    return get_poem()


def got_poem(poem):
    print('I got a poem:', poem)


def poem_error(err):
    print('get_poem failed:', err)


def main():
    from twisted.internet import reactor

    reactor.callLater(10, reactor.stop)  # ends the program in 10 seconds

    d = Deferred()
    d.addCallback(outer_callback)
    d.addCallbacks(got_poem, poem_error)
    reactor.callLater(1, d.callback, None)  # the poem would come at 6
    reactor.callLater(3, d.cancel)  # it has fired, and waits for the poem

    reactor.run()


main()
