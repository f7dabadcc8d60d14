# The errback returns nothing, so the failure becomes the result None. It has
# to return the Deferred of the next attempt.
"""Proxy 2.0 with several servers: if one fails, the next is asked."""

import argparse
import sys

from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import CannotListenError, ConnectionDone
from twisted.internet.protocol import ClientFactory, Protocol, ServerFactory


def parse_args():
    parser = argparse.ArgumentParser(
        prog=sys.argv[0],
        usage='%(prog)s [-h] [--port PORT] [--iface IFACE] [host:]port ...',
        description=__doc__,
    )
    parser.add_argument(
        '--port', type=int, default=0, help='port (default: any free one)'
    )
    parser.add_argument(
        '--iface', default='localhost', help='interface (default: localhost)'
    )
    parser.add_argument(
        'addresses',
        nargs='*',
        metavar='[host:]port',
        help='where a server listens (default host: 127.0.0.1)',
    )
    args = parser.parse_args()
    if not 0 <= args.port <= 65535:
        parser.error('Ports must be between 0 and 65535.')

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

    args.addresses = [parse_address(address) for address in args.addresses]
    return args


class PoetryProxyProtocol(Protocol):
    def connectionMade(self):
        d = self.factory.service.get_poem()
        d.addCallback(self.transport.write)
        d.addCallback(lambda _: self.transport.loseConnection())
        d.addErrback(self.poem_failed)

    def poem_failed(self, err):
        print(f'Poem failed: {err.getErrorMessage()}')
        # loseConnection would look like an empty poem
        self.transport.abortConnection()


class PoetryProxyFactory(ServerFactory):
    protocol = PoetryProxyProtocol

    def __init__(self, service):
        self.service = service


class PoetryProtocol(Protocol):
    def __init__(self):
        self.poem = bytearray()

    def dataReceived(self, data):
        self.poem += data

    def connectionLost(self, reason):
        if reason.check(ConnectionDone):
            self.poemReceived(bytes(self.poem))
        else:
            # cut off: an error, not a shorter poem
            self.factory.poem_failed(reason)

    def poemReceived(self, poem):
        self.factory.poem_finished(poem)


class PoetryClientFactory(ClientFactory):
    protocol = PoetryProtocol  # what buildProtocol makes

    def __init__(self):
        self.deferred = Deferred()

    def poem_finished(self, poem):
        if self.deferred is not None:
            d, self.deferred = self.deferred, None
            d.callback(poem)

    def poem_failed(self, reason):
        if self.deferred is not None:
            d, self.deferred = self.deferred, None
            d.errback(reason)

    def clientConnectionFailed(self, connector, reason):
        self.poem_failed(reason)


class ProxyService:
    poem = None  # the cached poem

    def __init__(self, addresses):
        self.addresses = addresses

    def get_poem(self):
        """Return a Deferred that fires with the poem."""
        if self.poem is not None:
            print('Using cached poem.')
            return succeed(self.poem)

        d = self.fetch(*self.addresses)
        return d.addCallback(self.set_poem)

    def fetch(self, address, *others):
        """Return a Deferred that fires with a poem of one of the servers."""
        host, port = address
        print(f'Fetching poem from {host}:{port}.')
        factory = PoetryClientFactory()

        def try_others(err):
            print(f'No poem from {host}:{port}: {err.getErrorMessage()}')
            self.fetch(*others)

        if others:
            factory.deferred.addErrback(try_others)

        from twisted.internet import reactor

        reactor.connectTCP(host, port, factory)
        return factory.deferred

    def set_poem(self, poem):
        self.poem = poem
        return poem


def main():
    args = parse_args()

    service = ProxyService(args.addresses)
    factory = PoetryProxyFactory(service)

    from twisted.internet import reactor

    try:
        port = reactor.listenTCP(args.port, factory, interface=args.iface)
    except CannotListenError as error:
        sys.exit(str(error))

    servers = ', '.join(f'{host}:{port}' for host, port in args.addresses)
    print(f'Proxying {servers} on {port.getHost()}.')

    reactor.run()


if __name__ == '__main__':
    main()
