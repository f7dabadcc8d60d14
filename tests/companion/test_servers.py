"""One suite of behaviour for all poetry servers."""

import os
import re
import socket
from dataclasses import dataclass

from twisted.internet import reactor
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.error import ConnectionRefusedError
from twisted.trial.unittest import TestCase

from tests.companion.support import (
    PATIENCE,
    POEMS,
    begin,
    connect,
    fetch,
    port_of,
    refused_port,
    run,
)
from tour.ports import Ports

POEM = 'poetry/science.txt'


@dataclass(frozen=True)
class ServerScript:
    """
    What a server can do.

    slow: it sends num-bytes at a time and waits after each of them, and it
    serves one client after the other.
    """

    script: str
    slow: bool = False

    @property
    def hurry(self) -> tuple[str, ...]:
        """The options that make it quick."""
        return ('--delay', '0') if self.slow else ()


SERVERS = [
    ServerScript('blocking-server/slowpoetry.py', slow=True),
    ServerScript('twisted-server-1/fastpoetry.py'),
]

BAD_INPUT = {
    'no poem': ((), 'poetry_file'),
    'missing poem': (('poetry/none.txt',), 'poetry/none.txt'),
    'directory': (('poetry',), 'poetry'),
    'two poems': ((POEM, POEM), 'unrecognized arguments'),
    'port is no number': (('--port', 'x', POEM), '--port'),
    'port too large': (('--port', '65536', POEM), 'between 0 and 65535'),
    'negative port': (('--port', '-1', POEM), 'between 0 and 65535'),
}

BAD_PACE = {
    'nothing at a time': (('--num-bytes', '0', POEM), '--num-bytes'),
    'less than nothing': (('--num-bytes', '-5', POEM), '--num-bytes'),
    'no count': (('--num-bytes', 'x', POEM), '--num-bytes'),
    'negative delay': (('--delay', '-1', POEM), '--delay'),
    'strange delay': (('--delay', 'x', POEM), '--delay'),
}


class ServerTests:
    """What must hold for ``self.server``."""

    server: ServerScript
    timeout = PATIENCE

    def begin(self, *words):
        return begin(self, self.server.script, *words)

    async def connect(self, port):
        """Return a Reader that is connected to the port."""
        return await connect(self, port)

    async def fetch(self, port):
        """Return the bytes of the poem that is served there."""
        return await fetch(self, port)

    def write(self, data):
        """Return the path of a file with the data."""
        path = self.mktemp()
        with open(path, 'wb') as file:
            file.write(data)
        return os.path.abspath(path)

    async def assert_refused(self, words, error):
        """The command line ends in a line with the error, at once."""
        result = await run(self.server.script, *words)
        self.assertNotEqual(result.status, 0)
        self.assertIn(error, result.err.splitlines()[-1])
        self.assertNotIn('Traceback', result.err)
        self.assertEqual(result.out, '')

    async def test_every_poem(self):
        """Every poem arrives as it is on the disk, time and again."""
        for name, poem in POEMS.items():
            file = f'poetry/{name}.txt'
            server = self.begin(file, *self.server.hurry)
            port = await port_of(server)
            self.assertIn(f'Serving {file} on ', server.lines[0])
            for _ in range(2):
                self.assertEqual(await self.fetch(port), poem)

    async def test_no_poem_at_all(self):
        """An empty file is an empty poem."""
        port = await port_of(self.begin(self.write(b'')))
        self.assertEqual(await self.fetch(port), b'')

    async def test_given_port_and_interface(self):
        """It listens where it is told to, and there only."""
        # ours on 127.0.0.1, where nobody listens
        number = refused_port(self)
        server = self.begin('--port', number, '--iface', '127.0.0.2', POEM)
        port = await port_of(server)
        self.assertEqual(port, int(number))
        reader = await connect(self, port, '127.0.0.2')
        await reader.some()
        refused = self.connect(port)
        await self.assertFailure(
            Deferred.fromCoroutine(refused), ConnectionRefusedError
        )

    async def test_port_in_use(self):
        """A port that somebody listens on is refused in a line."""
        with socket.create_server(('127.0.0.1', 0)) as sock:
            _, port = sock.getsockname()
            await self.assert_refused(
                ('--port', str(port), POEM), 'Address already in use'
            )

    async def test_same_port_again(self):
        """A port can be used again as soon as its server has ended."""
        # nobody else is given this port meanwhile
        ports = Ports(['10000'], keep=False)
        self.addCleanup(ports.release)
        port = int(ports.replaced['10000'])
        first = self.begin('--port', str(port), POEM, *self.server.hurry)
        self.assertEqual(await port_of(first), port)
        await self.fetch(port)
        first.interrupt()
        await first.when_ended()
        second = self.begin('--port', str(port), POEM, *self.server.hurry)
        self.assertEqual(await port_of(second), port)

    async def test_bad_input(self):
        """Bad input is refused before anything is served."""
        bad = {**BAD_INPUT, **(BAD_PACE if self.server.slow else {})}
        await gatherResults(
            Deferred.fromCoroutine(self.assert_refused(words, error))
            for words, error in bad.values()
        )

    async def test_unreadable_poem(self):
        """A poem that may not be read is refused in a line."""
        if os.geteuid() == 0:
            # nothing is unreadable for root, except what is no file
            path = '/proc/self/mem'
        else:
            path = self.write(b'secret')
            os.chmod(path, 0)
        await self.assert_refused((path,), path)


class SlowServerTests:
    """What must hold for a server that serves slowly, one after the other."""

    async def said_by(self, server):
        """End a server; return what it has said since it listened."""
        server.interrupt()
        # only then all has been read that it had printed
        await server.when_ended()
        return [line for line in server.lines[1:] if line != '^C']

    async def test_what_it_says(self):
        """It says who comes and what it sends."""
        server = self.begin('--num-bytes', '500', '--delay', '0', POEM)
        reader = await self.connect(await port_of(server))
        client = reader.transport.getHost()
        await reader.closed
        self.assertEqual(
            await self.said_by(server),
            [
                f'Somebody at 127.0.0.1:{client.port} wants poetry!',
                'Sending 500 bytes',
                'Sending 153 bytes',
            ],
        )

    async def test_ten_bytes_at_a_time(self):
        """Ten bytes are sent at a time if nothing else is said."""
        server = self.begin(POEM, '--delay', '0')
        await self.fetch(await port_of(server))
        _, *sizes = await self.said_by(server)
        self.assertEqual(
            sizes, ['Sending 10 bytes'] * 65 + ['Sending 3 bytes']
        )

    async def test_delay(self):
        """It waits after each piece: a while by default, or as it is told."""
        poem = self.write(b'x' * 50)
        for words, delay in (('--delay', '0.2'), 0.2), ((), 0.1):
            port = await port_of(self.begin(poem, *words))
            start = reactor.seconds()
            self.assertEqual(await self.fetch(port), b'x' * 50)
            # the machine may make it longer, but nothing makes it shorter
            pieces = 50 / 10
            self.assertGreater(reactor.seconds() - start, pieces * delay)
        help_text = (await run(self.server.script, '--help')).out
        self.assertIn('(default: 0.1)', help_text)

    async def test_one_at_a_time(self):
        """A second client waits until the first has its poem."""
        server = self.begin(POEM, '--delay', '0.01')
        port = await port_of(server)
        readers = [await self.connect(port) for _ in range(2)]
        for reader in readers:
            self.assertEqual(await reader.closed, POEMS['science'])
        said = await self.said_by(server)
        self.assertEqual(
            [line.split()[0] for line in said],
            ['Somebody', *['Sending'] * 66] * 2,
        )

    async def test_client_leaves(self):
        """Who leaves in the middle ends that serving, not the server."""
        server = self.begin(POEM, '--delay', '0.01')
        port = await port_of(server)
        for leave in 'abortConnection', 'loseConnection':
            reader = await self.connect(port)
            await reader.some()
            getattr(reader.transport, leave)()
        self.assertEqual(await self.fetch(port), POEMS['science'])
        said = await self.said_by(server)
        self.assertNotIn('Traceback', '\n'.join(said))


class FastServerTests:
    """What must hold for a server that serves everybody at once."""

    async def test_many_at_once(self):
        """Many clients have their poems at the same time."""
        poem = b'poetry' * 500_000
        port = await port_of(self.begin(self.write(poem)))
        readers = []
        for _ in range(50):
            reader = await self.connect(port)
            await reader.some()
            reader.transport.pauseProducing()
            readers.append(reader)
        # each has a part of it, and nobody all of it
        self.assertFalse(any(reader.closed.called for reader in readers))
        for reader in readers:
            reader.transport.resumeProducing()
        for reader in readers:
            self.assertTrue(await reader.closed == poem)

    async def test_client_that_does_not_read(self):
        """Who doesn't read keeps nobody from reading."""
        poem = b'poetry' * 1_000_000
        port = await port_of(self.begin(self.write(poem)))
        lazy = await self.connect(port)
        lazy.transport.pauseProducing()
        self.assertTrue(await self.fetch(port) == poem)
        lazy.transport.resumeProducing()
        self.assertTrue(await lazy.closed == poem)


def _tests_of(server: ServerScript) -> type[TestCase]:
    """Return the test case for a server: all that applies to it."""
    suites: list[type] = [ServerTests]
    suites.append(SlowServerTests if server.slow else FastServerTests)
    name = re.sub(r'\W', '_', server.script.removesuffix('.py'))
    return type(name, (*suites, TestCase), {'server': server})


for _case in map(_tests_of, SERVERS):
    globals()[_case.__name__] = _case
del _case
