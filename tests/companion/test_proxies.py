"""One suite of behaviour for all proxies, and what each can do."""

import re
from dataclasses import dataclass

from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.error import ConnectError, ConnectionLost
from twisted.trial.unittest import TestCase

from tests.companion.support import (
    PATIENCE,
    POEMS,
    Server,
    begin,
    connect,
    fetch,
    lines_of,
    port_of,
    refused_port,
    run,
)


@dataclass(frozen=True)
class Proxy:
    """
    What a version of the proxy can do.

    cancels: it stops fetching a poem when its reader has left.
    """

    script: str
    cancels: bool = False


PROXIES = [
    Proxy('twisted-server-1/poetry-proxy.py'),
    Proxy('twisted-server-2/poetry-proxy.py'),
    Proxy('twisted-server-4/poetry-proxy.py', cancels=True),
    Proxy('twisted-server-5/poetry-proxy.py', cancels=True),
]

BAD_INPUT = {
    'two servers': (('10000', '10001'), 'unrecognized arguments: 10001'),
    'no number': (('poetry',), 'error: Ports must be integers.'),
    'negative': (('-1',), 'error: Ports must be integers.'),
    'too large': (('65536',), 'between 0 and 65535'),
    'bad port': (('--port', 'x', '10000'), '--port'),
    'port too large': (('--port', '65536', '10000'), 'between 0 and 65535'),
}


class ProxyTests:
    """What must hold for ``self.proxy``."""

    proxy: Proxy
    timeout = PATIENCE

    async def begin(self, address):
        """Start the proxy; return the program and its port."""
        program = begin(self, self.proxy.script, address)
        return program, await port_of(program)

    async def begin_half(self):
        """
        Start the proxy, and have it fetch half a poem for a reader.

        Returns the origin, the program and its port, the reader, and the
        proxy's connection to the origin.
        """
        origin = Server(self)
        program, port = await self.begin(origin.port)
        reader = await connect(self, port)
        connection = await origin.connection()
        await connection.send(b'Roses ')
        return origin, program, port, reader, connection

    async def said(self, program, count):
        """Return so many lines, after the one about where it listens."""
        first, *said = await lines_of(program, 1 + count)
        self.assertRegex(first, r'^Proxying .* on ')
        return said

    async def test_fetched_once(self):
        """The poem is fetched once and then comes from the cache."""
        poem = bytes(range(256)) * 100
        origin = Server(self, poem)
        program, port = await self.begin(f'localhost:{origin.port}')
        for _ in range(3):
            self.assertEqual(await fetch(self, port), poem)
        self.assertEqual(len(origin.connections), 1)
        self.assertEqual(
            await self.said(program, 3),
            ['Fetching poem from server.'] + ['Using cached poem.'] * 2,
        )

    async def test_origin_gone(self):
        """A cached poem is served when its server is gone."""
        origin = begin(
            self, 'twisted-server-1/fastpoetry.py', 'poetry/science.txt'
        )
        _, port = await self.begin(str(await port_of(origin)))
        self.assertEqual(await fetch(self, port), POEMS['science'])
        origin.kill()
        await origin.when_ended()
        self.assertEqual(await fetch(self, port), POEMS['science'])

    async def test_big_poem(self):
        """Twenty megabytes are no trouble."""
        poem = b'Poetry and so on.\r\n' * 1_000_000
        _, port = await self.begin(Server(self, poem).port)
        for _ in range(2):
            self.assertTrue(await fetch(self, port) == poem)

    async def test_empty_poem(self):
        """Nothing is a poem, too, and is cached."""
        origin = Server(self, b'')
        _, port = await self.begin(origin.port)
        for _ in range(2):
            self.assertEqual(await fetch(self, port), b'')
        self.assertEqual(len(origin.connections), 1)

    async def assert_aborts(self, reading):
        """A reader is told by a lost connection, not by an empty poem."""
        # it may be lost so early that there was none
        await self.assertFailure(reading, ConnectionLost, ConnectError)

    async def test_refused(self):
        """A server that refuses is a failure, and is asked again."""
        refused = refused_port(self)
        program, port = await self.begin(refused)
        for _ in range(2):
            reading = Deferred.fromCoroutine(fetch(self, port))
            await self.assert_aborts(reading)
        said = await self.said(program, 4)
        self.assertEqual(said[::2], ['Fetching poem from server.'] * 2)
        for line in said[1::2]:
            self.assertRegex(line, '^Poem failed: Connection was refused')

    async def test_cut_off(self):
        """Half a poem is a failure, is not cached, and is fetched again."""
        origin, program, port, reader, connection = await self.begin_half()
        await connection.reset()
        await self.assert_aborts(reader.closed)
        self.assertEqual(reader.data, b'')
        origin.poem = b'Roses are red.'
        self.assertEqual(await fetch(self, port), b'Roses are red.')
        said = await self.said(program, 2)
        self.assertRegex(said[1], '^Poem failed: Connection to the other')

    async def test_two_readers(self):
        """Readers that come together have the same poem."""
        origin = Server(self, POEMS['jingyesi'])
        _, port = await self.begin(origin.port)
        readers = await gatherResults(
            Deferred.fromCoroutine(fetch(self, port)) for _ in range(20)
        )
        self.assertEqual(readers, [POEMS['jingyesi']] * 20)

    async def test_reader_leaves(self):
        """A reader who leaves costs nobody else anything."""
        origin, program, port, reader, connection = await self.begin_half()
        reader.transport.loseConnection()
        if self.proxy.cancels:
            await connection.closed
            self.assertEqual(
                await self.said(program, 2),
                ['Fetching poem from server.', 'Canceling poem download.'],
            )
        else:
            await connection.finish(b'are red.')
        origin.poem = b'Violets are blue.'
        poem = (
            b'Violets are blue.' if self.proxy.cancels else b'Roses are red.'
        )
        self.assertEqual(await fetch(self, port), poem)
        again = 'Fetching' if self.proxy.cancels else 'Using cached'
        await program.when_printed(again)
        self.assertNotIn('Traceback', '\n'.join(program.lines))

    async def test_bad_input(self):
        """Bad input is refused in a line."""
        for words, error in BAD_INPUT.values():
            result = await run(self.proxy.script, *words)
            self.assertNotEqual(result.status, 0)
            self.assertIn(error, result.err.splitlines()[-1])
            self.assertNotIn('Traceback', result.err)

    async def test_port_in_use(self):
        """So is a port in use."""
        taken = Server(self).port
        result = await run(self.proxy.script, '--port', taken, '10000')
        self.assertEqual(result.status, 1)
        self.assertRegex(
            result.err,
            rf'^Couldn\'t listen on localhost:{taken}: .*in use\.\n$',
        )

    async def test_without_address(self):
        """Without an address it prints its help and is content."""
        result = await run(self.proxy.script)
        self.assertEqual((result.status, result.err), (0, ''))
        self.assertIn('usage: ', result.out)


def _tests_of(proxy: Proxy) -> type[TestCase]:
    """Return the test case for a proxy."""
    name = re.sub(r'\W', '_', proxy.script.removesuffix('.py'))
    return type(name, (ProxyTests, TestCase), {'proxy': proxy})


for _case in map(_tests_of, PROXIES):
    globals()[_case.__name__] = _case
del _case
