"""The benchmark: what it measures, on the smallest scale, and what it says."""

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from benchmarks import slow
from benchmarks.readers import READERS
from benchmarks.results import (
    Reading,
    Results,
    Serving,
    each,
    machine,
    multiple,
    ratios,
    read,
)
from benchmarks.tables import tables

BY_NAME = {reader.name: reader for reader in READERS}

READINGS = [
    Reading('one', 1, 2.0, 2.5, 0.3, 30_000_000),
    Reading('one', 10, 2.0, 2.5, 0.2, 30_000_000),
    Reading('one', 101, 2.0, 3.0, 0.4, 31_000_000),
    Reading('other', 1, 2.0, 2.0, 0.1, 9_000_000),
    Reading('other', 101, why_not='It is too much.'),
]
SERVINGS = [
    Serving('a', 1000, 2.0, 3.0),
    Serving('b', 3000, 3.0, 3.0),
    Serving('a', 1000, 1.0, 3.0),
    Serving('b', 1000, 2.0, 3.0),
]
RESULTS = Results('today', {'cores': '2'}, READINGS, SERVINGS)


class MeasuringTests(SynchronousTestCase):
    """Real programs, with as little to do as can be."""

    def test_reading(self):
        """A client takes as long as its server, and a little more."""
        self.patch(slow, 'SECONDS', 0.5)
        clients = [BY_NAME['blocking'], BY_NAME['Twisted 9.0']]
        for reading in slow.readings(clients, [1], 60):
            self.assertIsNone(reading.why_not)
            self.assertGreater(multiple(reading), 1)
            self.assertGreater(reading.slowest, slow.SECONDS * 0.9)
            self.assertGreater(reading.cpu, 0)
            self.assertGreater(reading.memory, 1_000_000)

    def test_too_many(self):
        """Who can't go on says why."""
        (reading,) = slow.readings([BY_NAME['select']], [1001], 60)
        self.assertEqual(
            reading.why_not,
            'select can watch no more than 1000 servers at once.',
        )

    def test_no_sense(self):
        """What would take too long is not begun."""
        for name, count, seconds, why_not in (
            ('blocking', 1000, 60, 'takes as long as all servers'),
            ('threads', 1, -1, 'no time was left'),
        ):
            (reading,) = slow.readings([BY_NAME[name]], [count], seconds)
            self.assertIn(why_not, reading.why_not)


class ResultsTests(SynchronousTestCase):
    """What is made of the numbers."""

    def test_file(self):
        """What was written is read again."""
        path = Path(self.mktemp())
        RESULTS.write(path)
        self.assertEqual(read(path), RESULTS)

    def test_each(self):
        """What the program itself takes doesn't count for each poem."""
        alone, few, many, *_ = READINGS
        self.assertAlmostEqual(each(many, READINGS, 'cpu'), 0.001)
        self.assertAlmostEqual(each(many, READINGS, 'memory'), 10_000)
        self.assertIsNone(each(alone, READINGS, 'cpu'))
        self.assertIsNone(each(few, READINGS, 'cpu'))
        self.assertIsNone(each(many, [many], 'cpu'))

    def test_ratios(self):
        """Servers are compared round by round, by their CPU time."""
        self.assertEqual(ratios(SERVINGS), {'a': [1, 1], 'b': [2, 0.5]})

    def test_tables(self):
        """Every number has its place, and a mark where there is none."""
        said = tables(RESULTS)
        for row in (
            'today\ncores 2\n',
            'one               1.25      1.25      1.50\n',
            'other             1.00                   a\n',
            'one                                   1.00\n',
            'a: It is too much.\n',
            'b                 1.25      0.50      2.00\n',
        ):
            self.assertIn(row, said)

    def test_machine(self):
        """All that is told of the machine is a line of text each."""
        for name, fact in machine().items():
            self.assertRegex(fact, r'^\S.*$', name)
