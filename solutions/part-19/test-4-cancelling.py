"""What get_poetry must do when it is cancelled, for the script in SCRIPT."""

import os
from importlib.util import module_from_spec, spec_from_file_location

from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.protocol import Protocol, ServerFactory
from twisted.trial.unittest import TestCase


def load(path):
    """Return the script as a module; main doesn't run."""
    spec = spec_from_file_location('script', path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


script = load(os.environ['SCRIPT'])


class HalfPoemProtocol(Protocol):
    """Sends half a poem, and waits until somebody hangs up."""

    def connectionMade(self):
        self.transport.write(b'Tell all the truth ')
        self.factory.connected.callback(self)

    def connectionLost(self, reason):
        self.factory.left.callback(None)


class HalfPoemFactory(ServerFactory):
    protocol = HalfPoemProtocol

    def __init__(self):
        self.connected = Deferred()
        self.left = Deferred()


class CancelTestCase(TestCase):
    timeout = 10  # seconds

    def setUp(self):
        self.factory = HalfPoemFactory()

        from twisted.internet import reactor

        port = reactor.listenTCP(0, self.factory, interface='127.0.0.1')
        self.addCleanup(port.stopListening)
        self.d = script.get_poetry('127.0.0.1', port.getHost().port)

    async def test_half_a_poem(self):
        """In the middle of a poem: CancelledError, and the client hangs up."""
        await self.factory.connected
        self.d.cancel()
        self.failureResultOf(self.d, CancelledError)
        await self.factory.left

    def test_connecting(self):
        """While it connects: CancelledError, and it does not connect."""
        self.d.cancel()
        self.failureResultOf(self.d, CancelledError)
        self.assertNoResult(self.factory.connected)

    async def test_poem(self):
        """When there is a poem already, cancelling changes nothing."""
        server = await self.factory.connected
        server.transport.write(b'but tell it slant')
        server.transport.loseConnection()
        poem = await self.d
        self.d.cancel()
        self.assertEqual(poem, 'Tell all the truth but tell it slant')
