"""Scenes to type along; no process is started."""

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tour.book import Command, Scene
from tour.by_hand import ByHand
from tour.pace import Pace
from tour.reading import read_book

BOOK = read_book()


def scene(commands, servers=(), **fields):
    """Return a scene."""
    return Scene(
        part='1',
        number=2,
        title='A title',
        servers=servers,
        commands=commands,
        **fields,
    )


class ByHandTests(SynchronousTestCase):
    """What a reader types who does it without the tour."""

    def lines(self, *scenes, speed=1):
        """Return what is printed for scenes."""
        by_hand = ByHand(BOOK, Pace(speed), BOOK.base)
        return [
            text.plain for scene in scenes for text in by_hand.scene(scene, 3)
        ]

    def test_terminals(self):
        """Servers have terminals of their own, and are stopped at the end."""
        self.assertEqual(
            self.lines(
                scene(
                    ['python c.py 10000 10001'],
                    ['python a/a.py 10000', 'python a/a.py 10001'],
                )
            ),
            [
                '# Scene 2 of 3: A title',
                '# terminal 1, leave it running',
                'python a/a.py 10000',
                '# terminal 2, leave it running',
                'python a/a.py 10001',
                '# terminal 3',
                'python c.py 10000 10001',
                '# press Ctrl-C in terminals 1 and 2',
                '',
            ],
        )

    def test_directions(self):
        """It says when to press Ctrl-C, and what is meant to fail."""
        for fields, said in (
            (
                {'stop_after': 'Lately'},
                'press Ctrl-C when it has printed: Lately',
            ),
            (
                {'stop_after_server': 'Sending'},
                'press Ctrl-C when the server has printed: Sending',
            ),
            (
                {'stop_waiting': True},
                'it waits for ever: press Ctrl-C after a moment',
            ),
            ({'exit': 3}, 'it fails, with exit code 3'),
            (
                {'outcomes': 3},
                'type it again: there are 3 outcomes, by chance',
            ),
            (
                {'stop_servers_after': 'got'},
                'press Ctrl-C in terminal 1 when it has printed: got',
            ),
            ({'types': ['one', '']}, 'then type these lines:'),
        ):
            command = Command(text='python x.py', **fields)
            lines = self.lines(scene([command], ['python server.py']))
            after = lines[lines.index('python x.py') + 1 :]
            self.assertEqual(after[0], f'# {said}')
            typed = after[1 : 1 + len(command.types)]
            self.assertEqual(typed, list(command.types))
            # the servers are stopped once
            stops = [line for line in lines if 'Ctrl-C in terminal' in line]
            self.assertEqual(len(stops), 1)

    def test_daemon(self):
        """It says what must not run before."""
        lines = self.lines(scene(['twistd x'], daemon='x.pid'))
        self.assertIn('# type kill `cat x.pid` before', lines)
        self.assertLess(
            lines.index('# type kill `cat x.pid` before'),
            lines.index('twistd x'),
        )

    def test_directories(self):
        """Every way leads from where that terminal is."""
        first = scene(['cd one/', 'ls'], ['python a/a.py'])
        second = scene(['cd two/', 'cd three/', 'ls'], ['python a/a.py'])
        third = scene(['ls'])
        fourth = scene(['cd two/', 'ls'])
        typed = [
            line
            for line in self.lines(first, second, third, fourth, first)
            if line and line[0] != '#'
        ]
        self.assertEqual(
            typed,
            [
                'python a/a.py',  # in terminal 1, and the rest in 2
                'cd one',
                'ls',
                'python a/a.py',
                'cd ../two',
                'cd three',
                'ls',
                'ls',  # in terminal 1, which is still where it was
                'cd two',
                'ls',
                'cd ..',  # and there the server is started
                'python a/a.py',
                'cd ../../one',
                'ls',
            ],
        )

    def test_speed(self):
        """Servers are as slow as is asked for."""
        server = 'python blocking-server/slowpoetry.py poetry/science.txt'
        self.assertIn(
            f'{server} --delay 0.05',
            self.lines(scene([], [server]), speed=2),
        )

    def test_preparation(self):
        """Elsewhere, it begins with the way to the base directory."""
        here, there = (
            [
                text.plain
                for text in ByHand(BOOK, Pace(), start).preparation()
                if text.plain.startswith('cd ')
            ]
            for start in (BOOK.base, Path('/'))
        )
        self.assertEqual(here, [])
        self.assertEqual(there, [f'cd {str(BOOK.base).lstrip("/")}'])

    def test_all(self):
        """All commands of the book are there, and fit to be copied."""
        for part in BOOK.parts:
            for one in part.scenes:
                lines = self.lines(one)
                for command in one.all:
                    if command.goes_to is None:
                        self.assertIn(command.text, lines)
                for line in lines:
                    if line.startswith('#'):
                        self.assertLessEqual(len(line), 80, line)
