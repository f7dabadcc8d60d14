"""What a transcript keeps of what programs print, and what it leaves out."""

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.companion.support import POEMS
from tour.book import Command
from tour.playing import Played
from tour.ports import Ports
from tour.reading import BASE
from tour.transcript import transcript


class TranscriptTests(SynchronousTestCase):
    """Lines go in as a program printed them, and come out as facts."""

    def facts(
        self,
        *lines,
        text='python twisted-client-2/get-poetry.py 10000',
        status=0,
        replaced=(),
    ):
        """Return the lines of a transcript, without the command."""
        command = Command(text=text)
        ports = Ports([])
        ports.replaced.update(replaced)
        played = Played(command, list(lines), status)
        made = transcript(BASE, ports, [played])
        first, *rest = made.splitlines()
        self.assertEqual(first, f'$ {text}')
        return rest

    def test_lines_stay(self):
        """Lines and their order are facts."""
        self.assertEqual(self.facts('b', 'a', '', 'b'), ['b', 'a', '', 'b'])

    def test_exit_code(self):
        """So is the exit code, unless all went well."""
        self.assertEqual(self.facts('a', status=1), ['a', '[exit code 1]'])
        self.assertEqual(self.facts('a', '^C', status=None), ['a', '^C'])

    def test_ports(self):
        """Replaced ports are the written ones again; any port is PORT."""
        self.assertEqual(
            self.facts(
                'Serving x on port 54321.',
                "IPv4Address(type='TCP', host='127.0.0.1', port=54321)",
                'Somebody at 127.0.0.1:33333 wants poetry!',
                replaced={'10000': '54321'},
            ),
            [
                'Serving x on port 10000.',
                "IPv4Address(type='TCP', host='127.0.0.1', port=10000)",
                'Somebody at 127.0.0.1:PORT wants poetry!',
            ],
        )

    def test_aborted(self):
        """An aborted connection is lost, whether or not it was noticed."""
        text = "<class 'twisted.internet.error.{}'>: {}."
        lost = text.format(
            'ConnectionLost',
            'Connection to the other side was lost in a non-clean fashion',
        )
        told = 'An error occurred while connecting: {}'
        for what, kept in (
            ('104: Connection reset by peer', lost),
            ('54: Connection reset by peer', lost),
            ('113: No route to host', None),
        ):
            line = text.format('ConnectError', told.format(what))
            self.assertEqual(self.facts(line), [kept or line])

    def test_times_and_addresses(self):
        """Times, addresses in memory and absolute paths are no facts."""
        self.assertEqual(
            self.facts(
                'Got 3 poems in 0:00:10.126361',
                'Got 3 poems in 0:00:10',
                '=ERROR REPORT==== 21-Nov-2026::14:01:16.123456 ===',
                '<object at 0x7f00deadbeef>',
                f'{BASE}/poetry/science.txt',
            ),
            [
                'Got 3 poems in H:MM:SS',
                'Got 3 poems in H:MM:SS',
                '=ERROR REPORT==== DD-Mon-YYYY::HH:MM:SS ===',
                '<object at 0x...>',
                'poetry/science.txt',
            ],
        )

    def test_pieces(self):
        """Sizes and order of received pieces are no facts, their sum is."""
        self.assertEqual(
            self.facts(
                'Task 2: got 10 bytes of poetry from 127.0.0.1:10001',
                'Task 1: got 30 bytes of poetry from 127.0.0.1:10000',
                'Task 1: got 40 bytes of poetry from 127.0.0.1:10000',
                'Task 1: 70 bytes of poetry',
            ),
            [
                'Task 1: got n + ... + n = 70 bytes of poetry from'
                ' 127.0.0.1:10000',
                'Task 2: got 10 bytes of poetry from 127.0.0.1:10001',
                'Task 1: 70 bytes of poetry',
            ],
        )

    def test_peers(self):
        """Also where a client prints the whole address."""
        address = "IPv4Address(type='TCP', host='127.0.0.1', port=10000)"
        self.assertEqual(
            self.facts(
                f'Task 1: got 10 bytes of poetry from {address}',
                f'Task 1: got 20 bytes of poetry from {address}',
            ),
            [f'Task 1: got n + ... + n = 30 bytes of poetry from {address}'],
        )

    def test_sent_pieces(self):
        """What was sent is summed up, if it is a poem."""
        self.assertEqual(
            self.facts('Sending 500 bytes', 'Sending 153 bytes', 'end'),
            ['Sending 500 bytes', '... (653 bytes)', 'end'],
        )
        self.assertEqual(
            self.facts('Sending 500 bytes', 'Sending 152 bytes'),
            ['Sending 500 bytes', '... (not the whole poem)'],
        )

    def test_failures(self):
        """What went wrong comes before a poem, whenever it was printed."""
        said = 'Cannot connect to 127.0.0.1:10005: connection refused'
        poem = POEMS['fascination'].decode().split('\n')
        self.assertEqual(
            self.facts('begin', *poem, said, 'end'),
            ['begin', said, *poem, 'end'],
        )

    def test_outcomes(self):
        """Runs by chance are kept once for each outcome, in order."""
        server = Played(
            Command(text='serve 10000'),
            ['Serving', *['For 127.0.0.1:45678', 'Sent'] * 3, '^C'],
            None,
        )
        fetch = Command(text='fetch 10000', outcomes=2)
        runs = [Played(fetch, [line], 0) for line in ('b', 'b', 'a')]
        self.assertEqual(
            transcript(BASE, Ports([]), [server, *runs]).split('\n\n'),
            [
                '$ serve 10000\nServing\nFor 127.0.0.1:PORT\nSent\n^C',
                '$ fetch 10000\na',
                '$ fetch 10000\nb\n',
            ],
        )

    def test_repetition(self):
        """The same command twice is there twice; so are its lines."""
        again = Played(Command(text='fetch 10000'), ['a', 'a'], 0)
        self.assertEqual(
            transcript(BASE, Ports([]), [again, again]),
            '$ fetch 10000\na\na\n\n$ fetch 10000\na\na\n',
        )

    def test_poems(self):
        """The order of poems that follow each other is no fact."""
        one, other = (
            POEMS[name].decode().split('\n')
            for name in ('science', 'jingyesi')
        )
        self.assertEqual(
            self.facts('first', *one, *other, 'last'),
            self.facts('first', *other, *one, 'last'),
        )
        self.assertNotEqual(
            self.facts(*one, 'between', *other),
            self.facts(*other, 'between', *one),
        )

    def test_frames(self):
        """Of a traceback the script's own frames are kept."""
        script = 'twisted-client-2/get-poetry.py'
        site = Path(BASE, '.venv/lib/python3/site-packages/twisted/x.py')
        self.assertEqual(
            self.facts(
                'Traceback (most recent call last):',
                f'  File "{BASE}/{script}", line 5, in <module>',
                '    main()',
                '    ~~~~^^',
                f'  File "{site}", line 6, in run',
                '    self.go()',
                f'  File "{site}", line 7, in go',
                '    call()',
                'Exception: no',
                f'{BASE}/{script}:5:<module>',
                f'{site}:6:run',
                f'{site}:7:go',
                'end',
            ),
            [
                'Traceback (most recent call last):',
                f'  File "{script}", line 5, in <module>',
                '    main()',
                '  ...',
                'Exception: no',
                f'{script}:5:<module>',
                '  ...',
                'end',
            ],
        )
