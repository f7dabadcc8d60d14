"""What the stages of `today` can do beyond their neighbours' suites."""

import json
import os
import socket
import sys
import tempfile
from pathlib import Path

from twisted.internet import reactor
from twisted.internet.defer import gatherResults
from twisted.internet.endpoints import UNIXServerEndpoint
from twisted.internet.error import ConnectionLost
from twisted.trial.unittest import TestCase

from tests.companion.support import (
    PATIENCE,
    POEMS,
    Server,
    begin,
    begin_program,
    connect,
    fetch,
    lines_of,
    port_of,
    refused_port,
    run,
    run_program,
)

SCRIPTS = Path(sys.executable).parent
"""The directory of the installed programs."""

PROXY = 'twisted-server-5/poetry-proxy.py'
FETCHING = 'Fetching poem from server.'
WAITING = 'Waiting for poem download.'


def socket_path(test):
    """Return a short path: that of a socket has a hundred letters at most."""
    directory = tempfile.mkdtemp()
    test.addCleanup(os.rmdir, directory)
    return os.path.join(directory, 'poem')


class Today:
    """What must hold for ``self.script``, a client of `today`."""

    script: str
    too_slow: str
    timeout = PATIENCE

    def get(self, *words):
        """Run the client; no transform server listens."""
        return run(self.script, *words, PYTHONWARNINGS='error')

    async def test_timeout_in_a_poem(self):
        """A poem that takes too long is none, and is not waited for."""
        slow = Server(self)
        ended = self.get('--timeout', '0.5', refused_port(self), slow.port)
        connection = await slow.connection()
        connection.transport.write(b'Violets ')
        await connection.closed
        result = await ended
        self.assertEqual((result.out, result.status), ('', 0))
        self.assert_too_slow(result)

    def assert_too_slow(self, result):
        """The client says of one poem that it took too long."""
        self.assertRegex(
            result.err, f'^The poem download failed: {self.too_slow}\n$'
        )

    async def test_timeout_in_a_transform(self):
        """A transform that takes too long is done without."""
        # time enough for a poem that is there at once, on a busy machine, too
        result = await self.get(
            '--timeout', '3', Server(self).port, Server(self, b'Roses').port
        )
        self.assertEqual(result.out, 'Roses\n')
        self.assertEqual(result.err, 'Cummingsify failed!\n')

    async def test_timeout_while_connecting(self):
        """Neither does a server cost more that never accepts."""
        sock = socket.socket()
        self.addCleanup(sock.close)
        sock.bind(('127.0.0.1', 0))
        sock.listen(0)
        for _ in range(3):
            # the backlog is full: the next one waits
            other = socket.socket()
            self.addCleanup(other.close)
            other.setblocking(False)
            other.connect_ex(sock.getsockname())
        _, port = sock.getsockname()
        result = await self.get(
            '--timeout', '0.5', refused_port(self), str(port)
        )
        self.assert_too_slow(result)

    async def test_enough_time(self):
        """A limit that is not reached changes nothing."""
        result = await self.get(
            *('--timeout', '3600', refused_port(self)),
            *(Server(self, b'Roses').port, Server(self, b'Violets').port),
        )
        self.assertEqual(sorted(result.out.split()), ['Roses', 'Violets'])
        self.assertEqual(result.err, 'Cummingsify failed!\n' * 2)

    async def test_bad_timeout(self):
        """A limit must be a number above 0."""
        for word, error in ('0', 'more than 0'), ('-1', ''), ('x', "'x'"):
            result = await self.get('--timeout', word, '1', '1')
            self.assertEqual(result.status, 2)
            self.assertIn(error, result.err.splitlines()[-1])


class EndpointTests:
    """What must hold for a client that takes endpoints, too."""

    async def test_tcp(self):
        """tcp:HOST:PORT will do for an address."""
        port = Server(self, b'Roses').port
        for address in (
            f'tcp:127.0.0.1:{port}',
            f'tcp:localhost:{port}',
            f'tcp:port={port}:host=127.0.0.1:timeout=5',
        ):
            result = await self.get(refused_port(self), address)
            self.assertEqual(result.out, 'Roses\n')

    async def test_unix(self):
        """So will unix:PATH, for both kinds of servers."""
        server = Server(self, b'2:ok,')
        path = socket_path(self)
        port = await UNIXServerEndpoint(reactor, path).listen(server)
        self.addCleanup(port.stopListening)
        address = f'unix:{path}'
        result = await self.get(address, address)
        self.assertEqual((result.out, result.err), ('ok\n', ''))

    async def test_no_socket(self):
        """A path where nobody listens is a poem that failed."""
        result = await self.get('1', 'unix:/no/such/socket')
        self.assertRegex(result.err, '^The poem download failed: .*No such')

    async def test_bad_endpoint(self):
        """What is no endpoint is a usage error."""
        for word in 'tcp:', 'tcp:host', 'tcp:host:port', 'tcp:a:1:b=2':
            result = await self.get('1', word)
            self.assertEqual(result.status, 2)
            error = f'error: Not an endpoint: {word}\n'
            self.assertTrue(result.err.endswith(error), result.err)


class Client90(Today, EndpointTests, TestCase):
    """Client 9.0."""

    script = 'twisted-client-9/get-poetry.py'
    too_slow = r'It took more than 0\.5 seconds\.'


class Client91(Client90):
    """Client 9.1."""

    script = 'twisted-client-9/get-poetry-1.py'


class AsyncioClient(Today, TestCase):
    """The asyncio client."""

    script = 'asyncio-client/get-poetry.py'
    too_slow = r'TimeoutError\(\)'


class SharedDownloadTests(TestCase):
    """What proxy 4.0 does for those who wait for the same download."""

    timeout = PATIENCE

    async def begin(self, readers):
        """Start proxy and readers; return when half of the poem is there."""
        self.origin = Server(self)
        self.program = begin(self, PROXY, self.origin.port)
        self.port = await port_of(self.program)
        self.readers = [await connect(self, self.port)]
        self.connection = await self.origin.connection()
        await self.connection.send(b'Roses ')
        for _ in range(readers - 1):
            self.readers.append(await connect(self, self.port))
        await self.said(FETCHING, *[WAITING] * (readers - 1))

    async def said(self, *lines):
        """The proxy says these lines, after the one where it listens."""
        said = (await lines_of(self.program, 1 + len(lines)))[1:]
        self.assertEqual(said, [*lines])

    async def test_one_fetch(self):
        """All who wait have the poem of one fetch."""
        await self.begin(5)
        await self.connection.finish(b'are red.')
        poems = await gatherResults(reader.closed for reader in self.readers)
        self.assertEqual(poems, [b'Roses are red.'] * 5)
        self.assertEqual(len(self.origin.connections), 1)
        self.assertEqual(await fetch(self, self.port), b'Roses are red.')
        await self.said(FETCHING, *[WAITING] * 4, 'Using cached poem.')

    async def test_some_leave(self):
        """Those who stay have it when others leave, the first one even."""
        await self.begin(3)
        first, second, third = self.readers
        first.transport.loseConnection()
        third.transport.abortConnection()
        # who comes now is seen after those who left
        fourth = await connect(self, self.port)
        await self.said(FETCHING, WAITING, WAITING, WAITING)
        await self.connection.finish(b'are red.')
        for reader in second, fourth:
            self.assertEqual(await reader.closed, b'Roses are red.')
        self.assertEqual(len(self.origin.connections), 1)

    async def test_all_leave(self):
        """When the last has left the fetch is cancelled, and only then."""
        await self.begin(3)
        first, second, third = self.readers
        first.transport.loseConnection()
        second.transport.loseConnection()
        # the proxy still reads
        await self.connection.send(b'are ')
        self.assertFalse(self.connection.closed.called)
        third.transport.loseConnection()
        await self.connection.closed
        said = [FETCHING, WAITING, WAITING, 'Canceling poem download.']
        await self.said(*said)
        self.origin.poem = b'Violets'
        self.assertEqual(await fetch(self, self.port), b'Violets')
        await self.said(*said, FETCHING)

    async def test_failure(self):
        """All who wait are told of a failure; the next one has it tried."""
        await self.begin(4)
        await self.connection.reset()
        for reader in self.readers:
            await self.assertFailure(reader.closed, ConnectionLost)
            self.assertEqual(reader.data, b'')
        self.origin.poem = b'Violets'
        self.assertEqual(await fetch(self, self.port), b'Violets')
        _, *said = await lines_of(self.program, 1 + 4 + 4 + 1)
        self.assertEqual([said[0], said[-1]], [FETCHING, FETCHING])
        for line in said[4:-1]:
            self.assertRegex(line, '^Poem failed: Connection to the other')
        self.assertEqual(len(said), 9)

    async def test_big_poem(self):
        """A poem of several megabytes for many costs one fetch, too."""
        await self.begin(20)
        rest = POEMS['ecstasy'] * 1000
        await self.connection.finish(rest)
        for reader in self.readers:
            self.assertTrue(await reader.closed == b'Roses ' + rest)
        self.assertEqual(len(self.origin.connections), 1)


class TwistTests(TestCase):
    """Server 4.0 under twist, with its log."""

    timeout = PATIENCE

    async def test_unix(self):
        """It listens where the endpoint says, and tells of its readers."""
        path = socket_path(self)
        twist = begin_program(
            self,
            *('twist', 'poetry', '--endpoint', f'unix:{path}'),
            *('--poem', 'poetry/jingyesi.txt'),
        )
        await twist.when_printed('Factory starting on ')
        result = await run(Client90.script, refused_port(self), f'unix:{path}')
        self.assertEqual(result.out, POEMS['jingyesi'].decode() + '\n')
        size = len(POEMS['jingyesi'])
        await twist.when_printed(f'] sending {size} bytes of poetry to UNIX')
        twist.interrupt()
        await twist.when_ended()
        self.assertFalse(os.path.exists(path))
        self.assertNotIn('Traceback', '\n'.join(twist.lines))

    async def test_events(self):
        """In the log as JSON events have their values."""
        path = socket_path(self)
        twist = begin_program(
            self,
            *('twist', '--log-format', 'json', 'poetry'),
            *('--endpoint', f'unix:{path}'),
        )
        await twist.when_printed('Starting reactor')
        event = json.loads(twist.lines[0].removeprefix('\x1e'))
        self.assertEqual(event['file'], 'poetry/ecstasy.txt')
        self.assertEqual(event['log_namespace'], 'fastpoetry')
        # before its reactor runs, Ctrl-C would leave the socket behind
        with socket.socket(socket.AF_UNIX) as reader:
            reader.connect(path)
            await twist.when_printed('bytes of poetry')
        twist.interrupt()
        await twist.when_ended()

    async def test_bad_options(self):
        """Bad options are usage errors."""
        for words, error in (
            (('--poem', 'poetry'), 'Not a file: poetry'),
            (('--endpoint', 'tcp:x'), 'Not an endpoint: tcp:x'),
            (('--endpoint', 'tcp'), 'Not an endpoint: tcp'),
            (('--endpoint', 'poetry'), 'Not an endpoint: poetry'),
            (('10000',), 'Wrong number of arguments'),
        ):
            result = await run_program(SCRIPTS / 'twist', 'poetry', *words)
            self.assertNotEqual(result.status, 0)
            said = result.out + result.err
            self.assertIn(f'Error: {error}', said)
            self.assertNotIn('Traceback', said)

    async def test_listed(self):
        """twist and twistd list it by its name."""
        for program in 'twist', 'twistd':
            result = await run_program(SCRIPTS / program, '--help')
            self.assertRegex(result.out, r'poetry +A fast poetry service, on')
