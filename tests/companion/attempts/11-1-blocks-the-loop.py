# Somebody who never reads holds up all others. `sendall` waits until
# everything is sent, and meanwhile nobody else has a turn.
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


async def main():
    args = parse_args()
    poem = read_poem(args.poetry_file)

    loop = asyncio.get_running_loop()

    try:
        server = socket.create_server((args.iface, args.port))
        server.setblocking(False)
    except OSError as error:
        sys.exit(str(error))

    _, port = server.getsockname()
    print(f'Serving {args.poetry_file} on port {port}.')

    while True:
        sock, _ = await loop.sock_accept(server)
        sock.setblocking(True)
        sock.sendall(poem)
        sock.close()


if __name__ == '__main__':
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        pass  # Ctrl-C
