# The end of a long poem is missing. `send` takes as much as fits, and returns
# how much that was: keep the rest.
"""A fast poetry server: bare sockets that don't block, and a loop."""

import argparse
import selectors
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


def send_poetry(sock, rest):
    """Send as much as the client takes now; return what is left."""
    try:
        sock.send(rest)
        return b''
    except BlockingIOError:
        return rest
    except OSError:
        return b''  # the client has left


def serve(listening, poem):
    """Serve all clients at once, for ever."""
    selector = selectors.DefaultSelector()
    selector.register(listening, selectors.EVENT_READ)

    while True:
        # blocks until somebody comes, or takes more
        for key, _ in selector.select():
            if key.fileobj is listening:
                sock, _ = listening.accept()
                sock.setblocking(False)
                # a slice of a memoryview is no copy
                rest = memoryview(poem)
                selector.register(sock, selectors.EVENT_WRITE, rest)
                continue

            sock = key.fileobj
            rest = send_poetry(sock, key.data)
            if rest:
                selector.modify(sock, selectors.EVENT_WRITE, rest)
            else:
                selector.unregister(sock)
                sock.close()


def main():
    args = parse_args()
    poem = read_poem(args.poetry_file)

    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((args.iface, args.port))
        listening.listen()
    except OSError as error:
        sys.exit(f'Cannot listen on port {args.port}: {error.strerror}')

    _, port = listening.getsockname()
    print(f'Serving {args.poetry_file} on port {port}.')

    serve(listening, poem)


if __name__ == '__main__':
    try:
        main()
    except KeyboardInterrupt:
        pass  # Ctrl-C
