"""One suite of behaviour for all clients, and a table of what each can do."""

import os
import re
import sys
from dataclasses import dataclass

from twisted.internet import reactor
from twisted.internet.defer import gatherResults
from twisted.internet.utils import getProcessOutputAndValue
from twisted.trial.unittest import TestCase

from tests.companion.support import (
    BASE,
    PATIENCE,
    POEMS,
    Redirected,
    Server,
    begin,
    begin_program,
    port_of,
    program_of,
    refused_port,
    run,
    run_program,
)
from tour.program import inherited


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
        (``taken``); it goes on and says so (``told``), maybe when it has
        printed the part (``part``).
    connects_at_once: it connects to all servers before it reads.
    reads_at_once: it reads from whoever sends.
    chance: it does one of three things with a poem, by chance.
    transforms: its first address is that of a transform server.
    progress: it prints how many bytes it got, and the poems, too.
    lazy: it reads a poem when it prints it, in the order of the addresses.
    """

    script: str
    counts: bool = False
    refused: str = 'told'
    cut_off: str = 'told'
    connects_at_once: bool = True
    reads_at_once: bool = True
    chance: bool = False
    transforms: bool = False
    progress: bool = False
    lazy: bool = False


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
    Client('twisted-client-4/get-poetry.py'),
    Client('twisted-client-5/get-poetry.py', chance=True),
    Client('twisted-client-5/get-poetry-1.py', chance=True),
    Client('twisted-client-6/get-poetry.py', transforms=True),
    Client('twisted-client-7/get-poetry.py', transforms=True),
    Client('twisted-client-8/get-poetry.py', transforms=True),
    Client('twisted-client-9/get-poetry.py', transforms=True),
    Client('twisted-client-9/get-poetry-1.py', transforms=True),
    Client('asyncio-client/get-poetry.py', transforms=True),
    Client('erlang-client-1/get-poetry', progress=True),
    Client('haskell-client-1/get-poetry.hs', progress=True),
    Client(
        'haskell-client-2/get-poetry.hs',
        cut_off='part',
        reads_at_once=False,
        lazy=True,
    ),
]

USAGE_ERRORS = {
    'no number': ('poetry', 'Ports must be integers.'),
    'no port': ('127.0.0.1:', 'Ports must be integers.'),
    'negative': ('-1', 'Ports must be integers.'),
    'too large': ('65536', 'Ports must be between 0 and 65535.'),
    'unknown option': ('--poem', 'unrecognized arguments: --poem'),
}

EVERY_USAGE_ERROR = {
    'blocking-client/get-poetry.py',
    'twisted-client-6/get-poetry.py',
}

MANY = 200

AT_ONCE = 20
"""How many clients a server has of these: more might overflow its queue."""

TOLD = (
    r'(?m)^(Failed to connect to|Poem failed|The poem download failed'
    r'|Error in process)'
)

# how Erlang's runtime reports a crash
REPORT = (
    r'=ERROR REPORT==== .*\nError in process <[\d.]+> with exit value:\n'
    r'(?:.+\n)+\n'
)

# runs a script whose choices are all the same
CHOOSE = """
import random, runpy, sys
_, choice, *sys.argv = sys.argv
random.choice = lambda outcomes: outcomes[int(choice)]
runpy.run_path(sys.argv[0], run_name='__main__')
"""

RUN = """
import runpy, sys
del sys.argv[0]
runpy.run_path(sys.argv[0], run_name='__main__')
"""

# after it a script finds little in its sockets each time it looks
FRUGAL = """
import socket

class Frugal(socket.socket):
    more = True

    def recv(self, size):
        if self.gettimeout() == 0.0:
            self.more = not self.more
            if self.more:
                raise BlockingIOError(11, 'nothing there')
        return super().recv(min(size, 2048))

socket.socket = Frugal
"""

TIMED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(usage.ru_utime + usage.ru_stime)
"""


def microseconds(line):
    """Return the time at the end of a line."""
    hours, minutes, seconds = line.split()[-1].split(':')
    minutes = int(hours) * 60 + int(minutes)
    return minutes * 60_000_000 + round(float(seconds) * 1_000_000)


def ports(servers):
    return [server.port for server in servers]


class ClientTests:
    """What must hold for ``self.client``."""

    client: Client
    timeout = PATIENCE

    def command(self, *addresses):
        """
        Return the words that start the client.

        Chance is taken away: it turns poems into lower case. And if there
        should be a transform server, it is down: poems stay as they are.
        """
        start = program_of(self.client.script)
        if self.client.chance:
            start = [sys.executable, '-c', CHOOSE, '0', self.client.script]
        if self.client.transforms:
            addresses = (refused_port(self), *addresses)
        return [*start, *addresses]

    def run_client(self, *addresses, **env):
        return run_program(*self.command(*addresses), **env)

    def expected(self, text):
        """Return a poem as the client prints it."""
        return text.lower() if self.client.chance else text

    def assert_got(self, result, *poems):
        """The client got these poems, and printed them in this order."""
        self.assertEqual(result.status, 0, result)
        if not self.client.counts:
            self.assert_printed(result.out, poems)
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
        if not self.client.connects_at_once:
            *tasks, total = map(microseconds, [*lines[1::2], lines[-1]])
            self.assertEqual(sum(tasks), total)

    def assert_printed(self, out, poems):
        """All poems were printed, and before them how they came."""
        if self.client.progress:
            lines = out.splitlines()
            sums = [self.received(lines, n) for n in range(1, MANY + 1)]
            for poem in poems:
                self.assertIn(len(poem), sums)
        texts = [f'{self.expected(poem.decode())}\n' for poem in poems]
        printed = self.poems_in(out)
        if self.client.progress:
            # the order is that in which processes and threads had the time
            # to tell of their poems
            for text in texts:
                self.assertIn(text, printed)
                printed = printed.replace(text, '', 1)
            texts = []
        self.assertEqual(printed, ''.join(texts))

    def received(self, lines, task_num):
        """Return the sum of the bytes that a task says it got."""
        start = f'Task {task_num}: got '
        got = [line for line in lines if line.startswith(start)]
        return sum(int(line.split()[3]) for line in got)

    async def test_without_addresses(self):
        """Without addresses the client prints its help and is content."""
        start = program_of(self.client.script)
        result = await run_program(*start)
        self.assertEqual(result.status, 0)
        self.assertRegex(result.out, rf'^usage: {self.name_in_usage()} ')
        self.assertEqual(result.err, '')
        if self.client.script in EVERY_USAGE_ERROR:
            for option in '-h', '--help':
                self.assertEqual(await run_program(*start, option), result)

    def name_in_usage(self):
        """Return how the client names itself, for a regular expression."""
        if self.client.script.endswith('.py'):
            return re.escape(self.client.script)
        return r'(\S*/)?get-poetry'

    async def test_poems(self):
        """
        Poems arrive to the last byte, and nothing else is said.

        A server may have nothing to say, and an address may name its host.
        """
        poems = [POEMS['ecstasy'], b'', POEMS['science']]
        servers = [Server(self) for _ in poems]
        *others, last = ports(servers)
        command = self.command(*others, f'localhost:{last}')
        ended = run_program(*command, PYTHONWARNINGS='error')
        for server, poem in zip(servers, poems):
            connection = await server.connection()
            if self.client.connects_at_once:
                await gatherResults([s.connection() for s in servers])
            await connection.finish(poem)
        result = await ended
        self.assert_got(result, *poems)
        failed = 'Cummingsify failed!\n' if self.client.transforms else ''
        self.assertEqual(result.err, failed * 3)

    async def test_split_characters(self):
        """Characters may arrive in pieces, even every byte by itself."""
        server = Server(self)
        ended = self.run_client(
            server.port, PYTHONIOENCODING='utf-8', LC_ALL='C'
        )
        connection = await server.connection()
        poem = POEMS['jingyesi']
        for byte in poem[:40]:
            await connection.send(bytes([byte]))
        await connection.finish(poem[40:])
        self.assert_got(await ended, poem)

    def poems_in(self, out):
        """Return what was printed of poems."""
        return re.sub(rf'(?m)^(Task \d+: got .*\n|{REPORT})', '', out)

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
            program = begin_program(
                self, *self.command(refused), spawner=reactor
            )
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
            poem = '653' if self.client.counts else 'hamadryad'
            self.assertIn(poem, result.out.lower())
            self.assertEqual(result.status, 0)
            said = result.out + result.err
            self.assertRegex(said, TOLD)

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
        elif self.client.cut_off == 'part':
            self.assert_got(result, b'Roses ', POEMS['science'])
            self.assertRegex(result.err, TOLD)
        elif self.client.cut_off == 'taken':
            self.assert_got(result, b'Roses ', POEMS['science'])
        else:
            self.assert_got(result, POEMS['science'])
            self.assertRegex(result.out + result.err, TOLD)
            self.assertNotIn('Roses', result.out)

    async def test_many_servers(self):
        """Hundreds of servers are no trouble."""
        poem = POEMS['jingyesi']
        servers = [Server(self, poem) for _ in range(MANY // AT_ONCE)]
        result = await self.run_client(*ports(servers) * AT_ONCE)
        self.assert_got(result, *[poem] * MANY)

    async def test_big_poem(self):
        """Ten times the poetry takes about ten times as long, at most."""
        # a busy machine spoils a measurement, but not three of them
        for _ in range(3):
            less, more = [
                await self.cpu_time(b'Poetry, more poetry\n' * count)
                for count in (self.much // 10, self.much)
            ]
            if more / less < 15:
                return
        self.fail(f'It takes {more / less:.0f} times as long.')


class PythonTests:
    """What must hold for clients in Python."""

    # 2.5 MB: more than a thousand pieces
    much = 125_000

    async def cpu_time(self, poem):
        """Return the seconds of CPU time that a poem takes the client."""
        start, *words = self.command(Server(self, poem).port)
        code = RUN
        if words[0] == '-c':
            _, code, *words = words
        program = Redirected(self, start, '-c', FRUGAL + code, *words)
        result = await program.ended
        self.assertEqual(result.status, 0, result)
        return program.transport.cpu_time

    async def test_usage_errors(self):
        """What is no address is a usage error, in a line, with status 2."""
        bad = list(USAGE_ERRORS.values())
        if self.client.script not in EVERY_USAGE_ERROR:
            # their parse_args is the same to the letter: see test_stages
            bad = bad[:1]
        for word, error in bad:
            result = await self.run_client(word)
            self.assertEqual(result.status, 2)
            self.assertRegex(
                result.err.splitlines()[-1],
                rf'^{self.name_in_usage()}: error: {re.escape(error)}$',
            )
            self.assertEqual(result.out, '')

    async def test_undecodable_bytes(self):
        """What is no UTF-8 is replaced, and costs nothing else."""
        poem = b'Roses are \xff\xfe\n'
        result = await self.run_client(Server(self, poem).port)
        if self.client.counts:
            self.assert_got(result, poem)
        else:
            text = self.expected('Roses are \ufffd\ufffd\n')
            self.assertEqual(self.poems_in(result.out), f'{text}\n')


class OtherLanguageTests:
    """What must hold for clients in Erlang or Haskell."""

    @property
    def much(self):
        """How many lines are much: Haskell 1.0 takes each by itself."""
        return (
            125_000 if 'haskell-client-1' in self.client.script else 2_500_000
        )

    async def cpu_time(self, poem):
        """Return the seconds of CPU time that a poem takes the client."""
        server = Server(self, poem)
        result = await run('-c', TIMED, *self.command(server.port))
        self.assertEqual(result.status, 0, result)
        return float(result.out)

    async def test_bad_addresses(self):
        """What is no address is a line on stderr, and the client ends."""
        for *others, word in (
            ['poetry'],
            *(['10000', w] for w in ('127.0.0.1:', '-1', '--poem')),
            *(['10000', w] for w in ('65536', '75536')),
        ):
            result = await self.run_client(*others, word)
            said = 'integers' if word == 'poetry' else '.*'
            self.assertRegex(result.err, rf'^Ports must be {said}\.\n\Z', word)
            self.assertEqual((result.out, result.status), ('', 1))

    async def test_bytes_as_they_are(self):
        """A poem's bytes are printed as they are, in any locale."""
        poem = bytes(range(256)) + POEMS['jingyesi']
        for locale in 'C', 'C.UTF-8':
            (program,) = self.command()
            out, err, status = await getProcessOutputAndValue(
                program,
                [Server(self, poem).port],
                {**inherited(), 'LC_ALL': locale},
            )
            self.assertTrue(out.endswith(poem + b'\n'), out)
            self.assertEqual((err, status), (b'', 0))


class PoemTests:
    """What must hold for clients that print poems."""

    async def test_order_of_poems(self):
        """The poem that is complete first is printed first."""
        first, second = servers = [Server(self), Server(self)]
        ended = self.run_client(*ports(servers))
        one, other = await gatherResults([s.connection() for s in servers])
        await other.finish(b'Violets are blue.\n')
        for byte in b'Roses are red.':
            await one.send(bytes([byte]))
        await one.finish(b'\n')
        poems = self.expected('Violets are blue.\n\nRoses are red.\n\n')
        self.assertEqual(self.poems_in((await ended).out), poems)


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


class ChanceTests:
    """What must hold for clients that leave a poem to chance."""

    def run_choice(self, choice, *addresses):
        """Run the client with an outcome of our choice."""
        return run('-c', CHOOSE, choice, self.client.script, *addresses)

    async def test_lower_case(self):
        """A poem may come in lower case."""
        port = Server(self, b'Roses Are Red.\n').port
        result = await self.run_choice('0', port)
        self.assertEqual(result.out, 'roses are red.\n\n')
        self.assertEqual((result.err, result.status), ('', 0))

    async def test_gibberish(self):
        """It may be gibberish, which is a failure of the download."""
        port = Server(self, b'Roses Are Red.\n').port
        result = await self.run_choice('1', port)
        self.assertEqual(result.err, 'The poem download failed.\n')
        self.assertEqual((result.out, result.status), ('', 0))

    async def test_other_error(self):
        """Any other error leaves the poem as it was."""
        port = Server(self, b'Roses Are Red.\n').port
        result = await self.run_choice('2', port)
        self.assertEqual(result.out, 'Cummingsify failed!\nRoses Are Red.\n\n')
        self.assertEqual((result.err, result.status), ('', 0))


class TransformTests:
    """What must hold for clients of the transform server."""

    POEM = b'Roses Are Red.\n'

    async def test_transformed(self):
        """Poems of every size come back in lower case."""
        server = begin(self, 'twisted-server-1/transformedpoetry.py')
        port = str(await port_of(server))
        poems = [self.POEM, POEMS['jingyesi'], b'Poetry\n' * 500_000]
        servers = [Server(self, poem) for poem in poems]
        result = await run(self.client.script, port, *ports(servers))
        self.assertEqual(result.err, '')
        # in any order
        out = result.out
        for poem in poems:
            text = f'{poem.decode().lower()}\n'
            self.assertTrue(text in out)
            out = out.replace(text, '', 1)
        self.assertEqual(out, '')

    async def test_slow_answer(self):
        """An answer may take its time, and come in pieces."""
        transform = Server(self)
        ended = run(
            self.client.script, transform.port, Server(self, self.POEM).port
        )
        connection = await transform.connection()
        for byte in b'5:Roses':
            await connection.send(bytes([byte]))
        connection.transport.write(b',')
        self.assertEqual((await ended).out, 'Roses\n')
        self.assertEqual((await ended).err, '')

    async def test_bad_transform_servers(self):
        """Whatever such a server does, the poem is printed as it was."""
        poem = b'Roses Are Red.\n' * 100_000  # more than fits into buffers
        answers = [
            b'',
            b'5:Ros',
            b'nonsense',
            b'-1:,',
            b'1000000000:',
            b'5:Roses;',
            b'2:\xff\xfe,',
        ]
        count = len(answers)
        result = await run(
            self.client.script,
            Server(self, *answers).port,
            *[Server(self, poem).port] * count,
        )
        self.assertEqual(result.err, 'Cummingsify failed!\n' * count)
        self.assertTrue(result.out == f'{poem.decode()}\n' * count)

    async def test_two_answers(self):
        """Of two answers the first counts."""
        result = await run(
            self.client.script,
            Server(self, b'3:one,3:two,').port,
            Server(self, self.POEM).port,
        )
        self.assertEqual((result.out, result.err), ('one\n', ''))

    async def test_everything_at_once(self):
        """Good, dead and dying servers together: all is told, all ends."""
        transform = begin(self, 'twisted-server-1/transformedpoetry.py')
        dying = Server(self)
        ended = run(
            self.client.script,
            str(await port_of(transform)),
            Server(self, self.POEM).port,
            refused_port(self),
            dying.port,
        )
        connection = await dying.connection()
        await connection.send(b'Violets ')
        await connection.reset()
        result = await ended
        self.assertEqual(result.out, 'roses are red.\n\n')
        lines = result.err.splitlines()
        self.assertEqual(len(lines), 2, result.err)
        for line in lines:
            self.assertRegex(line, TOLD)

    async def test_just_a_transform_server(self):
        """A transform server alone is a usage error."""
        result = await run(self.client.script, '10000')
        self.assertEqual(result.status, 2)
        self.assertIn('Name the transform server and', result.err)


class BugTests:
    """What must hold for clients whose callbacks hang on a Deferred."""

    async def test_bug(self):
        """An error in the script itself is seen, and the script ends."""
        source = (BASE / self.client.script).read_text()
        function = re.search(
            r'    def got_poem\(poem\):\n(.*append.*\n)?'
            r'|(?<=\n)(?=        print\(poem\)\n)',
            source,
        )
        bug = "        raise Exception('a bug of ours')\n"
        path = self.mktemp()
        with open(path, 'w') as file:
            file.write(source[: function.end()] + bug)
            file.write(source[function.end() :])
        path = os.path.abspath(path)
        words = [
            path if word == self.client.script else word
            for word in self.command(Server(self, b'Roses').port)
        ]
        result = await run_program(*words)
        self.assertIn('a bug of ours', result.err)


def _tests_of(client: Client) -> type[TestCase]:
    """Return the test case for a client: all that applies to it."""
    suites: list[type] = [ClientTests]
    python = client.script.endswith('.py')
    suites.append(PythonTests if python else OtherLanguageTests)
    if not (client.counts or client.lazy):
        suites.append(PoemTests)
    if client.chance:
        suites.append(ChanceTests)
    if client.transforms:
        suites.append(TransformTests)
    if re.search('client-[4-9]|asyncio', client.script):
        suites.append(BugTests)
    if client.script == 'async-client/get-poetry.py':
        suites.append(SelectTests)
    name = re.sub(r'\W', '_', re.sub(r'\.\w+$', '', client.script))
    return type(name, (*suites, TestCase), {'client': client})


for _case in map(_tests_of, CLIENTS):
    globals()[_case.__name__] = _case
del _case
