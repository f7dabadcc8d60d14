"""Tests of the poetry client and server, by trial, as written today."""

import socket

from twisted.internet.defer import Deferred, TimeoutError
from twisted.internet.endpoints import (
    TCP4ClientEndpoint,
    TCP4ServerEndpoint,
    connectProtocol,
)
from twisted.internet.error import (
    ConnectionDone,
    ConnectionLost,
    ConnectionRefusedError,
)
from twisted.internet.protocol import Protocol, ServerFactory
from twisted.internet.testing import MemoryReactorClock, StringTransport
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase, TestCase

TEST_POEM = """\
Tell all the truth but tell it slant —
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
        self.deferred = Deferred()

    def dataReceived(self, data):
        self.poem += data

    def connectionLost(self, reason):
        if reason.check(ConnectionDone):
            # decoded once, here: a piece may end inside a character
            self.deferred.callback(self.poem.decode(errors='replace'))
        else:
            # cut off: an error, not a shorter poem
            self.deferred.errback(reason)


async def get_poetry(endpoint):
    """Fetch a poem: return the text, or raise what went wrong."""
    protocol = await connectProtocol(endpoint, PoetryClientProtocol())
    try:
        return await protocol.deferred
    finally:
        # still open if we were cancelled
        protocol.transport.loseConnection()


class PoetryTestCase(TestCase):
    """Over the network: trial runs the reactor while a test awaits."""

    async def setUp(self):
        factory = PoetryServerFactory(TEST_POEM)

        from twisted.internet import reactor

        endpoint = TCP4ServerEndpoint(reactor, 0, interface='127.0.0.1')
        port = await endpoint.listen(factory)
        self.addCleanup(port.stopListening)
        self.portnum = port.getHost().port

    def endpoint(self, portnum):
        """Return the endpoint with that port of this machine."""
        from twisted.internet import reactor

        return TCP4ClientEndpoint(reactor, '127.0.0.1', portnum)

    async def test_client(self):
        """get_poetry returns the poem that the server has."""
        poem = await get_poetry(self.endpoint(self.portnum))
        self.assertEqual(poem, TEST_POEM)

    async def test_failure(self):
        """get_poetry fails when nobody listens on the port."""
        # a port of ours on which we don't listen
        sock = socket.socket()
        self.addCleanup(sock.close)
        sock.bind(('127.0.0.1', 0))
        _, port = sock.getsockname()

        with self.assertRaises(ConnectionRefusedError):
            await get_poetry(self.endpoint(port))


class NoNetworkTestCase(SynchronousTestCase):
    """No network and no waiting: the tests do what the reactor would."""

    def setUp(self):
        # it notes what it is asked for, and has a clock that we turn
        self.reactor = MemoryReactorClock()
        endpoint = TCP4ClientEndpoint(self.reactor, '127.0.0.1', 1234)
        self.d = Deferred.fromCoroutine(get_poetry(endpoint))

    def connect(self):
        """Let the client connect; return its protocol."""
        host, port, factory, timeout, _ = self.reactor.tcpClients[0]
        return self.connect_to(factory)

    def connect_to(self, factory):
        """Have a factory make a protocol, and connect it to a string."""
        protocol = factory.buildProtocol(None)
        self.transport = StringTransport()
        protocol.makeConnection(self.transport)
        return protocol

    def test_server(self):
        """The server sends its poem, and that's it."""
        self.connect_to(PoetryServerFactory(TEST_POEM))
        self.assertEqual(self.transport.value(), TEST_POEM.encode())
        self.assertTrue(self.transport.disconnecting)

    def test_split_characters(self):
        """Every byte may come alone: three of them are the dash."""
        protocol = self.connect()
        for byte in TEST_POEM.encode():
            protocol.dataReceived(bytes([byte]))
        self.assertNoResult(self.d)
        protocol.connectionLost(Failure(ConnectionDone()))
        self.assertEqual(self.successResultOf(self.d), TEST_POEM)

    def test_cut_off(self):
        """Half a poem is a failure."""
        protocol = self.connect()
        protocol.dataReceived(b'Tell all the truth')
        protocol.connectionLost(Failure(ConnectionLost()))
        self.failureResultOf(self.d, ConnectionLost)

    def test_timeout(self):
        """When its time is over, get_poetry fails, and hangs up."""
        self.d.addTimeout(3600, self.reactor)
        protocol = self.connect()
        protocol.dataReceived(b'Tell all the truth')
        self.reactor.advance(3599)
        self.assertNoResult(self.d)
        self.assertFalse(self.transport.disconnecting)
        self.reactor.advance(1)
        self.failureResultOf(self.d, TimeoutError)
        self.assertTrue(self.transport.disconnecting)

    def test_in_time(self):
        """A poem that comes in time leaves nothing to be timed."""
        self.d.addTimeout(3600, self.reactor)
        self.connect().connectionLost(Failure(ConnectionDone()))
        self.assertEqual(self.successResultOf(self.d), '')
        self.assertEqual(self.reactor.getDelayedCalls(), [])
