"""The tour on a real terminal of 80 by 24, and its reader."""

import os
import re
import termios

from twisted.internet import reactor
from twisted.internet.task import deferLater
from twisted.trial.unittest import TestCase

from tests.companion.project import ProjectTestCase
from tests.companion.support import PATIENCE, begin, run_program
from tour.commands.play import BEFORE_END, BEFORE_SCENE
from tour.window import MORE

TERMINAL = {
    'NO_COLOR': None,
    'TERM': 'xterm',
    'COLUMNS': '80',
    'LINES': '24',
}

BOOK = """
parts = ["1", "2"]

[slow-server]
script = "blocking-server/slowpoetry.py"
option = "--delay"
default = 0.1
"""

PART = """
title = "A test"
text = "http://localhost"
idea = "None."
watch = "Nothing."

[[scene]]
title = "A few lines"
commands = ["python odd/says.py 3"]

[[scene]]
title = "More than a screen"
commands = ["python odd/says.py 12", "python odd/says.py 13"]

[[scene]]
title = "Again a few"
commands = ["python odd/says.py 4"]

[[compare]]
old = "odd/says.py"
new = "odd/waits.py"
look = "They differ."
"""

PART_2 = """
title = "A slow server"
text = "http://localhost"
idea = "None."
watch = "Nothing."

[[scene]]
title = "A poem"
servers = ["python blocking-server/slowpoetry.py --port 11901 \
poetry/science.txt --num-bytes 100"]
commands = ["python blocking-client/get-poetry.py 11901"]
"""

TAUGHT = (
    'Part 1 of 2: A test\n',
    'http://localhost',
    'None.',
    'Nothing.',
    'Scene 1 of 3: A few lines\n',
    '$ python odd/says.py 3\n',
    'Scene 2 of 3: More than a screen\n',
    'Scene 3 of 3: Again a few\n',
    'tour diff odd/says.py odd/waits.py\n',
    'They differ.',
    'Next: Part 2 of 2: A slow server\ntour 2\n',
)
"""What is said of Part 1, in this order."""

SAYS = """
import sys
for number in range(int(sys.argv[1])):
    print('Line', number)
"""

# the terminal stays until it was asked what it is like; with a pipe in it,
# that would take a shell, and a tour that isn't forked
LIKE_A_SHELL = """
import os, signal, sys, termios
before = termios.tcgetattr(0)
if not before[3] & termios.ECHO:
    before[3] += termios.ECHO
termios.tcsetattr(0, termios.TCSANOW, before)
if pid := os.fork():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.waitpid(pid, 0)
    print('as it was:', termios.tcgetattr(0) == before)
else:
    from tour.__main__ import main
    main()
"""

IN_A_PIPE = """
import os, sys
ours, theirs = os.pipe()
if pid := os.fork():
    os.close(theirs)
    while data := os.read(ours, 4096):
        os.write(1, data)
    sys.exit(os.waitpid(pid, 0)[1])
os.dup2(theirs, 1)
os.close(theirs)
from tour.__main__ import main
main()
"""

WITHOUT_INPUT = """
import os
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
from tour.__main__ import main
main()
"""


def text_of(tour):
    """Return what is on the screen, and was, without colours."""
    text = '\n'.join([*tour.lines, tour.unfinished]).replace('\r', '')
    return re.sub('\x1b\\[[0-9;?]*[A-Za-z]', '', text)


class ReaderTests(ProjectTestCase):
    """Part 1 has three scenes, the second of them longer than a screen."""

    def setUp(self):
        self.make(
            ['blocking-server', 'blocking-client', 'poetry'],
            {
                'odd/says.py': SAYS,
                'chapters/book.toml': BOOK,
                'chapters/01.toml': PART,
                'chapters/02.toml': PART_2,
            },
        )

    def begin(self, *words, **env):
        """Start the tour on such a terminal."""
        return super().begin(*words, **{**TERMINAL, **env})

    def begin_by(self, code, *words):
        """Start the tour on such a terminal, by code that does this."""
        return super().begin_by(code, *words, **TERMINAL)

    async def asked(self, tour, question, times=1):
        """Return the text when that question was asked so many times."""
        while True:
            text = text_of(tour)
            if text.count(question) == times and text.endswith(f'{question} '):
                return text
            self.assertIsNone(tour.status, text)
            await deferLater(reactor, 0.02)

    async def test_whole(self):
        """It waits before each scene, in long ones, and before the end."""
        tour = self.begin('1')
        text = await self.asked(tour, BEFORE_SCENE)
        self.assertIn('What to watch for', text)
        self.assertIn('Scene 1 of 3: ', text)
        self.assertNotIn('$ ', text)
        tour.type('\n')
        text = await self.asked(tour, BEFORE_SCENE, 2)
        self.assertIn('$ python odd/says.py 3', text)
        self.assertNotIn('says.py 12', text)
        tour.type('\n')
        text = await self.asked(tour, MORE)
        self.assertNotIn('Scene 3', text)
        times = 1
        while f'{BEFORE_SCENE} ' not in text.split('\n')[-1]:
            tour.type('\n')
            times += 1
            while text.count('Enter') < 2 + times:
                self.assertIsNone(tour.status, text)
                await deferLater(reactor, 0.02)
                text = text_of(tour)
        self.assertIn('Scene 3', text)
        tour.type('\n')
        text = await self.asked(tour, BEFORE_END)
        self.assertNotIn('tour diff', text)
        tour.type('\n')
        await tour.when_ended()
        self.assertEqual(tour.status, 0)
        text = text_of(tour)
        self.assertIn('tour diff odd/says.py odd/waits.py', text)
        self.assertTrue(text.rstrip().endswith('\ntour 2'), text[-300:])

    async def test_skip_and_quit(self):
        """s skips a scene, q ends the tour, and other words do nothing."""
        tour = self.begin('1')
        await self.asked(tour, BEFORE_SCENE)
        tour.type('x\n')
        await self.asked(tour, BEFORE_SCENE, 2)
        tour.type('s\n')
        text = await self.asked(tour, BEFORE_SCENE, 3)
        self.assertIn('Scene 2 of 3', text)
        self.assertNotIn('$ ', text)
        tour.type('q\n')
        await tour.when_ended()
        self.assertEqual(tour.status, 0)
        self.assertNotIn('tour diff', text_of(tour))

    async def test_end_of_input(self):
        """Ctrl-D does as q does."""
        tour = self.begin('1')
        await self.asked(tour, BEFORE_SCENE)
        tour.type('\x04')
        await tour.when_ended()
        self.assertEqual(tour.status, 0)
        self.assertEqual(tour.unfinished, '')
        self.assertTrue(text_of(tour).endswith(f'{BEFORE_SCENE} \n'))

    async def test_interrupt(self):
        """Ctrl-C ends it where it waits, too."""
        tour = self.begin('1')
        await self.asked(tour, BEFORE_SCENE)
        tour.type('\x03')
        await tour.when_ended()
        self.assertEqual(tour.status, 130)
        self.assertEqual(text_of(tour).split('\n')[-2:], ['Interrupted.', ''])

    async def test_interrupt_scene(self):
        """Ctrl-C while it counts leaves the terminal as it was."""
        shell = self.begin_by(LIKE_A_SHELL, '2', '--scene', '1')
        while ' of 653 bytes' not in text_of(shell):
            self.assertIsNone(shell.status, text_of(shell))
            await deferLater(reactor, 0.02)
        shell.type('\x03')
        await shell.when_ended()
        text = text_of(shell)
        self.assertRegex(text, r'\nInterrupted\.\n')
        self.assertIn('as it was: True', text)
        raw = '\n'.join(shell.lines)
        self.assertGreater(raw.rfind('\x1b[?25h'), raw.rfind('\x1b[?25l'))

    async def test_hang_up(self):
        """So does a terminal that is closed."""
        tour = self.begin('1')
        await self.asked(tour, BEFORE_SCENE)
        pid = tour.transport.pid
        tour.transport.loseConnection()
        await tour.when_ended()
        self.assertRaises(ProcessLookupError, os.kill, pid, 0)

    async def test_typed_ahead(self):
        """What is typed while a scene plays isn't shown, and no answer."""
        tour = self.begin('1')
        await self.asked(tour, BEFORE_SCENE)
        terminal = tour.transport.fileno()

        def echoes():
            return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)

        mode = termios.tcgetattr(terminal)
        mode[3] |= termios.ECHO
        termios.tcsetattr(terminal, termios.TCSANOW, mode)
        tour.type('\n')
        while '$ ' not in text_of(tour):
            await deferLater(reactor, 0.01)
        self.assertFalse(echoes())
        tour.type('\n\nq\n')
        text = await self.asked(tour, BEFORE_SCENE, 2)
        self.assertNotIn('Scene 3', text)
        self.assertNotIn('q\n', text)

    async def test_no_pause(self):
        """It never waits if it is told so, or if it plays one scene."""
        for words in ('1', '--no-pause'), ('1', '--scene', '3'):
            tour = self.begin(*words)
            await tour.when_ended()
            self.assertEqual(tour.status, 0)
            self.assertNotIn('Enter', text_of(tour))
            self.assertIn('Scene 3 of 3: ', text_of(tour))

    async def test_no_reader(self):
        """Nor in a pipe, and not where nobody types; it says the same."""
        for code in IN_A_PIPE, WITHOUT_INPUT:
            tour = self.begin_by(code, '1')
            await tour.when_ended()
            self.assertEqual(tour.status, 0)
            said = text_of(tour)
            self.assertNotIn('Enter', said)
            for text in TAUGHT:
                before, found, said = said.partition(text)
                self.assertEqual(found, text, before)

    async def test_counts(self):
        """On a terminal pieces are counted while they come."""
        tour = self.begin('2', '--scene', '1', '--speed', '2', '--no-pause')
        await tour.when_ended()
        text = text_of(tour)
        self.assertEqual(tour.status, 0, text)
        self.assertRegex(text, r'Sending 100 bytes .* \d+ of 653 bytes')
        self.assertRegex(text, r'Sending 100 bytes \.\.\. 653 bytes in 7 p')
        # the cursor is there again
        raw = '\n'.join(tour.lines) + tour.unfinished
        self.assertGreater(raw.rfind('\x1b[?25h'), raw.rfind('\x1b[?25l'))

    async def test_dumb(self):
        """A dumb terminal gets plain lines."""
        words = ('2', '--scene', '1', '--speed', '20', '--no-pause')
        tour = self.begin(*words, TERM='dumb')
        await tour.when_ended()
        self.assertEqual(tour.status, 0)
        self.assertNotIn('\x1b', '\n'.join(tour.lines))


class DoorTests(TestCase):
    """What a reader sees first of the real chapters."""

    timeout = PATIENCE

    def begin(self, *words):
        """Start the tour on such a terminal."""
        return begin(self, '-m', 'tour', *words, **TERMINAL)

    async def test_door(self):
        """The list of parts and what else there is fit on one screen."""
        tour = self.begin()
        await tour.when_ended()
        self.assertEqual(tour.status, 0)
        self.assertLess(len(tour.lines), 24)
        self.assertLessEqual(max(map(len, text_of(tour).split('\n'))), 80)
        for words in 'tour 2 ', 'tour diff', 'tour timeline', '--dry-run':
            self.assertIn(words, text_of(tour))

    async def test_openings(self):
        """What is said before a part leaves room for the question."""
        for part in '1', '22':
            tour = self.begin(part)
            await tour.when_ended()
            self.assertLess(len(tour.lines), 24)


class DemoTests(TestCase):
    """`make demo`, which somebody types who knows nothing yet."""

    async def test_demo(self):
        """It doesn't wait, and ends with the lines that lead on."""
        result = await run_program(
            'make', '--no-print-directory', '--dry-run', 'demo'
        )
        self.assertEqual(result.status, 0, result)
        self.assertIn('tour 2 --no-pause', result.out)
        *_, path, onwards = result.out.splitlines()
        self.assertIn('. .venv/bin/activate', path)
        self.assertIn('tour 3', onwards)
