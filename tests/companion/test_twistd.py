"""The fast poetry server under twistd: as an application and as a plugin."""

import os
import re
import shutil
import signal
from pathlib import Path

from twisted.internet import reactor
from twisted.internet.task import deferLater
from twisted.trial.unittest import TestCase

from tests.companion.forking import FORKING
from tests.companion.support import BASE, PATIENCE, POEMS, fetch
from tour.daemon import Daemon
from tour.ports import Ports
from tour.program import Program

TAC = 'twisted-server-3/fastpoetry.py'


class TwistdTests(TestCase):
    """twistd runs in a directory of its own, on a port of its own."""

    timeout = PATIENCE

    def setUp(self):
        self.base = Path(self.mktemp()).absolute()
        shutil.copytree(BASE / 'poetry', self.base / 'poetry')
        # the port of the tac file is fixed, and may be taken here
        ports = Ports(['10000'], keep=False)
        self.addCleanup(ports.release)
        self.port = ports.replaced['10000']
        tac = self.base / TAC
        tac.parent.mkdir()
        text = (BASE / TAC).read_text()
        self.assertIn('port = 10000\n', text)
        tac.write_text(text.replace('10000', self.port))
        self.daemon = Daemon(self.base / 'twistd.pid')
        self.addCleanup(self.daemon.end, reactor)

    def begin(self, *words, base=None):
        """Start twistd; it ends with the test."""
        program = Program(' '.join(('twistd', *words)), lambda line: None)
        program.start(FORKING, base or self.base)

        def end():
            program.kill()
            return program.when_ended()

        self.addCleanup(end)
        return program

    async def run_twistd(self, *words, base=None):
        """Run twistd to its end and return it."""
        return await self.begin(*words, base=base).when_ended()

    def assert_clean(self, program, status, error):
        """It has ended with a clear line and nothing else to say."""
        said = '\n'.join(program.lines)
        self.assertEqual(program.status, status, said)
        self.assertIn(error, said)
        self.assertNotIn('Traceback', said)
        self.assertFalse((self.base / 'twistd.pid').exists())

    def log(self):
        """Return the daemon's log."""
        return (self.base / 'twistd.log').read_text()

    async def kill(self):
        """Do as ``kill `cat twistd.pid``` does, and wait for the end."""
        pid = self.daemon.pid()
        os.kill(pid, signal.SIGTERM)
        await self.daemon.when_gone(reactor, pid)
        self.assertFalse((self.base / 'twistd.pid').exists())

    async def test_foreground(self):
        """In the foreground it logs to the terminal until Ctrl-C."""
        twistd = self.begin('--nodaemon', '--python', TAC)
        await twistd.when_printed('loaded a poem from: poetry/ecstasy.txt')
        self.assertEqual(self.daemon.pid(), twistd.transport.pid)
        poem = await fetch(self, int(self.port))
        self.assertEqual(poem, POEMS['ecstasy'])
        await twistd.when_printed('sending 3003 bytes of poetry to IPv4Addr')
        twistd.interrupt()
        await twistd.when_ended()
        self.assertIn('Received SIGINT, shutting down.', twistd.lines[-5])
        self.assertIn('Server Shut Down.', twistd.lines[-1])
        self.assertFalse((self.base / 'twistd.pid').exists())

    async def assert_serves_as_daemon(self, poem, *words):
        """A real daemon: at once, with pid file and log, until killed."""
        twistd = await self.run_twistd(*words)
        self.assertEqual((twistd.status, twistd.lines), (0, []))
        self.assertEqual(await fetch(self, int(self.port)), poem)

        again = await self.run_twistd(*words)
        self.assertEqual(again.status, 1)
        self.assertIn('Another twistd server is running', again.lines[0])
        self.assertEqual(await fetch(self, int(self.port)), poem)

        await self.kill()
        log = self.log()
        self.assertEqual(log.count(f'sending {len(poem)} bytes'), 2)
        self.assertIn('Received SIGTERM, shutting down.', log)
        self.assertNotIn('Traceback', log)

    async def test_daemon(self):
        """The application is a daemon if nothing else is said."""
        await self.assert_serves_as_daemon(POEMS['ecstasy'], '--python', TAC)

    async def test_plugin(self):
        """So is the plugin, with the poem of our choice."""
        await self.assert_serves_as_daemon(
            POEMS['jingyesi'],
            *('fastpoetry', '--port', self.port),
            *('--poem', 'poetry/jingyesi.txt'),
        )

    async def test_plugin_in_the_foreground(self):
        """The plugin may stay in the foreground, too."""
        twistd = self.begin(
            *('--nodaemon', 'fastpoetry', '-p', self.port),
            *('--poem', 'poetry/science.txt', '--iface', '127.0.0.1'),
        )
        await twistd.when_printed('loaded a poem from: poetry/science.txt')
        poem = await fetch(self, int(self.port))
        self.assertEqual(poem, POEMS['science'])

    async def test_wrong_directory(self):
        """Where there is no poem, twistd says so and ends."""
        shutil.rmtree(self.base / 'poetry')
        twistd = await self.run_twistd('--nodaemon', '--python', TAC)
        said = '\n'.join(twistd.lines)
        self.assertEqual(twistd.status, 1, said)
        self.assertIn("No such file or directory: 'poetry/ecstasy.txt'", said)
        self.assertFalse((self.base / 'twistd.pid').exists())

    async def test_bad_options(self):
        """Missing and bad options of the plugin are usage errors."""
        # some releases of twistd, 24.11 among them, exit with 0 nevertheless
        twisteds = await self.run_twistd('--nodaemon', 'web', '--verse')
        status = twisteds.status
        self.assertIn(status, (0, 1))
        poem = ('--poem', 'poetry/science.txt')
        for words, error in (
            ((), 'Give a file with a poem: --poem FILE'),
            (('--poem', 'poetry/none.txt'), 'Not a file: poetry/none.txt'),
            (('--poem', 'poetry'), 'Not a file: poetry'),
            (('--port', 'x', *poem), 'invalid literal'),
            (('--port', '65536', *poem), 'between 0 and 65535'),
            (('--port', '-1', *poem), 'between 0 and 65535'),
            (('--verse', '3', *poem), 'option --verse not recognized'),
            ((*poem, 'poetry/ecstasy.txt'), 'Wrong number of arguments'),
        ):
            twistd = await self.run_twistd('--nodaemon', 'fastpoetry', *words)
            self.assert_clean(twistd, status, error)

    async def test_port_in_use(self):
        """A port in use is an error that twistd reports."""
        holder = self.begin('--nodaemon', '--python', TAC)
        await holder.when_printed('loaded a poem')
        other = await self.run_twistd(
            *('--pidfile', 'other.pid', 'fastpoetry', '--port', self.port),
            *('--poem', 'poetry/science.txt'),
        )
        self.assertEqual(other.status, 1)
        self.assertIn('listen on localhost:', other.lines[0])
        # the file goes after the message came
        while (self.base / 'other.pid').exists():
            await deferLater(reactor, 0.01)

    async def test_listed(self):
        """In the base directory twistd lists the plugin."""
        for base in BASE, self.base:
            twistd = await self.run_twistd('--help', base=base)
            said = '\n'.join(twistd.lines)
            self.assertRegex(said, r'fastpoetry +A fast poetry service\.')

    async def test_help(self):
        """The plugin explains its options."""
        twistd = await self.run_twistd('fastpoetry', '--help')
        said = '\n'.join(twistd.lines)
        for option in '--port', '-p', '--poem', '--iface':
            self.assertRegex(said, rf'\s{re.escape(option)}[=,]')

    async def test_python(self):
        """With python instead of twistd nothing happens."""
        program = Program(f'python {TAC}', lambda line: None)
        program.start(FORKING, self.base)
        await program.when_ended()
        self.assertEqual((program.status, program.lines), (0, []))
