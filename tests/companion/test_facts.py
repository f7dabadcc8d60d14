"""Recorded facts: they are those of the manifest, and read as written."""

import json
from dataclasses import replace
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests.companion.support import PATIENCE, POEMS
from tests.companion.told import told
from tour import facts
from tour.pace import Pace
from tour.reading import BASE, read_book
from tour.timeline import Client, Task
from tour.turns import Loop, Turn

BOOK = read_book()
DRAWN = [part for part in BOOK.parts if part.timeline]


class RecordedTests(SynchronousTestCase):
    """What is in docs/facts/."""

    def test_complete(self):
        """There is a file for each part that is drawn, and no other."""
        paths = {facts.path(BOOK, part) for part in DRAWN}
        paths |= {facts.loop_path(BOOK, p) for p in BOOK.parts if p.loop}
        paths |= {facts.chains_path(BOOK, p) for p in BOOK.parts if p.chains}
        self.assertTrue(paths)
        there = (BASE / 'docs' / 'facts').glob('*-*.json')
        self.assertEqual(set(there), paths)

    def test_of_the_manifest(self):
        """They are of the manifest's commands, clients and poems."""
        for part in DRAWN:
            clients = facts.recorded(BOOK, part).clients
            received = set()
            for client in clients:
                # in a scene without a server there is nothing to receive
                (scene,) = (s for s in part.scenes if s.number == client.scene)
                self.assertIn(client.script, [c.script for c in scene.all])
                for task in client.tasks:
                    name, total = task.poem, task.total
                    self.assertLessEqual(total, len(POEMS[name]), part.id)
                    self.assertEqual(task.times, sorted(task.times))
                    received.add((name, total))
            for name in 'ecstasy', 'fascination', 'science':
                self.assertIn((name, len(POEMS[name])), received)


class ChangedTests(SynchronousTestCase):
    """The same in another place, where something was changed."""

    def setUp(self):
        self.part = DRAWN[0]
        self.book = replace(BOOK, base=Path(self.mktemp()))
        self.path = facts.path(self.book, self.part)
        self.path.parent.mkdir(parents=True)
        self.path.write_bytes(facts.path(BOOK, self.part).read_bytes())

    def assert_refused(self, error):
        """They are refused with that line, and what helps."""
        with self.assertRaises(facts.FactsError) as caught:
            facts.recorded(self.book, self.part)
        self.assertEqual(
            str(caught.exception), f'docs/facts/timeline-02.json {error}'
        )

    def test_as_it_was(self):
        """Without a change they are taken."""
        self.assertEqual(
            facts.recorded(self.book, self.part),
            facts.recorded(BOOK, self.part),
        )

    def test_missing(self):
        """A file that isn't there is to be made."""
        self.path.unlink()
        with self.assertRaises(facts.FactsError) as caught:
            facts.recorded(self.book, self.part)
        self.assertIn('timeline-02.json: make facts', str(caught.exception))

    def test_broken(self):
        """So is one that holds something else."""
        for text in '', '[]', '{"typed": {}, "speed": 1, "clients": [1]}':
            self.path.write_text(text)
            self.assert_refused('holds no timeline: make facts')

    def test_other_commands(self):
        """So is one of scenes that were played in another way."""
        told = json.loads(self.path.read_text())
        number = next(iter(told['typed']))
        told['typed'][number][0] += ' --delay 1'
        self.path.write_text(json.dumps(told))
        self.assert_refused(
            'is of other commands than those of the chapter: make facts'
        )


class RecordingTests(TestCase):
    """Facts are measured and written."""

    timeout = PATIENCE

    async def test_round(self):
        """What was measured is read again, in milliseconds."""

        async def clients_of(*args):
            return [client([0.12345, 2.0])]

        def client(times):
            return Client(1, 'a.py', [Task(1, '', None, times, [3, 4])])

        self.patch(facts, 'clients_of', clients_of)
        book = replace(BOOK, base=Path(self.mktemp()))
        part = BOOK.part('8')
        await facts.record(None, book, part, Pace(8))
        recorded = facts.recorded(book, part)
        self.assertEqual(recorded.clients, [client([0.123, 2.0])])
        self.assertEqual(recorded.speed, 8)

    async def test_round_of_turns(self):
        """So are turns, with what came in tenths of milliseconds."""
        came = Task(1, '', None, [0.12345], [3])
        turns = [Turn(0.5, 0.25, 'read', 'a.b', 1, '10000', 3)]
        loop = Loop(1, 'a.py', 'select', 0.1234567, 2, turns, [came])

        async def loops_of(*args):
            return [loop]

        self.patch(facts, 'loops_of', loops_of)
        book = replace(BOOK, base=Path(self.mktemp()))
        part = BOOK.part('8')
        await facts.record_loops(None, book, part, Pace(8))
        (recorded,) = facts.recorded_loops(book, part).loops
        self.assertEqual(recorded.turns, turns)
        self.assertEqual(recorded.begun, 0.123457)
        self.assertEqual(recorded.tasks[0].times, [0.1235])

    def test_bad_part(self):
        """A part that isn't there, or has no clients, is told in a line."""
        for id, error in (
            ('99', 'There is no part 99. These are the parts:'),
            ('3', 'The site draws nothing of Part 3.'),
        ):
            result = told('facts', id)
            self.assertEqual(result.err.splitlines()[0], error)
            self.assertNotIn('written', result.out)
