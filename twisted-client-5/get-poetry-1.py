"""Twisted poetry client 5.1: an errback that recovers from a failure."""

import argparse
import random
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


class GibberishError(Exception):
    pass


class CannotCummingsify(Exception):
    """Its argument is the poem as it was."""


def cummingsify(poem):
    """Return the poem in lower case, or raise an error, at random."""
    error = random.choice([None, GibberishError(), CannotCummingsify(poem)])
    if error is not None:
        raise error
    return poem.lower()


def poetry_main():
    addresses = parse_args()

    from twisted.internet import reactor

    poems = []
    errors = []

    def cummingsify_failed(err):
        if err.check(CannotCummingsify):
            print('Cummingsify failed!')
            return err.value.args[0]
        return err

    def got_poem(poem):
        poems.append(poem)
        print(poem)

    def poem_failed(err):
        print('The poem download failed.', file=sys.stderr)
        errors.append(err)

    def poem_done(result):
        if len(poems) + len(errors) == len(addresses) and reactor.running:
            reactor.stop()  # unless Ctrl-C has done it
        return result

    for host, port in addresses:
        d = get_poetry(host, port)
        d.addCallback(cummingsify)
        d.addErrback(cummingsify_failed)
        d.addCallbacks(got_poem, poem_failed)
        d.addBoth(poem_done)

    reactor.run()


if __name__ == '__main__':
    poetry_main()
