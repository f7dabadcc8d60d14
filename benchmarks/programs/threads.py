"""
Poems by threads: one that blocks for each server.

Usage: python threads.py PORT ...

The same work as the blocking client's, in as many threads as servers.
"""

import socket
import sys
import threading


def get_poetry(port: str) -> None:
    """Download the poem from that port of this machine, and print it."""
    poem = bytearray()
    with socket.create_connection(('127.0.0.1', int(port))) as sock:
        while data := sock.recv(1024):
            poem += data
    print(poem.decode(errors='replace'))


def main() -> None:
    threads = [
        threading.Thread(target=get_poetry, args=(port,))
        for port in sys.argv[1:]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == '__main__':
    main()
