# A None is printed in place of a poem. A callback that returns nothing hands
# None to the next one.
"""Client 4.0 with a time limit, which is a failure of its own kind."""

import argparse
import sys

from twisted.internet import defer
from twisted.internet.error import ConnectionDone
from twisted.internet.protocol import ClientFactory, Protocol

TIME_LIMIT = 3  # seconds for a poem


def parse_args():
    parser = argparse.ArgumentParser(
        prog=sys.argv[0],
        usage='%(prog)s [-h] [host:]port ...',
        description='Get a poem from every poetry server named.',
    )
    parser.add_argument(
        'addresses',
        nargs='*',
        metavar='[host:]port',
        help='where a server listens (default host: 127.0.0.1)',
    )
    args = parser.parse_args()

    if not args.addresses:
        parser.print_help()
        parser.exit()

    def parse_address(address):
        host, _, port = address.rpartition(':')
        if not port.isdecimal():
            parser.error('Ports must be integers.')
        if int(port) > 65535:
            parser.error('Ports must be between 0 and 65535.')
        return host or '127.0.0.1', int(port)

    return [parse_address(address) for address in args.addresses]


class PoetryProtocol(Protocol):
    def __init__(self):
        self.poem = bytearray()

    def dataReceived(self, data):
        self.poem += data

    def connectionLost(self, reason):
        if reason.check(ConnectionDone):
            # decoded once, here: a piece may end inside a character
            self.poemReceived(self.poem.decode(errors='replace'))
        else:
            # cut off: an error, not a shorter poem
            self.factory.poem_failed(reason)

    def poemReceived(self, poem):
        self.factory.poem_finished(poem)


class PoetryClientFactory(ClientFactory):
    protocol = PoetryProtocol  # what buildProtocol makes

    def __init__(self, deferred):
        self.deferred = deferred

    def poem_finished(self, poem):
        if self.deferred is not None:
            d, self.deferred = self.deferred, None
            d.callback(poem)

    def poem_failed(self, reason):
        if self.deferred is not None:
            d, self.deferred = self.deferred, None
            d.errback(reason)

    def clientConnectionFailed(self, connector, reason):
        self.poem_failed(reason)


class PoemTooSlow(Exception):
    """A server has not sent its whole poem in time."""


def get_poetry(host, port):
    """Fetch a poem: the Deferred fires with the text, or a Failure."""
    from twisted.internet import reactor

    d = defer.Deferred()
    factory = PoetryClientFactory(d)
    connector = reactor.connectTCP(host, port, factory)

    def time_is_up():
        # first of all, as the connection will be lost, too
        factory.poem_failed(PoemTooSlow(f'{host}:{port}'))
        connector.disconnect()

    def no_limit(result):
        if delayed.active():
            delayed.cancel()

    delayed = reactor.callLater(TIME_LIMIT, time_is_up)
    return d.addBoth(no_limit)


def poetry_main():
    addresses = parse_args()

    from twisted.internet import reactor

    poems = []
    errors = []

    def got_poem(poem):
        poems.append(poem)

    def poem_failed(err):
        if err.check(PoemTooSlow):
            print('Poem too slow:', err.getErrorMessage(), file=sys.stderr)
        else:
            print('Poem failed:', err, file=sys.stderr)
        errors.append(err)

    def poem_done(result):
        if len(poems) + len(errors) == len(addresses) and reactor.running:
            reactor.stop()  # unless Ctrl-C has done it
        return result

    for host, port in addresses:
        d = get_poetry(host, port)
        d.addCallbacks(got_poem, poem_failed)
        d.addBoth(poem_done)

    reactor.run()

    for poem in poems:
        print(poem)


if __name__ == '__main__':
    poetry_main()
