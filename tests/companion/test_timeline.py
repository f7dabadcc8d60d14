"""What is measured of clients in time, and the picture of it."""

import sys
from pathlib import Path
from unittest import mock
from xml.etree import ElementTree

from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests.companion.forking import FORKING
from tests.companion.support import PATIENCE, POEMS, run
from tests.companion.told import told
from tour import findings, playing, svg, timeline
from tour.book import Scene
from tour.pace import Pace
from tour.reading import read_book
from tour.relays import Link
from tour.svg import DrawingError
from tour.timeline import (
    Client,
    Event,
    Outcome,
    Task,
    TimelineError,
    measured,
)
from tour.timeline_picture import picture
from tour.timeline_text import drawn

BOOK = read_book()
SIZES = [len(POEMS[name]) for name in ('ecstasy', 'fascination', 'science')]

SERVERS = (
    'python blocking-server/slowpoetry.py --port 10000 poetry/ecstasy.txt',
    'python blocking-server/slowpoetry.py --port 10001 poetry/science.txt',
)
PROXY = 'python twisted-server-1/poetry-proxy.py --port 10002 localhost:10001'
TRANSFORM = 'python twisted-server-1/transformedpoetry.py --port 11000'


class MeasuredTests(SynchronousTestCase):
    """Which event counts for which task."""

    def clients(self, commands, *happened, servers=SERVERS, transforming=()):
        """
        Return the clients of a scene.

        happened: (source, what[, connection]), as in Event, or None where
        the next command starts. A second passes each time; the servers
        start first.
        """
        scene = Scene(
            part='1',
            number=1,
            title='A test',
            servers=servers,
            commands=commands,
        )
        events = [Event(0, 'a server') for _ in servers]
        starts = iter(scene.commands)
        again = None
        for time, what in enumerate(happened, 1):
            if what is None:
                if again is None or again.outcomes == 1:
                    again = next(starts)
                text = again.text
                name = (again.script or 'odd/x.py').split('/')[0]
                events.append(Event(time, name, text=text))
            else:
                events.append(Event(time, *what))
        sizes = {name: len(poem) for name, poem in POEMS.items()}
        return measured(scene, events, sizes, frozenset(transforming))

    def pieces(self, *args, **kwargs):
        """Return those clients as (script, {task: pieces})."""
        return [
            (
                client.script,
                {
                    task.name: list(zip(task.times, task.sizes))
                    for task in client.tasks
                },
            )
            for client in self.clients(*args, **kwargs)
        ]

    def outcomes(self, *args, **kwargs):
        """Return the outcomes of the first client's tasks by number."""
        client, *_ = self.clients(*args, **kwargs)
        return {task.number: str(task.outcome) for task in client.tasks}

    def test_client_tells(self):
        """What a client tells counts, and not what comes its way."""
        self.assertEqual(
            self.pieces(
                ['python async-client/get-poetry.py 10000 localhost:10001'],
                None,
                ('10000', 99, 1),
                ('async-client', 'Task 2: got 7 bytes of poetry from x'),
                ('async-client', 'Task 1: got 5 bytes of poetry from x'),
                ('odd-client', 'Task 1: got 4 bytes of poetry from x'),
                ('async-client', 'Task 2: got 1 bytes of poetry from x'),
                ('async-client', 'Task 2: 8 bytes of poetry'),
            ),
            [
                (
                    'async-client/get-poetry.py',
                    {
                        'Task 1: ecstasy': [(3, 5)],
                        'Task 2: science': [(2, 7), (5, 1)],
                    },
                )
            ],
        )

    def test_client_is_silent(self):
        """Otherwise that counts, in the order of the client's addresses."""
        got = (
            'Task 1: got 10 bytes of poetry from 127.0.0.1:10001 in 0:00:01.0'
        )
        self.assertEqual(
            self.pieces(
                ['python blocking-client/get-poetry.py 10001 10000'],
                None,
                ('10001', Link.MADE, 7),
                ('10001', 10, 7),
                ('blocking-client', got),
                ('10000', Link.MADE, 8),
                ('10000', 30, 8),
            ),
            [
                (
                    'blocking-client/get-poetry.py',
                    {
                        'Task 1: science': [(2, 10)],
                        'Task 2: ecstasy': [(5, 30)],
                    },
                )
            ],
        )

    def test_one_server(self):
        """Two tasks of one server are two connections."""
        self.assertEqual(
            self.pieces(
                ['python twisted-client-4/get-poetry.py 10000 10000'],
                None,
                ('10000', Link.MADE, 1),
                ('10000', Link.MADE, 2),
                ('10000', 30, 2),
                ('10000', 20, 1),
            ),
            [
                (
                    'twisted-client-4/get-poetry.py',
                    {
                        'Task 1: ecstasy': [(4, 20)],
                        'Task 2: ecstasy': [(3, 30)],
                    },
                )
            ],
        )

    def test_clients_in_turn(self):
        """Each client has what came while it ran."""
        script = 'twisted-client-4/get-poetry.py'
        self.assertEqual(
            self.pieces(
                [f'python {script} 10000', 'python odd/x.py']
                + [f'python {script} 10000'],
                None,
                ('10000', Link.MADE, 1),
                ('10000', 1, 1),
                None,
                ('10000', Link.MADE, 2),
                ('10000', 2, 2),
                None,
                ('10000', Link.MADE, 3),
                ('10000', 3, 3),
            ),
            [
                (script, {'Task 1: ecstasy': [(2, 1)]}),
                (script, {'Task 1: ecstasy': [(2, 3)]}),
            ],
        )

    def test_several_runs(self):
        """Of a command that is run until all was seen the first run counts."""
        script = 'twisted-client-5/get-poetry.py'
        other = 'twisted-client-5/get-poetry-1.py'
        self.assertEqual(
            self.pieces(
                [
                    {'text': f'python {script} 10000', 'outcomes': 2},
                    f'python {other} 10000',
                ],
                *(None, ('10000', Link.MADE, 1), ('10000', 1, 1)),
                *(None, ('10000', Link.MADE, 2), ('10000', 2, 2)),
            )[0],
            (script, {'Task 1: ecstasy': [(2, 1)]}),
        )

    def test_proxy(self):
        """Behind a proxy is the poem of its server."""
        script = 'twisted-client-4/get-poetry.py'
        self.assertEqual(
            self.pieces(
                [f'python {script} 10002'],
                None,
                ('10002', Link.MADE, 1),
                ('10002', 4, 1),
                servers=[*SERVERS, PROXY],
            ),
            [(script, {'Task 1: science': [(2, 4)]})],
        )

    def test_transform_server(self):
        """The transform server is no task, also when it is down."""
        script = 'twisted-client-8/get-poetry.py'
        for servers in [*SERVERS, TRANSFORM], SERVERS:
            self.assertEqual(
                self.pieces(
                    [f'python {script} 11000 10004 10000 10001'],
                    None,
                    ('10001', Link.MADE, 1),
                    ('10000', Link.MADE, 2),
                    ('10001', 4, 1),
                    ('10000', 3, 2),
                    servers=servers,
                    transforming=[script],
                ),
                [
                    (
                        script,
                        {
                            'Task 1': [],
                            'Task 2: ecstasy': [(4, 3)],
                            'Task 3: science': [(3, 4)],
                        },
                    )
                ],
            )

    def test_which_transform(self):
        """From client 6.0 on the first address is a transform server's."""
        clients = timeline.transforming(BOOK)
        for number in 4, 5:
            script = f'twisted-client-{number}/get-poetry.py'
            self.assertNotIn(script, clients)
        for number in 6, 7, 8:
            script = f'twisted-client-{number}/get-poetry.py'
            self.assertIn(script, clients)

    def test_outcomes(self):
        """How a connection ended, and what came, is what became of it."""
        command = ['python twisted-client-4/get-poetry.py 10000 10004 10001']
        for how, size, outcome in (
            (Link.ENDED, SIZES[0], Outcome.COMPLETE),
            (Link.ENDED, 30, Outcome.CUT_OFF),
            (Link.ENDED, 0, Outcome.CUT_OFF),
            (Link.BROKEN, 30, Outcome.CUT_OFF),
            (Link.LEFT, 30, Outcome.CANCELLED),
            (Link.LEFT, SIZES[0], Outcome.COMPLETE),
        ):
            self.assertEqual(
                self.outcomes(
                    command,
                    None,
                    ('10000', Link.MADE, 1),
                    ('10000', size, 1),
                    ('10000', how, 1),
                ),
                {1: outcome, 2: Outcome.REFUSED, 3: Outcome.NEVER_BEGUN},
            )

    def test_late_end(self):
        """That a client left may come to light when the next one runs."""
        command = 'python twisted-client-4/get-poetry.py 10000'
        events = (
            *(None, ('10000', Link.MADE, 1), ('10000', 30, 1)),
            *(None, ('10000', Link.LEFT, 1), ('10000', Link.MADE, 2)),
        )
        one, two = self.clients([command, command], *events)
        self.assertEqual((one.tasks[0].total, one.tasks[0].ended), (30, 4))
        self.assertEqual((two.tasks[0].total, two.ready), (0, 2))

    def test_start(self):
        """Until the first line or connection, Python starts."""
        command = ['python twisted-client-4/get-poetry.py 10000']
        for first in ('10000', Link.MADE, 1), ('twisted-client-4', 'Hello'):
            (client,) = self.clients(
                command, None, ('other', 'Serving'), ('other', 'On'), first
            )
            self.assertEqual(client.ready, 3)


class PlayedTests(TestCase):
    """Real clients of real slow servers."""

    timeout = PATIENCE

    async def clients_of(self, id, *numbers, speed=20):
        part = BOOK.part(id)
        if numbers:
            scenes = tuple(part.scenes_by_number[n] for n in numbers)
            part = part.model_copy(update={'scenes': scenes})
        return await timeline.clients_of(FORKING, BOOK, part, Pace(speed))

    def watch(self):
        """Return a list that gets what commands do when they are played."""
        played = []

        async def play(*args):
            played.extend(await playing.play(*args))

        self.patch(timeline, 'play', play)
        return played

    async def test_race(self):
        """One task waits for the other, or they overlap."""
        # slow enough for a busy machine to see the pieces come
        blocking, asynchronous = await self.clients_of('2', 3, speed=8)
        self.assertEqual(blocking.script, 'blocking-client/get-poetry.py')
        for client in blocking, asynchronous:
            self.assertEqual([task.totals[-1] for task in client.tasks], SIZES)
            for task in client.tasks:
                self.assertEqual(task.times, sorted(task.times))
                self.assertGreater(len(task.times), 1)
        one, two, three = blocking.tasks
        self.assertLess(one.times[-1], two.times[0])
        self.assertLess(two.times[-1], three.times[0])
        self.assertTrue(blocking.in_turn)
        self.assertFalse(asynchronous.in_turn)
        first_end = min(task.times[-1] for task in asynchronous.tasks)
        for task in asynchronous.tasks:
            self.assertLess(task.times[0], first_end)

    async def test_all_kinds_of_servers(self):
        """Transform servers, proxies, daemons: the sums are right."""
        for id, count in ('13', 2), ('16', 3):
            clients = await self.clients_of(id)
            # a server may have its port in its script: all scenes count
            self.assertEqual(len(clients), count, id)
            sums = {task.total for client in clients for task in client.tasks}
            self.assertLessEqual(sums, set(SIZES), id)

    async def test_poem_that_fails(self):
        """A server that refuses is refused as ever, and is a failed task."""
        played = self.watch()
        (client,) = await self.clients_of('8', 1)
        self.assertEqual(
            [(task.number, task.outcome) for task in client.tasks],
            [
                (1, Outcome.COMPLETE),
                (2, Outcome.COMPLETE),
                (3, Outcome.REFUSED),
            ],
        )
        (lines,) = (p.lines for p in played if '10004' in p.command.text)
        refused = [line for line in lines if line.startswith('Poem failed')]
        self.assertEqual(len(refused), 1, lines)
        self.assertIn('refused', refused[0])

    async def test_aborted(self):
        """A connection that a server aborts is aborted for its client."""
        played = self.watch()
        (client,) = await self.clients_of('14', 4)
        (task,) = client.tasks
        self.assertEqual((task.outcome, task.total), (Outcome.CUT_OFF, 0))
        self.assertIn('Poem failed', played[-1].lines[0])

    async def test_cancelled(self):
        """A client that goes before its poem has come has cancelled it."""
        outcomes = [
            task.outcome
            for client in await self.clients_of('19', speed=8)
            for task in client.tasks
        ]
        self.assertEqual(
            outcomes,
            [Outcome.CANCELLED, Outcome.COMPLETE, Outcome.COMPLETE],
        )

    async def test_no_clients(self):
        """A part without clients has nothing to draw."""
        for id in '7', '9':
            with self.assertRaises(TimelineError):
                await self.clients_of(id)


def client(scene, *tasks, ready=0.5):
    """Return a client of a scene of Part 2."""
    return Client(scene, f'client-{scene}/get-poetry.py', [*tasks], ready)


def task(number, poem, start, *pieces, **kwargs):
    """Return a task that is connected at start; pieces: (time, size)."""
    times, sizes = map(list, zip(*pieces)) if pieces else ([], [])
    kwargs.setdefault('ended', times[-1] if times else start)
    whole = sum(sizes)
    return Task(number, poem, whole, times, sizes, start, **kwargs)


IN_TURN = client(
    3,
    task(1, 'ecstasy', 0.5, (1, 3000), (3, 3)),
    task(2, 'science', 3, (3.5, 300), (5, 353)),
)
AT_ONCE = client(
    4,
    task(1, 'ecstasy', 0.5, (1, 3000), (3, 3)),
    task(2, 'science', 0.5, (1.5, 300), (2.5, 353)),
)
FAILING = client(
    5,
    task(1, 'ecstasy', 0.5, (1, 3000), (3, 3)),
    Task(2, ended=0.5, outcome=Outcome.REFUSED),
    Task(3, 'science', 653, [1], [10], 0.5, 2, Outcome.CANCELLED),
)


class FindingTests(SynchronousTestCase):
    """What the time of a client consists of."""

    def test_findings(self):
        """Tasks in turn are a sum, tasks at once a maximum."""
        for measured_, says in (
            (IN_TURN, 'client-3/get-poetry.py, 5.0 s: the sum of its tasks'),
            (
                AT_ONCE,
                'client-4/get-poetry.py, 3.0 s: as long as its longest task',
            ),
            (FAILING, 'client-5/get-poetry.py, 3.0 s: 1 of 3 poems came'),
            (
                client(3, task(1, 'x', 1, (2, 1))),
                'client-3/get-poetry.py, 2.0 s',
            ),
        ):
            self.assertEqual(findings.finding(measured_), says)

    def test_results(self):
        """Who failed, and how far it came, is said."""
        self.assertEqual(
            [findings.result(task) for task in FAILING.tasks],
            [
                '3003 bytes',
                'refused: nobody listens',
                'cancelled after 10 of 653 bytes',
            ],
        )


class DrawTests(SynchronousTestCase):
    """The picture: what it says, and in which order."""

    part = BOOK.part('2')

    def texts(self, *clients, speed=1):
        """Return the lines of text of a picture with their (x, y)."""
        drawing = picture(self.part, list(clients), speed)
        root = ElementTree.fromstring(drawing.svg())
        return {
            element.text: (float(element.get('x')), float(element.get('y')))
            for element in root.iter('{http://www.w3.org/2000/svg}text')
        }

    def test_order(self):
        """Clients, tasks and results come in their order, names in front."""
        texts = self.texts(IN_TURN, AT_ONCE)
        wanted = [
            f'Part 2: {self.part.title}',
            f'Scene 3. {self.part.scenes[2].title}',
            findings.finding(IN_TURN),
            'the sum: 4.5 s',
            f'Scene 4. {self.part.scenes[3].title}',
            findings.finding(AT_ONCE),
            'Task 1: ecstasy',
            '3003 bytes',
            'Task 2: science',
            '653 bytes',
            'the maximum: 2.5 s, Task 1',
            'seconds since the client was started',
        ]
        heights = [texts[text][1] for text in wanted]
        self.assertEqual(heights, sorted(heights))
        self.assertLess(texts['Task 1: ecstasy'], texts['3003 bytes'])

    def test_ticks(self):
        """There is a tick for each piece, where its time is."""
        root = ElementTree.fromstring(picture(self.part, [IN_TURN]).svg())
        paths = root.iter('{http://www.w3.org/2000/svg}path')
        ticks = [path.get('d').count('M') for path in paths]
        self.assertEqual(ticks, [2, 2])

    def test_failures(self):
        """What failed is drawn, and says how."""
        texts = self.texts(FAILING)
        for task_ in FAILING.tasks:
            self.assertIn(findings.result(task_), texts)
        self.assertIn('Task 2', texts)

    def test_speed(self):
        """If the servers were hurried, the title says so."""
        title, *_ = self.texts(IN_TURN, speed=20)
        self.assertIn('20 times as fast', title)
        title, *_ = self.texts(IN_TURN)
        self.assertNotIn('times', title)

    def test_text(self):
        """In a terminal a lane shows start, waiting, pieces and failures."""
        lines = [
            text.plain for text in drawn(self.part, [IN_TURN, FAILING], 60)
        ]
        for line in lines:
            if line.startswith('  '):
                self.assertLessEqual(len(line), 60)
        rows = [line[18:].split('  ')[0] for line in lines if 'Task ' in line]
        self.assertEqual(
            [''.join(dict.fromkeys(row.strip())) for row in rows],
            ['~.|', '~', '~.|', '~x', '~.|x'],
        )

    def test_narrow(self):
        """It can be drawn in a narrow terminal, too."""
        self.assertTrue(drawn(self.part, [IN_TURN], 20))


class DrawingTests(SynchronousTestCase):
    """What holds for all drawings."""

    def setUp(self):
        self.drawing = svg.Drawing('A title', 'It says more', 200)
        self.drawing.text(10, 20, 'a < b')
        self.drawing.bar(0, 0, 10, 10, hatched=True)

    def path(self, name):
        """Return the path of a file in a new directory."""
        path = Path(self.mktemp())
        path.mkdir()
        return path / name

    def test_read_aloud(self):
        """Who hears it is told its title and description."""
        root = ElementTree.fromstring(self.drawing.svg())
        said = {e.get('id'): e.text for e in root if e.get('id')}
        self.assertEqual(said[root.get('aria-labelledby')], 'A title')
        self.assertEqual(said[root.get('aria-describedby')], 'It says more')

    def test_colour(self):
        """It has the colour of its page, and no ground."""
        for inline in True, False:
            text = self.drawing.svg(inline)
            root = ElementTree.fromstring(text)
            self.assertEqual(root.get('fill'), 'currentColor')
            self.assertNotIn('white', text)
            # as a file of its own it chooses; in a page it has no say
            self.assertEqual('prefers-color-scheme' in text, not inline)

    def test_hatched(self):
        """What is hatched finds its hatch, in a page with others, too."""
        other = svg.Drawing('Another', '', 200)
        other.bar(0, 0, 10, 10, hatched=True)
        ids = []
        for drawing in self.drawing, other:
            text = drawing.svg(inline=True)
            (pattern,) = ElementTree.fromstring(text).iter(
                '{http://www.w3.org/2000/svg}pattern'
            )
            self.assertIn(f'url(#{pattern.get("id")})', text)
            ids.append(pattern.get('id'))
        self.assertEqual(len(set(ids)), 2)

    def test_files(self):
        """It is saved as SVG, the same each time, or as PNG."""
        first, second = self.path('a.svg'), self.path('a.svg')
        self.drawing.save(first)
        self.drawing.save(second)
        self.assertEqual(first.read_bytes(), second.read_bytes())
        png = self.path('a.png')
        self.drawing.save(png)
        self.assertTrue(png.read_bytes().startswith(b'\x89PNG\r\n'))

    def test_bad_path(self):
        """Other formats and directories that aren't there are refused."""
        for name in 'picture.pdf', 'picture', 'none/picture.svg':
            path = self.path(name)
            self.assertRaises(DrawingError, self.drawing.save, path)
            self.assertRaises(DrawingError, svg.check, path)

    def test_without_resvg(self):
        """Where PNG can't be made, a line says what to install."""
        with mock.patch.dict(sys.modules, resvg_py=None):
            error = self.assertRaises(
                DrawingError, svg.check, Path('picture.png')
            )
            svg.check(Path('picture.svg'))
        self.assertIn("pip install -e '.[site]'", str(error))


class CommandTests(TestCase):
    """The command as its users meet it."""

    timeout = PATIENCE

    async def test_command(self):
        """It plays a scene, draws into a file, and says where."""
        path = Path(self.mktemp() + '.svg').absolute()
        words = '-m', 'tour', 'timeline', '2', '--scene', '5', '--speed', '50'
        result = await run(*words, '--output', str(path))
        self.assertEqual((result.status, result.err), (0, ''))
        scene, written = result.out.splitlines()
        self.assertEqual(scene, f'Scene 5: {BOOK.part("2").scenes[4].title}')
        self.assertEqual(written, f'{path}: written')
        size = len(POEMS['science'])
        self.assertEqual(path.read_text().count(f'>{size} bytes<'), 2)

    async def test_terminal(self):
        """If no file is named, it draws with characters."""
        words = '-m', 'tour', 'timeline', '2', '--scene', '5', '--speed', '50'
        result = await run(*words)
        self.assertEqual((result.status, result.err), (0, ''))
        self.assertIn('50 times as fast', result.out)
        self.assertIn(': as long as its longest task', result.out)
        self.assertEqual(result.out.count('\n  Task '), 2)

    def test_bad_input(self):
        """Bad input is told in a line."""
        for words, status, error in (
            (('7',), 1, 'Part 7 has no clients to draw.'),
            (('99',), 2, 'There is no part 99. These are the parts:'),
            (('2', '--scene', '9'), 2, 'There is no scene 9.'),
            (('2', '--output', 'x.pdf'), 1, 'Not the name of an .svg'),
            (('2', '--output', 'no/x.svg'), 1, 'There is no directory no'),
        ):
            result = told('timeline', *words)
            self.assertEqual(result.status, status)
            self.assertIn(error, result.err.splitlines()[0])
            self.assertEqual(result.out.count('written'), 0)
