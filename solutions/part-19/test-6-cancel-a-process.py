"""What get_process_output must do, as tests of the script in SCRIPT."""

import os
import sys
from importlib.util import module_from_spec, spec_from_file_location

from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.error import (
    ProcessDone,
    ProcessExitedAlready,
    ProcessTerminated,
)
from twisted.internet.protocol import Protocol, ServerFactory
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase, TestCase


def load(path):
    """Return the script as a module; main doesn't run."""
    spec = spec_from_file_location('script', path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


script = load(os.environ['SCRIPT'])


class FakeProcess:
    """The transport of a process that is none: only told what to do."""

    def __init__(self):
        self.signals = []
        self.exited = False
        self.connected = True

    def signalProcess(self, signal):
        if self.exited:
            raise ProcessExitedAlready
        self.signals.append(signal)

    def loseConnection(self):
        self.connected = False


class FakeReactor:
    """A reactor that starts nothing."""

    def spawnProcess(self, protocol, executable, args, *rest, **kwargs):
        self.protocol = protocol
        self.command = list(args)
        self.process = FakeProcess()
        protocol.makeConnection(self.process)
        return self.process


class OutputTests(SynchronousTestCase):
    """All that can be tested without a process."""

    def setUp(self):
        self.reactor = FakeReactor()
        self.d = script.get_process_output('/bin/poet', ['-v'], self.reactor)

    def test_command(self):
        """The process gets its name and the arguments."""
        self.assertEqual(self.reactor.command, ['/bin/poet', '-v'])

    def test_output(self):
        """It fires with all that was printed when the process has ended."""
        self.reactor.protocol.childDataReceived(1, b'Tell all ')
        self.reactor.protocol.childDataReceived(1, b'the truth')
        self.assertNoResult(self.d)
        self.reactor.protocol.processEnded(Failure(ProcessDone(0)))
        self.assertEqual(self.successResultOf(self.d), b'Tell all the truth')

    def test_failure(self):
        """A process that fails makes it fail."""
        self.reactor.protocol.processEnded(Failure(ProcessTerminated(1)))
        self.failureResultOf(self.d, ProcessTerminated)

    def test_cancel(self):
        """Cancelling kills the process: CancelledError, and only that."""
        self.d.cancel()
        self.failureResultOf(self.d, CancelledError)
        self.assertEqual(self.reactor.process.signals, ['KILL'])
        # it has fired: to fire it again would be an error
        killed = ProcessTerminated(None, 9)
        self.reactor.protocol.processEnded(Failure(killed))

    def test_exited_already(self):
        """It doesn't matter if the process is gone and its output isn't."""
        self.reactor.process.exited = True
        self.d.cancel()
        self.failureResultOf(self.d, CancelledError)
        self.assertFalse(self.reactor.process.connected)

    def test_late(self):
        """Cancelling after the end does nothing."""
        self.reactor.protocol.processEnded(Failure(ProcessDone(0)))
        self.d.cancel()
        self.assertEqual(self.successResultOf(self.d), b'')
        self.assertEqual(self.reactor.process.signals, [])


class WitnessProtocol(Protocol):
    """The other end of a connection that lasts as long as a process."""

    def connectionMade(self):
        self.factory.begun.callback(None)

    def connectionLost(self, reason):
        self.factory.ended.callback(None)


class WitnessFactory(ServerFactory):
    protocol = WitnessProtocol

    def __init__(self):
        self.begun = Deferred()
        self.ended = Deferred()


class RealProcessTests(TestCase):
    """A process to be sure: it runs until it is killed."""

    timeout = 30  # seconds

    async def test_cancel(self):
        """Cancelling ends a process that would never end by itself."""
        from twisted.internet import reactor

        witness = WitnessFactory()
        port = reactor.listenTCP(0, witness, interface='127.0.0.1')
        self.addCleanup(port.stopListening)

        number = port.getHost().port
        code = (
            'import socket; '
            f"s = socket.create_connection(('127.0.0.1', {number})); "
            's.recv(1)'
        )
        d = script.get_process_output(sys.executable, ['-c', code])
        await witness.begun
        d.cancel()
        self.failureResultOf(d, CancelledError)
        await witness.ended
