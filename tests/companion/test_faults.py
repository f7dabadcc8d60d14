"""Whatever goes wrong around a tour: it says so, and leaves nothing behind."""

import errno
import os
import random
import signal
import socket
import sys
import tomllib
from pathlib import Path

from twisted.internet import reactor
from twisted.internet.task import deferLater
from twisted.trial.unittest import SkipTest, SynchronousTestCase

from tests.companion.project import ProjectTestCase
from tests.companion.support import (
    BASE,
    Redirected,
    begin_program,
    run_program,
)
from tests.companion.told import told
from tour.daemon import Daemon
from tour.pace import Pace
from tour.place import apart, fixed_ports
from tour.ports import PORT
from tour.reading import read_book

CONTENTS = """
parts = ["1", "16"]

[slow-server]
script = "blocking-server/slowpoetry.py"
option = "--delay"
default = 0.1
"""

PART_1 = """
title = "A test"
text = "http://localhost"
idea = "None."
watch = "Nothing."

[[scene]]
title = "A daemon, and a long wait"
commands = [
    "twistd --python twisted-server-3/fastpoetry.py",
    "python odd/waits.py",
]
daemon = "twistd.pid"

[[scene]]
title = "A program that never stops talking"
commands = ["python odd/talks.py"]

[[scene]]
title = "A program that is still importing"
commands = ["python odd/imports.py"]

[[scene]]
title = "A compiler"
commands = ["cd odd/", "ghc --make odd.hs"]

[[scene]]
title = "Another alphabet"
commands = ["cat poetry/jingyesi.txt"]

[[scene]]
title = "A program that doesn't mind any signal"
servers = ["python odd/stubborn.py"]
commands = ["python odd/waits.py"]

[[scene]]
title = "A daemon that takes its time to start"
commands = ["python odd/launches.py 0.5"]
daemon = "twistd.pid"

[[scene]]
title = "A small daemon, and a long wait"
commands = ["python odd/launches.py 0", "python odd/waits.py"]
daemon = "twistd.pid"

[[scene]]
title = "A command that names its port"
commands = ["python odd/serves.py 10000"]

[[scene]]
title = "A small daemon"
commands = ["python odd/launches.py 0"]
daemon = "twistd.pid"
"""

ODD = {
    'odd/talks.py': 'import time\n'
    'while True:\n'
    '    print("And so on, and so on, and so on, and so on")\n'
    '    time.sleep(0.01)',
    'odd/imports.py': 'import slow',
    'odd/slow.py': 'import time\n'
    'print("Importing", flush=True)\n'
    'time.sleep(1000)',
    'odd/serves.py': 'print("Serving on port 10000, or so")',
    # as daemons do, its child is in no process group that the tour knows
    'odd/launches.py': 'import os, sys, time\n'
    'started, starting = os.pipe()\n'
    'if os.fork():\n'
    '    print("Launching", flush=True)\n'
    '    os.read(started, 1)\n'
    '    os._exit(0)\n'
    'os.setsid()\n'
    'null = os.open(os.devnull, os.O_RDWR)\n'
    'for fd in range(3):\n'
    '    os.dup2(null, fd)\n'
    'time.sleep(float(sys.argv[1]))\n'
    'with open("twistd.pid", "w") as file:\n'
    '    file.write(str(os.getpid()))\n'
    'os.write(starting, b"0")\n'
    'time.sleep(1000)',
}

# as whoever is started by nohup
IGNORES_HANG_UP = """
import signal
signal.signal(signal.SIGHUP, signal.SIG_IGN)
from tour.__main__ import main
main()
"""

# there are disks with quotas, too
HAS_LITTLE_ROOM = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))
from tour.__main__ import main
main()
"""

# Waits half a second for another one of its kind: if they may meet, they will.
GHC = """#!/bin/sh
mkdir busy 2>/dev/null || { touch met; exit 1; }
for i in 1 2 3 4 5; do
    test -e met && { echo Two at once; exit 1; }
    sleep 0.1
done
rmdir busy
"""


def hold_port() -> socket.socket:
    """
    Return a socket on a port like those of the tutorial.

    It is just bound: others can listen there that reuse addresses, as
    servers do, but no other test takes it.
    """
    for port in random.sample(range(11000, 11900), 900):
        sock = socket.socket()
        try:
            sock.bind(('127.0.0.1', port))
        except OSError:
            sock.close()
            continue
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return sock
    raise SkipTest('needs a free port between 11000 and 11899')


class FaultTestCase(ProjectTestCase):
    """
    A copy of Part 16 and some odd scenes are played by the real tour.

    The copy has a directory and a port of its own.
    """

    def setUp(self):
        self.held = hold_port()
        self.addCleanup(self.held.close)
        self.port = str(self.held.getsockname()[1])
        self.make(
            ['poetry', 'basic-twisted', 'twisted-server-3']
            + ['twisted-client-4'],
            {
                **ODD,
                'chapters/book.toml': CONTENTS,
                'chapters/01.toml': PART_1.replace('10000', self.port),
                'odd/serves.py': ODD['odd/serves.py'].replace(
                    '10000', self.port
                ),
                'chapters/16.toml': self.with_port('chapters/16.toml'),
                'twisted-server-3/fastpoetry.py': self.with_port(
                    'twisted-server-3/fastpoetry.py'
                ),
                'bin/ghc': GHC,
            },
        )
        (self.base / 'bin' / 'ghc').chmod(0o755)
        self.pid_file = self.base / 'twistd.pid'
        # also if a test fails
        self.addCleanup(Daemon(self.pid_file).end, reactor)

    def with_port(self, name):
        """Return a file of ours with the port of the test."""
        return (BASE / name).read_text().replace('10000', self.port)

    def assert_nothing_left(self):
        """No process of the tour runs, and no daemon has left its file."""
        self.assertEqual(self.left_behind(), [])
        self.assertFalse(self.pid_file.exists())


class OutputTests(FaultTestCase):
    """What happens when nothing can be written any more."""

    async def close_terminal(self, tour):
        """The terminal is closed while there is a daemon."""
        await tour.when_printed('Waiting')
        self.assertTrue(self.pid_file.exists())
        tour.transport.loseConnection()
        await tour.when_ended()
        self.assert_nothing_left()

    async def test_closed_terminal(self):
        """When its terminal is closed, a tour takes its daemon along."""
        tour = self.begin('1', '--scene', '1')
        await self.close_terminal(tour)
        self.assertEqual(tour.status, 128 + signal.SIGHUP)

    async def test_closed_terminal_and_no_signal(self):
        """So it does if it sees that just when it wants to print."""
        talks = self.base / 'odd' / 'waits.py'
        talks.write_text('print("Waiting")\n' + ODD['odd/talks.py'])
        tour = self.begin_by(IGNORES_HANG_UP, '1', '--scene', '8')
        await self.close_terminal(tour)
        self.assertEqual(tour.status, 1)

    def assert_disk_full(self, result, error):
        """That is told in a line, and all was ended."""
        said = f"Can't write the output: {os.strerror(error)}.\n"
        self.assertEqual((result.err, result.status), (said, 1))
        self.assert_nothing_left()

    async def test_disk_full(self):
        """A full disk is told in a line, and all is ended."""
        words = '1', '--scene', '8'
        result = await self.redirect(*words, to='full').ended
        self.assert_disk_full(result, errno.ENOSPC)
        manifest = '--chapters', str(self.chapters)
        for words in (
            *(('1', '--dry-run'), ('diff',), ()),
            *(('--help',), ('16', '--help')),
        ):
            result = told(*words, *manifest, to='/dev/full')
            self.assert_disk_full(result, errno.ENOSPC)

    async def test_disk_full_later(self):
        """So it is when that happens amid a program's output."""
        words = self.words_by(HAS_LITTLE_ROOM, '1', '--scene', '2')
        tour = Redirected(self, sys.executable, *words, to='file')
        result = await tour.ended
        self.assertEqual(len(result.out), 2048)
        self.assert_disk_full(result, errno.EFBIG)

    async def test_errors_get_lost(self):
        """An error that can't be told is still seen by the exit code."""
        for to, errors in (
            *(('full', 'full'), ('full', 'closed')),
            ('closed', 'closed'),
        ):
            tour = self.redirect('1', '--scene', '2', to=to, errors=errors)
            result = await tour.ended
            self.assertEqual((result.out, result.err), ('', ''))
            self.assertEqual(result.status, 1)
            self.assert_nothing_left()

    async def test_no_output(self):
        """A tour that was started without an output says so."""
        result = await self.redirect('1', '--scene', '2', to='closed').ended
        said = os.strerror(errno.EBADF)
        self.assertEqual(
            (result.err, result.status),
            (f"Can't write the output: {said}.\n", 1),
        )

    async def test_closed_pipe(self):
        """Whoever reads no more ends the tour, and needs no words."""
        result = await self.head(5, '1', '--scene', '2')
        self.assertEqual(len(result.out.splitlines()), 5)
        self.assertEqual(
            (result.err, result.status), ('', 128 + signal.SIGPIPE)
        )
        self.assert_nothing_left()

    async def test_other_alphabet(self):
        """What can't be encoded is replaced."""
        result = await self.run_tour(
            *('1', '--scene', '5'), LC_ALL='C', PYTHONIOENCODING='ascii'
        )
        self.assertEqual((result.err, result.status), ('', 0))
        self.assertIn('?', result.out)

    async def test_dumb_terminal(self):
        """A dumb terminal gets no colours, whatever else may be set."""
        wants = {
            'NO_COLOR': None,
            'COLORTERM': 'truecolor',
            'FORCE_COLOR': '1',
            'CLICOLOR_FORCE': '1',
        }
        for words in (
            *(('1', '--scene', '5'), ('99',), (), ('diff', '16')),
            *(('--help',), ('--bogus',)),
        ):
            for term in 'dumb', 'unknown':
                tour = self.begin(*words, TERM=term, **wants)
                await tour.when_ended()
                self.assertNotIn('\x1b', '\n'.join(tour.lines), words)


class SignalTests(FaultTestCase):
    """What happens when a tour is to end."""

    async def test_exit_codes(self):
        """A signal ends all, and the exit code tells which it was."""
        for signum in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
            tour = self.begin('1', '--scene', '8')
            await tour.when_printed('Waiting')
            os.kill(tour.transport.pid, signum)
            await tour.when_ended()
            self.assertEqual(tour.lines[-1], 'Interrupted.')
            self.assertEqual(tour.status, 128 + signum)
            self.assert_nothing_left()

    async def test_many_signals(self):
        """Other signals meanwhile don't disturb the clean-up."""
        tour = self.begin('1', '--scene', '6')
        await tour.when_printed('Waiting')
        os.kill(tour.transport.pid, signal.SIGTERM)
        while len(self.left_behind()) > 1:
            await deferLater(reactor, 0.01)
        for signum in signal.SIGINT, signal.SIGHUP, signal.SIGTERM:
            os.kill(tour.transport.pid, signum)
            await deferLater(reactor, 0.05)
        await tour.when_ended()
        self.assertEqual(tour.lines[-1], 'Interrupted.')
        self.assertEqual(tour.status, 128 + signal.SIGTERM)
        self.assertNotIn('Traceback', '\n'.join(tour.lines))
        self.assert_nothing_left()

    async def test_daemon_is_about_to_start(self):
        """A daemon that isn't there yet is ended, too."""
        tour = self.begin('1', '--scene', '7')
        await tour.when_printed('Launching')
        tour.interrupt()
        await tour.when_ended()
        self.assertEqual(tour.status, 128 + signal.SIGINT)
        self.assert_nothing_left()

    async def test_program_is_importing(self):
        """A program that is still importing ends without a traceback."""
        tour = self.begin('1', '--scene', '3')
        await tour.when_printed('Importing')
        tour.interrupt()
        await tour.when_ended()
        said = '\n'.join(tour.lines)
        self.assertNotIn('Traceback', said)
        self.assertNotIn('KeyboardInterrupt', said)
        self.assertEqual(tour.status, 128 + signal.SIGINT)
        self.assert_nothing_left()

    async def test_tour_is_importing(self):
        """So does the tour itself, however it is started."""
        project = tomllib.loads((BASE / 'pyproject.toml').read_text())
        module, function = project['project']['scripts']['tour'].split(':')
        command = f'from {module} import {function}; {function}()'
        tour_3 = '-m', 'tour', '3'
        # each of these is imported in its time, in any way that it is started
        for slow, words in (
            ('twisted', tour_3),
            ('rich', tour_3),
            ('pydantic', tour_3),
            ('pydantic', ('-c', command, '3')),
        ):
            place = Path(self.mktemp()).absolute()
            place.mkdir()
            (place / f'{slow}.py').write_text(ODD['odd/slow.py'])
            path = os.pathsep.join([str(place), str(BASE)])
            tour = begin_program(
                self,
                *('env', f'PYTHONPATH={path}', sys.executable, *words),
                spawner=reactor,
            )
            await tour.when_printed('Importing')
            tour.interrupt()
            await tour.when_ended()
            self.assertEqual(tour.lines, ['Importing', '^C'])
            self.assertIn(tour.status, (-signal.SIGINT, 130))


class SharingTests(FaultTestCase):
    """What happens when something is in use already."""

    async def assert_refused(self, result, *lines):
        """It failed with these lines, and nothing was begun."""
        self.assertEqual(result.err.splitlines(), list(lines))
        self.assertEqual((result.status, result.out), (1, ''))

    async def test_fixed_port(self):
        """A port that can't be replaced must be free, or nothing begins."""
        self.held.listen()
        for words in ('16',), ('16', '--scene', '2'), ('16', '--scene', '3'):
            await self.assert_refused(
                await self.run_tour(*words),
                f'Scene {words[-1] if words[1:] else 2} needs port'
                f' {self.port}, as twisted-server-3/fastpoetry.py uses no'
                ' other, and it is taken.',
                'End what listens there, and start again.',
            )
        self.assert_nothing_left()

    async def test_other_scenes(self):
        """Where commands name the port, another one will do."""
        self.held.listen()
        result = await self.run_tour('1', '--scene', '9')
        self.assertEqual((result.err, result.status), ('', 0))
        self.assertIn(f'Port {self.port} is taken: using', result.out)
        self.assertNotIn(f'serves.py {self.port}', result.out)
        self.assert_nothing_left()

    async def test_two_daemons(self):
        """Of two tours that start daemons the second says what is wrong."""
        first = self.begin('1', '--scene', '8')
        await first.when_printed('Waiting')
        for words in ('16',), ('1', '--scene', '1'):
            number = 2 if words == ('16',) else 1
            await self.assert_refused(
                await self.run_tour(*words),
                f'Another tour uses twistd.pid here, as scene {number} does,'
                ' too.',
                'Wait until it has ended, and start again.',
            )
        first.interrupt()
        await first.when_ended()
        again = await self.run_tour('1', '--scene', '10')
        self.assertEqual((again.err, again.status), ('', 0))
        self.assert_nothing_left()

    async def test_two_builds(self):
        """Two tours never compile in the same directory at once."""
        path = os.pathsep.join([str(self.base / 'bin'), os.environ['PATH']])
        os.environ['PATH'] = path
        # the tour puts its own Python's directory first
        ghc = Path(sys.executable).with_name('ghc')
        self.assertFalse(ghc.exists())
        tours = [self.begin('1', '--scene', '4') for _ in range(2)]
        for tour in tours:
            await tour.when_ended()
            self.assertEqual(tour.status, 0, tour.lines)
        self.assertFalse((self.base / 'odd' / 'met').exists())

    async def test_stale_pid_file(self):
        """A file that a daemon has left is named, with what to do."""
        dead = await run_program('sh', '-c', 'echo $$')
        other = begin_program(self, 'sleep', '1000')
        # nobody runs there any more, or somebody else, or who knows
        for pid in dead.out, f'{other.transport.pid}', '':
            self.pid_file.write_text(pid)
            path = os.path.relpath(self.pid_file, BASE)
            await self.assert_refused(
                await self.run_tour('16'),
                f'There is a {path}, but its daemon is gone.',
                f'Remove it: rm {path}',
            )
        self.pid_file.unlink()

    async def test_running_daemon(self):
        """So is a daemon that runs already."""
        daemon = begin_program(
            self,
            *('env', '--chdir', str(self.base), 'twistd', '--nodaemon'),
            *('--python', 'twisted-server-3/fastpoetry.py'),
        )
        await daemon.when_printed('starting on')
        pid = daemon.transport.pid
        await self.assert_refused(
            await self.run_tour('16'),
            f'twistd already runs as a daemon here, as process {pid}.',
            f'End it: kill {pid}',
        )
        daemon.interrupt()
        await daemon.when_ended()
        self.assert_nothing_left()


class FixedPortTests(SynchronousTestCase):
    """Which scenes need a port."""

    def test_scenes(self):
        """They are those with an application for twistd, and no other."""
        book = read_book()
        fixed = {
            scene.name: ports
            for part in book.parts
            for scene in part.scenes
            if (ports := fixed_ports(book, scene))
        }
        self.assertEqual(
            fixed,
            {
                scene: {'10000': f'{directory}/fastpoetry.py'}
                for scene, directory in (
                    ('part-16-scene-2', 'twisted-server-3'),
                    ('part-16-scene-3', 'twisted-server-3'),
                    ('part-today-scene-7', 'twisted-server-5'),
                )
            },
        )

    def test_apart(self):
        """Where scenes are played side by side, each has another one."""
        book = read_book()
        scenes = [
            scene
            for chapter in (*book.parts, *book.exercises)
            for scene in chapter.scenes
            if fixed_ports(book, scene)
        ]
        self.assertGreater(len(scenes), 5)
        for scene in scenes:
            with apart(book, scene, Pace()) as place:
                for path in fixed_ports(book, scene).values():
                    script = (place.directory / path).read_text('utf-8')
                    self.assertEqual(PORT.findall(script), [], scene.name)
