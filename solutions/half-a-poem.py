"""A server to try clients with: it sends half a poem and breaks off."""

import argparse
import sys

from twisted.internet.error import CannotListenError
from twisted.internet.protocol import Protocol, ServerFactory

PAUSE = 1  # seconds, so that the client has read its half


def parse_args():
    parser = argparse.ArgumentParser(sys.argv[0], description=__doc__)
    parser.add_argument(
        '--port', type=int, default=0, help='port (default: any free one)'
    )
    parser.add_argument(
        '--iface', default='localhost', help='interface (default: localhost)'
    )
    parser.add_argument('poetry_file', help='the file with the poem')
    args = parser.parse_args()
    if not 0 <= args.port <= 65535:
        parser.error('Ports must be between 0 and 65535.')
    return args


def read_poem(poetry_file):
    """Return the bytes of the file; end the script if it can't be read."""
    try:
        with open(poetry_file, 'rb') as poem:
            return poem.read()
    except OSError as error:
        sys.exit(f'Cannot read {poetry_file}: {error.strerror}')


class PoetryProtocol(Protocol):
    def connectionMade(self):
        poem = self.factory.poem
        self.transport.write(poem[: len(poem) // 2])

        from twisted.internet import reactor

        # a reset: loseConnection would look like the end of the poem
        reactor.callLater(PAUSE, self.transport.abortConnection)


class PoetryFactory(ServerFactory):
    protocol = PoetryProtocol

    def __init__(self, poem):
        self.poem = poem


def main():
    args = parse_args()
    poem = read_poem(args.poetry_file)
    factory = PoetryFactory(poem)

    from twisted.internet import reactor

    try:
        port = reactor.listenTCP(args.port, factory, interface=args.iface)
    except CannotListenError as error:
        sys.exit(str(error))

    print(f'Serving half of {args.poetry_file} on {port.getHost()}.')

    reactor.run()


if __name__ == '__main__':
    main()
