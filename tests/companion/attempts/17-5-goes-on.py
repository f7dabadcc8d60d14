# After a failed download the generator goes on, and has no poem. It has to end
# there.
"""Twisted poetry client 7.0: a generator instead of a chain of callbacks."""

import argparse
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
        if not port.isdecimal():
            parser.error('Ports must be integers.')
        if int(port) > 65535:
            parser.error('Ports must be between 0 and 65535.')
        return host or '127.0.0.1', int(port)

    return [parse_address(address) for address in args.addresses]


class PoetryProtocol(Protocol):
    def __init__(self):
        self.poem = bytearray()

    def dataReceived(self, data):
        self.poem += data

    def connectionLost(self, reason):
        if reason.check(ConnectionDone):
            # decoded once, here: a piece may end inside a character
            self.poemReceived(self.poem.decode(errors='replace'))
        else:
            # cut off: an error, not a shorter poem
            self.factory.poem_failed(reason)

    def poemReceived(self, poem):
        self.factory.poem_finished(poem)


class PoetryClientFactory(ClientFactory):
    protocol = PoetryProtocol  # what buildProtocol makes

    def __init__(self, deferred):
        self.deferred = deferred

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


def get_poetry(host, port):
    """Fetch a poem: the Deferred fires with the text, or a Failure."""
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
        """Return a Deferred that fires with the new text, or a Failure."""
        from twisted.internet import reactor

        factory = TransformClientFactory(xform_name.encode(), poem.encode())
        reactor.connectTCP(self.host, self.port, factory)
        return factory.deferred.addCallback(bytes.decode)


def poetry_main():
    addresses = parse_args()

    xform_addr = addresses.pop(0)
    proxy = TransformProxy(*xform_addr)

    from twisted.internet import reactor

    results = []

    @defer.inlineCallbacks
    def get_transformed_poem(host, port):
        try:
            poem = yield get_poetry(host, port)
        except Exception as e:
            print('The poem download failed:', e, file=sys.stderr)

        try:
            poem = yield proxy.xform('cummingsify', poem)
        except Exception:
            print('Cummingsify failed!', file=sys.stderr)

        print(poem)

    def poem_done(result):
        results.append(result)
        if len(results) == len(addresses) and reactor.running:
            reactor.stop()  # unless Ctrl-C has done it
        return result

    for host, port in addresses:
        d = get_transformed_poem(host, port)
        d.addBoth(poem_done)

    reactor.run()


if __name__ == '__main__':
    poetry_main()
