"""The fast poetry server: asyncio serves all clients at once."""

import argparse
import asyncio
import socket
import sys


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


class PoetryProtocol(asyncio.Protocol):
    def __init__(self, poem):
        self.poem = poem

    def connection_made(self, transport):
        transport.write(self.poem)
        transport.close()


async def main():
    args = parse_args()
    poem = read_poem(args.poetry_file)

    loop = asyncio.get_running_loop()

    try:
        server = await loop.create_server(
            lambda: PoetryProtocol(poem),
            args.iface,
            args.port,
            family=socket.AF_INET,  # or localhost might be two addresses
        )
    except OSError as error:
        sys.exit(str(error))

    _, port = server.sockets[0].getsockname()
    print(f'Serving {args.poetry_file} on port {port}.')

    # not serve_forever(): after Ctrl-C it waits for those who still read
    await loop.create_future()


if __name__ == '__main__':
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        pass  # Ctrl-C
