"""
Readers for a fast server, as many at the same time as are asked for.

Usage: python load.py PORT READERS SECONDS

When one has read a poem to its end the next one comes. Prints how many have.
"""

import contextlib
import selectors
import socket
import sys
import time


def load(port: int, readers: int, seconds: float) -> int:
    """Return how many poems were read in that time."""
    selector = selectors.DefaultSelector()

    def begin() -> None:
        sock = socket.socket()
        sock.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            sock.connect(('127.0.0.1', port))
        selector.register(sock, selectors.EVENT_READ)

    for _ in range(readers):
        begin()
    count = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for key, _ in selector.select(1):
            if not key.fileobj.recv(1 << 16):
                selector.unregister(key.fileobj)
                key.fileobj.close()
                count += 1
                begin()
    return count


def main() -> None:
    port, readers, seconds = sys.argv[1:]
    print(load(int(port), int(readers), float(seconds)))


if __name__ == '__main__':
    main()
