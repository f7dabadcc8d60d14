"""What get_process_value must do, as tests of the script in SCRIPT."""

import os
import sys
from importlib.util import module_from_spec, spec_from_file_location

from twisted.internet.error import ProcessDone, ProcessTerminated
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase, TestCase


def load(path):
    """Return the script as a module; main doesn't run."""
    spec = spec_from_file_location('script', path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


script = load(os.environ['SCRIPT'])


class FakeReactor:
    """A reactor that starts nothing."""

    def spawnProcess(self, protocol, executable, args, *rest, **kwargs):
        self.protocol = protocol
        self.command = list(args)


class ValueTests(SynchronousTestCase):
    """All that can be tested without a process."""

    def setUp(self):
        self.reactor = FakeReactor()
        self.d = script.get_process_value('/bin/poet', ['-v'], self.reactor)

    def end(self, reason):
        self.reactor.protocol.processEnded(Failure(reason))
        return self.successResultOf(self.d)

    def test_command(self):
        """The process gets its name and the arguments."""
        self.assertEqual(self.reactor.command, ['/bin/poet', '-v'])

    def test_success(self):
        """A process that succeeds has the exit code 0."""
        self.assertEqual(self.end(ProcessDone(0)), 0)

    def test_exit_code(self):
        """Any other exit code is a result, too."""
        self.assertEqual(self.end(ProcessTerminated(3)), 3)

    def test_signal(self):
        """A process that was killed has the number of the signal, negative."""
        self.assertEqual(self.end(ProcessTerminated(signal=15)), -15)


class RealProcessTests(TestCase):
    """A process to be sure that this is what Twisted tells of one."""

    timeout = 30  # seconds

    async def test_signal(self):
        """A process that kills itself was killed, too."""
        code = 'import os; os.kill(os.getpid(), 9)'
        value = await script.get_process_value(sys.executable, ['-c', code])
        self.assertEqual(value, -9)
