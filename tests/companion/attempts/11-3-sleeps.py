# The poem comes in one piece. Nothing is sent before the reactor has its turn
# again, and `time.sleep` keeps it from that.
"""A slow poetry server that serves all clients at once."""

import argparse
import sys
import time

from twisted.internet.error import CannotListenError
from twisted.internet.protocol import Protocol, ServerFactory


def parse_args():
    parser = argparse.ArgumentParser(sys.argv[0], description=__doc__)
    parser.add_argument(
        '--port', type=int, default=0, help='port (default: any free one)'
    )
    parser.add_argument(
        '--iface', default='localhost', help='interface (default: localhost)'
    )
    parser.add_argument(
        '--num-bytes', type=int, default=10, help='at once (default: 10)'
    )
    parser.add_argument(
        '--delay', type=float, default=0.1, help='seconds (default: 0.1)'
    )
    parser.add_argument('poetry_file', help='the file with the poem')
    args = parser.parse_args()
    if not 0 <= args.port <= 65535:
        parser.error('Ports must be between 0 and 65535.')
    if args.num_bytes < 1:
        parser.error('--num-bytes must be at least 1.')
    if args.delay < 0:
        parser.error('--delay must be at least 0.')
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
        peer = self.transport.getPeer()
        print(f'Somebody at {peer.host}:{peer.port} wants poetry!')
        poem = self.factory.poem
        num_bytes = self.factory.num_bytes
        for start in range(0, len(poem), num_bytes):
            piece = poem[start : start + num_bytes]
            print(f'Sending {len(piece)} bytes')
            self.transport.write(piece)
            time.sleep(self.factory.delay)
        self.transport.loseConnection()


class PoetryFactory(ServerFactory):
    protocol = PoetryProtocol

    def __init__(self, poem, num_bytes, delay):
        self.poem = poem
        self.num_bytes = num_bytes
        self.delay = delay


def main():
    args = parse_args()
    poem = read_poem(args.poetry_file)
    factory = PoetryFactory(poem, args.num_bytes, args.delay)

    from twisted.internet import reactor

    try:
        port = reactor.listenTCP(args.port, factory, interface=args.iface)
    except CannotListenError as error:
        sys.exit(str(error))

    print(f'Serving {args.poetry_file} on {port.getHost()}.')

    reactor.run()


if __name__ == '__main__':
    main()
