"""Whom the reactor called: from facts to numbers, lanes and rows."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests.companion.forking import FORKING
from tests.companion.support import PATIENCE, POEMS, run
from tests.companion.told import told
from tour import facts, findings, loop_picture, loop_text
from tour.pace import Pace
from tour.reading import read_book
from tour.timeline import Task
from tour.tracing import facts as traced
from tour.turns import Loop, Turn, TurnsError, has_loop, loop_of, loops_of

BOOK = read_book()
SHOWN = [part for part in BOOK.parts if part.loop]


def turn(start, duration, task=None, what='read', port=None):
    """Return a turn of client 1.0."""
    name = 'PoetrySocket.doRead'
    return Turn(start, duration, what, name, task, port)


BROKEN = Loop(
    *(2, 'twisted-client-1/get-poetry-broken.py', 'EPollReactor', 1, 5),
    [turn(1, 3, 1), turn(4, 0.0001, 3), turn(4.5, 0.5, 2)],
    [
        Task(1, 'ecstasy', times=[1.0, 2, 3], sizes=[1, 1, 1]),
        Task(2, 'fascination', times=[1.5, 4.6], sizes=[1, 1]),
        Task(3, 'science', times=[3.5], sizes=[1]),
    ],
)


class LoopTests(SynchronousTestCase):
    """What the turns of a script come to."""

    def test_numbers(self):
        """How many, the longest, and how much of the time was waited."""
        self.assertEqual(BROKEN.longest, BROKEN.turns[0])
        self.assertAlmostEqual(BROKEN.waited, 1 - 3.5001 / 4)
        self.assertEqual(BROKEN.lasting, [BROKEN.turns[0], BROKEN.turns[2]])
        self.assertEqual(
            findings.turns(BROKEN),
            '3 turns, the longest 3.0 s; waited 12% of 4.0 s',
        )
        one = replace(BROKEN, turns=BROKEN.turns[:1])
        self.assertEqual(
            findings.turns(one), '1 turn, of 3.0 s; waited 25% of 4.0 s'
        )

    def test_shares(self):
        """A share is neither all nor nothing if it only nearly is."""
        for part, says in (
            (0.9999, 'over 99.9%'),
            (0.998, '99.8%'),
            (0.5, '50%'),
            (0.012, '1.2%'),
            (0.0001, 'under 0.1%'),
        ):
            self.assertEqual(findings.share(part), says)

    def test_waits(self):
        """A piece waits from its arrival to the next turn of its task."""
        self.assertEqual(
            [list(loop_picture.waits(BROKEN, t)) for t in BROKEN.tasks],
            [[], [(1.5, 4.5)], [(3.5, 4)]],
        )

    def test_ports(self):
        """Where a turn has no task, the port tells whose it is."""
        task = Task(1, times=[1.0], sizes=[1], port='10001')
        loop = replace(BROKEN, turns=[turn(2, 1, port='10002')], tasks=[task])
        self.assertEqual(list(loop_picture.waits(loop, task)), [])
        loop = replace(loop, turns=[turn(2, 1, port='10001')])
        self.assertEqual(list(loop_picture.waits(loop, task)), [(1, 2)])


class OfFactsTests(SynchronousTestCase):
    """How the facts of a traced run become turns."""

    scene = BOOK.part('14').scenes[1]

    def loop_of(self, *recorded):
        """Return the loop of the proxy of Part 14."""
        return loop_of(
            *(self.scene, self.scene.servers[1], list(recorded)),
            *([Task(1, times=[0.5], sizes=[1])], 1000.0, {4711: '10001'}),
        )

    begun = traced.Run('x.py', [], 1000.25, '3')
    made = traced.Reactor(0.5, 'EPollReactor', '26')
    internal = traced.Turn(
        *(1, 'wake', '_UnixWaker', 'doRead', None, None, 0.6, 0.1, 0)
    )
    read = traced.Turn(
        *(2, 'read', 'PoetryProtocol', 'dataReceived', None, 4711, 2, 0.5, 30)
    )

    def test_turns(self):
        """Names, ports as they are written, times since the start."""
        loop = self.loop_of(
            *(self.begun, self.made, traced.Wait(0.75, 1.25, 1)),
            *(self.internal, self.read),
        )
        self.assertEqual((loop.begun, loop.ended), (0.75, 2.5))
        (turn,) = loop.turns
        self.assertEqual(
            (turn.name, turn.port, turn.size),
            ('PoetryProtocol.dataReceived', '10001', 30),
        )
        self.assertEqual(loop.tasks[0].times, [0.25])
        self.assertEqual(
            loop.partners, {'10000': 'clients', '10001': 'fascination'}
        )

    def test_none(self):
        """Without a reactor, or without turns of ours, there is no loop."""
        self.assertIsNone(self.loop_of())
        self.assertIsNone(self.loop_of(self.begun, self.read))
        self.assertIsNone(self.loop_of(self.begun, self.made, self.internal))

    def test_has_loop(self):
        """Scripts without a reactor and without select are not traced."""
        scenes = BOOK.part('2').scenes[2]
        self.assertEqual(
            [has_loop(BOOK, command) for command in scenes.all],
            [False, False, False, False, True],
        )


class RecordedTests(SynchronousTestCase):
    """What the site shows is what its findings say."""

    def loops(self, id):
        """Return what is recorded of a part."""
        return facts.recorded_loops(BOOK, BOOK.part(id)).loops

    def test_of_the_manifest(self):
        """There are the scripts that the manifest names, and no other."""
        for part in SHOWN:
            loops = self.loops(part.id)
            self.assertEqual(
                {loop.script for loop in loops}, {*part.loop.scripts}
            )
            self.assertEqual(
                {loop.scene for loop in loops}, {*part.loop.scenes}
            )
            for loop in loops:
                starts = [turn.start for turn in loop.turns]
                self.assertEqual(starts, sorted(starts))

    def test_part_2(self):
        """The asynchronous client has short turns only, and waits."""
        (loop,) = self.loops('2')
        self.assertEqual(loop.reactor, 'select')
        self.assertEqual(loop.lasting, [])
        self.assertGreater(loop.waited, 0.9)

    def test_part_4(self):
        """A turn for each piece, or three turns in all."""
        good, broken = self.loops('4')
        for loop in good, broken:
            self.assertEqual(
                [sum(task.sizes) for task in loop.tasks],
                [
                    len(POEMS[name])
                    for name in ('ecstasy', 'fascination', 'science')
                ],
            )
        reads = [turn for turn in good.turns if turn.size]
        self.assertEqual(
            len(reads), len(good.turns) - 3, 'and one for the end of each'
        )
        self.assertEqual(good.lasting, [])
        self.assertGreater(good.waited, 0.9)
        self.assertEqual(len(broken.turns), 3)
        self.assertEqual({turn.task for turn in broken.turns}, {1, 2, 3})
        self.assertLess(broken.waited, 0.1)
        waiting = [
            task.number
            for task in broken.tasks
            if list(loop_picture.waits(broken, task))
        ]
        self.assertGreaterEqual(len(waiting), 2)

    def test_part_8(self):
        """The timed call comes when the blocking callback has returned."""
        (loop,) = self.loops('8')
        fire, timed = loop.turns
        self.assertEqual((fire.name, timed.name), ('fire', 'something_else'))
        self.assertGreater(fire.duration, 2)
        self.assertGreaterEqual(timed.start, fire.end)

    def test_part_13(self):
        """Requests and answers are turns of their own, two of each."""
        (loop,) = self.loops('13')
        trip = [
            turn.name.partition('.')[2]
            for turn in loop.turns
            if loop.partners.get(turn.port) == 'transform server'
        ]
        self.assertEqual(trip.count('dataReceived'), 2)
        sent = [n for n, name in enumerate(trip) if name == 'doWrite']
        answers = [n for n, name in enumerate(trip) if name == 'dataReceived']
        # one request went out before the answer to the other came
        self.assertLess(sent[1], answers[1])

    def test_part_14(self):
        """The second client costs no turn with the poetry server."""
        (loop,) = self.loops('14')
        clients = [
            n
            for n, turn in enumerate(loop.turns)
            if turn.name == 'PoetryProxyFactory.buildProtocol'
        ]
        self.assertEqual(len(clients), 2)
        partners = [loop.partners.get(turn.port) for turn in loop.turns]
        self.assertIn('fascination', partners[: clients[1]])
        self.assertNotIn('fascination', partners[clients[1] :])


class DrawnTests(SynchronousTestCase):
    """What the drawings say."""

    part = BOOK.part('4')

    def texts(self, *loops, part=None):
        """Return the texts of a picture."""
        drawing = loop_picture.picture(part or self.part, list(loops))
        root = ElementTree.fromstring(drawing.svg())
        return [
            element.text
            for element in root.iter('{http://www.w3.org/2000/svg}text')
        ]

    def test_lanes(self):
        """A picture has tasks, reactor, numbers and what lasted."""
        texts = self.texts(BROKEN)
        for text in (
            BROKEN.script,
            findings.turns(BROKEN),
            *(task.name for task in BROKEN.tasks),
            'reactor',
            'PoetrySocket.doRead, task 1: 3.0 s',
        ):
            self.assertIn(text, texts)

    def test_rows(self):
        """A few short turns have a row each, and their partners a column."""
        part = BOOK.part('14')
        (loop,) = facts.recorded_loops(BOOK, part).loops
        texts = self.texts(loop, part=part)
        for text in 'clients', 'port 10000', 'fascination', 'reactor':
            self.assertIn(text, texts)
        names = [turn.name for turn in loop.turns]
        rows = [text.split(',')[0] for text in texts]
        self.assertEqual([row for row in rows if row in names], names)

    def test_finding(self):
        """The title is the finding if its scripts are there, and all."""
        loops = facts.recorded_loops(BOOK, self.part).loops
        drawing = loop_picture.picture(self.part, loops)
        self.assertEqual(drawing.title, self.part.loop.finding)
        drawing = loop_picture.picture(self.part, [BROKEN])
        self.assertTrue(drawing.title.startswith('Part 4'))

    def test_terminal(self):
        """In a terminal a column shows what lasts, and what waits."""
        lines = [
            text.plain for text in loop_text.drawn(self.part, [BROKEN], 60)
        ]
        lanes = {
            line[2:21].strip(): ''.join(dict.fromkeys(line[22:].strip()))
            for line in lines
            if line.startswith('  ')
        }
        self.assertEqual(
            (lanes['Task 1: ecstasy'], lanes['Task 2: fascination']),
            ('| ', ':|'),
        )
        self.assertEqual(lanes['reactor'], '# ')
        self.assertIn(findings.turns(BROKEN), lines)
        for line in lines:
            if line.startswith('  '):
                self.assertLessEqual(len(line), 60)

    def test_rows_in_terminal(self):
        """So do rows: from or to whom, how much, and waits between them."""
        part = BOOK.part('14')
        (loop,) = facts.recorded_loops(BOOK, part).loops
        text = '\n'.join(t.plain for t in loop_text.drawn(part, [loop], 80))
        for line in (
            'PoetryProxyFactory.buildProtocol <- clients (10000)',
            'PoetryProtocol.connectionMade -> fascination (10001)',
            'dataReceived <- fascination (10001), 623 bytes',
            'doWrite -> clients (10000)',
        ):
            self.assertIn(line, text)
        self.assertRegex(text, r'\n {11}waits \d+ ms')


class PlayedTests(TestCase):
    """Scripts that run, traced."""

    timeout = PATIENCE

    async def test_broken(self):
        """Client 1.0 and its twin: many turns, or three."""
        good, broken = await loops_of(FORKING, BOOK, BOOK.part('4'), Pace(20))
        self.assertGreater(len(good.turns), 20)
        self.assertEqual(len(broken.turns), 3)
        for loop in good, broken:
            self.assertEqual(
                [sum(task.sizes) for task in loop.tasks],
                [len(POEMS[task.poem]) for task in loop.tasks],
            )
        # what comes counts, and not what the client tells
        waiting = [list(loop_picture.waits(broken, t)) for t in broken.tasks]
        self.assertTrue(any(waiting))

    async def test_nothing(self):
        """A part without a reactor has no turns."""
        part = BOOK.part('20')
        with self.assertRaises(TurnsError):
            await loops_of(FORKING, BOOK, part, Pace())


class CommandTests(TestCase):
    """The command as its users meet it."""

    timeout = PATIENCE

    async def test_command(self):
        """It plays a scene and draws it, into a file if one is named."""
        path = Path(self.mktemp() + '.svg').absolute()
        words = '-m', 'tour', 'loop', '2', '--scene', '5', '--speed', '50'
        result = await run(*words, '--output', str(path))
        self.assertEqual((result.status, result.err), (0, ''))
        self.assertIn(f'{path}: written\n', result.out)
        self.assertIn('Task 2: science', path.read_text())

    def test_bad_input(self):
        """Bad input is told in a line."""
        for words, error in (
            (('20',), 'Part 20 has no scripts with a reactor.'),
            (('4', '--output', 'x.pdf'), 'Not the name of an .svg'),
        ):
            result = told('loop', *words)
            self.assertEqual(result.status, 1)
            self.assertIn(error, result.err.splitlines()[0])
