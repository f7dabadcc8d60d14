"""With a canceller a poem is cancelled for good."""

from twisted.internet.defer import Deferred


def send_poem(d):
    print('Sending poem')
    d.callback('Once upon a midnight dreary')


def get_poem():
    """Return a Deferred that fires with a poem five seconds later."""
    from twisted.internet import reactor

    def canceler(d):
        # without it send_poem would be called for nothing; the errback
        # gets a CancelledError, as we don't fire d ourselves
        delayed_call.cancel()

    d = Deferred(canceler)
    delayed_call = reactor.callLater(5, send_poem, d)
    return d


def got_poem(poem):
    print('I got a poem:', poem)


def poem_error(err):
    print('get_poem failed:', err)


def main():
    from twisted.internet import reactor

    reactor.callLater(10, reactor.stop)  # seconds

    d = get_poem()
    d.addCallbacks(got_poem, poem_error)
    reactor.callLater(2, d.cancel)

    reactor.run()


main()
