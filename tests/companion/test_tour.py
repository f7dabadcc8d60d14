"""The tour as its users meet it, in good times and in bad."""

import io
import os
import random
import re
import signal
import socket
import sys
from pathlib import Path
from unittest import mock

from twisted.internet import reactor
from twisted.internet.task import deferLater
from twisted.trial.unittest import SkipTest, SynchronousTestCase, TestCase

from tests.companion.forking import FORKING
from tests.companion.project import PROGRAMS, ProjectTestCase
from tests.companion.support import PATIENCE, run
from tests.companion.told import told
from tour import playing, teaching
from tour.errors import SceneError
from tour.place import Place
from tour.ports import Ports
from tour.reading import read_book
from tour.screen import Screen

BOOK = read_book()

CONTENTS = """
parts = ["1", "2"]

[slow-server]
script = "blocking-server/slowpoetry.py"
option = "--delay"
default = 0.1

[tool.here]
name = "Python"
check = "python3 --version"
package = "python3"

[tool.gone]
name = "a tool"
check = "no-such-command --version"
package = "no-such-package"

[tool.broken]
name = "another tool"
check = "python3 no-such-script.py"
package = "no-such-package-either"
"""

PART_1 = """
title = "A test"
text = "http://localhost"
idea = "None."
watch = "Nothing."

[[scene]]
title = "The first scene"
servers = ["python blocking-server/slowpoetry.py --port 11901 poetry/poem.txt"]
commands = [
    "python blocking-client/get-poetry.py 11901",
    { text = "python odd/fails.py", exit = 3 },
]

[[scene]]
title = "The other scene"
servers = ["python odd/dies.py"]
commands = ["python odd/waits.py"]

[[scene]]
title = "A server that doesn't listen"
servers = ["python odd/waits.py"]
commands = []

[[scene]]
title = "A command that fails"
servers = ["python blocking-server/slowpoetry.py --port 11904 poetry/poem.txt"]
commands = ["python odd/fails.py"]

[[scene]]
title = "A program that doesn't mind Ctrl-C"
commands = [{ text = "python odd/stubborn.py", stop_after = "Serving" }]

[[scene]]
title = "A command that doesn't exist"
commands = ["no-such-command 1"]

[[scene]]
title = "A long wait"
servers = ["python odd/stubborn.py"]
commands = ["python odd/waits.py"]

[[scene]]
title = "A server that ends before it listens"
servers = ["python odd/fails.py"]
commands = ["python odd/waits.py"]

[[scene]]
title = "A program that fails when it is interrupted"
commands = [{ text = "python odd/upset.py", stop_after = "Ready" }]

[[scene]]
title = "In another directory"
commands = [
    "cd odd/",
    { text = "python fails.py", exit = 3 },
    "cd ../poetry",
    "ls",
]

[[scene]]
title = "A program that never stops talking"
commands = ["python odd/talks.py"]

[[scene]]
title = "A program that asks"
commands = [{ text = "python odd/asks.py", types = ["one > two", ""] }]

[[scene]]
title = "A program that doesn't ask"
commands = [{ text = "python odd/waits.py", types = ["one"] }]

[[scene]]
title = "A server that is stopped in the middle"
servers = [
    "python blocking-server/slowpoetry.py --port 11905 --delay 9 \
poetry/poem.txt",
]
commands = [{ text = "python odd/reads.py 11905", stop_servers_after = "Got" }]

[[scene]]
title = "Two outcomes by chance"
commands = [{ text = "python odd/changes.py", outcomes = 2 }]

[[scene]]
title = "Two outcomes that never come"
commands = [{ text = "python odd/asks.py", types = ["", ""], outcomes = 2 }]

[[scene]]
title = "Needs a tool of its own"
commands = ["no-such-command 3"]
tools = ["here", "gone"]
"""

PART_2 = """
title = "Needs something"
text = "http://localhost"
idea = "None."
watch = "Nothing."
tools = ["here", "gone", "broken"]

[[scene]]
title = "Needs it"
commands = ["no-such-command 2"]
"""

ODD = {
    'odd/fails.py': 'print("Bad luck."); raise SystemExit(3)',
    'odd/dies.py': 'print("Serving nothing"); raise SystemExit(4)',
    'odd/upset.py': 'import time\n'
    'try:\n'
    '    print("Ready")\n'
    '    time.sleep(1000)\n'
    'except KeyboardInterrupt:\n'
    '    raise SystemExit(5)\n',
    'odd/talks.py': 'import time\n'
    'while True:\n'
    '    print("And so on")\n'
    '    time.sleep(0.01)',
    'odd/asks.py': 'print("Hello", input("Who? > "))\ninput("And? > ")',
    'odd/reads.py': 'import socket, sys\n'
    'sock = socket.create_connection(("127.0.0.1", int(sys.argv[1])))\n'
    'print("Got", sock.recv(100))\n'
    'print("And then", sock.recv(100))',
    'odd/changes.py': 'from pathlib import Path\n'
    'path = Path("odd", "runs")\n'
    'runs = int(path.read_text()) if path.exists() else 0\n'
    'path.write_text(str(runs + 1))\n'
    'print("Late" if runs > 2 else "Early")',
}


def tutorial_socket():
    """Return a socket on a port like those of the tutorial, just bound."""
    for port in random.sample(range(11000, 11900), 900):
        sock = socket.socket()
        try:
            sock.bind(('127.0.0.1', port))
        except OSError:
            sock.close()
        else:
            return sock
    raise SkipTest('needs a free port between 11000 and 11899')


class PortsTests(SynchronousTestCase):
    """Tours that run at the same time."""

    def test_two_tours(self):
        """What one tour is about to use, another replaces, until the end."""
        with tutorial_socket() as sock:
            _, port = sock.getsockname()
        commands = [f'serve {port}', f'fetch {port}']
        one, other = Ports(commands), Ports(commands)
        self.addCleanup(other.release)
        self.assertEqual(one.replaced, {})
        self.assertEqual(list(other.replaced), [str(port)])
        one.release()
        again = Ports(commands)
        again.release()
        self.assertEqual(again.replaced, {})


class PlayTests(ProjectTestCase):
    """Scenes of a small project of its own are played by the real tour."""

    hasty = True

    def setUp(self):
        self.make(
            ['blocking-server', 'blocking-client'],
            {
                **ODD,
                'poetry/poem.txt': 'Roses are red.\n',
                'chapters/book.toml': CONTENTS,
                'chapters/01.toml': PART_1,
                'chapters/02.toml': PART_2,
            },
        )

    async def assert_fails(self, scene, *words, error):
        """The scene ends with an error, and leaves nothing behind."""
        result = await self.run_tour('1', '--scene', scene, *words)
        self.assertEqual(result.status, 1, result)
        self.assertEqual(result.err.splitlines(), [error])
        self.assertEqual(self.left_behind(), [])
        return result

    async def test_play(self):
        """Commands are shown as typed, and output with its process."""
        result = await self.run_tour('1', '--scene', '1', '--speed', '100')
        self.assertEqual(result.err, '')
        self.assertEqual(result.status, 0)
        self.assertNotIn('\x1b', result.out)
        # on other ports if these are taken, and blanks depend on that
        said = re.sub(
            r'(\.1:|port |server:|get-poetry.py )\d+', r'\1N', result.out
        )
        lines = [
            ' '.join(line.split())
            for line in said.splitlines()
            if 'is taken' not in line
        ]
        self.assertEqual(
            lines[:6],
            [
                'Part 1 of 2: A test',
                '',
                'Scene 1 of 17: The first scene',
                '$ python blocking-server/slowpoetry.py --port N'
                ' poetry/poem.txt --delay 0.001',
                'blocking-server:N | Serving poetry/poem.txt on port N.',
                '$ python blocking-client/get-poetry.py N',
            ],
        )
        for line in (
            'blocking-server:N | Somebody at 127.0.0.1:N wants poetry!',
            'blocking-server:N | Sending 10 bytes',
            'blocking-server:N | ... (15 bytes)',
            'blocking-client | Task 1: get poetry from: 127.0.0.1:N',
            '$ python odd/fails.py',
            'odd | Bad luck.',
            'blocking-server:N | ^C',
        ):
            self.assertIn(line, lines)
        self.assertEqual(self.left_behind(), [])

    async def test_taken_port(self):
        """A taken port is replaced in all commands, and that is said."""
        with tutorial_socket() as taken:
            taken.listen()
            _, port = taken.getsockname()
            part = PART_1.replace('11901', str(port))
            (self.chapters / '01.toml').write_text(part)
            result = await self.run_tour('1', '--scene', '1', '--speed', '100')
        self.assertEqual(result.status, 0, result)
        said = re.search(
            rf'^Port {port} is taken: using (\d+) instead\.$', result.out, re.M
        )
        commands = re.findall(r'^\$ .*', result.out, re.M)
        self.assertIn(f'--port {said[1]} ', commands[0])
        self.assertTrue(commands[1].endswith(f' {said[1]}'))
        self.assertIn(
            f'Serving poetry/poem.txt on port {said[1]}.', result.out
        )

    async def test_dry_run(self):
        """The commands are printed as they are typed, and not run."""
        result = await self.run_tour('1', '--dry-run')
        self.assertEqual((result.status, result.err), (0, ''))
        lines = result.out.splitlines()
        typed = re.findall(
            r'"((?:python|no-such-command|ls)\b[^"]*)"',
            PART_1,
        )
        self.assertEqual([line for line in lines if line in typed], typed)
        for said in (
            '# Part 1 of 2: A test',
            '# Scene 1 of 17: The first scene',
            '# terminal 1, leave it running',
            '# press Ctrl-C in terminal 1',
            'cd ../poetry',
        ):
            self.assertIn(said, lines)

    async def test_change_of_directory(self):
        """After cd the next commands of the scene are run elsewhere."""
        result = await self.run_tour('1', '--scene', '10')
        self.assertEqual((result.status, result.err), (0, ''))
        self.assertEqual(
            result.out.splitlines()[3:],
            [
                '$ cd odd/',
                '$ python fails.py',
                'Bad luck.',
                '$ cd ../poetry',
                '$ ls',
                'poem.txt',
            ],
        )

    async def printed(self, scene, *words):
        """Return what a scene with an orderly end prints after its title."""
        result = await self.run_tour('1', '--scene', scene, *words)
        self.assertEqual((result.status, result.err), (0, ''))
        self.assertEqual(self.left_behind(), [])
        return result.out.splitlines()[3:]

    async def test_typed_lines(self):
        """Lines are typed when a program asks, and seen as on a terminal."""
        self.assertEqual(
            await self.printed('12'),
            [
                '$ python odd/asks.py',
                'Who? > one > two',
                'Hello one > two',
                'And? > ',
            ],
        )

    async def test_no_question(self):
        """A program that asks for nothing ends the scene."""
        await self.assert_fails(
            '13',
            '--patience',
            '0.5',
            error='Asks for nothing after 0.5 s: python odd/waits.py',
        )

    async def test_stopped_server(self):
        """Servers may be stopped while a command runs on."""
        lines = await self.printed('14')
        said = [line.split('| ')[1] for line in lines if '| ' in line]
        # what the server has sent is folded, and said when it has ended
        said = [line for line in said if not line.startswith(('Se', '..'))]
        self.assertEqual(
            said[-3:], ["Got b'Roses are '", '^C', "And then b''"]
        )

    async def test_outcomes(self):
        """A command is run again until all its outcomes were seen."""
        self.assertEqual(
            await self.printed('15'),
            ['$ python odd/changes.py', 'Early'] * 3
            + ['$ python odd/changes.py', 'Late'],
        )

    async def test_missing_outcome(self):
        """An outcome that never comes ends the scene."""
        self.patch(playing, 'RUNS', 3)
        book = read_book(self.chapters)
        scene = book.part('1').scenes_by_number[16]
        place = Place(scene, self.base, Ports([]), book.slow_server)
        audience = mock.Mock(spec=playing.Audience)
        with self.assertRaises(SceneError) as caught:
            await playing.play(FORKING, place, audience)
        self.assertEqual(
            str(caught.exception),
            'Not 2 but 1 outcomes in 3 runs: python odd/asks.py',
        )
        said = [call.args[1] for call in audience.line.call_args_list]
        self.assertEqual(said.count('Who? > '), 3)
        self.assertEqual(self.left_behind(), [])

    async def test_missing_tool_of_scene(self):
        """A scene is left out, with a line, where its tool is missing."""
        left_out = (
            'Left out: Part 1, scene 17 needs a tool: install'
            ' no-such-package, as Debian names it.'
        )
        self.assertEqual(await self.printed('17'), [left_out])
        result = await self.run_tour('record', '1', '--scene', '17')
        self.assertEqual(
            (result.status, result.err, result.out), (0, '', left_out + '\n')
        )

    def test_missing_tools(self):
        """What a part needs and isn't here is told, with the package."""
        manifest = '--chapters', str(self.chapters)
        for words in ('2',), ('record', '2'), ('record',):
            result = told(*words, *manifest)
            self.assertEqual(result.status, 1)
            self.assertEqual(
                result.err.splitlines(),
                [
                    'Part 2 needs a tool: install no-such-package,'
                    ' as Debian names it.',
                    'Part 2 needs another tool: install'
                    ' no-such-package-either, as Debian names it.',
                ],
            )
            self.assertNotIn('$', result.out)
        result = told('2', '--dry-run', *manifest)
        self.assertEqual((result.status, result.err), (0, ''))
        self.assertIn('\nno-such-command 2\n', result.out)

    async def test_server_dies(self):
        """A server that dies ends the scene."""
        await self.assert_fails(
            '2',
            error='Ended with exit code 4, too soon: python odd/dies.py',
        )

    async def test_server_never_listens(self):
        """A server that doesn't listen in time ends the scene."""
        await self.assert_fails(
            '3',
            '--patience',
            '0.5',
            error='Does not listen after 0.5 s: python odd/waits.py',
        )
        words = ('record', '1', '--scene', '3', '--patience', '0.4')
        result = await self.run_tour(*words)
        self.assertEqual(result.status, 1)
        self.assertEqual(
            result.err, 'Does not listen after 0.4 s: python odd/waits.py\n'
        )
        self.assertEqual(self.left_behind(), [])

    async def test_server_ends_first(self):
        """So does one that ends before it listens."""
        await self.assert_fails(
            '8',
            error='Ended with exit code 3, too soon: python odd/fails.py',
        )

    async def test_command_fails(self):
        """So does a command with another exit code than expected."""
        result = await self.assert_fails(
            '4',
            error='Ended with exit code 3, not with 0: python odd/fails.py',
        )
        self.assertIn('Bad luck.', result.out)

    async def test_command_missing(self):
        """So does a command that isn't there."""
        await self.assert_fails(
            '6', error='no-such-command: command not found'
        )

    async def test_stubborn_program(self):
        """So does a program that doesn't end on Ctrl-C; it is killed."""
        await self.assert_fails(
            '5',
            '--patience',
            '0.5',
            error='Still runs 0.5 s after Ctrl-C: python odd/stubborn.py',
        )

    async def test_noisy_end(self):
        """So does a program that has something to say about Ctrl-C."""
        await self.assert_fails(
            '9',
            error='Ended with exit code 5 after Ctrl-C: python odd/upset.py',
        )

    async def assert_ends(self, end):
        """However the tour is ended, nothing is left behind."""
        tour = self.begin('1', '--scene', '7')
        await tour.when_printed('Waiting')
        self.assertEqual(len(self.left_behind()), 2)
        end(tour)
        await tour.when_ended()
        return tour

    async def test_interrupt(self):
        """Ctrl-C ends all programs, even a stubborn one."""
        tour = await self.assert_ends(lambda tour: tour.interrupt())
        self.assertEqual(tour.status, 130)
        self.assertEqual(tour.lines[-1], 'Interrupted.')
        self.assertNotIn('Traceback', '\n'.join(tour.lines))
        self.assertEqual(self.left_behind(), [])

    async def test_terminate(self):
        """So does SIGTERM, and a terminal that is closed."""
        for signum in signal.SIGTERM, signal.SIGHUP:
            tour = await self.assert_ends(
                lambda tour, s=signum: os.kill(tour.transport.pid, s)
            )
            self.assertEqual(tour.status, 128 + signum)
            self.assertEqual(self.left_behind(), [])

    async def test_nobody_reads(self):
        """If nobody reads on, it ends without a word."""
        for words in ('1', '--scene', '11'), ('1', '--dry-run'):
            result = await self.head(1, *words)
            self.assertEqual(len(result.out.splitlines()), 1)
            self.assertEqual(result.err, '')
            self.assertEqual(self.left_behind(), [])

    async def test_kill(self):
        """A tour that is killed takes along whoever minds his terminal."""
        stubborn = self.base / 'odd' / 'stubborn.py'
        stubborn.write_text(
            PROGRAMS['odd/waits.py'].replace('Waiting', 'Serving 0')
        )
        tour = await self.assert_ends(
            lambda tour: os.kill(tour.transport.pid, signal.SIGKILL)
        )
        self.assertEqual(tour.status, -signal.SIGKILL)
        while self.left_behind():
            await deferLater(reactor, 0.01)

    async def test_record(self):
        """Transcripts are written, on other ports, and stay the same."""
        first = await self.run_tour('record', '1', '--scene', '1')
        name = 'tests/transcripts/part-01-scene-1.txt'
        self.assertEqual(first.out, f'{name}: written\n', first)
        again = await self.run_tour('record', '1', '--scene', '1')
        self.assertEqual(again.out, f'{name}: as it was\n')
        self.assertEqual(
            (self.base / name).read_text().split('\n\n')[1:],
            [
                '$ python blocking-client/get-poetry.py 11901\n'
                'Task 1: get poetry from: 127.0.0.1:11901\n'
                'Task 1: got 15 bytes of poetry from 127.0.0.1:11901'
                ' in H:MM:SS\n'
                'Got 1 poems in H:MM:SS',
                '$ python odd/fails.py\nBad luck.\n[exit code 3]\n',
            ],
        )

    async def test_bad_manifest(self):
        """A manifest that can't be used is refused, with what is wrong."""
        (self.chapters / '02.toml').unlink()
        result = await self.run_tour('1', '--dry-run')
        self.assertEqual((result.status, result.out), (1, ''))
        self.assertEqual(
            result.err, 'chapters/02.toml: No such file or directory\n'
        )


class CommandLineTests(TestCase):
    """What the tour says of the real chapters."""

    timeout = PATIENCE

    def test_list(self):
        """Without arguments it lists the parts, and says how to begin."""
        result = told()
        self.assertEqual(result.status, 0)
        for part in BOOK.parts:
            self.assertRegex(
                result.out, rf'(?m)^ ?{part.id} {re.escape(part.title)}$'
            )
        self.assertRegex(result.out, r'(?m)^tour 2 +begin with')

    def test_unknown(self):
        """An unknown part or scene is told in a line, with the list."""
        for words, error, listed in (
            (['99'], 'There is no part 99. ', 'tour 8   A client with'),
            (['x'], 'There is no part x. ', 'tour 8   A client with'),
            (
                ['--scene', '2'],
                'Scene 2 of which part? ',
                'tour PART --scene 2',
            ),
            (
                ['3', '--scene', '9'],
                'There is no scene 9. ',
                'tour 3 --scene 4  A callback',
            ),
        ):
            result = told(*words)
            self.assertEqual((result.status, result.out), (2, ''))
            self.assertTrue(result.err.startswith(error), result.err)
            self.assertIn(listed, result.err)

    def test_nearly(self):
        """What is nearly a word gets that word."""
        for words, meant in (
            (['dif', '8'], 'tour diff'),
            (['timelin', '2'], 'tour timeline'),
            (['howtoo'], 'tour howto'),
            (['diff', 'howtoo'], 'tour howto'),
        ):
            result = told(*words)
            self.assertEqual((result.status, result.out), (2, ''))
            error, hint = result.err.splitlines()
            self.assertIn('Did you mean', error)
            self.assertEqual(hint, meant)

    def test_text(self):
        """Of a part without scripts it says so, and where its text is."""
        for id, onwards in ('1', 'tour 2'), ('22', 'tour today'):
            text = BOOK.chapter(id).text
            result = told(id)
            self.assertEqual((result.status, result.err), (0, ''))
            title, where, *_, last = result.out.splitlines()
            self.assertTrue(title.startswith(f'Part {id} of 22: '), title)
            self.assertEqual(
                where, f'It has no scripts. It is to be read at {text}'
            )
            self.assertEqual(last, onwards)
            for words in ['diff', id], ['timeline', id], [id, '--scene', '1']:
                result = told(*words)
                self.assertEqual((result.status, result.out), (2, ''))
                self.assertIn('has no scripts', result.err)
                self.assertIn(text, result.err)

    def test_help(self):
        """`tour help` is what `tour --help` is, of a command, too."""
        for words, same in (
            (['help'], ['--help']),
            (['help', 'diff'], ['diff', '--help']),
            (['help', 'me'], ['--help']),
        ):
            helped = told(*words)
            self.assertEqual((helped.status, helped.err), (0, ''))
            self.assertEqual(helped, told(*same))

    def test_teaches(self):
        """A part begins with what to watch for, and ends with what next."""
        part = BOOK.part('12')
        screen = Screen(io.StringIO())
        said = '\n'.join(
            text.plain
            for text in (
                *teaching.opening(BOOK, part, screen),
                *teaching.closing(BOOK, part, screen),
            )
        )
        for text in (
            f'Part 12 of 22: {part.title}\n',
            part.text,
            part.idea,
            part.watch,
            'tour diff twisted-server-1/fastpoetry.py'
            ' twisted-server-1/transformedpoetry.py\n',
            part.comparisons[0].look,
            f'Next: Part 13 of 22: {BOOK.part("13").title}\ntour 13',
        ):
            before, found, said = said.partition(text)
            self.assertEqual(found, text, before)
        self.assertEqual(said, '')

    def test_nothing_to_draw(self):
        """`tour timeline` first of all says if there is nothing to draw."""
        result = told('timeline', '3')
        self.assertEqual((result.status, result.out), (1, ''))
        self.assertEqual(result.err, 'Part 3 has no clients to draw.\n')

    def test_bad_options(self):
        """Options that make no sense are usage errors."""
        for words, said in (
            (['2', '--speed', '0'], 'must be a number above 0, not 0'),
            (['2', '--speed', 'fast'], 'must be a number above 0, not fast'),
            (['2', '--speed', 'inf'], 'must be a number above 0, not inf'),
            (['2', '--scene', '0'], 'must be a whole number above 0, not 0'),
            (['2', '--scene', 'one'], 'a whole number above 0, not one'),
            (['2', '--slow'], '--slow'),
            (['2', '3'], '3'),
        ):
            result = told(*words)
            self.assertEqual(result.status, 2, words)
            self.assertIn('usage: tour', result.err)
            self.assertIn(said, result.err.splitlines()[-1])
            self.assertNotIn('Traceback', result.err)

    async def test_elsewhere(self):
        """The installed command works in any directory."""
        command = Path(sys.executable).with_name('tour')
        if not command.exists():
            raise SkipTest('needs the tour installed: pip install -e .')
        result = await run(
            '-c',
            'import os, sys\n'
            'os.chdir("/")\n'
            'os.execv(sys.argv[1], sys.argv[1:])',
            str(command),
            '17',
            '--scene',
            '1',
        )
        self.assertEqual(result.status, 0, result)
        self.assertIn("still workin'", result.out)

    async def test_race(self):
        """Part 2 says how the two clients compare."""
        result = await run('-m', 'tour', '2', '--scene', '3', '--speed', '100')
        self.assertEqual(result.status, 0, result)
        *_, blocking, asynchronous, ratio = result.out.splitlines()
        self.assertRegex(
            blocking,
            r'^Blocking took \d+\.\d+ s, the sum of its tasks:'
            r' \d+\.\d+ \+ \d+\.\d+ \+ \d+\.\d+\.$',
        )
        self.assertRegex(asynchronous, r'^Asynchronous took \d+\.\d+ s;')
        # the number depends on how busy the machine is
        self.assertRegex(ratio, r'^So blocking took \d+\.\d times as long\.$')
