"""A client to try servers with: it connects, and never reads."""

import argparse
import signal
import socket
import sys


def parse_args():
    parser = argparse.ArgumentParser(prog=sys.argv[0], description=__doc__)
    parser.add_argument('port', type=int, help='where the server listens')
    args = parser.parse_args()
    if not 0 <= args.port <= 65535:
        parser.error('Ports must be between 0 and 65535.')
    return args


def main():
    args = parse_args()

    try:
        with socket.create_connection(('127.0.0.1', args.port)):
            print(f'Serving nobody, and reading nothing from {args.port}.')
            signal.pause()
    except OSError as error:
        sys.exit(f'No server at 127.0.0.1:{args.port}: {error.strerror}')


if __name__ == '__main__':
    try:
        main()
    except KeyboardInterrupt:
        pass  # Ctrl-C
