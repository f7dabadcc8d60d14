"""Count the words of poems: one server after the other."""

import argparse
import socket
import sys


def parse_args():
    parser = argparse.ArgumentParser(
        prog=sys.argv[0],
        usage='%(prog)s [-h] [host:]port ...',
        description='Count the words of the poem of every server named.',
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


def get_poetry(host, port):
    """Return the text of a poem; raises OSError if there is none."""
    poem = bytearray()
    with socket.create_connection((host, port)) as sock:
        while data := sock.recv(1024):
            poem += data
    return poem.decode(errors='replace')


def count_words(host, port):
    try:
        poem = get_poetry(host, port)
    except OSError as e:
        print(f'{host}:{port}: {e}', file=sys.stderr)
        return

    print(f'{host}:{port}: {len(poem.split())} words')


def main():
    addresses = parse_args()

    for host, port in addresses:
        count_words(host, port)


if __name__ == '__main__':
    try:
        main()
    except KeyboardInterrupt:
        pass  # Ctrl-C
