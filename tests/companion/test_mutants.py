"""Faults are what they are said to be, and reasons are of real ones."""

import ast
from collections import Counter

from twisted.trial.unittest import SynchronousTestCase

from tests.companion.faults import DELETED, TURNED, faults_of, sample
from tests.companion.mutants import (
    Reason,
    judged,
    python_scripts,
    read_reasons,
)
from tour.reading import BASE, read_book

SCRIPT = '''\
"""A script."""

from twisted.internet import reactor


def rose(colour):
    """Return a rose."""
    if (
        colour == 'red'
        or colour == '静'
    ):
        print(
            'Rose',
        )  # red
        return [petal for petal in colour if petal]
    return 'red' if colour else None


if __name__ == '__main__':
    rose('red')
'''.encode()

FAULTS = [
    (TURNED, 9, "colour == 'red'"),
    (DELETED, 12, 'print('),
    (DELETED, 15, 'return [petal for petal in colour if petal]'),
    (TURNED, 15, 'return [petal for petal in colour if petal]'),
    (DELETED, 16, "return 'red' if colour else None"),
    (TURNED, 16, "return 'red' if colour else None"),
    (DELETED, 20, "rose('red')"),
]


class FaultTests(SynchronousTestCase):
    """What is done to a script."""

    def setUp(self):
        self.faults = faults_of(SCRIPT)

    def test_faults(self):
        """Every statement is deleted, every condition turned, and no more."""
        found = [(f.kind, f.number, f.line) for f in self.faults]
        self.assertEqual(found, FAULTS)

    def test_deleted(self):
        """What is deleted leaves pass, and all else where it was."""
        source = self.faults[1].source.decode()
        self.assertIn('    ):\n        pass\n\n  # red\n', source)
        self.assertEqual(source.count('\n'), SCRIPT.count(b'\n'))

    def test_turned(self):
        """A condition is turned as a whole, over all of its lines."""
        name = {'print': lambda text: None}
        exec(self.faults[0].source, name)
        self.assertEqual(name['rose']('静'), 'red')
        self.assertEqual(name['rose']('white'), list('white'))

    def test_sample(self):
        """A sample is one of each half, and the same time and again."""
        for script in 'a.py', 'b.py', 'c.py':
            one, other = sample(script, self.faults)
            self.assertEqual(sample(script, self.faults), [one, other])
            self.assertLess(self.faults.index(one), 3)
            self.assertGreaterEqual(self.faults.index(other), 3)
        self.assertEqual(sample('a.py', self.faults[:1]), self.faults[:1])

    def test_scripts(self):
        """Every script in Python has faults, and stays Python with them."""
        for script in python_scripts(read_book()):
            faults = faults_of((BASE / script).read_bytes())
            self.assertTrue(faults, script)
            for fault in sample(script, faults):
                ast.parse(fault.source)


class ReasonTests(SynchronousTestCase):
    """What is said of faults that nobody notices."""

    def test_reasons(self):
        """Each is that of a fault in a script, and says something."""
        for reason in read_reasons():
            faults = faults_of((BASE / reason.script).read_bytes())
            explained = [
                f for f in faults if reason.explains(reason.script, f)
            ]
            self.assertTrue(explained, reason)
            self.assertRegex(reason.reason, r'\.$')

    def test_no_reason_twice(self):
        """A fault has one reason."""
        keys = Counter((r.script, r.fault, r.line) for r in read_reasons())
        self.assertEqual([key for key, n in keys.items() if n > 1], [])

    def test_judged(self):
        """Survivors need reasons, and reasons survivors."""
        first, second, *_ = faults = faults_of(SCRIPT)
        reason = Reason('a.py', first.kind, first.line, 'Why not.')
        self.assertEqual(judged('a.py', faults, [first], [reason]), [])
        self.assertEqual(judged('b.py', faults, [], [reason]), [])
        self.assertEqual(judged('a.py', [second], [], [reason]), [])
        (line,) = judged('a.py', faults, [], [reason])
        self.assertIn('needs no reason', line)
        (line,) = judged('a.py', faults, [first, second], [reason])
        self.assertEqual(line, 'a.py:12: deleted, unnoticed: print(')
