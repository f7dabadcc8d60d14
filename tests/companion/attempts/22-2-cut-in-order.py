# Half a poem is taken for a poem. A connection that was cut must not end in
# order at the other side: look at the reason.
"""A port forwarder: who connects to us is connected to somebody else."""

import argparse
import sys

from twisted.internet.error import CannotListenError
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
        help='where to connect to (default host: 127.0.0.1)',
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


class EndProtocol(Protocol):
    """One end of two connections: all that comes goes to its peer."""

    peer = None

    def join(self, peer):
        self.peer = peer
        # when we can't take any more, the peer stops reading
        self.transport.registerProducer(peer.transport, True)

    def dataReceived(self, data):
        self.peer.transport.write(data)

    def connectionLost(self, reason):
        if self.peer is None:
            return  # the other connection was never made
        self.peer.transport.unregisterProducer()
        self.peer.transport.loseConnection()


class ClientEndProtocol(EndProtocol):
    """Our connection to the server."""

    def connectionMade(self):
        reader = self.factory.reader
        self.join(reader)
        reader.join(self)
        reader.transport.resumeProducing()


class ClientEndFactory(ClientFactory):
    protocol = ClientEndProtocol

    def __init__(self, reader):
        self.reader = reader

    def clientConnectionFailed(self, connector, reason):
        print(f'Not connected: {reason.getErrorMessage()}')
        self.reader.transport.abortConnection()


class ServerEndProtocol(EndProtocol):
    """A reader's connection to us."""

    def connectionMade(self):
        # there is nobody yet to whom data could go
        self.transport.pauseProducing()

        from twisted.internet import reactor

        host, port = self.factory.address
        reactor.connectTCP(host, port, ClientEndFactory(self))


class ServerEndFactory(ServerFactory):
    protocol = ServerEndProtocol

    def __init__(self, address):
        self.address = address


def main():
    args = parse_args()
    host, server_port = args.address

    factory = ServerEndFactory(args.address)

    from twisted.internet import reactor

    try:
        port = reactor.listenTCP(args.port, factory, interface=args.iface)
    except CannotListenError as error:
        sys.exit(str(error))

    print(f'Proxying {host}:{server_port} on {port.getHost()}.')

    reactor.run()


if __name__ == '__main__':
    main()
