"""A slow poetry server: blocking sockets, so one client at a time."""

import argparse
import socket
import sys
import time


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


def send_poetry(sock, poem, num_bytes, delay):
    """Send the poem, num_bytes at a time, delay seconds apart."""
    for start in range(0, len(poem), num_bytes):
        piece = poem[start : start + num_bytes]
        print(f'Sending {len(piece)} bytes')
        try:
            sock.sendall(piece)  # blocks while the client reads too slowly
        except OSError:
            return  # the client has left
        time.sleep(delay)


def serve(listening, poem, num_bytes, delay):
    """Serve one client after the other, for ever."""
    while True:
        sock, (host, port) = listening.accept()
        print(f'Somebody at {host}:{port} wants poetry!')
        with sock:
            send_poetry(sock, poem, num_bytes, delay)


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

    serve(listening, poem, args.num_bytes, args.delay)


if __name__ == '__main__':
    try:
        main()
    except KeyboardInterrupt:
        pass  # Ctrl-C
