"""Twisted poetry client 5.0: a chain of callbacks, any of which may fail."""

import argparse
import random
import signal
import sys

from twisted.internet import defer
from twisted.internet.error import ConnectionDone
from twisted.internet.protocol import ClientFactory, Protocol


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


class GibberishError(Exception):
    pass


def cummingsify(poem):
    """
    Return the poem in lower case, or raise a GibberishError, or a
    ValueError: whatever chance will have.
    """

    def success():
        return poem.lower()

    def gibberish():
        raise GibberishError()

    def bug():
        raise ValueError()

    return random.choice([success, gibberish, bug])()


def poetry_main():
    addresses = parse_args()

    from twisted.internet import reactor

    poems = []
    errors = []

    def try_to_cummingsify(poem):
        try:
            return cummingsify(poem)
        except GibberishError:
            raise
        except Exception:
            print('Cummingsify failed!')
            return poem

    def got_poem(poem):
        poems.append(poem)
        print(poem)

    def poem_failed(err):
        print('The poem download failed.', file=sys.stderr)
        errors.append(err)

    def poem_done(result):
        if len(poems) + len(errors) == len(addresses):
            reactor.stop()
        return result

    for host, port in addresses:
        d = get_poetry(host, port)
        d.addCallback(try_to_cummingsify)
        d.addCallbacks(got_poem, poem_failed)
        d.addBoth(poem_done)

    reactor.run()


if __name__ == '__main__':
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it quietly
    poetry_main()
