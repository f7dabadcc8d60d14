# What was given up is still open, and Python warns of it when it is collected.
# To be watched no more is not to be closed.
"""Client 1.0 with a time limit: a delayed call for every poem."""

import argparse
import datetime
import socket
import sys

from twisted.internet.interfaces import IReadDescriptor
from twisted.internet.main import CONNECTION_DONE, CONNECTION_LOST
from zope.interface import implementer

TIME_LIMIT = 3  # seconds for a poem


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


@implementer(IReadDescriptor)
class PoetrySocket:
    """A socket that gathers a poem whenever the reactor says so."""

    def __init__(self, task_num, address):
        self.task_num = task_num
        self.address = address
        self.poem = bytearray()
        self.timed_out = False

        self.sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.sock.connect(address)
        self.sock.setblocking(False)

        # from here on the reactor tells us when there is something to read
        from twisted.internet import reactor

        reactor.addReader(self)
        self.delayed = reactor.callLater(TIME_LIMIT, self.time_is_up)

    def fileno(self):
        return self.sock.fileno()

    def logPrefix(self):
        return 'poetry'

    def time_is_up(self):
        self.timed_out = True
        print(f'Task {self.task_num}: time is up', file=sys.stderr)

        from twisted.internet import reactor

        reactor.removeReader(self)
        if not [
            r for r in reactor.getReaders() if isinstance(r, PoetrySocket)
        ]:
            reactor.stop()

    def connectionLost(self, reason):
        from twisted.internet import reactor

        if self.delayed.active():
            self.delayed.cancel()
        reactor.removeReader(self)
        self.sock.close()

        # the last one to leave stops the reactor
        for reader in reactor.getReaders():
            if isinstance(reader, PoetrySocket):
                return
        if reactor.running:
            reactor.stop()  # unless Ctrl-C has done it

    def doRead(self):
        data = bytearray()
        result = None

        try:
            # take all there is, until recv would have to wait
            while new_data := self.sock.recv(1024):
                data += new_data
            result = CONNECTION_DONE
        except BlockingIOError:
            pass
        except OSError:
            result = CONNECTION_LOST

        if data:
            server = self.format_address()
            got = f'got {len(data)} bytes of poetry from {server}'
            print(f'Task {self.task_num}: {got}')

        self.poem += data

        # None: call again when there is more; else: connectionLost
        return result

    def format_address(self):
        host, port = self.address
        return f'{host}:{port}'


def poetry_main():
    addresses = parse_args()

    start = datetime.datetime.now()

    from twisted.internet import reactor

    sockets = []
    for task_num, address in enumerate(addresses, 1):
        sockets.append(PoetrySocket(task_num, address))

    reactor.run()

    elapsed = datetime.datetime.now() - start

    sockets = [sock for sock in sockets if not sock.timed_out]
    for sock in sockets:
        print(f'Task {sock.task_num}: {len(sock.poem)} bytes of poetry')

    print(f'Got {len(sockets)} poems in {elapsed}')


if __name__ == '__main__':
    poetry_main()
