# The socket of the connection that broke is still open, and Python warns of it
# when it is collected. Close it.
"""The asynchronous client goes on when a server refuses or breaks off."""

import argparse
import datetime
import select
import socket
import sys


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


def get_poetry(tasks):
    """
    Download the poems of all tasks at the same time.

    tasks: a dict from non-blocking sockets to (task_num, address).
    Returns a dict from task numbers to poems; those that failed are left out.
    """
    poems = {task_num: bytearray() for task_num, _ in tasks.values()}

    while tasks:
        # blocks until at least one socket has something for us
        readable, _, _ = select.select(list(tasks), [], [])

        for sock in readable:
            task_num, address = tasks[sock]
            data = bytearray()

            try:
                # take all there is, until recv would have to wait
                while new_data := sock.recv(1024):
                    data += new_data
                del tasks[sock]
                sock.close()
            except BlockingIOError:
                pass
            except OSError as error:
                fail(address, error)
                del tasks[sock], poems[task_num]
                continue

            if data:
                server = format_address(address)
                got = f'got {len(data)} bytes of poetry from {server}'
                print(f'Task {task_num}: {got}')

            poems[task_num] += data

    return poems


def connect(address):
    """Connect to the address; return a non-blocking socket, or None."""
    try:
        sock = socket.create_connection(address)
    except OSError as error:
        fail(address, error)
        return None
    sock.setblocking(False)
    return sock


def format_address(address):
    host, port = address
    return f'{host}:{port}'


def fail(address, error):
    """Print a line about what went wrong."""
    server = format_address(address)
    print(f'No poetry from {server}: {error.strerror}', file=sys.stderr)


def main():
    addresses = parse_args()

    if len(addresses) > 1000:
        sys.exit('select can watch no more than 1000 servers at once.')

    start = datetime.datetime.now()

    tasks = {}
    for task_num, address in enumerate(addresses, 1):
        sock = connect(address)
        if sock is not None:
            tasks[sock] = task_num, address

    poems = get_poetry(tasks)

    elapsed = datetime.datetime.now() - start

    for task_num, poem in poems.items():
        print(f'Task {task_num}: {len(poem)} bytes of poetry')

    print(f'Got {len(poems)} poems in {elapsed}')


if __name__ == '__main__':
    try:
        main()
    except KeyboardInterrupt:
        pass  # Ctrl-C
