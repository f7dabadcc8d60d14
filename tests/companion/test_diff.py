"""What `tour diff` shows."""

import difflib
import re

from twisted.trial.unittest import TestCase

from tests.companion.support import BASE, PATIENCE, begin
from tests.companion.told import told
from tour.reading import read_book

BOOK = read_book()
COMPARISONS = [pair for part in BOOK.parts for pair in part.comparisons]

OLD = 'twisted-client-7/get-poetry.py'
NEW = 'twisted-client-8/get-poetry.py'

COLOUR = re.compile(r'\x1b\[[0-9;]*m')


class CommandTests(TestCase):
    """The command as its users meet it."""

    timeout = PATIENCE

    def test_list(self):
        """Alone it lists all comparisons, each with what to look for."""
        result = told('diff')
        self.assertEqual((result.status, result.err), (0, ''))
        at = -1
        for pair in COMPARISONS:
            at = result.out.index(f'tour diff {pair.old} {pair.new}\n', at + 1)
            self.assertIn(f'      {pair.look}\n', result.out)

    def test_part(self):
        """With a part it shows the comparisons of that part, in order."""
        result = told('diff', '8')
        pairs = BOOK.part('8').comparisons
        self.assertEqual((result.status, result.err), (0, ''))
        for pair in pairs:
            self.assertIn(
                f'{pair.old} -> {pair.new}\n{pair.look}\n\n'
                f'--- {pair.old}\n+++ {pair.new}\n@@ ',
                result.out,
            )

    def test_patch(self):
        """In a pipe two scripts make a unified diff, and nothing else."""
        result = told('diff', OLD, NEW)
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
        env = {'NO_COLOR': None, 'TERM': 'xterm', 'PAGER': 'sed s/^/P:/'}
        for rows, paged in ('10', 'P:'), ('1000', ''):
            words = ('-m', 'tour', 'diff', OLD, NEW)
            tour = begin(self, *words, LINES=rows, **env)
            await tour.when_ended()
            self.assertEqual(tour.status, 0)
            lines = [line.removeprefix(paged) for line in tour.lines]
            self.assertIn('\x1b[1m', lines[0])
            shown = [COLOUR.sub('', line) for line in lines]
            self.assertEqual(shown[0], f'{OLD} -> {NEW}')
            self.assertIn('180 +     ds = []', shown)
            self.assertIn(
                '183           d = get_transformed_poem(host, port)', shown
            )
            self.assertEqual(
                {line.startswith('P:') for line in tour.lines}, {bool(paged)}
            )

    async def test_no_color(self):
        """Under NO_COLOR a terminal gets the same, without colours."""
        tour = begin(self, '-m', 'tour', 'diff', OLD, NEW)
        await tour.when_ended()
        self.assertEqual(tour.lines[0], f'{OLD} -> {NEW}')
        self.assertIn('180 +     ds = []', tour.lines)
        self.assertNotIn('\x1b', ''.join(tour.lines))

    def test_gap(self):
        """A version that isn't compared with the one before says why."""
        result = told('diff', '20')
        before, reason = BOOK.gap('erlang-client-1/get-poetry')
        head = f'{before} -> erlang-client-1/get-poetry\n{reason}\n'
        self.assertEqual(result.out, head)
        result = told('diff', '13')
        before, reason = BOOK.gap('twisted-client-6/get-poetry.py')
        head = f'{before} -> twisted-client-6/get-poetry.py\n{reason}\n\n'
        (pair,) = BOOK.part('13').comparisons
        self.assertTrue(
            result.out.startswith(f'{head}{pair.old} -> {pair.new}\n'),
            result.out,
        )

    def test_bad_input(self):
        """Bad input is told in a line."""
        for words, status, error in (
            (('99',), 2, 'There is no part 99. These are the parts:'),
            (('9',), 1, 'Part 9 has no versions to compare.'),
            ((OLD, 'none.py'), 1, 'No such file or directory'),
            (('poetry', NEW), 1, 'Is a directory'),
            ((OLD, NEW, OLD), 1, 'tour diff [PART | OLD NEW]'),
        ):
            result = told('diff', *words)
            self.assertEqual(result.status, status)
            self.assertIn(error, result.err.splitlines()[0])
            self.assertNotIn('Traceback', result.err)

    def test_same(self):
        """Of two files that are the same it says so."""
        result = told('diff', OLD, OLD)
        self.assertEqual(result.out, f'{OLD} and {OLD} are the same.\n')
