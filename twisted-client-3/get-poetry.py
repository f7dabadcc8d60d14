"""Twisted poetry client 3.0: a get_poetry that others could use."""

import argparse
import signal
import sys

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
        try:
            port = int(port)
        except ValueError:
            parser.error('Ports must be integers.')
        if not 0 <= port <= 65535:
            parser.error('Ports must be between 0 and 65535.')
        try:
            host.encode('idna')
        except UnicodeError:
            parser.error(f'Not the name of a host: {host}')
        return host or '127.0.0.1', port

    return [parse_address(address) for address in args.addresses]


class PoetryProtocol(Protocol):
    def __init__(self):
        self.poem = bytearray()

    def dataReceived(self, data):
        self.poem += data

    def connectionLost(self, reason):
        # only a whole poem is sure to hold whole characters
        self.poemReceived(self.poem.decode(errors='replace'))

    def poemReceived(self, poem):
        self.factory.poem_finished(poem)


class PoetryClientFactory(ClientFactory):
    protocol = PoetryProtocol  # what the base class builds

    def __init__(self, callback):
        self.callback = callback

    def poem_finished(self, poem):
        self.callback(poem)


def get_poetry(host, port, callback):
    """
    Download a poem from the given host and port. When it is complete,
    callback(poem) is called.
    """
    from twisted.internet import reactor

    factory = PoetryClientFactory(callback)
    reactor.connectTCP(host, port, factory)


def poetry_main():
    addresses = parse_args()

    from twisted.internet import reactor

    poems = []

    def got_poem(poem):
        poems.append(poem)
        if len(poems) == len(addresses):
            reactor.stop()

    for host, port in addresses:
        get_poetry(host, port, got_poem)

    reactor.run()

    for poem in poems:
        print(poem)


if __name__ == '__main__':
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it quietly
    poetry_main()
