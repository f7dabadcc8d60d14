"""Tests of the poetry client and server, one of which fails."""

import socket

from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone, ConnectionRefusedError
from twisted.internet.protocol import ClientFactory, Protocol, ServerFactory
from twisted.trial.unittest import TestCase

TEST_POEM = """\
Tell all the truth but tell it slant,
Success in circuit lies.
"""


class PoetryServerProtocol(Protocol):
    def connectionMade(self):
        self.transport.write(self.factory.poem.encode())
        self.transport.loseConnection()


class PoetryServerFactory(ServerFactory):
    protocol = PoetryServerProtocol

    def __init__(self, poem):
        self.poem = poem


class PoetryClientProtocol(Protocol):
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
    protocol = PoetryClientProtocol

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

    d = Deferred()
    factory = PoetryClientFactory(d)
    reactor.connectTCP(host, port, factory)
    return d


class PoetryTestCase(TestCase):
    def setUp(self):
        factory = PoetryServerFactory(TEST_POEM)

        from twisted.internet import reactor

        self.port = reactor.listenTCP(0, factory, interface='127.0.0.1')
        self.portnum = self.port.getHost().port

    def tearDown(self):
        port, self.port = self.port, None
        return port.stopListening()

    def test_client(self):
        """get_poetry fires with the poem that the server has."""
        d = get_poetry('127.0.0.1', self.portnum)

        def got_poem(poem):
            self.assertEqual(poem, 'Success in circuit lies.\n')

        d.addCallback(got_poem)
        return d

    def test_failure(self):
        """get_poetry fails when nobody listens on the port."""
        # a port of ours on which we don't listen
        sock = socket.socket()
        self.addCleanup(sock.close)
        sock.bind(('127.0.0.1', 0))
        _, port = sock.getsockname()

        d = get_poetry('127.0.0.1', port)
        return self.assertFailure(d, ConnectionRefusedError)
