"""The tour on a real terminal of 80 by 24, and its reader."""

import os
import re
import sys
import termios

from twisted.internet import reactor
from twisted.internet.task import deferLater
from twisted.trial.unittest import TestCase

from tests.companion.support import PATIENCE, begin_program, run_program
from tour.commands.play import BEFORE_END, BEFORE_SCENE
from tour.window import MORE

WORDS = (
    'env',
    '-u',
    'NO_COLOR',
    'TERM=xterm',
    'COLUMNS=80',
    'LINES=24',
    sys.executable,
    '-m',
    'tour',
)

DUMB = tuple(word.replace('xterm', 'dumb') for word in WORDS)


class ReaderTests(TestCase):
    """Part 7 has three scenes, the second of them longer than a screen."""

    timeout = PATIENCE

    def begin(self, *words):
        """Start the tour."""
        return begin_program(self, *WORDS, *words)

    def text(self, tour):
        """Return what is on the screen, and was, without colours."""
        text = '\n'.join([*tour.lines, tour.unfinished]).replace('\r', '')
        return re.sub('\x1b\\[[0-9;?]*[A-Za-z]', '', text)

    async def asked(self, tour, question, times=1):
        """Return the text when that question was asked so many times."""
        while True:
            text = self.text(tour)
            if text.count(question) == times and text.endswith(f'{question} '):
                return text
            self.assertIsNone(tour.status, text)
            await deferLater(reactor, 0.02)

    async def test_whole(self):
        """It waits before each scene, in long ones, and before the end."""
        tour = self.begin('7')
        text = await self.asked(tour, BEFORE_SCENE)
        self.assertIn('What to watch for', text)
        self.assertIn('Scene 1 of 3: ', text)
        self.assertNotIn('$ ', text)
        tour.type('\n')
        text = await self.asked(tour, BEFORE_SCENE, 2)
        self.assertIn('$ python twisted-deferred/defer-1.py', text)
        self.assertNotIn('defer-4.py', text)
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
                text = self.text(tour)
        self.assertIn('Scene 3', text)
        tour.type('\n')
        text = await self.asked(tour, BEFORE_END)
        self.assertNotIn('tour diff', text)
        tour.type('\n')
        await tour.when_ended()
        self.assertEqual(tour.status, 0)
        text = self.text(tour)
        self.assertIn('tour diff twisted-deferred/', text)
        self.assertTrue(text.rstrip().endswith('\ntour 8'), text[-300:])

    async def test_skip_and_quit(self):
        """s skips a scene, q ends the tour, and other words do nothing."""
        tour = self.begin('7')
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
        self.assertNotIn('tour diff', self.text(tour))

    async def test_end_of_input(self):
        """Ctrl-D does as q does."""
        tour = self.begin('7')
        await self.asked(tour, BEFORE_SCENE)
        tour.type('\x04')
        await tour.when_ended()
        self.assertEqual(tour.status, 0)
        self.assertEqual(tour.unfinished, '')
        self.assertTrue(self.text(tour).endswith(f'{BEFORE_SCENE} \n'))

    async def test_interrupt(self):
        """Ctrl-C ends it where it waits, too."""
        tour = self.begin('7')
        await self.asked(tour, BEFORE_SCENE)
        tour.type('\x03')
        await tour.when_ended()
        self.assertEqual(tour.status, 130)
        self.assertEqual(
            self.text(tour).split('\n')[-2:], ['Interrupted.', '']
        )

    async def test_interrupt_scene(self):
        """Ctrl-C while it counts leaves the terminal as it was."""
        # only a shell is still there to tell
        tour = ' '.join((*WORDS, '10', '--scene', '1'))
        shell = begin_program(
            self, 'sh', '-c', f'trap : INT; stty echo; {tour}; stty -a'
        )
        while ' of 653 bytes' not in self.text(shell):
            self.assertIsNone(shell.status, self.text(shell))
            await deferLater(reactor, 0.02)
        shell.type('\x03')
        await shell.when_ended()
        text = self.text(shell)
        self.assertRegex(text, r'\nInterrupted\.\n')
        self.assertRegex(text, r'[ ;]echo[ ;]')
        raw = '\n'.join(shell.lines)
        self.assertGreater(raw.rfind('\x1b[?25h'), raw.rfind('\x1b[?25l'))

    async def test_hang_up(self):
        """So does a terminal that is closed."""
        tour = self.begin('7')
        await self.asked(tour, BEFORE_SCENE)
        pid = tour.transport.pid
        tour.transport.loseConnection()
        await tour.when_ended()
        self.assertRaises(ProcessLookupError, os.kill, pid, 0)

    async def test_typed_ahead(self):
        """What is typed while a scene plays isn't shown, and no answer."""
        tour = self.begin('7')
        await self.asked(tour, BEFORE_SCENE)
        terminal = tour.transport.fileno()

        def echoes():
            return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)

        tour.type('\n')
        while '$ ' not in self.text(tour):
            await deferLater(reactor, 0.01)
        self.assertFalse(echoes())
        tour.type('\n\nq\n')
        text = await self.asked(tour, BEFORE_SCENE, 2)
        self.assertNotIn('Scene 3', text)
        self.assertNotIn('q\n', text)

    async def test_no_pause(self):
        """It never waits if it is told so, or if it plays one scene."""
        for words in ('12', '--no-pause'), ('3', '--scene', '4'):
            tour = self.begin(*words)
            await tour.when_ended()
            self.assertEqual(tour.status, 0)
            self.assertNotIn('Enter', self.text(tour))
            self.assertRegex(self.text(tour), r'Scene (1 of 1|4 of 4): ')

    async def test_no_reader(self):
        """Nor in a pipe, and not where nobody types."""
        for redirection in '| cat', '< /dev/null':
            command = ' '.join((*WORDS, '12', redirection))
            tour = begin_program(self, 'sh', '-c', command)
            await tour.when_ended()
            self.assertEqual(tour.status, 0)
            self.assertNotIn('Enter', self.text(tour))
            self.assertIn('Scene 1 of 1', self.text(tour))

    async def test_counts(self):
        """On a terminal pieces are counted while they come."""
        tour = self.begin('10', '--scene', '1', '--speed', '2')
        await tour.when_ended()
        text = self.text(tour)
        self.assertEqual(tour.status, 0, text)
        self.assertRegex(text, r'Sending 100 bytes .* \d+ of 653 bytes')
        self.assertRegex(text, r'Sending 100 bytes \.\.\. 653 bytes in 7 p')
        # the cursor is there again
        raw = '\n'.join(tour.lines) + tour.unfinished
        self.assertGreater(raw.rfind('\x1b[?25h'), raw.rfind('\x1b[?25l'))

    async def test_dumb(self):
        """A dumb terminal gets plain lines."""
        words = ('10', '--scene', '1', '--speed', '20')
        tour = begin_program(self, *DUMB, *words)
        await tour.when_ended()
        self.assertEqual(tour.status, 0)
        self.assertNotIn('\x1b', '\n'.join(tour.lines))

    async def test_door(self):
        """The list of parts and what else there is fit on one screen."""
        tour = self.begin()
        await tour.when_ended()
        self.assertEqual(tour.status, 0)
        self.assertLess(len(tour.lines), 24)
        self.assertLessEqual(max(map(len, self.text(tour).split('\n'))), 80)
        for words in 'tour 2 ', 'tour diff', 'tour timeline', '--dry-run':
            self.assertIn(words, self.text(tour))

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
        result = await run_program('make', '--dry-run', 'demo')
        self.assertEqual(result.status, 0, result)
        self.assertIn('tour 2 --no-pause', result.out)
        *_, path, onwards = result.out.splitlines()
        self.assertIn('. .venv/bin/activate', path)
        self.assertIn('tour 3', onwards)
