# Before Python ends it waits for all threads that are no daemons, also after
# Ctrl-C.
"""The blocking client in threads: each of them waits for one poem."""

import argparse
import datetime
import queue
import socket
import sys
import threading


def parse_args():
    parser = argparse.ArgumentParser(
        prog=sys.argv[0],
        usage='%(prog)s [-h] [host:]port ...',
        description='Get a poem from every poetry server named.',
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


def get_poetry(address):
    """Download and return the poem served at the address; wait for it."""
    poem = bytearray()
    with socket.create_connection(address) as sock:
        while data := sock.recv(1024):
            poem += data
    return poem


def run_task(task_num, address, results):
    """Do a task in a thread of its own, and put what came of it in results."""
    start = datetime.datetime.now()
    try:
        poem = get_poetry(address)
    except OSError as error:
        poem = error  # sys.exit would just end this thread
    time = datetime.datetime.now() - start
    results.put((task_num, address, poem, time))


def format_address(address):
    host, port = address
    return f'{host}:{port}'


def fail(address, error):
    """End the script with a line about what went wrong."""
    sys.exit(f'No poetry from {format_address(address)}: {error.strerror}')


def main():
    addresses = parse_args()

    start = datetime.datetime.now()

    results = queue.SimpleQueue()
    for task_num, address in enumerate(addresses, 1):
        server = format_address(address)
        print(f'Task {task_num}: get poetry from: {server}')

        # daemon: Ctrl-C doesn't wait for it
        threading.Thread(
            target=run_task, args=(task_num, address, results)
        ).start()

    for _ in addresses:
        task_num, address, poem, time = results.get()
        if isinstance(poem, OSError):
            fail(address, poem)

        server = format_address(address)
        got = f'got {len(poem)} bytes of poetry from {server} in {time}'
        print(f'Task {task_num}: {got}')

    elapsed = datetime.datetime.now() - start

    print(f'Got {len(addresses)} poems in {elapsed}')


if __name__ == '__main__':
    try:
        main()
    except KeyboardInterrupt:
        pass  # Ctrl-C
