"""How a window waits for its reader; no process is started."""

import io
import os
from unittest import mock

from rich.table import Table
from rich.text import Text
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tour.screen import Screen
from tour.window import MORE, READING, REFRESH, Window

HEIGHT = 24
ROOM = HEIGHT - 1


class FakeKeyboard:
    """A reader who types what the test wants; shown: what is typed is."""

    def __init__(self):
        self.shown = True
        self.asked = None

    def hush(self):
        self.shown = False

    def restore(self):
        self.shown = True

    def line(self):
        self.asked = Deferred()
        return self.asked

    def type(self, line):
        asked, self.asked = self.asked, None
        asked.callback(line)


class WindowTests(SynchronousTestCase):
    """On a terminal of 80 by 24, nothing new goes unseen."""

    def setUp(self):
        self.out = io.StringIO()
        self.out.isatty = lambda: True
        with mock.patch.dict(os.environ, TERM='xterm', NO_COLOR='1'):
            screen = Screen(self.out)
        screen.console.size = (80, HEIGHT)
        self.clock = Clock()
        self.keyboard = FakeKeyboard()
        self.window = Window(screen, self.clock, self.keyboard)
        self.addCleanup(self.window.close)

    @property
    def raw(self):
        """All that was written."""
        return self.out.getvalue()

    def show(self, *lines):
        """Show lines."""
        self.window.show(*map(Text, lines))

    def numbers(self, count):
        """Show so many lines, and return them."""
        lines = [f'line {n}' for n in range(count)]
        self.show(*lines)
        return lines

    def test_full(self):
        """Before new lines are pushed away it asks for Enter."""
        lines = self.numbers(ROOM)
        self.assertIsNone(self.keyboard.asked)
        self.assertEqual(self.raw.splitlines(), lines)
        self.show('one more')
        self.assertIsNotNone(self.keyboard.asked)
        self.assertEqual(self.raw.splitlines(), [*lines, f'{MORE} '])
        self.keyboard.type('')
        self.assertTrue(self.raw.endswith(f'{MORE} one more\n'))

    def test_screenful(self):
        """After Enter there is another screenful, in the same order."""
        lines = self.numbers(3 * ROOM)
        shown = []
        for _ in range(2):
            *new, asked = self.raw.splitlines()
            self.assertEqual(asked, f'{MORE} ')
            shown += new
            self.assertEqual(len(shown) % ROOM, 0)
            self.out.truncate(0)
            self.out.seek(0)
            self.keyboard.type('')
        shown += self.raw.splitlines()
        self.assertEqual(shown, lines)
        self.assertIsNone(self.keyboard.asked)

    def test_long_lines(self):
        """A line that takes several rows counts as so many."""
        self.show(*['x' * 161] * (ROOM // 3))
        self.assertIsNone(self.keyboard.asked)
        self.show('x' * 161)
        self.assertIsNotNone(self.keyboard.asked)

    def test_slow(self):
        """Nobody is asked where there is time to read."""
        for _ in range(3 * ROOM):
            self.show('a line')
            self.clock.advance(READING / (ROOM - 1))
        self.assertIsNone(self.keyboard.asked)

    def test_slow_then_fast(self):
        """What was there for a while may be pushed away, news may not."""
        self.numbers(ROOM)
        self.clock.advance(READING)
        self.numbers(ROOM)
        self.assertIsNone(self.keyboard.asked)
        self.show('one more')
        self.assertIsNotNone(self.keyboard.asked)

    def test_counts(self):
        """Lines that count take up room, and rest while it asks."""
        table = Table.grid()
        table.add_row('counting')
        self.window.count(table)
        self.clock.advance(REFRESH)
        self.assertIn('counting', self.raw)
        self.numbers(ROOM - 1)
        self.assertIsNone(self.keyboard.asked)
        self.show('one more')
        self.assertIsNotNone(self.keyboard.asked)
        before = self.raw
        self.window.count(table)
        self.clock.advance(1)
        self.assertEqual(self.raw, before)
        self.keyboard.type('')
        self.clock.advance(REFRESH)
        self.assertIn('counting', self.raw[len(before) :])
        self.window.close()
        self.assertTrue(self.raw.endswith('\x1b[?25h\r\x1b[1A\x1b[2K'))

    def test_ask(self):
        """A question comes when all is shown; its answer is returned."""
        self.numbers(ROOM + 1)
        d = Deferred.fromCoroutine(self.window.ask('Well?'))
        self.assertNotIn('Well?', self.raw)
        self.assertFalse(self.keyboard.asked is None)
        self.keyboard.type('')
        self.assertIn('Well?', self.raw)
        self.assertNoResult(d)
        self.keyboard.type('yes')
        self.assertEqual(self.successResultOf(d), 'yes')
        # and all that is on the screen was read
        self.numbers(ROOM)
        self.assertIsNone(self.keyboard.asked)

    def test_no_answer(self):
        """A reader who has left isn't asked again, and all is shown."""
        lines = self.numbers(3 * ROOM)
        self.keyboard.type(None)
        self.assertIsNone(self.keyboard.asked)
        self.assertEqual(self.raw.splitlines()[-1], lines[-1])
        self.assertFalse(self.window.waits)
        d = Deferred.fromCoroutine(self.window.ask('Well?'))
        self.assertIsNone(self.successResultOf(d))

    def test_nobody(self):
        """Without a keyboard nobody is asked."""
        window = Window(self.window.screen, self.clock)
        window.show(*[Text('a line')] * 3 * HEIGHT)
        self.assertEqual(len(self.raw.splitlines()), 3 * HEIGHT)
        self.assertFalse(window.waits)

    def test_what_is_typed(self):
        """What is typed is shown just where there is a question."""
        self.assertFalse(self.keyboard.shown)
        d = Deferred.fromCoroutine(self.window.ask('Well?'))
        self.assertTrue(self.keyboard.shown)
        self.keyboard.type('')
        self.assertFalse(self.keyboard.shown)
        self.successResultOf(d)
        self.window.close()
        self.assertTrue(self.keyboard.shown)

    def test_close(self):
        """Closed while it asks, it leaves the terminal as it was."""
        self.numbers(ROOM + 1)
        asked = self.keyboard.asked
        asked.addErrback(lambda reason: reason.trap(CancelledError))
        self.window.close()
        self.assertTrue(self.keyboard.shown)
        self.assertTrue(self.raw.endswith(f'{MORE} \n'))
        self.assertEqual(self.clock.getDelayedCalls(), [])
