# Half an answer, or none, is taken for an answer. Compare its length with the
# one that it announces.
"""Have a poem transformed by a transform server, and print it."""

import argparse
import socket
import sys


def parse_args():
    parser = argparse.ArgumentParser(prog=sys.argv[0], description=__doc__)
    parser.add_argument('port', type=int, help='where the server listens')
    parser.add_argument('transform', help='the name of the transform')
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


def main():
    args = parse_args()
    request = args.transform.encode() + b'.' + read_poem(args.poetry_file)

    answer = bytearray()
    try:
        with socket.create_connection(('127.0.0.1', args.port)) as sock:
            # a netstring: the length, a colon, so many bytes, a comma
            sock.sendall(b'%d:%s,' % (len(request), request))
            while data := sock.recv(1024):
                answer += data
    except OSError as error:
        sys.exit(f'No answer from 127.0.0.1:{args.port}: {error.strerror}')

    _, _, rest = answer.partition(b':')
    poem = rest[:-1]

    print(poem.decode(errors='replace'))


if __name__ == '__main__':
    try:
        main()
    except KeyboardInterrupt:
        pass  # Ctrl-C
