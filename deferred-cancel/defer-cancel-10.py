"""Cancelling drops the result; the work behind the Deferred goes on."""

from twisted.internet.defer import Deferred


def send_poem(d):
    print('Sending poem')
    d.callback('Once upon a midnight dreary')


def get_poem():
    """Return a Deferred that fires with a poem in 5 seconds."""
    from twisted.internet import reactor

    d = Deferred()
    reactor.callLater(5, send_poem, d)
    return d


def got_poem(poem):
    print('I got a poem:', poem)


def poem_error(err):
    print('get_poem failed:', err)


def main():
    from twisted.internet import reactor

    reactor.callLater(10, reactor.stop)  # ends the program in 10 seconds

    d = get_poem()
    d.addCallbacks(got_poem, poem_error)
    reactor.callLater(2, d.cancel)  # gives up in 2 seconds

    reactor.run()


main()
