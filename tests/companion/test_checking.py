"""The commands for exercises, as a reader meets them."""

import os
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests.companion.support import BASE, PATIENCE, run
from tests.companion.told import told
from tour.checking import Attempt, AttemptError, attempt_of, first_difference
from tour.reading import read_book

BOOK = read_book()
ANSWER = 'solutions/part-03/1-three-counters.py'


class AttemptTests(SynchronousTestCase):
    """A file that can't be checked is told in a line, before anything runs."""

    def assert_told(self, said, name, data=None, id='3.1'):
        """A file with these bytes is refused."""
        file = Path(self.mktemp())
        file.mkdir()
        path = file / name
        if data is not None:
            path.write_bytes(data)
        exercise = BOOK.exercise(id)
        error = self.assertRaises(
            AttemptError, attempt_of, BOOK, exercise, str(path)
        )
        self.assertIn(said, str(error))
        return error

    def test_missing(self):
        """What isn't there is told with where to start."""
        error = self.assert_told('There is no file', 'my.py')
        self.assertIn('cp basic-twisted/countdown.py', error.help[0])
        error = self.assert_told('There is no file', 'my.py', id='17.4')
        self.assertEqual(error.help, ())

    def test_directory(self):
        """A directory is no attempt."""
        self.assert_told('Is a directory', '.')

    def test_no_text(self):
        """Neither are bytes that are no text, and nothing at all."""
        self.assert_told('is no text', 'my.py', b'\xff\xfe')
        self.assert_told('is no Python', 'my.py', b'print(1)\n\x00')
        self.assert_told('is empty', 'my.py', b'\n')

    def test_syntax(self):
        """A syntax error is told with its line."""
        error = self.assert_told('my.py, line 2: ', 'my.py', b'a = 1\nb = (')
        self.assertEqual(error.help, ('    b = (',))

    def test_unchanged(self):
        """So is a starting point that was not touched, but for blanks."""
        start = (BASE / 'basic-twisted/countdown.py').read_bytes()
        self.assert_told('is still as basic-twisted', 'my.py', start + b'\n')

    def test_other_languages(self):
        """Only Python is read before it runs."""
        path = Path(self.mktemp())
        path.write_text('main(_) -> ok.')
        attempt = attempt_of(BOOK, BOOK.exercise('20.2'), str(path))
        self.assertEqual(attempt.name, str(path))


class DifferenceTests(SynchronousTestCase):
    """What is told of two transcripts is the first difference."""

    def setUp(self):
        exercise = BOOK.exercise('3.1')
        self.attempt = Attempt(exercise, Path('my.py'), 'my.py')
        self.scene = exercise.checks[0]

    def find(self, expected, got):
        """Return the difference of what the script prints."""
        before = f'$ other\nas ever\n\n$ python {ANSWER}\n'
        return first_difference(
            self.attempt, self.scene, before + expected, before + got
        )

    def test_same(self):
        """There may be none."""
        self.assertIsNone(self.find('a\n', 'a\n'))

    def test_kinds(self):
        """It says what kind of difference it is."""
        for expected, got, said in (
            ('a\nb\n', 'a\n', 'less than'),
            ('a\n', 'a\nb\n', 'more than'),
            ('a\nb\n', 'b\na\n', 'another order'),
            ('a\nb\n', 'a\nx\nb\n', 'prints a line that'),
            ('a\nx\nb\n', 'a\nb\n', 'does not print a line'),
            ('a\nb\n', 'a\nc\n', 'another line'),
            ('a\nb\n', 'a\nb\n\n', 'more than'),
            ('a\nb\n', 'a\n[exit code 1]\n', 'less than'),
        ):
            found = self.find(expected, got)
            self.assertIn(said, found.said, got)
            self.assertEqual(found.typed, 'python my.py')

    def test_lines(self):
        """It has the lines, and the one before them."""
        found = self.find('a\nb\nc\n', 'a\nx\nc\n')
        self.assertEqual(
            (found.before, found.expected, found.got), ('a', ('b',), ('x',))
        )

    def test_own_first(self):
        """What the attempt prints is told before what others print."""
        expected = f'$ other\na\n\n$ python {ANSWER}\nb\n'
        got = f'$ other\nx\n\n$ python {ANSWER}\ny\n'
        found = first_difference(self.attempt, self.scene, expected, got)
        self.assertEqual(found.got, ('y',))

    def test_names(self):
        """The reader's file is named where ours would be."""
        text = f'File "{ANSWER}"; 1-three-counters.T; test-1-three-counters'
        self.assertEqual(
            self.attempt.named(text),
            'File "my.py"; my.T; test-1-three-counters',
        )


class CommandTests(TestCase):
    """The commands, by way of the real tour."""

    timeout = PATIENCE

    def said(self, status, result):
        """Return what a tour prints that ends with that exit code."""
        self.assertEqual(result.status, status, result)
        self.assertNotIn('Traceback (most', result.err)
        return result.out + result.err

    def test_lists(self):
        """All exercises, or those of a part, are listed with their numbers."""
        out = self.said(0, told('exercises'))
        for exercise in BOOK.exercises:
            self.assertIn(f'{exercise.id:>9}  {exercise.title}', out)
        out = self.said(0, told('exercises', '22'))
        self.assertIn('22.3', out)
        self.assertNotIn('21.1', out)

    def test_bad_numbers(self):
        """What isn't there is told, and what there is instead."""
        for words, status, said in (
            (['exercise', '17.9'], 2, 'Part 17 has 17.1, 17.2'),
            (['answer', '17'], 2, 'Which one of Part 17?'),
            (['exercise', 'x'], 2, 'tour exercises'),
            (['exercises', '1'], 1, 'Part 1 has no exercises.'),
            (['exercises', '99'], 2, 'There is no part 99'),
            (['check', '17.1', 'my.py'], 2, 'tour answer 17.1'),
            (['check', '17.4', 'no/my.py'], 1, 'There is no file no/my.py.'),
        ):
            self.assertIn(said, self.said(status, told(*words)))

    async def test_check(self):
        """An answer passes wherever it is, and a wrong script is told why."""
        path = Path(self.mktemp()).absolute().with_suffix('.py')
        answer = BASE / BOOK.exercise('17.7').answer
        path.write_text(answer.read_text())
        name = os.path.relpath(path, BASE)
        words = '-m', 'tour', 'check', '17.7', name
        out = self.said(0, await run(*words))
        self.assertIn(f'{name} does what exercise 17.7 asks for.', out)
        self.assertIn('tour answer 17.7', out)
        path.write_text(answer.read_text().replace('reading', 'read'))
        out = self.said(1, await run(*words))
        self.assertIn('    reading The Ecstasy\n', out)
        self.assertIn('    read The Ecstasy\n', out)
        self.assertIn(f'{name} is no answer to exercise 17.7 yet.', out)

    def test_every_text(self):
        """Every exercise and every answer can be shown."""
        from io import StringIO

        from tour.exercises import answered, asked
        from tour.screen import Screen

        screen = Screen(StringIO())
        for exercise in BOOK.exercises:
            shown = '\n'.join(t.plain for t in asked(exercise, screen))
            self.assertIn(exercise.hint, shown)
            self.assertIn(exercise.question, shown)
            shown = '\n'.join(
                t.plain for t in answered(BOOK, exercise, screen)
            )
            self.assertIn(exercise.say or exercise.why, shown)
            for find in exercise.finds:
                self.assertIn(find.line, shown)
            self.assertIn(f'$ {exercise.scenes[0].all[0].text}\n', shown)
