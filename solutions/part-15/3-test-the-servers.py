"""Tests of the other servers, loaded from scripts that can't be imported."""

from importlib.util import module_from_spec, spec_from_file_location

from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.error import (
    ConnectError,
    ConnectionDone,
    ConnectionLost,
)
from twisted.internet.protocol import ClientFactory, Protocol
from twisted.protocols.basic import NetstringReceiver
from twisted.trial.unittest import TestCase

TEST_POEM = """\
Tell all the truth but tell it slant,
Success in circuit lies.
"""


def load(path):
    """Return the script as a module; no name that imports could have '-'."""
    spec = spec_from_file_location(path, path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# paths from the base directory: trial changes it only when tests run
fastpoetry = load('twisted-server-1/fastpoetry.py')
transformedpoetry = load('twisted-server-1/transformedpoetry.py')
poetry_proxy = load('twisted-server-2/poetry-proxy.py')


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


class RequestProtocol(NetstringReceiver, PoetryClientProtocol):
    """Sends a request; its poem is what the answer's netstring holds."""

    def connectionMade(self):
        self.sendString(self.factory.request)

    def stringReceived(self, answer):
        self.poem += answer


def get_transformed(host, port, request):
    """Send a request: the Deferred fires with the answer, or with ''."""
    from twisted.internet import reactor

    d = Deferred()
    factory = PoetryClientFactory(d)
    factory.protocol = RequestProtocol
    factory.request = request
    reactor.connectTCP(host, port, factory)
    return d


class ServerTestCase(TestCase):
    """What the tests of all servers need."""

    def listen(self, factory):
        """Return the number of the port on which the factory listens now."""
        from twisted.internet import reactor

        port = reactor.listenTCP(0, factory, interface='127.0.0.1')
        self.addCleanup(port.stopListening)
        return port.getHost().port


class FastPoetryTestCase(ServerTestCase):
    def setUp(self):
        factory = fastpoetry.PoetryFactory(TEST_POEM.encode())
        self.portnum = self.listen(factory)

    def test_poem(self):
        """The server sends the poem that it was given, and no more."""
        d = get_poetry('127.0.0.1', self.portnum)
        d.addCallback(self.assertEqual, TEST_POEM)
        return d

    def test_many_readers(self):
        """Readers who come at the same time all get the poem."""
        ds = [get_poetry('127.0.0.1', self.portnum) for _ in range(3)]
        d = gatherResults(ds)
        d.addCallback(self.assertEqual, [TEST_POEM] * 3)
        return d


class TransformTestCase(ServerTestCase):
    def setUp(self):
        service = transformedpoetry.TransformService()
        factory = transformedpoetry.TransformFactory(service)
        self.portnum = self.listen(factory)

    def test_cummingsify(self):
        """cummingsify makes all letters small."""
        d = get_transformed(
            '127.0.0.1', self.portnum, b'cummingsify.' + TEST_POEM.encode()
        )
        d.addCallback(self.assertEqual, TEST_POEM.lower())
        return d

    def test_unknown_transform(self):
        """An unknown transform is not answered."""
        d = get_transformed('127.0.0.1', self.portnum, b'shout.Truth')
        d.addCallback(self.assertEqual, '')
        return d


class PoetryProxyTestCase(ServerTestCase):
    def setUp(self):
        self.server = fastpoetry.PoetryFactory(TEST_POEM.encode())
        self.service = poetry_proxy.ProxyService(
            '127.0.0.1', self.listen(self.server)
        )
        factory = poetry_proxy.PoetryProxyFactory(self.service)
        self.portnum = self.listen(factory)

    async def test_cached(self):
        """The second reader gets the first one's poem, not the server's."""
        first = await get_poetry('127.0.0.1', self.portnum)
        self.server.poem = b'Another poem.'
        second = await get_poetry('127.0.0.1', self.portnum)
        self.assertEqual([first, second], [TEST_POEM] * 2)

    def test_no_poem(self):
        """When the server refuses, the reader sees a failure."""
        self.service.port = 0  # nobody can listen there
        d = get_poetry('127.0.0.1', self.portnum)
        # while the connection was made, or when it had been made
        return self.assertFailure(d, ConnectError, ConnectionLost)
