"""
The fast poetry server's answer in bare sockets: one client at a time.

Usage: python fast_sockets.py FILE
"""

import socket
import sys
from pathlib import Path


def main() -> None:
    poem = Path(sys.argv[1]).read_bytes()
    with socket.create_server(('127.0.0.1', 0)) as listening:
        _, port = listening.getsockname()
        print(f'Serving {sys.argv[1]} on port {port}.', flush=True)
        while True:
            sock, _ = listening.accept()
            with sock:
                sock.sendall(poem)


if __name__ == '__main__':
    main()
