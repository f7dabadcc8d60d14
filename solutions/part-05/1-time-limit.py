"""Client 2.0 with a time limit: a protocol that hangs up."""

import argparse
import datetime
import sys

from twisted.internet.protocol import ClientFactory, Protocol

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


class PoetryProtocol(Protocol):
    task_num = 0

    def __init__(self):
        self.poem = bytearray()
        self.timed_out = False

    def connectionMade(self):
        from twisted.internet import reactor

        self.delayed = reactor.callLater(TIME_LIMIT, self.time_is_up)

    def time_is_up(self):
        self.timed_out = True
        print(f'Task {self.task_num}: time is up', file=sys.stderr)
        self.transport.loseConnection()

    def dataReceived(self, data):
        self.poem += data
        got = f'got {len(data)} bytes of poetry from'
        print(f'Task {self.task_num}: {got} {self.transport.getPeer()}')

    def connectionLost(self, reason):
        if self.delayed.active():
            self.delayed.cancel()
        if self.timed_out:
            self.factory.poem_finished()
        else:
            self.poemReceived(self.poem)

    def poemReceived(self, poem):
        self.factory.poem_finished(self.task_num, poem)


class PoetryClientFactory(ClientFactory):
    task_num = 1

    protocol = PoetryProtocol  # what buildProtocol makes

    def __init__(self, poetry_count):
        self.poetry_count = poetry_count
        self.poems = {}

    def buildProtocol(self, address):
        proto = super().buildProtocol(address)
        proto.task_num = self.task_num
        self.task_num += 1
        return proto

    def poem_finished(self, task_num=None, poem=None):
        if poem is not None:
            self.poems[task_num] = poem
        self.poetry_count -= 1
        from twisted.internet import reactor

        if self.poetry_count == 0 and reactor.running:
            reactor.stop()  # unless Ctrl-C has done it

    def report(self):
        for task_num, poem in sorted(self.poems.items()):
            print(f'Task {task_num}: {len(poem)} bytes of poetry')

    def clientConnectionFailed(self, connector, reason):
        self.poem_finished()
        print('Failed to connect to:', connector.getDestination())


def poetry_main():
    addresses = parse_args()

    start = datetime.datetime.now()

    factory = PoetryClientFactory(len(addresses))

    from twisted.internet import reactor

    for host, port in addresses:
        reactor.connectTCP(host, port, factory)

    reactor.run()

    elapsed = datetime.datetime.now() - start

    factory.report()

    print(f'Got {len(factory.poems)} poems in {elapsed}')


if __name__ == '__main__':
    poetry_main()
