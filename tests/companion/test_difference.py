"""How a difference looks on a terminal; no process is started."""

import io
import os
from pathlib import Path
from unittest import mock

from rich.text import Text
from twisted.trial.unittest import SynchronousTestCase

from tests.companion.support import BASE
from tour.book import Comparison, Note
from tour.comparing import Change, compare
from tour.difference import difference
from tour.reading import read_book
from tour.screen import Screen
from tour.syntax import highlighted, language_of

# some are enough: Python and Haskell, short and long
PARTS = [read_book().part(id) for id in ('2', '16', '21')]
COMPARISONS = [pair for part in PARTS for pair in part.comparisons]


def screen_of(columns, **env):
    """Return a terminal on paper, so many columns wide."""
    out = io.StringIO()
    out.isatty = lambda: True
    env = {'TERM': 'xterm', 'COLUMNS': str(columns), 'LINES': '24', **env}
    with mock.patch.dict(os.environ, env, clear=True):
        screen = Screen(out)
    screen.console.size = (columns, 24)
    return screen


def styles(text):
    """Return the styled pieces of a text, as pairs of style and piece."""
    return [(str(s.style), text.plain[s.start : s.end]) for s in text.spans]


class DifferenceTests(SynchronousTestCase):
    """Two short versions, and those of the book."""

    def drawn(self, old, new, *notes, columns=80, name='x.py'):
        """Return the difference of two texts as it is printed."""
        base = Path(self.mktemp())
        for directory, text in ('old', old), ('new', new):
            (base / directory).mkdir(parents=True)
            (base / directory / name).write_text(text)
        pair = Comparison(
            old=f'old/{name}', new=f'new/{name}', look='', note=list(notes)
        )
        return difference(screen_of(columns), compare(base, pair))

    def lines(self, *args, **kwargs):
        """Return it without colours, as a list of lines."""
        texts = self.drawn(*args, **kwargs)
        plain = '\n'.join(text.plain for text in texts)
        return [line.rstrip() for line in plain.split('\n')]

    def test_below(self):
        """Old lines, new lines, then notes, each with its number."""
        note = Note(at='b = 2', say='Two is more than one.')
        self.assertEqual(
            self.lines('a = 0\nb = 1\n', 'a = 0\nc()\nb = 2\n', note),
            [
                'Change 1 of 1',
                '1   a = 0',
                '2 - b = 1',
                '2 + c()',
                '3 + b = 2',
                '3 # Two is more than one.',
            ],
        )

    def test_headings(self):
        """Each hunk is numbered, and says in which definition it is."""
        body = ''.join(f'    a{number}()\n' for number in range(9))
        old = f'import x\n\n\ndef one():\n{body}    b(1)\n'
        lines = self.lines(old, old.replace('x', 'y').replace('b(1)', 'b(2)'))
        headings = [line for line in lines if line.startswith('Change')]
        self.assertEqual(headings, ['Change 1 of 2', 'Change 2 of 2: one'])
        self.assertIn('   ... 6 lines', lines)
        self.assertEqual(lines[lines.index(headings[1]) - 1], '')

    def test_deleted(self):
        """What is gone has its name in the old version."""
        old = 'def one():\n    a()\n\n\ndef two():\n    b()\n'
        lines = self.lines(old, 'def two():\n    b()\n')
        self.assertEqual(lines[0], 'Change 1 of 1: one')

    def test_other_languages(self):
        """In Haskell all clauses of a function are inside of it."""
        lines = self.lines(
            'f :: Int\nf = g\n  1\nx\n',
            'f :: Int\nf = g\n  2\nx\n',
            name='x.hs',
        )
        self.assertEqual(lines[0], 'Change 1 of 1: f')
        lines = self.lines('f :: Int\nx 1\n', 'f :: Int\nx 2\n', name='x.hs')
        self.assertEqual(lines[0], 'Change 1 of 1')

    def test_marks(self):
        """Syntax is coloured, changed words are marked on top of it."""
        texts = self.drawn('if 1:\n    b\n', 'if 2:\n    b\n')
        old, new = texts[1:3]
        self.assertEqual(old.plain, '1 - if 1:')
        self.assertIn(('old', 'if 1:'), styles(old))
        self.assertIn(('magenta', 'if'), styles(old))
        self.assertEqual(styles(old)[-1], ('old.changed', '1'))
        self.assertEqual(styles(new)[-1], ('new.changed', '2'))
        self.assertIn(('new', '1 + '), styles(new))

    def test_strings(self):
        """A string that goes on for several lines is one in each of them."""
        for text in highlighted('x.py', ['"""', 'if', '"""']):
            self.assertIn(('yellow', text.plain), styles(text))

    def test_strange_lines(self):
        """Lines are kept as they are, whatever is made of their syntax."""
        for lines in [], [''], ['', ''], ['\t1', '', 'x  ']:
            texts = highlighted('x.py', lines)
            self.assertEqual([text.plain for text in texts], lines)

    def test_languages(self):
        """The language is known by suffix, or by the interpreter."""
        for path, language in (
            ('erlang-client-1/get-poetry', 'erlang'),
            ('haskell-client-1/get-poetry.hs', 'haskell'),
            ('twisted-server-1/transform-test', 'python'),
            ('async-client/get-poetry.py', 'python'),
            ('poetry/science.txt', 'text'),
        ):
            first = (BASE / path).read_text('utf-8').split('\n', 1)[0]
            self.assertEqual(language_of(path, first), language)

    def test_side_by_side(self):
        """With enough columns the versions stand beside each other."""
        note = Note(at='b = 2', say='why ' * 40)
        lines = self.lines(
            'a = 0\nb = 1\nlong()\n',
            'a = 0\nc()\nb = 2\nlong()\n',
            note,
            columns=160,
        )
        cells = [[cell.rstrip() for cell in s.split(' | ')] for s in lines]
        self.assertEqual(
            cells[:6],
            [
                ['old/x.py', 'new/x.py'],
                ['Change 1 of 1'],
                ['1   a = 0', '1   a = 0'],
                [' ' * 0, '2 + c()'],
                ['2 - b = 1', '3 + b = 2'],
                ['3 # ' + ('why ' * 24).strip()],
            ],
        )
        self.assertEqual(lines[-1].index(' | '), lines[0].index(' | '))

    def test_long_lines(self):
        """A line too long for its side goes on below, on the same side."""
        word = 'abcdefghi '
        lines = self.lines('', f'{word * 9}\n', columns=160)
        self.assertEqual(
            [line.split('|')[1] for line in lines[2:]],
            [' 1 + ' + (word * 7).strip(), '     ' + (word * 2).strip()],
        )

    def test_nothing_is_cut_off(self):
        """Every word of change and note is there, however wide it is."""
        for pair in COMPARISONS:
            found = compare(BASE, pair)
            wanted = ''.join(
                ''.join(line.text for line in [*block.old, *block.new])
                + ''.join(note.say for note in block.notes)
                for block in found.blocks
                if isinstance(block, Change)
            )
            count = sum(map(str.isalpha, wanted))
            for columns in 40, 159:
                texts = difference(screen_of(columns), found)
                lines = Text('\n').join(texts).split('\n')
                self.assertLessEqual(
                    max(line.cell_len for line in lines), columns
                )
                shown = ''.join(
                    text.plain
                    for text in texts
                    if any(
                        str(span.style) in ('old', 'new', 'note')
                        for span in text.spans[:1]
                    )
                )
                self.assertEqual(sum(map(str.isalpha, shown)), count)

    def test_wide(self):
        """Side by side no line is wider than the terminal, either."""
        for pair in COMPARISONS:
            texts = difference(screen_of(160), compare(BASE, pair))
            lines = Text('\n').join(texts).split('\n')
            self.assertLessEqual(max(line.cell_len for line in lines), 160)

    def test_same(self):
        """Of versions that are the same nothing is printed."""
        for columns in 80, 160:
            self.assertEqual(self.lines('a\n', 'a\n', columns=columns), [''])
