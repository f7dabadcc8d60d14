# A poem stays young as long as it is used. What counts is when it was fetched.
"""Proxy 2.0 fetches the poem again when it has become too old."""

import argparse
import sys

from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import CannotListenError, ConnectionDone
from twisted.internet.protocol import ClientFactory, Protocol, ServerFactory


def parse_args():
    parser = argparse.ArgumentParser(
        prog=sys.argv[0],
        usage='%(prog)s [-h] [--port PORT] [--iface IFACE]'
        ' [--max-age MAX_AGE] [host:]port',
        description=__doc__,
    )
    parser.add_argument(
        '--port', type=int, default=0, help='port (default: any free one)'
    )
    parser.add_argument(
        '--iface', default='localhost', help='interface (default: localhost)'
    )
    parser.add_argument(
        '--max-age', type=float, default=60, help='seconds (default: 60)'
    )
    parser.add_argument(
        'address',
        nargs='?',
        metavar='[host:]port',
        help='where the server listens (default host: 127.0.0.1)',
    )
    args = parser.parse_args()
    if not 0 <= args.port <= 65535:
        parser.error('Ports must be between 0 and 65535.')

    if args.address is None:
        parser.print_help()
        parser.exit()

    def parse_address(address):
        host, _, port = address.rpartition(':')
        if not port.isdecimal():
            parser.error('Ports must be integers.')
        if int(port) > 65535:
            parser.error('Ports must be between 0 and 65535.')
        return host or '127.0.0.1', int(port)

    args.address = parse_address(args.address)
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
    fetched = 0  # when it was complete, by the reactor's clock

    def __init__(self, host, port, max_age):
        self.host = host
        self.port = port
        self.max_age = max_age

    def get_poem(self):
        """Return a Deferred that fires with the poem."""
        from twisted.internet import reactor

        age = reactor.seconds() - self.fetched
        if self.poem is not None and age < self.max_age:
            print('Using cached poem.')
            self.fetched = reactor.seconds()
            return succeed(self.poem)

        print('Fetching poem from server.')
        factory = PoetryClientFactory()
        factory.deferred.addCallback(self.set_poem)
        reactor.connectTCP(self.host, self.port, factory)
        return factory.deferred

    def set_poem(self, poem):
        from twisted.internet import reactor

        self.poem = poem
        self.fetched = reactor.seconds()
        return poem


def main():
    args = parse_args()
    host, server_port = args.address

    service = ProxyService(host, server_port, args.max_age)
    factory = PoetryProxyFactory(service)

    from twisted.internet import reactor

    try:
        port = reactor.listenTCP(args.port, factory, interface=args.iface)
    except CannotListenError as error:
        sys.exit(str(error))

    print(f'Proxying {host}:{server_port} on {port.getHost()}.')

    reactor.run()


if __name__ == '__main__':
    main()
