"""Poetry proxy 3.0: nobody fetches a poem that nobody wants."""

import argparse
import signal
import sys

from twisted.internet.defer import CancelledError, Deferred, succeed
from twisted.internet.error import CannotListenError, ConnectionDone
from twisted.internet.protocol import ClientFactory, Protocol, ServerFactory


def parse_args():
    parser = argparse.ArgumentParser(
        prog=sys.argv[0],
        usage='%(prog)s [-h] [--port PORT] [--iface IFACE] [host:]port',
        description=__doc__,
    )
    parser.add_argument(
        '--port', type=int, default=0, help='port (default: any free one)'
    )
    parser.add_argument(
        '--iface', default='localhost', help='interface (default: localhost)'
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

    args.address = parse_address(args.address)
    return args


class PoetryProxyProtocol(Protocol):
    def connectionMade(self):
        d = self.deferred = self.factory.service.get_poem()
        d.addCallback(self.transport.write)
        d.addCallback(lambda _: self.transport.loseConnection())
        d.addErrback(self.poem_failed)

    def connectionLost(self, reason):
        # has no effect if the poem is here
        self.deferred.cancel()

    def poem_failed(self, err):
        if err.check(CancelledError):
            return
        print(f'Poem failed: {err.getErrorMessage()}')
        # an orderly end would look like an empty poem
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
        if not reason.check(ConnectionDone):
            # half a poem is none
            self.factory.clientConnectionFailed(None, reason)
            return
        self.poemReceived(bytes(self.poem))

    def poemReceived(self, poem):
        self.factory.poem_finished(poem)


class PoetryClientFactory(ClientFactory):
    protocol = PoetryProtocol  # what the base class builds

    def __init__(self, deferred):
        self.deferred = deferred

    def poem_finished(self, poem):
        if self.deferred is not None:
            d, self.deferred = self.deferred, None
            d.callback(poem)

    def clientConnectionFailed(self, connector, reason):
        if self.deferred is not None:
            d, self.deferred = self.deferred, None
            d.errback(reason)


class ProxyService:
    poem = None  # the cached poem

    def __init__(self, host, port):
        self.host = host
        self.port = port

    def get_poem(self):
        """Return a Deferred that fires with the poem."""
        if self.poem is not None:
            print('Using cached poem.')
            # it has fired already
            return succeed(self.poem)

        def canceler(d):
            print('Canceling poem download.')
            # what comes now is neither a poem nor a failure
            factory.deferred = None
            connector.disconnect()

        print('Fetching poem from server.')
        deferred = Deferred(canceler)
        deferred.addCallback(self.set_poem)
        factory = PoetryClientFactory(deferred)

        from twisted.internet import reactor

        connector = reactor.connectTCP(self.host, self.port, factory)
        return factory.deferred

    def set_poem(self, poem):
        self.poem = poem
        return poem


def main():
    args = parse_args()
    host, server_port = args.address

    service = ProxyService(host, server_port)
    factory = PoetryProxyFactory(service)

    from twisted.internet import reactor

    try:
        port = reactor.listenTCP(args.port, factory, interface=args.iface)
    except CannotListenError as error:
        where = f'{args.iface}:{args.port}'
        sys.exit(f'Cannot listen on {where}: {error.socketError.strerror}')

    print(f'Proxying {host}:{server_port} on {port.getHost()}.')

    reactor.run()


if __name__ == '__main__':
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it quietly
    main()
