"""Twisted poetry client 8.0: a DeferredList tells when all is done."""

import argparse
import signal
import sys

from twisted.internet import defer
from twisted.internet.error import ConnectionDone
from twisted.internet.protocol import ClientFactory, Protocol
from twisted.protocols.basic import NetstringReceiver


def parse_args():
    parser = argparse.ArgumentParser(
        prog=sys.argv[0],
        usage='%(prog)s [-h] [host:]port [host:]port ...',
        description='Get a poem from every poetry server named, and have'
        ' them transformed by the transform server, which comes first.',
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
    if len(args.addresses) < 2:
        parser.error('Name the transform server and a poetry server.')

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
        # only a whole poem is sure to hold whole characters
        self.poemReceived(self.poem.decode(errors='replace'))

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


def get_poetry(host, port):
    """
    Download a poem from the given host and port. Returns a Deferred
    that fires with the complete poem, or a Failure if it can't be had.
    """
    from twisted.internet import reactor

    d = defer.Deferred()
    factory = PoetryClientFactory(d)
    reactor.connectTCP(host, port, factory)
    return d


class TransformClientProtocol(NetstringReceiver):
    MAX_LENGTH = 10 * 1024 * 1024  # bytes

    def connectionMade(self):
        self.sendRequest(self.factory.xform_name, self.factory.poem)

    def sendRequest(self, xform_name, poem):
        self.sendString(xform_name + b'.' + poem)

    def dataReceived(self, data):
        NetstringReceiver.dataReceived(self, data)
        if self.brokenPeer:
            # don't wait until such a server has read our poem
            self.transport.abortConnection()

    def stringReceived(self, s):
        self.transport.loseConnection()
        self.poemReceived(s)

    def poemReceived(self, poem):
        self.factory.handlePoem(poem)


class TransformClientFactory(ClientFactory):
    protocol = TransformClientProtocol

    def __init__(self, xform_name, poem):
        self.xform_name = xform_name
        self.poem = poem
        self.deferred = defer.Deferred()

    def handlePoem(self, poem):
        if self.deferred is not None:
            d, self.deferred = self.deferred, None
            d.callback(poem)

    def clientConnectionLost(self, connector, reason):
        if self.deferred is not None:
            d, self.deferred = self.deferred, None
            d.errback(reason)

    clientConnectionFailed = clientConnectionLost


class TransformProxy:
    """The transform server at the given host and port."""

    def __init__(self, host, port):
        self.host = host
        self.port = port

    def xform(self, xform_name, poem):
        """
        Have a poem transformed. Returns a Deferred that fires with the
        new poem, or a Failure if there is no sensible answer.
        """
        from twisted.internet import reactor

        factory = TransformClientFactory(xform_name.encode(), poem.encode())
        reactor.connectTCP(self.host, self.port, factory)
        return factory.deferred.addCallback(bytes.decode)


def poetry_main():
    addresses = parse_args()

    xform_addr = addresses.pop(0)
    proxy = TransformProxy(*xform_addr)

    from twisted.internet import reactor

    @defer.inlineCallbacks
    def get_transformed_poem(host, port):
        try:
            poem = yield get_poetry(host, port)
        except Exception as e:
            print('The poem download failed:', e, file=sys.stderr)
            raise

        try:
            poem = yield proxy.xform('cummingsify', poem)
        except Exception:
            print('Cummingsify failed!', file=sys.stderr)

        return poem

    def got_poem(poem):
        print(poem)

    def poem_failed(err):
        pass  # get_transformed_poem has said why

    ds = []

    for host, port in addresses:
        d = get_transformed_poem(host, port)
        d.addCallbacks(got_poem, poem_failed)
        ds.append(d)

    # consumeErrors would swallow whatever is wrong with got_poem
    dlist = defer.DeferredList(ds)
    dlist.addCallback(lambda results: reactor.stop())

    reactor.run()


if __name__ == '__main__':
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it quietly
    poetry_main()
