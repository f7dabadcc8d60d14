"""How two versions are compared: what is folded, paired, marked, noted."""

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.companion.support import BASE
from tour.book import Comparison, Note
from tour.comparing import (
    SIMILAR,
    Change,
    DiffError,
    Fold,
    Same,
    alike,
    compare,
    lines_of,
    patch,
)
from tour.reading import read_book

COMPARISONS = [pair for part in read_book().parts for pair in part.comparisons]

OLD = 'twisted-client-7/get-poetry.py'
NEW = 'twisted-client-8/get-poetry.py'


class BookTests(SynchronousTestCase):
    """What holds for all comparisons of the book."""

    def test_every_comparison(self):
        """Nothing is lost; what is in a row, marked or noted belongs there."""
        # all in one: to compare takes longer than to look at what was found
        beside = noted = 0
        for pair in COMPARISONS:
            found = compare(BASE, pair)
            self.assert_nothing_lost(found)
            for block in found.blocks:
                for row in block.rows:
                    self.assert_unchanged(block, row)
                    if len(row.lines) == 2:
                        beside += 1
                        self.assert_alike(row)
                        self.assert_marked(row)
            noted += self.notes(pair, found)
        self.assertGreater(beside, 1000)
        self.assertGreater(noted, 90)

    def assert_nothing_lost(self, found):
        """The blocks together are the old and the new text, in order."""
        for path, version in (found.old, 'old'), (found.new, 'new'):
            lines = [
                line
                for block in found.blocks
                for line in getattr(block, version)
            ]
            texts = lines_of(BASE / path)
            self.assertEqual([line.text for line in lines], texts)
            numbers = [line.number for line in lines]
            self.assertEqual(numbers, list(range(1, len(texts) + 1)))

    def assert_unchanged(self, block, row):
        """Unchanged lines are the same in both versions; changed ones not."""
        texts = {line.text for line in row.lines}
        both = len(row.lines) == 2 and len(texts) == 1
        self.assertEqual(both, not isinstance(block, Change))

    def assert_alike(self, row):
        """Lines in one row are half alike at least."""
        old, new = row.old.text, row.new.text
        if old != new:
            self.assertGreaterEqual(alike(old, new), SIMILAR)

    def assert_marked(self, row):
        """What is not marked in two lines of a row is the same text."""
        same = [
            ''.join(text for text, changed in line.pieces if not changed)
            for line in row.lines
        ]
        self.assertEqual(*[''.join(text.split()) for text in same])

    def notes(self, pair, found):
        """Count notes: each one is on the one line that has its text."""
        count = 0
        changes = [b for b in found.blocks if isinstance(b, Change)]
        for row in [row for change in changes for row in change.rows]:
            for note in row.notes:
                count += 1
                texts = [line.text for line in row.lines]
                self.assertIn(note.at, ''.join(texts))
        self.assertEqual(
            sorted(note.say for block in changes for note in block.notes),
            sorted(note.say for note in pair.notes),
        )
        return count


class CompareTests(SynchronousTestCase):
    """Blocks, rows and pieces."""

    def compare(self, old, new, *notes):
        """Return the difference of two texts."""
        base = Path(self.mktemp())
        base.mkdir()
        (base / 'old.py').write_text(old)
        (base / 'new.py').write_text(new)
        pair = Comparison(
            old='old.py', new='new.py', look='', note=list(notes)
        )
        return compare(base, pair)

    def rows(self, old, new):
        """Return the rows of two texts as text."""
        return [
            tuple(line and line.text for line in (row.old, row.new))
            for block in self.compare(old, new).blocks
            for row in block.rows
        ]

    def marked(self, old, new):
        """Return the changed pieces of the lines of two texts."""
        return [
            [text for text, changed in line.pieces if changed]
            for block in self.compare(old, new).blocks
            for row in block.rows
            for line in row.lines
        ]

    def test_changed_words(self):
        """Words that changed are marked, blanks between them, too."""
        self.assertEqual(
            self.marked('    one two three\n', '    one four five\n'),
            [['two three'], ['four five']],
        )

    def test_indentation(self):
        """Of a line that is set in only the indentation is marked."""
        old, new = 'one two\n', '    one two\n'
        self.assertEqual(self.marked(old, new), [[], ['    ']])
        self.assertEqual(self.marked(new, old), [['    '], []])
        (block,) = self.compare(old, new).blocks
        self.assertTrue(block.rows[0].is_indentation)

    def test_not_only_indentation(self):
        """The indentation has a mark of its own if words changed, too."""
        self.assertEqual(
            self.marked('  one two three\n', '    four two three\n'),
            [['one'], ['  ', 'four']],
        )
        (block,) = self.compare('one two\n', ' two two\n').blocks
        self.assertFalse(block.rows[0].is_indentation)

    def test_trailing_blanks(self):
        """Blanks at the end of a line are kept."""
        self.assertEqual(
            self.rows('one two \n', 'one three \n'),
            [('one two ', 'one three ')],
        )

    def test_other_line(self):
        """Lines that have little in common are no pair."""
        self.assertEqual(
            self.rows('one two three\n', 'four = five(six)\n'),
            [('one two three', None), (None, 'four = five(six)')],
        )

    def test_pairs(self):
        """A line is paired with the one that it became."""
        self.assertEqual(
            self.rows('call(a)\n', 'if x:\n    call(a, b)\n'),
            [(None, 'if x:'), ('call(a)', '    call(a, b)')],
        )

    def test_best_pairs(self):
        """The first line that will do isn't taken if a later one is meant."""
        self.assertEqual(
            self.rows('a(1, 2)\nb(1, 2)\n', 'b(1, 2, 3)\n'),
            [('a(1, 2)', None), ('b(1, 2)', 'b(1, 2, 3)')],
        )

    def test_blocks_stay(self):
        """Pairs don't cross; old lines without a pair come before new."""
        self.assertEqual(
            self.rows('one\ntwo(1)\nsix\n', 'four\nfive\ntwo(2)\none!\n'),
            [
                ('one', None),
                (None, 'four'),
                (None, 'five'),
                ('two(1)', 'two(2)'),
                ('six', None),
                (None, 'one!'),
            ],
        )

    def test_folded_definitions(self):
        """A fold names the functions and classes that start in it."""
        same = 'def one():\n    print()\n\n\nclass Two:\n    pass\n\n\nx\n'
        found = self.compare(f'{same}old\n', f'{same}new\n')
        fold, context, change = found.blocks
        self.assertEqual(fold.description, '6 lines: one, Two')
        self.assertEqual(len(fold.rows), 6)
        self.assertEqual([line.text for line in context.new], ['', '', 'x'])
        self.assertEqual(found.hunks, ((context, change),))

    def test_short_fold(self):
        """A single line is not folded: the fold would take a line, too."""
        for count, kinds in (
            (7, [Change, Same, Change]),
            (8, [Change, Same, Fold, Same, Change]),
        ):
            same = ''.join(f'{number}\n' for number in range(count))
            found = self.compare(f'a\n{same}b\n', f'c\n{same}d\n')
            self.assertEqual([type(b) for b in found.blocks], kinds)
            self.assertEqual(len(found.hunks), 1 + (Fold in kinds))

    def test_same(self):
        """Of the same text there are no blocks."""
        self.assertEqual(self.compare('one\n', 'one\n').blocks, ())

    def test_order_of_notes(self):
        """Notes are in the order of the lines that they are on."""
        second, first = Note(at='b', say='B.'), Note(at='a', say='A.')
        found = self.compare('', 'a\nb\n', second, first)
        self.assertEqual(found.blocks[0].notes, (first, second))

    def test_notes_that_do_not_fit(self):
        """A note on no changed line, or on several, is an error."""
        for at in 'a', 'b', 'c':
            with self.assertRaises(DiffError) as raised:
                self.compare(
                    'a\nc 1\n', 'a\nbc\nbd\nc 2\n', Note(at=at, say='Why.')
                )
            self.assertIn(f'the text of a note: {at}', str(raised.exception))

    def test_whole_context(self):
        """A patch may show all that is unchanged."""
        lines = patch(BASE, OLD, NEW, 10**6)
        self.assertEqual(len([s for s in lines if s.startswith('@@')]), 1)
        new = [s[1:] for s in lines[3:] if s[0] in ' +']
        self.assertEqual(new, lines_of(BASE / NEW))

    def test_unreadable(self):
        """What can't be read is an error."""
        for path in 'poetry', 'none.py':
            pair = Comparison(old=path, new=NEW, look='')
            self.assertRaises(DiffError, compare, BASE, pair)
