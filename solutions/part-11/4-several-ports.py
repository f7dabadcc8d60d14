"""The fast poetry server with several poems, each on a port of its own."""

import argparse
import sys

from twisted.internet.error import CannotListenError
from twisted.internet.protocol import Protocol, ServerFactory


def parse_args():
    parser = argparse.ArgumentParser(sys.argv[0], description=__doc__)
    parser.add_argument(
        '--iface', default='localhost', help='interface (default: localhost)'
    )
    parser.add_argument(
        'poems',
        nargs='+',
        metavar='port:poetry_file',
        help='a port and the file with its poem',
    )
    args = parser.parse_args()

    def parse_poem(text):
        port, _, poetry_file = text.partition(':')
        if not port.isdecimal():
            parser.error('Ports must be integers.')
        if int(port) > 65535:
            parser.error('Ports must be between 0 and 65535.')
        return int(port), poetry_file

    args.poems = [parse_poem(text) for text in args.poems]
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
        self.transport.write(poem)
        self.transport.loseConnection()


class PoetryFactory(ServerFactory):
    protocol = PoetryProtocol

    def __init__(self, poem):
        self.poem = poem


def main():
    args = parse_args()

    from twisted.internet import reactor

    for number, poetry_file in args.poems:
        factory = PoetryFactory(read_poem(poetry_file))

        try:
            port = reactor.listenTCP(number, factory, interface=args.iface)
        except CannotListenError as error:
            sys.exit(str(error))

        print(f'Serving {poetry_file} on {port.getHost()}.')

    reactor.run()


if __name__ == '__main__':
    main()
