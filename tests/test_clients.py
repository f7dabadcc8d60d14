"""One suite of behaviour for all clients, and a table of what each can do."""

import re
import sys
from dataclasses import dataclass

from twisted.internet import reactor
from twisted.internet.defer import gatherResults
from twisted.trial.unittest import TestCase

from tests.support import POEMS, Server, begin, refused_port, run


@dataclass(frozen=True)
class Client:
    """
    What a version of the client can do already.

    counts: it prints how many bytes it got, instead of the poems.
    refused: what becomes of a poem whose server refuses: the client ends
        with a line (``exits``) or a traceback (``crashes``); it goes on and
        says so (``told``); it waits for ever for the poem (``waits``).
    cut_off: what becomes of a poem whose connection was reset: the client
        ends with a line (``exits``); it takes the part for a poem
        (``taken``); it goes on and says so (``told``).
    connects_at_once: it connects to all servers before it reads.
    reads_at_once: it reads from whoever sends.
    """

    script: str
    counts: bool = False
    refused: str = 'told'
    cut_off: str = 'told'
    connects_at_once: bool = True
    reads_at_once: bool = True


CLIENTS = [
    Client(
        'blocking-client/get-poetry.py',
        counts=True,
        refused='exits',
        cut_off='exits',
        connects_at_once=False,
        reads_at_once=False,
    ),
    Client(
        'async-client/get-poetry.py',
        counts=True,
        refused='exits',
        cut_off='exits',
    ),
    Client(
        'twisted-client-1/get-poetry.py',
        counts=True,
        refused='crashes',
        cut_off='taken',
    ),
    Client(
        'twisted-client-1/get-poetry-broken.py',
        counts=True,
        refused='crashes',
        cut_off='taken',
        reads_at_once=False,
    ),
    Client('twisted-client-2/get-poetry.py', counts=True, cut_off='taken'),
    Client('twisted-client-2/get-poetry-simple.py', cut_off='taken'),
    Client('twisted-client-3/get-poetry.py', refused='waits', cut_off='taken'),
    Client('twisted-client-3/get-poetry-1.py'),
]

USAGE_ERRORS = {
    'no number': ('poetry', 'Ports must be integers.'),
    'no port': ('127.0.0.1:', 'Ports must be integers.'),
    'negative': ('-1', 'Ports must be between 0 and 65535.'),
    'too large': ('65536', 'Ports must be between 0 and 65535.'),
    'no host': ('no..host:10000', 'Not the name of a host: no..host'),
    'unknown option': ('--poem', 'unrecognized arguments: --poem'),
}

MANY = 300

TIMED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(usage.ru_utime + usage.ru_stime)
"""


def ports(servers):
    return [server.port for server in servers]


class ClientTests:
    """What must hold for ``self.client``."""

    client: Client
    timeout = 100

    def run_client(self, *words, **env):
        return run(self.client.script, *words, **env)

    def assert_got(self, result, *poems):
        """The client got these poems, and printed them in this order."""
        self.assertEqual(result.status, 0, result)
        if not self.client.counts:
            printed = ''.join(poem.decode() + '\n' for poem in poems)
            self.assertEqual(result.out, printed)
            return
        lines = result.out.splitlines()
        for number, poem in enumerate(poems, 1):
            if self.client.connects_at_once:
                line = f'Task {number}: {len(poem)} bytes of poetry'
                self.assertIn(line, lines)
            else:
                line = f'Task {number}: got {len(poem)} bytes of poetry from'
                self.assertIn(line, result.out)
            self.assertEqual(self.received(lines, number), len(poem))
        self.assertRegex(lines[-1], rf'^Got {len(poems)} poems in 0:\d\d:\d\d')

    def received(self, lines, task_num):
        """Return the sum of the bytes that a task says it got."""
        start = f'Task {task_num}: got '
        got = [line for line in lines if line.startswith(start)]
        return sum(int(line.split()[3]) for line in got)

    async def test_without_addresses(self):
        """Without addresses the client prints its help and is content."""
        result = await self.run_client()
        self.assertEqual(result.status, 0)
        self.assertIn(f'usage: {self.client.script} ', result.out)
        self.assertEqual(result.err, '')

    async def test_usage_errors(self):
        """What is no address is a usage error, in a line, with status 2."""
        results = await gatherResults(
            [self.run_client(word) for word, _ in USAGE_ERRORS.values()]
        )
        for result, (_, error) in zip(results, USAGE_ERRORS.values()):
            self.assertEqual(result.status, 2)
            self.assertEqual(
                result.err.splitlines()[-1],
                f'{self.client.script}: error: {error}',
            )
            self.assertEqual(result.out, '')

    async def test_three_poems(self):
        """Three poems arrive to the last byte, and nothing else is said."""
        poems = [POEMS['ecstasy'], POEMS['fascination'], POEMS['science']]
        servers = [Server(self) for _ in poems]
        ended = run('-W', 'error', self.client.script, *ports(servers))
        for server, poem in zip(servers, poems):
            connection = await server.connection()
            if self.client.connects_at_once:
                await gatherResults([s.connection() for s in servers])
            await connection.finish(poem)
        result = await ended
        self.assert_got(result, *poems)
        self.assertEqual(result.err, '')

    async def test_host_and_port(self):
        """An address may name a host."""
        server = Server(self, POEMS['science'])
        result = await self.run_client(f'localhost:{server.port}')
        self.assert_got(result, POEMS['science'])

    async def test_split_characters(self):
        """Characters may arrive in pieces, even every byte by itself."""
        server = Server(self)
        ended = self.run_client(server.port, PYTHONIOENCODING='utf-8')
        connection = await server.connection()
        for byte in POEMS['jingyesi']:
            await connection.send(bytes([byte]))
        await connection.finish()
        self.assert_got(await ended, POEMS['jingyesi'])

    async def test_undecodable_bytes(self):
        """What is no UTF-8 is replaced, and costs nothing else."""
        poem = b'Roses are \xff\xfe\n'
        result = await self.run_client(Server(self, poem).port)
        if self.client.counts:
            self.assert_got(result, poem)
        else:
            self.assertEqual(result.out, 'Roses are \ufffd\ufffd\n\n')

    async def test_empty_poem(self):
        """A server may have nothing to say."""
        result = await self.run_client(Server(self, b'').port)
        self.assert_got(result, b'')

    async def test_at_once_or_in_turn(self):
        """Blocking clients take poems in turn, the others whatever comes."""
        first, second = servers = [Server(self), Server(self)]
        ended = self.run_client(*ports(servers))
        one = await first.connection()
        if not self.client.connects_at_once:
            await one.send(b'Roses ')
            self.assertEqual(second.connections, [])
            await one.finish(b'are red.\n')
            await (await second.connection()).finish(b'Violets are blue.\n')
            self.assert_got(
                await ended, b'Roses are red.\n', b'Violets are blue.\n'
            )
            return

        other = await second.connection()
        await one.send(b'Roses ')
        if self.client.reads_at_once:
            # this returns because the client reads from both
            await other.send(b'Violets ')
            await one.send(b'are ')
        else:
            other.transport.write(b'Violets ')
            one.transport.write(b'are ')
        await one.finish(b'red.\n')
        await other.finish(b'are blue.\n')
        result = await ended
        self.assert_got(result, b'Roses are red.\n', b'Violets are blue.\n')
        if self.client.counts:
            got = [line for line in result.out.splitlines() if ': got' in line]
            self.assertEqual(len(got) > 2, self.client.reads_at_once, got)

    async def test_refused(self):
        """A server that refuses costs its own poem, from 2.0 on."""
        refused = refused_port(self)
        if self.client.refused == 'waits':
            program = begin(self, self.client.script, refused)
            await program.until_waiting(reactor, 0)
            self.assertIsNone(program.status)
            return

        server = Server(self, POEMS['science'])
        result = await self.run_client(refused, server.port)
        if self.client.refused == 'exits':
            self.assertEqual(result.status, 1)
            self.assertEqual(
                result.err,
                f'No poetry from 127.0.0.1:{refused}: Connection refused\n',
            )
        elif self.client.refused == 'crashes':
            self.assertEqual(result.status, 1)
            self.assertIn('ConnectionRefusedError', result.err)
        else:
            self.assertIn(
                '653' if self.client.counts else 'Hamadryad', result.out
            )
            self.assertEqual(result.status, 0)
            said = result.out + result.err
            self.assertRegex(said, r'(?m)^(Failed to connect to|Poem failed)')

    async def test_cut_off(self):
        """From 3.1 on a poem whose connection was reset is none."""
        first, second = servers = [Server(self), Server(self)]
        ended = self.run_client(*ports(servers))
        connection = await first.connection()
        await connection.send(b'Roses ')
        await connection.reset()
        if self.client.cut_off != 'exits':
            await (await second.connection()).finish(POEMS['science'])
        result = await ended
        if self.client.cut_off == 'exits':
            self.assertEqual(result.status, 1)
            self.assertEqual(
                result.err,
                f'No poetry from 127.0.0.1:{first.port}:'
                ' Connection reset by peer\n',
            )
        elif self.client.cut_off == 'taken':
            self.assert_got(result, b'Roses ', POEMS['science'])
        else:
            self.assert_got(result, POEMS['science'])
            self.assertIn('Poem failed:', result.err)
            self.assertNotIn('Roses', result.out)

    async def test_many_servers(self):
        """Hundreds of servers are no trouble."""
        poem = POEMS['jingyesi']
        servers = [Server(self, poem) for _ in range(MANY)]
        result = await self.run_client(*ports(servers))
        self.assert_got(result, *[poem] * MANY)

    async def test_big_poem(self):
        """Five times the poetry takes no more than five times as long."""
        small, large = [
            await self.cpu_time(b'Poetry, more poetry\n' * count)
            for count in (500_000, 2_500_000)
        ]
        self.assertLess(large / small, 5)

    async def cpu_time(self, poem):
        """Return the seconds of CPU time that a poem takes the client."""
        server = Server(self, poem)
        words = [sys.executable, self.client.script, server.port]
        result = await run('-c', TIMED, *words)
        self.assertEqual(result.status, 0, result)
        return float(result.out)

    async def test_interrupt(self):
        """Ctrl-C in the middle of a poem ends the client without a word."""
        server = Server(self)
        program = begin(self, self.client.script, server.port)
        await (await server.connection()).send(b'Roses ')
        program.interrupt()
        await program.when_ended()
        after = program.lines[program.lines.index('^C') + 1 :]
        # what was printed before may come after
        said = [line for line in after if not line.startswith('Task 1: g')]
        self.assertEqual(said, [])


class PoemTests:
    """What must hold for clients that print poems."""

    async def test_order_of_poems(self):
        """The poem that is complete first is printed first."""
        first, second = servers = [Server(self), Server(self)]
        ended = self.run_client(*ports(servers))
        one, other = await gatherResults([s.connection() for s in servers])
        await other.finish(b'Violets are blue.\n')
        await one.finish(b'Roses are red.\n')
        self.assert_got(
            await ended, b'Violets are blue.\n', b'Roses are red.\n'
        )


class SelectTests:
    """What must hold for a client that calls select."""

    async def test_too_many_servers(self):
        """select's own limit is told in a line."""
        result = await self.run_client(*['10000'] * 1001)
        self.assertEqual(
            result.err,
            'select can watch no more than 1000 servers at once.\n',
        )
        self.assertEqual(result.status, 1)


def _tests_of(client: Client) -> type[TestCase]:
    """Return the test case for a client: all that applies to it."""
    suites: list[type] = [ClientTests]
    if not client.counts:
        suites.append(PoemTests)
    if client.script == 'async-client/get-poetry.py':
        suites.append(SelectTests)
    name = re.sub(r'\W', '_', client.script.removesuffix('.py'))
    return type(name, (*suites, TestCase), {'client': client})


for _case in map(_tests_of, CLIENTS):
    globals()[_case.__name__] = _case
del _case
