"""What is measured of clients in time, and the picture of it."""

import re
import sys
from pathlib import Path
from unittest import mock
from xml.etree import ElementTree

from twisted.internet import reactor
from twisted.trial.unittest import SkipTest, SynchronousTestCase, TestCase

from tests.companion.support import PATIENCE, POEMS, run
from tour import drawing, playing, timeline
from tour.book import Scene
from tour.place import Pace
from tour.reading import read_book
from tour.timeline import Client, Event, Task, TimelineError, measured

BOOK = read_book()
SIZES = [len(POEMS[name]) for name in ('ecstasy', 'fascination', 'science')]

SERVERS = (
    'python blocking-server/slowpoetry.py --port 10000 poetry/ecstasy.txt',
    'python blocking-server/slowpoetry.py --port 10001 poetry/science.txt',
)
PROXY = 'python twisted-server-1/poetry-proxy.py --port 10002 localhost:10001'
TRANSFORM = 'python twisted-server-1/transformedpoetry.py --port 11000'


def need_matplotlib():
    """Skip the test where there is none."""
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        raise SkipTest("needs matplotlib: pip install -e '.[site]'") from None


class MeasuredTests(SynchronousTestCase):
    """Which line counts for which task."""

    def measured(self, commands, *happened, servers=SERVERS):
        """
        Return the clients of a scene as (script, {task: pieces}).

        happened: (source, what), as in Event, or None where the next
        command starts. A second passes each time; the servers start first.
        """
        scene = Scene(
            part='1',
            number=1,
            title='A test',
            servers=servers,
            commands=commands,
        )
        events = [Event(0, 'a server') for _ in servers]
        for time, what in enumerate(happened, 1):
            events.append(Event(time, *(what or ('a client',))))
        return [
            (
                client.script,
                {
                    task.name: list(zip(task.times, task.sizes))
                    for task in client.tasks
                },
            )
            for client in measured(scene, events)
        ]

    def test_client_tells(self):
        """What a client tells counts, and not what comes its way."""
        self.assertEqual(
            self.measured(
                ['python async-client/get-poetry.py 10000 localhost:10001'],
                None,
                ('10000', 99),
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
            self.measured(
                ['python blocking-client/get-poetry.py 10001 10000'],
                None,
                ('10001', 10),
                ('blocking-client', got),
                ('10000', 30),
            ),
            [
                (
                    'blocking-client/get-poetry.py',
                    {
                        'Task 1: science': [(1, 10)],
                        'Task 2: ecstasy': [(3, 30)],
                    },
                )
            ],
        )

    def test_clients_in_turn(self):
        """Each client has what came while it ran."""
        script = 'twisted-client-4/get-poetry.py'
        self.assertEqual(
            self.measured(
                [f'python {script} 10000', 'python odd.py']
                + [f'python {script} 10000'],
                None,
                ('10000', 1),
                None,
                ('10000', 2),
                None,
                ('10000', 3),
            ),
            [
                (script, {'Task 1: ecstasy': [(1, 1)]}),
                (script, {'Task 1: ecstasy': [(1, 3)]}),
            ],
        )

    def test_proxy(self):
        """Behind a proxy is the poem of its server."""
        script = 'twisted-client-4/get-poetry.py'
        self.assertEqual(
            self.measured(
                [f'python {script} 10002'],
                None,
                ('10001', 4),
                ('10002', 4),
                servers=[*SERVERS, PROXY],
            ),
            [(script, {'Task 1: science': [(2, 4)]})],
        )

    def test_transform_server(self):
        """The transform server is no task, and who is down has nothing."""
        script = 'twisted-client-8/get-poetry.py'
        self.assertEqual(
            self.measured(
                [f'python {script} 11000 10004 10000 10001'],
                None,
                ('10001', 4),
                ('10000', 3),
                servers=[*SERVERS, TRANSFORM],
            ),
            [
                (
                    script,
                    {
                        'Task 2: ecstasy': [(2, 3)],
                        'Task 3: science': [(1, 4)],
                    },
                )
            ],
        )


class PlayedTests(TestCase):
    """Real clients of real slow servers."""

    timeout = PATIENCE

    async def clients_of(self, id, speed=20):
        part = BOOK.part(id)
        return await timeline.clients_of(reactor, BOOK, part, Pace(speed))

    async def test_race(self):
        """One task waits for the other, or they overlap."""
        # slow enough for a busy machine to see the pieces come
        blocking, asynchronous, *_ = await self.clients_of('2', speed=8)
        self.assertEqual(blocking.script, 'blocking-client/get-poetry.py')
        for client in blocking, asynchronous:
            self.assertEqual([task.totals[-1] for task in client.tasks], SIZES)
            for task in client.tasks:
                self.assertEqual(task.times, sorted(task.times))
                self.assertGreater(len(task.times), 1)
        one, two, three = blocking.tasks
        self.assertLess(one.times[-1], two.times[0])
        self.assertLess(two.times[-1], three.times[0])
        first_end = min(task.times[-1] for task in asynchronous.tasks)
        for task in asynchronous.tasks:
            self.assertLess(task.times[0], first_end)

    async def test_all_kinds_of_servers(self):
        """Transform servers, proxies, daemons: the sums are right."""
        for id in '13', '14', '16', '19':
            clients = await self.clients_of(id)
            sums = {
                task.totals[-1] for client in clients for task in client.tasks
            }
            self.assertLessEqual(sums, set(SIZES), id)

    async def test_poem_that_fails(self):
        """A server that refuses is refused as ever, and is no task."""
        played = []

        async def play(*args):
            played.extend(await playing.play(*args))

        self.patch(timeline, 'play', play)
        client, _ = await self.clients_of('8')
        self.assertEqual(len(client.tasks), 2)
        (lines,) = (p.lines for p in played if '10004' in p.command.text)
        refused = [line for line in lines if line.startswith('Poem failed')]
        self.assertEqual(len(refused), 1, lines)
        self.assertIn('refused', refused[0])

    async def test_port_in_script(self):
        """A server may have its port in its script: all scenes count."""
        clients = await self.clients_of('16')
        self.assertEqual(len(clients), 3)

    async def test_no_clients(self):
        """A part without clients has nothing to draw."""
        for id in '7', '9':
            with self.assertRaises(TimelineError):
                await self.clients_of(id)


class DrawTests(SynchronousTestCase):
    """The picture as a file."""

    def setUp(self):
        need_matplotlib()
        self.clients = [
            Client(
                n,
                f'client-{n}/get-poetry.py',
                [
                    Task('Task 1: ecstasy', [1.0, 2.0], [3000, 3]),
                    Task('Task 2: science', [n * 8.0], [653]),
                ],
            )
            for n in (1, 2)
        ]

    def draw(self, name):
        """Draw the clients; return the path of the picture."""
        path = Path(self.mktemp())
        path.mkdir()
        drawing.draw(self.clients, 'A title', path / name)
        return path / name

    def test_svg(self):
        """An SVG has all names and sums as text, and says who waits."""
        root = ElementTree.parse(self.draw('picture.svg')).getroot()
        self.assertEqual(root.tag, '{http://www.w3.org/2000/svg}svg')
        text = [element.text for element in root.iter() if element.text]
        for line, count in (
            ('A title', 1),
            ('Scene 1: client-1/get-poetry.py, 8.0 s', 1),
            ('Scene 2: client-2/get-poetry.py, 16.0 s', 1),
            ('Task 1: ecstasy', 2),
            ('Task 2: science', 2),
            ('3003 bytes', 2),
            ('653 bytes', 2),
            # the first tasks do so, but not long enough for a word
            ('waiting', 2),
            ('seconds since the client was started', 1),
        ):
            drawn = [t for t in text if t.strip() == line]
            self.assertGreaterEqual(len(drawn), count, line)

    def test_one_scene(self):
        """The scene is named only where there are several."""
        self.assertIn('Scene 1: client-1/get-poetry.py, 8.0 s', self.texts())
        del self.clients[1]
        self.assertIn('client-1/get-poetry.py, 8.0 s', self.texts())

    def test_waiting(self):
        """Only who waits for a good part of the axis is said to wait."""
        self.assertEqual(self.texts().count('waiting'), 2)
        short = Client(3, 'short', [Task('Task 1', [1.0], [10])])
        self.clients = [short, self.clients[1]]
        self.assertEqual(self.texts().count('waiting'), 1)

    def test_one_axis(self):
        """All clients have one axis, labelled once."""
        numbers = [
            float(text)
            for text in self.texts()
            if re.fullmatch(r'[\d.]+', text)
        ]
        self.assertGreater(len(numbers), 2)
        self.assertEqual(len(numbers), len(set(numbers)), numbers)

    def test_order(self):
        """Clients and tasks come from top to bottom in their order."""
        heights = [
            self.height('Scene 1: client-1/get-poetry.py, 8.0 s'),
            self.height('Task 1: ecstasy'),
            self.height('Task 2: science'),
            self.height('Scene 2: client-2/get-poetry.py, 16.0 s'),
        ]
        self.assertEqual(heights, sorted(heights))
        self.assertLess(self.height('3003 bytes'), self.height('653 bytes'))

    def elements(self):
        """Return the text elements of an SVG."""
        root = ElementTree.parse(self.draw('picture.svg')).getroot()
        return list(root.iter('{http://www.w3.org/2000/svg}text'))

    def texts(self):
        """Return all text in the picture."""
        return [(element.text or '').strip() for element in self.elements()]

    def height(self, text):
        """Return how far below the top the text stands first."""
        (first, *_) = (e for e in self.elements() if e.text.strip() == text)
        if 'y' in first.attrib:
            return float(first.attrib['y'])
        return float(
            re.search(r'translate\(\S+ (\S+)\)', first.attrib['transform'])[1]
        )

    def test_same_again(self):
        """The same clients make the same file."""
        self.assertEqual(
            self.draw('picture.svg').read_bytes(),
            self.draw('picture.svg').read_bytes(),
        )

    def test_png(self):
        """So does a PNG."""
        data = self.draw('picture.png').read_bytes()
        self.assertTrue(data.startswith(b'\x89PNG\r\n'))

    def test_bad_path(self):
        """Other formats and directories that aren't there are refused."""
        for name in 'picture.pdf', 'picture', 'none/picture.svg':
            self.assertRaises(TimelineError, self.draw, name)


class MissingTests(SynchronousTestCase):
    """What the picture needs and may not be there."""

    def test_without_matplotlib(self):
        """Without matplotlib there is a line on how to install it."""
        with mock.patch.dict(sys.modules, matplotlib=None):
            error = self.assertRaises(
                TimelineError, drawing.check, Path('picture.svg')
            )
        self.assertIn("pip install -e '.[site]'", str(error))


class CommandTests(TestCase):
    """The command as its users meet it."""

    timeout = PATIENCE

    async def test_command(self):
        """It plays, draws, and says where."""
        need_matplotlib()
        path = Path(self.mktemp() + '.svg').absolute()
        result = await run(
            *('-m', 'tour', 'timeline', '2', '--speed', '20'),
            *('--output', str(path)),
        )
        self.assertEqual((result.status, result.err), (0, ''))
        self.assertEqual(
            result.out,
            'Scene 3: Three slow servers, a blocking and an asynchronous'
            ' client\n'
            "Scene 4: One server is slower: the other tasks don't wait for"
            ' it\n'
            'Scene 5: One blocking server: its second client waits\n'
            f'{path}: written\n',
        )
        for size, count in zip(SIZES, (3, 3, 5)):
            self.assertEqual(path.read_text().count(f'>{size} bytes<'), count)

    async def test_scene(self):
        """It draws just one scene, if that is asked for."""
        need_matplotlib()
        path = Path(self.mktemp() + '.svg').absolute()
        result = await run(
            *('-m', 'tour', 'timeline', '2', '--speed', '20'),
            *('--scene', '3', '--output', str(path)),
        )
        self.assertEqual((result.status, result.err), (0, ''))
        scene, written = result.out.splitlines()
        self.assertTrue(scene.startswith('Scene 3: '), scene)
        for size in SIZES:
            self.assertEqual(path.read_text().count(f'>{size} bytes<'), 2)

    async def test_bad_input(self):
        """Bad input is told in a line."""
        need_matplotlib()
        for words, status, error in (
            (('7',), 1, 'Part 7 has no clients to draw.'),
            (('99',), 2, 'There is no part 99. These are the parts:'),
            (('2', '--scene', '9'), 2, 'There is no scene 9.'),
            (('2', '--output', 'x.pdf'), 1, 'Not the name of an .svg'),
            (('2', '--output', 'no/x.svg'), 1, 'There is no directory no'),
        ):
            result = await run('-m', 'tour', 'timeline', *words)
            self.assertEqual(result.status, status)
            self.assertIn(error, result.err.splitlines()[0])
            self.assertEqual(result.out.count('written'), 0)
