"""Poetry proxy 4.0: all who wait share a download, made by a coroutine."""

import argparse
import sys

from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol
from twisted.internet.error import CannotListenError, ConnectionDone
from twisted.internet.protocol import Protocol, ServerFactory
from twisted.python.failure import Failure


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
        if not port.isdecimal():
            parser.error('Ports must be integers.')
        if int(port) > 65535:
            parser.error('Ports must be between 0 and 65535.')
        return host or '127.0.0.1', int(port)

    args.address = parse_address(args.address)
    return args


class PoetryProxyProtocol(Protocol):
    def connectionMade(self):
        self.deferred = Deferred.fromCoroutine(self.send_poem())

    def connectionLost(self, reason):
        # has no effect on a Deferred that has fired
        self.deferred.cancel()

    async def send_poem(self):
        try:
            poem = await self.factory.service.get_poem()
        except CancelledError:
            return
        except Exception as error:
            print(f'Poem failed: {error}')
            # loseConnection would look like an empty poem
            self.transport.abortConnection()
        else:
            self.transport.write(poem)
            self.transport.loseConnection()


class PoetryProxyFactory(ServerFactory):
    protocol = PoetryProxyProtocol

    def __init__(self, service):
        self.service = service


class PoetryProtocol(Protocol):
    def __init__(self):
        self.poem = bytearray()
        self.deferred = Deferred()

    def dataReceived(self, data):
        self.poem += data

    def connectionLost(self, reason):
        if reason.check(ConnectionDone):
            self.deferred.callback(bytes(self.poem))
        else:
            # cut off: an error, not a shorter poem
            self.deferred.errback(reason)


async def get_poetry(endpoint):
    """Fetch a poem: return its bytes, or raise what went wrong."""
    protocol = await connectProtocol(endpoint, PoetryProtocol())
    try:
        return await protocol.deferred
    finally:
        # still open if we were cancelled
        protocol.transport.loseConnection()


class ProxyService:
    poem = None  # the cached poem

    def __init__(self, host, port):
        self.host = host
        self.port = port
        self.waiting = []  # Deferreds, one for each who waits

    async def get_poem(self):
        """Return the poem as soon as it is there."""
        if self.poem is not None:
            print('Using cached poem.')
            return self.poem

        def canceler(d):
            self.waiting.remove(d)
            if not self.waiting:
                print('Canceling poem download.')
                self.download.cancel()

        deferred = Deferred(canceler)
        self.waiting.append(deferred)
        if len(self.waiting) == 1:
            print('Fetching poem from server.')
            self.download = Deferred.fromCoroutine(self.fetch_poem())
        else:
            print('Waiting for poem download.')
        return await deferred

    async def fetch_poem(self):
        """Fetch the poem, and fire the Deferreds of all who wait."""
        from twisted.internet import reactor

        endpoint = TCP4ClientEndpoint(reactor, self.host, self.port)
        try:
            result = self.poem = await get_poetry(endpoint)
        except Exception:
            result = Failure()
        waiting, self.waiting = self.waiting, []
        for d in waiting:
            d.callback(result)


def main():
    args = parse_args()
    host, server_port = args.address

    service = ProxyService(host, server_port)
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
