# Every failure is told with the last address. A function made in a loop looks
# its names up when it is called, and then the loop is over.
"""Client 3.1 tells which server it was that failed."""

import argparse
import sys

from twisted.internet.error import ConnectionDone
from twisted.internet.protocol import ClientFactory, Protocol


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

    def __init__(self, callback, errback):
        self.callback = callback
        self.errback = errback

    def poem_finished(self, poem):
        self.callback(poem)

    def poem_failed(self, reason):
        self.errback(reason)

    def clientConnectionFailed(self, connector, reason):
        self.poem_failed(reason)


def get_poetry(host, port, callback, errback):
    """Fetch a poem: callback gets the text, or errback a Failure."""
    from twisted.internet import reactor

    factory = PoetryClientFactory(callback, errback)
    reactor.connectTCP(host, port, factory)


def poetry_main():
    addresses = parse_args()

    from twisted.internet import reactor

    poems = []
    errors = []

    def got_poem(poem):
        poems.append(poem)
        poem_done()

    def poem_failed(err, host, port):
        print(f'Poem failed: {host}:{port}:', err, file=sys.stderr)
        errors.append(err)
        poem_done()

    def poem_done():
        if len(poems) + len(errors) == len(addresses) and reactor.running:
            reactor.stop()  # unless Ctrl-C has done it

    for host, port in addresses:
        errback = lambda err: poem_failed(err, host, port)  # noqa
        get_poetry(host, port, got_poem, errback)

    reactor.run()

    for poem in poems:
        print(poem)


if __name__ == '__main__':
    poetry_main()
