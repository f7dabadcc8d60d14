"""What `tour diff` shows, and how it tells what changed."""

import difflib
import re
import sys
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests.companion.support import BASE, PATIENCE, begin, begin_program, run
from tour.book import Note
from tour.comparing import DiffError, annotated, folded, lines_of, patch
from tour.reading import read_book

BOOK = read_book()
COMPARISONS = [pair for part in BOOK.parts for pair in part.comparisons]

OLD = 'twisted-client-7/get-poetry.py'
NEW = 'twisted-client-8/get-poetry.py'

COLOUR = re.compile(r'\x1b\[[0-9;]*m')


class FoldedTests(SynchronousTestCase):
    """Lines that are shown, folded and marked."""

    def difference(self, old, new):
        """Return the difference of two texts as (kind, text) pairs."""
        base = Path(self.mktemp())
        base.mkdir()
        (base / 'old.py').write_text(old)
        (base / 'new.py').write_text(new)
        return folded(base, 'old.py', 'new.py')

    def marked(self, old, new):
        """Return the changed words of two texts, line by line."""
        return [
            (line.kind, [text for text, changed in line.pieces if changed])
            for line in self.difference(old, new)
        ]

    def test_nothing_is_lost(self):
        """Shown and folded lines together are the old and the new text."""
        for pair in COMPARISONS:
            texts = {
                '-': iter(lines_of(BASE / pair.old)),
                '+': iter(lines_of(BASE / pair.new)),
            }
            for line in folded(BASE, pair.old, pair.new):
                if line.kind == '~':
                    for _ in range(int(line.text.split()[0])):
                        self.assertEqual(*map(next, texts.values()))
                    continue
                for kind, text in texts.items():
                    if line.kind in (kind, ' '):
                        self.assertEqual(line.text, next(text))
            self.assertEqual([list(text) for text in texts.values()], [[], []])

    def test_notes(self):
        """Each note of the book is below the one change that it is on."""
        notes = 0
        for pair in COMPARISONS:
            lines = annotated(folded(BASE, pair.old, pair.new), pair.notes)
            self.assertEqual(
                {line.text for line in lines if line.kind == '!'},
                {note.say for note in pair.notes},
            )
            for before, line, after in zip(lines, lines[1:], lines[2:]):
                if line.kind == '!':
                    self.assertIn(before.kind, ('-', '+', '!'))
                    self.assertNotIn(after.kind, ('-', '+'))
            notes += len(pair.notes)
        self.assertGreater(notes, 90)

    def test_notes_that_do_not_fit(self):
        """A note on no changed line, or on several, is an error."""
        lines = self.difference('a\nb\n', 'a\nbc\nbd\n')
        for at in 'a', 'b':
            with self.assertRaises(DiffError) as raised:
                annotated(lines, [Note(at=at, say='Why.')])
            self.assertIn(f'the text of a note: {at}', str(raised.exception))

    def test_changed_words(self):
        """Words that changed are marked, blanks between them, too."""
        self.assertEqual(
            self.marked('    one two three\n', '    one four five\n'),
            [('-', ['two three']), ('+', ['four five'])],
        )

    def test_other_indentation(self):
        """That a line is set in does not mark its words."""
        self.assertEqual(
            self.marked('one two three\n', '    one two three\n'),
            [('-', []), ('+', [])],
        )

    def test_other_line(self):
        """Lines that have little in common are not marked at all."""
        self.assertEqual(
            self.marked('one two three\n', 'four = five(six)\n'),
            [('-', []), ('+', [])],
        )

    def test_pairs(self):
        """A line is compared with the one that it became."""
        self.assertEqual(
            self.marked('call(a)\n', 'if x:\n    call(a, b)\n'),
            [('-', []), ('+', []), ('+', [', b'])],
        )

    def test_folded_definitions(self):
        """A note names the functions and classes that are folded."""
        same = 'def one():\n    print()\n\n\nclass Two:\n    pass\n\n\nx\n'
        lines = self.difference(f'{same}old\n', f'{same}new\n')
        self.assertEqual(lines[0].kind, '~')
        self.assertEqual(lines[0].text, '6 lines: one, Two')
        self.assertEqual([line.kind for line in lines[1:]], list('   -+'))

    def test_same(self):
        """Of the same text nothing is shown."""
        self.assertEqual(self.difference('one\n', 'one\n'), [])

    def test_whole_context(self):
        """A patch may show all that is unchanged."""
        lines = patch(BASE, OLD, NEW, 10**6)
        self.assertEqual(len([s for s in lines if s.startswith('@@')]), 1)
        new = [s[1:] for s in lines[3:] if s[0] in ' +']
        self.assertEqual(new, lines_of(BASE / NEW))

    def test_unreadable(self):
        """What can't be read is an error."""
        for path in 'poetry', 'none.py':
            self.assertRaises(DiffError, folded, BASE, path, NEW)


class CommandTests(TestCase):
    """The command as its users meet it."""

    timeout = PATIENCE

    def tour(self, *words):
        """Run the command; return a Deferred that fires with its result."""
        return run('-m', 'tour', 'diff', *words)

    async def test_list(self):
        """Alone it lists all comparisons, each with what to look for."""
        result = await self.tour()
        self.assertEqual((result.status, result.err), (0, ''))
        at = -1
        for pair in COMPARISONS:
            at = result.out.index(f'tour diff {pair.old} {pair.new}\n', at + 1)
            self.assertIn(f'      {pair.look}\n', result.out)

    async def test_part(self):
        """With a part it shows the comparisons of that part, in order."""
        result = await self.tour('8')
        pairs = BOOK.part('8').comparisons
        self.assertEqual((result.status, result.err), (0, ''))
        for pair in pairs:
            self.assertIn(
                f'{pair.old} -> {pair.new}\n{pair.look}\n\n'
                f'--- {pair.old}\n+++ {pair.new}\n@@ ',
                result.out,
            )

    async def test_patch(self):
        """In a pipe two scripts make a unified diff, and nothing else."""
        result = await self.tour(OLD, NEW)
        self.assertEqual((result.status, result.err), (0, ''))
        self.assertEqual(
            result.out.splitlines(),
            list(
                difflib.unified_diff(
                    (BASE / OLD).read_text().splitlines(),
                    (BASE / NEW).read_text().splitlines(),
                    OLD,
                    NEW,
                    lineterm='',
                )
            ),
        )

    async def test_terminal(self):
        """On a terminal it is coloured, folded, marked and paged."""
        words = ['env', '-u', 'NO_COLOR', 'TERM=xterm', 'PAGER=sed s/^/P:/']
        words += [sys.executable, '-m', 'tour', 'diff', OLD, NEW]
        for rows, paged in ('LINES=10', 'P:'), ('LINES=1000', ''):
            tour = begin_program(self, *words[:3], rows, *words[3:])
            await tour.when_ended()
            self.assertEqual(tour.status, 0)
            lines = [line.removeprefix(paged) for line in tour.lines]
            self.assertIn('\x1b[1m', lines[0])
            text = '\n'.join(lines)
            # the seven of 7.0 is marked, as it was and is no word of 8.0
            self.assertIn('\x1b[7;31m7\x1b[0m', text)
            self.assertIn('\x1b[7;32m8\x1b[0m', text)
            shown = [COLOUR.sub('', line) for line in lines]
            self.assertEqual(shown[0], f'{OLD} -> {NEW}')
            self.assertIn('+     ds = []', shown)
            self.assertIn(
                '          d = get_transformed_poem(host, port)', shown
            )
            folded_away = [s for s in shown if s.startswith('  ... ')]
            self.assertIn('parse_args, PoetryProtocol', folded_away[0])
            self.assertEqual(
                {line.startswith('P:') for line in tour.lines}, {bool(paged)}
            )

    async def test_no_color(self):
        """Under NO_COLOR it is the patch on a terminal, too."""
        tour = begin(self, '-m', 'tour', 'diff', OLD, NEW)
        await tour.when_ended()
        self.assertEqual(tour.lines[:2], [f'--- {OLD}', f'+++ {NEW}'])

    async def test_bad_input(self):
        """Bad input is told in a line."""
        for words, status, error in (
            (('99',), 2, 'There is no part 99. These are the parts:'),
            (('9',), 1, 'Part 9 has no versions to compare.'),
            ((OLD, 'none.py'), 1, 'No such file or directory'),
            (('poetry', NEW), 1, 'Is a directory'),
            ((OLD, NEW, OLD), 1, 'tour diff [PART | OLD NEW]'),
        ):
            result = await self.tour(*words)
            self.assertEqual(result.status, status)
            self.assertIn(error, result.err.splitlines()[0])
            self.assertNotIn('Traceback', result.err)

    async def test_same(self):
        """Of two files that are the same it says so."""
        result = await self.tour(OLD, OLD)
        self.assertEqual(result.out, f'{OLD} and {OLD} are the same.\n')
