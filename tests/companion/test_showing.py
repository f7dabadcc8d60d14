"""How a scene looks: labels, counts and poems; no process is started."""

import io
import os
import re
from unittest import mock

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.companion.support import POEMS
from tour import transcript
from tour.book import Scene
from tour.pace import Pace
from tour.place import on_paper
from tour.reading import read_book
from tour.screen import Screen
from tour.showing import Show, title
from tour.window import REFRESH, Window

BOOK = read_book()
SERVER = 'python blocking-server/slowpoetry.py --port {} poetry/{}.txt'
SERVERS = [SERVER.format(10001, 'science'), SERVER.format(10002, 'jingyesi')]
CLIENT = 'python async-client/get-poetry.py 10001 10002'
SIZE = len(POEMS['science'])
SMALL = len(POEMS['jingyesi'])


class Watched:
    """
    A scene on a terminal or in a pipe that is made of paper.

    show: it is told what happens. clock: its time.
    """

    def __init__(
        self,
        terminal,
        servers=SERVERS,
        commands=(CLIENT,),
        every_line=False,
        columns=0,
        **env,
    ):
        self._out = io.StringIO()
        self._out.isatty = lambda: terminal
        self.clock = Clock()
        scene = Scene(
            part='1',
            number=1,
            title='A title',
            servers=servers,
            commands=commands,
            columns=columns,
        )
        env = {'TERM': 'xterm', 'NO_COLOR': '1', 'COLUMNS': '80', **env}
        with mock.patch.dict(os.environ, env, clear=True):
            screen = Screen(self._out)
        # rich reads the size of a terminal each time
        screen.console.size = (int(env['COLUMNS']), 24)
        self.window = Window(screen, self.clock)
        self.show = Show(
            self.window, on_paper(BOOK, scene, Pace()), every_line
        )
        self.scene = scene

    def said(self, label, *lines):
        """A program prints lines."""
        for line in lines:
            self.show.line(label, line)

    @property
    def raw(self):
        """All that was written."""
        return self._out.getvalue()

    @property
    def lines(self):
        """The lines that stay on the screen, without colours."""
        return re.sub('\x1b\\[[0-9;?]*[A-Za-z]', '', self.raw).splitlines()


class LabelTests(SynchronousTestCase):
    """Who prints what."""

    def test_several(self):
        """Where there is a server, every line tells its program."""
        for terminal in True, False:
            watched = Watched(terminal)
            watched.said('async-client', 'a line')
            watched.said('blocking-server:10001', '^C')
            self.assertEqual(
                watched.lines,
                [
                    'async-client          | a line',
                    'blocking-server:10001 | ^C',
                ],
            )

    def test_one(self):
        """Where programs follow each other there are no labels."""
        for terminal in True, False:
            watched = Watched(terminal, servers=[], commands=['a', 'b'])
            watched.show.command('a', 'a')
            watched.said('a', 'a line')
            self.assertEqual(watched.lines, ['$ a', 'a line'])

    def test_long_line(self):
        """A label breaks no line that fits into 80 columns by itself."""
        line = 'x ' * 39 + 'xx'
        self.assertEqual(len(line), 80)
        watched = Watched(True)
        watched.said('async-client', line, line, 'short', line)
        label = 'async-client          |'
        self.assertEqual(
            [text.rstrip() for text in watched.lines],
            [label, line, line, f'{label} short', label, line],
        )

    def test_overlong_line(self):
        """Longer ones are broken at words; in a pipe nothing is."""
        line = 'word ' * 20 + 'end'
        watched = Watched(True)
        watched.said('async-client', line)
        self.assertEqual(
            [text.rstrip() for text in watched.lines],
            [
                'async-client          | ' + 'word ' * 10 + 'word',
                ' ' * 24 + 'word ' * 9 + 'end',
            ],
        )
        watched = Watched(False)
        watched.said('async-client', line)
        self.assertEqual(watched.lines, ['async-client          | ' + line])

    def test_drawing(self):
        """Of a drawing that is too wide there is what fits, and a hint."""
        row = '+---------------+   ' * 6
        watched = Watched(True, servers=[], commands=['a'], columns=119)
        title(watched.window, watched.scene, 1)
        watched.said('a', row)
        self.assertEqual(watched.lines[-1], row[:80])
        self.assertIn('119 columns wide', watched.raw)
        for terminal, columns in (True, '119'), (False, '80'):
            watched = Watched(
                terminal, [], ['a'], columns=119, COLUMNS=columns
            )
            title(watched.window, watched.scene, 1)
            watched.said('a', row.strip())
            self.assertEqual(watched.lines[-1], row.strip())
            self.assertNotIn('columns wide', watched.raw)

    def test_colours(self):
        """A terminal gets colours, unless it has none or isn't to."""
        for terminal, env in (
            (False, {'NO_COLOR': '', 'FORCE_COLOR': '1'}),
            (True, {}),
            (True, {'NO_COLOR': '', 'TERM': 'dumb'}),
        ):
            watched = Watched(terminal, **env)
            title(watched.window, watched.scene, 3)
            watched.show.command('a', 'a')
            watched.said('async-client', 'a line')
            self.assertEqual(
                watched.raw,
                '\nScene 1 of 3: A title\n$ a\n'
                'async-client          | a line\n',
            )
        watched = Watched(True, NO_COLOR='')
        title(watched.window, watched.scene, 3)
        watched.said('async-client', 'a line')
        self.assertIn('\x1b[1mScene 1 of 3: A title\x1b[0m\n', watched.raw)
        self.assertRegex(watched.raw, r'\x1b\[\d+masync-client +\x1b\[0m \| ')

    def test_forced_colour(self):
        """No variable makes a pipe coloured: who reads it wants a patch."""
        with mock.patch.dict(os.environ, FORCE_COLOR='1', TERM='xterm'):
            self.assertFalse(Screen(io.StringIO()).coloured)


class CountTests(SynchronousTestCase):
    """Lines on pieces that were sent or received."""

    def play(self, watched):
        """Send two poems, and receive them."""
        for number in range(SIZE // 50):
            watched.said('blocking-server:10001', 'Sending 50 bytes')
            watched.said(
                'async-client',
                'Task 1: got 50 bytes of poetry from 127.0.0.1:10001',
            )
            if number == 0:
                watched.said('blocking-server:10002', f'Sending {SMALL} bytes')
                watched.said(
                    'async-client',
                    f'Task 2: got {SMALL} bytes of poetry'
                    ' from 127.0.0.1:10002',
                    'Task 2 finished',
                )
        rest = SIZE % 50
        watched.said('blocking-server:10001', f'Sending {rest} bytes')
        watched.said(
            'async-client',
            f'Task 1: got {rest} bytes of poetry from 127.0.0.1:10001',
            'Task 1 finished',
        )

    def test_pipe(self):
        """In a pipe they are as in a transcript."""
        for terminal, term in (False, 'xterm'), (True, 'dumb'):
            watched = Watched(terminal, TERM=term, COLUMNS='200')
            self.play(watched)
            self.assertNotIn('\x1b', watched.raw)
            self.assertEqual(
                [' '.join(line.split()) for line in watched.lines],
                [
                    f'blocking-server:10002 | Sending {SMALL} bytes',
                    f'blocking-server:10002 | ... ({SMALL} bytes)',
                    f'async-client | Task 2: got {SMALL} bytes of poetry'
                    ' from 127.0.0.1:10002',
                    'async-client | Task 2 finished',
                    'blocking-server:10001 | Sending 50 bytes',
                    f'blocking-server:10001 | ... ({SIZE} bytes)',
                    f'async-client | Task 1: got n + ... + n = {SIZE} bytes'
                    ' of poetry from 127.0.0.1:10001',
                    'async-client | Task 1 finished',
                ],
            )
            self.assertEqual(watched.clock.getDelayedCalls(), [])

    def test_terminal(self):
        """On a terminal a line for each of them counts up."""
        watched = Watched(True)
        watched.said('blocking-server:10001', *['Sending 50 bytes'] * 2)
        piece = 'Task 1: got 50 bytes of poetry from 127.0.0.1:10001'
        watched.said('async-client', piece, piece, piece)
        self.assertEqual(watched.raw, '')
        watched.clock.advance(REFRESH)
        first, second = watched.lines
        self.assertRegex(
            first,
            r'blocking-server:10001 \| Sending 50 bytes .* '
            rf'100 of {SIZE} bytes',
        )
        self.assertRegex(
            second,
            r'async-client +\| Task 1: got 50 bytes .* '
            rf'150 of {SIZE} bytes',
        )
        watched.said('blocking-server:10001', f'Sending {SIZE - 100} bytes')
        self.assertIn(
            'blocking-server:10001 | Sending 50 bytes ...'
            f' {SIZE} bytes in 3 pieces',
            watched.raw,
        )
        watched.show.end()
        self.assertRegex(
            watched.raw,
            r'async-client +\| Task 1: got 50 bytes \.\.\.'
            r' 150 bytes in 3 pieces\n',
        )
        watched.window.close()
        self.assertEqual(watched.clock.getDelayedCalls(), [])

    def test_width(self):
        """A line that counts fits into 80 columns."""
        server = 'python blocking-server/slowpoetry.py --port 10000'
        watched = Watched(True, [f'{server} poetry/ecstasy.txt'])
        piece = 'Task 1: got 1000 bytes of poetry from 127.0.0.1:10000'
        watched.said('blocking-server:10000', *['Sending 1000 bytes'] * 2)
        watched.said('async-client', piece, piece)
        watched.clock.advance(REFRESH)
        for line in watched.lines:
            self.assertIn('2000 of 3003 bytes', line)
            self.assertLessEqual(len(line.rstrip()), 80)

    def test_unknown_size(self):
        """Where the size isn't known it counts what there is."""
        server = 'python twisted-server-2/poetry-proxy.py --port 10003 10001'
        watched = Watched(True, [server])
        piece = 'Task 1: got 50 bytes of poetry from 127.0.0.1:10003'
        watched.said('async-client', piece, piece)
        watched.clock.advance(REFRESH)
        self.assertRegex(watched.lines[0], r'got 50 bytes +100 bytes *$')
        watched.said('async-client', 'done')
        self.assertRegex(
            watched.raw, r'100 bytes in 2 pieces\n.*\n?async-client .* done\n'
        )

    def test_client_leaves(self):
        """A server that says something else sends no more of that poem."""
        watched = Watched(False)
        watched.said(
            'blocking-server:10001',
            'Sending 10 bytes',
            'Sending 10 bytes',
            'Somebody wants poetry!',
        )
        self.assertEqual(
            [line.split(' | ')[1] for line in watched.lines],
            ['Sending 10 bytes', '... (20 bytes)', 'Somebody wants poetry!'],
        )

    def test_next_command(self):
        """The count of a client ends with it, that of a server doesn't."""
        watched = Watched(False)
        watched.said('blocking-server:10001', 'Sending 10 bytes')
        watched.said(
            'async-client',
            'Task 1: got 10 bytes of poetry from 127.0.0.1:10001',
        )
        watched.show.command('next', 'next')
        self.assertEqual(
            [line.split(' | ')[-1] for line in watched.lines],
            ['Task 1: got 10 bytes of poetry from 127.0.0.1:10001', '$ next'],
        )

    def test_every_line(self):
        """Whoever wants to see every line does."""
        for terminal in True, False:
            watched = Watched(terminal, every_line=True)
            self.play(watched)
            watched.said(
                'async-client', *POEMS['science'].decode().split('\n')
            )
            sent = [line for line in watched.lines if 'Sending' in line]
            got = [line for line in watched.lines if ': got' in line]
            self.assertEqual(len(sent), SIZE // 50 + 2)
            self.assertEqual(len(got), SIZE // 50 + 2)
            self.assertIn('Hast thou not dragged Diana', watched.raw)


class PoemTests(SynchronousTestCase):
    """Poems that are printed."""

    LINES = POEMS['science'].decode().split('\n')

    def said(self, watched):
        """Return what was shown, without labels."""
        return [line.partition(' | ')[2] for line in watched.lines]

    def test_pipe(self):
        """In a pipe they are whole."""
        watched = Watched(False)
        watched.said('async-client', *self.LINES, 'and then')
        self.assertEqual(self.said(watched), [*self.LINES, 'and then'])

    def test_terminal(self):
        """A terminal has title and poet, and counts the lines between."""
        for change in str, str.lower:
            watched = Watched(True)
            lines = [change(line) for line in self.LINES]
            watched.said('async-client', *lines, 'and then')
            self.assertEqual(
                self.said(watched),
                [lines[0], '... (16 lines)', lines[-2], '', 'and then'],
            )

    def test_while_it_comes(self):
        """While a poem is printed its lines are counted."""
        watched = Watched(True)
        watched.said('async-client', *self.LINES[:6])
        watched.clock.advance(REFRESH)
        self.assertRegex(watched.lines[-1], r'\| \.\.\. .* 5 of 16 lines')
        watched.window.close()

    def test_broken_off(self):
        """A poem that isn't continued is told with what there was of it."""
        for end in (
            lambda w: w.said('async-client', 'Oops'),
            lambda w: w.show.end(),
        ):
            watched = Watched(True)
            watched.said('async-client', *self.LINES[:6])
            end(watched)
            said = self.said(watched)
            self.assertEqual(said[:2], [self.LINES[0], '... (5 lines)'])


class ColumnsTests(SynchronousTestCase):
    """What the manifest says of wide drawings."""

    def test_columns(self):
        """It is as wide as the transcript."""
        wide = [s for part in BOOK.parts for s in part.scenes if s.columns]
        self.assertTrue(wide)
        for scene in wide:
            printed = [
                line
                for _, block in transcript.blocks(BOOK.base, scene)
                for line in block.split('\n')[1:]
            ]
            self.assertEqual(scene.columns, max(map(len, printed)))
