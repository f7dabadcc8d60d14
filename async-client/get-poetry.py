"""The asynchronous poetry client: all poems at once, by select."""

import argparse
import datetime
import select
import signal
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
        try:
            port = int(port)
        except ValueError:
            parser.error('Ports must be integers.')
        if not 0 <= port <= 65535:
            parser.error('Ports must be between 0 and 65535.')
        try:
            host.encode('idna')
        except UnicodeError:
            parser.error(f'Not the name of a host: {host}')
        return host or '127.0.0.1', port

    return [parse_address(address) for address in args.addresses]


def get_poetry(tasks):
    """
    Download the poems of all tasks at the same time.

    tasks: a dict from task numbers to (socket, address), the sockets
    non-blocking. Returns a dict from task numbers to poems.
    """
    poems = {task_num: bytearray() for task_num in tasks}
    task_nums = {sock: task_num for task_num, (sock, _) in tasks.items()}
    sockets = list(task_nums)

    while sockets:
        # blocks until at least one socket has something for us
        readable, _, _ = select.select(sockets, [], [])

        for sock in readable:
            task_num = task_nums[sock]
            _, address = tasks[task_num]
            data = bytearray()
            finished = False

            # take all there is, but never wait for more
            while not finished:
                try:
                    new_data = sock.recv(1024)
                except BlockingIOError:
                    break
                except OSError as error:
                    fail(address, error)
                data += new_data
                finished = not new_data

            if data:
                server = format_address(address)
                got = f'got {len(data)} bytes of poetry from {server}'
                print(f'Task {task_num}: {got}')
                poems[task_num] += data
            if finished:
                sockets.remove(sock)
                sock.close()

    return poems


def connect(address):
    """Connect to the address and return a non-blocking socket."""
    try:
        sock = socket.create_connection(address)
    except OSError as error:
        fail(address, error)
    sock.setblocking(False)
    return sock


def format_address(address):
    host, port = address
    return f'{host}:{port}'


def fail(address, error):
    """End the script with a line about what went wrong."""
    sys.exit(f'No poetry from {format_address(address)}: {error.strerror}')


def main():
    addresses = parse_args()

    if len(addresses) > 1000:
        sys.exit('select can watch no more than 1000 servers at once.')

    start = datetime.datetime.now()

    tasks = {
        task_num: (connect(address), address)
        for task_num, address in enumerate(addresses, 1)
    }
    poems = get_poetry(tasks)

    elapsed = datetime.datetime.now() - start

    for task_num, poem in poems.items():
        print(f'Task {task_num}: {len(poem)} bytes of poetry')

    print(f'Got {len(addresses)} poems in {elapsed}')


if __name__ == '__main__':
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it quietly
    main()
