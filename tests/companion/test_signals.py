"""Ctrl-C and SIGTERM end every server and client, and no output is lost."""

import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from signal import SIGINT, SIGTERM

from twisted.trial.unittest import TestCase

from tests.companion.support import (
    BASE,
    PATIENCE,
    POEMS,
    Redirected,
    Server,
    connect,
    own_port,
    program_of,
    refused_port,
)
from tests.companion.test_clients import CHOOSE, CLIENTS, Client


@dataclass(frozen=True)
class Ending:
    """
    How signals end programs of a kind.

    interrupted, terminated: the exit codes (negative: the signal).
    loses: SIGTERM leaves no time to write what was printed.
    catches: it has a handler for SIGTERM as soon as it waits.
    """

    interrupted: int
    terminated: int
    loses: bool = False
    catches: bool = False


TWISTED = Ending(0, 0, catches=True)
TWISTD = Ending(-SIGINT, -SIGTERM, catches=True)
PYTHON = Ending(0, -SIGTERM, loses=True)
ERLANG = Ending(-SIGINT, 0)
HASKELL = Ending(-SIGINT, -SIGTERM, loses=True)


@dataclass(frozen=True)
class Said:
    """Patterns of all that a program prints: its output, and its errors."""

    out: str
    err: str = ''


class WaitingTests:
    """
    What must hold for a program that waits: nothing has come yet.

    Its output goes to a pipe for one signal, and to a file for the other.

    ending: how signals end it.
    waiting: what it has said then.
    """

    ending: Ending
    waiting: Said
    timeout = PATIENCE

    async def wait(self, to: str) -> Redirected:
        """Start the program; return when it has nothing to do yet."""
        raise NotImplementedError

    async def assert_ends(self, program, signum, said):
        """A signal ends it as it should, and what was printed is there."""
        await program.until_asleep(*[SIGTERM] * self.ending.catches)
        program.send(signum)
        result = await program.ended
        if signum == SIGINT:
            self.assertEqual(result.status, self.ending.interrupted, result)
        else:
            self.assertEqual(result.status, self.ending.terminated, result)
        self.assertRegex(result.err, rf'\A{said.err}\Z')
        if signum == SIGINT or not self.ending.loses:
            self.assertRegex(result.out, rf'\A{said.out}\Z')

    async def test_interrupt_while_waiting(self):
        """SIGINT ends it when nothing has happened yet."""
        program = await self.wait(to='pipe')
        await self.assert_ends(program, SIGINT, self.waiting)

    async def test_terminate_while_waiting(self):
        """SIGTERM ends it when nothing has happened yet."""
        program = await self.wait(to='file')
        await self.assert_ends(program, SIGTERM, self.waiting)


class SignalTests(WaitingTests):
    """
    What must hold, too, for a program in the middle of a poem.

    in_poem: what it has said then.
    """

    in_poem: Said

    async def read(self, to: str) -> Redirected:
        """Start the program; return when it is in the middle of a poem."""
        raise NotImplementedError

    async def test_interrupt_in_a_poem(self):
        """SIGINT ends it in the middle of a poem."""
        program = await self.read(to='file')
        await self.assert_ends(program, SIGINT, self.in_poem)

    async def test_terminate_in_a_poem(self):
        """SIGTERM ends it in the middle of a poem."""
        program = await self.read(to='pipe')
        await self.assert_ends(program, SIGTERM, self.in_poem)


# A client fetches two poems. Either nothing has come yet, or the first poem
# and two pieces of the second.
ROSES = b'Roses are red,\n'
VIOLETS = b'Violets are blue,\n', b'Sugar '

BEGIN = 'Task {}: get poetry from: .*\n'.format
GOT = 'Task {}: got {} bytes of poetry from .*\n'.format
GOT_ALL = GOT(1, 15) + GOT(2, 18) + GOT(2, 6)
WHOLE = 'Roses are red,\n\n'
PART = 'Violets are blue,\nSugar \n'
FAILED = r'Poem failed: .*ConnectionLost.*\n\]\n'
DOWNLOAD_FAILED = 'The poem download failed.*\n'
NO_TRANSFORM = 'Cummingsify failed!\n'


def report(*sizes: int) -> str:
    """Return a pattern of what is said in the end of poems of such sizes."""
    tasks = enumerate(sizes, 1)
    counts = [f'Task {task}: {size} bytes of poetry\n' for task, size in tasks]
    return ''.join(counts) + f'Got {len(sizes)} poems in .*\n'


def among(*texts: str) -> str:
    """Return a pattern of whatever has the texts, in any order."""
    return ''.join(f'(?=(?s:.*){text})' for text in texts) + '(?s:.*)'


COUNTS = TWISTED, Said(report(0, 0)), Said(GOT_ALL + report(15, 24))
TAKES_PART = TWISTED, Said('\n\n'), Said(WHOLE + PART)
TELLS = TWISTED, Said('', FAILED * 2), Said(WHOLE, FAILED)
LOWERS = (
    TWISTED,
    Said('', DOWNLOAD_FAILED * 2),
    Said(WHOLE.lower(), DOWNLOAD_FAILED),
)
TRANSFORMS = (
    TWISTED,
    Said('', DOWNLOAD_FAILED * 2),
    Said(WHOLE, NO_TRANSFORM + DOWNLOAD_FAILED),
)

ENDINGS = {
    'blocking-client/get-poetry.py': (
        PYTHON,
        Said(BEGIN(1)),
        Said(BEGIN(1) + GOT(1, 15) + BEGIN(2)),
    ),
    'async-client/get-poetry.py': (PYTHON, Said(''), Said(GOT_ALL)),
    'twisted-client-1/get-poetry.py': COUNTS,
    'twisted-client-1/get-poetry-broken.py': COUNTS,
    'twisted-client-2/get-poetry.py': COUNTS,
    'twisted-client-2/get-poetry-simple.py': TAKES_PART,
    'twisted-client-3/get-poetry.py': TAKES_PART,
    'twisted-client-3/get-poetry-1.py': TELLS,
    'twisted-client-4/get-poetry.py': TELLS,
    'twisted-client-5/get-poetry.py': LOWERS,
    'twisted-client-5/get-poetry-1.py': LOWERS,
    'twisted-client-6/get-poetry.py': TRANSFORMS,
    'twisted-client-7/get-poetry.py': TRANSFORMS,
    'twisted-client-8/get-poetry.py': TRANSFORMS,
    'twisted-client-9/get-poetry.py': TRANSFORMS,
    'twisted-client-9/get-poetry-1.py': TRANSFORMS,
    # the loop is gone at once, and whatever waits with it
    'asyncio-client/get-poetry.py': (
        PYTHON,
        Said(''),
        Said(WHOLE, NO_TRANSFORM),
    ),
    # a runtime may have something to say, and threads have no order
    'erlang-client-1/get-poetry': (
        ERLANG,
        Said(among()),
        Said(among(GOT(1, 15), GOT(2, 18))),
    ),
    'haskell-client-1/get-poetry.hs': (
        HASKELL,
        Said(among()),
        Said(among(GOT(1, 15), GOT(2, 18), WHOLE)),
    ),
    'haskell-client-2/get-poetry.hs': (
        HASKELL,
        Said(among()),
        Said(among(WHOLE + 'Violets are blue,\n')),
    ),
}
"""How signals end a client, and what it has said: waiting, and in a poem."""


class ClientTests:
    """How to start ``self.client``."""

    client: Client

    def start(self, *ports, transform=None, **options):
        """
        Start the client.

        ports: of poetry servers; transform: that of the transform server.
        Without one, nobody listens where the client looks for it.
        """
        words = program_of(self.client.script)
        if self.client.chance:
            words = [sys.executable, '-c', CHOOSE, '0', self.client.script]
        if self.client.transforms:
            words = [*words, transform or refused_port(self)]
        return Redirected(self, *words, *ports, **options)

    async def wait(self, to):
        servers = Server(self), Server(self)
        program = self.start(*[server.port for server in servers], to=to)
        for server in servers[: 2 if self.client.connects_at_once else 1]:
            await server.connection()
        return program


class PoemClientTests(ClientTests, SignalTests):
    """What must hold for a client."""

    async def read(self, to):
        first, second = Server(self), Server(self)
        program = self.start(first.port, second.port, to=to)
        await (await first.connection()).finish(ROSES)
        connection = await second.connection()
        for piece in VIOLETS:
            # returns when the client has read it
            await connection.send(piece)
        return program

    async def test_nobody_reads_what_it_prints(self):
        """It ends, as in ``| head -1``, when nobody takes what it prints."""
        ports = [Server(self, poem).port for poem in POEMS.values()]
        if self.client.refused == 'told':
            ports.append(refused_port(self))
        # every line is written at once, and not only when there are many
        program = self.start(*ports, to='nobody', PYTHONUNBUFFERED='1')
        await program.ended


class PrintingClientTests(PoemClientTests):
    """What must hold for clients in Python that print poems."""

    async def test_letters_that_cannot_be_printed(self):
        """It ends, and says why, when the output lacks a poem's letters."""
        port = Server(self, POEMS['jingyesi']).port
        program = self.start(port, port, PYTHONIOENCODING='latin-1')
        self.assertIn('UnicodeEncodeError', (await program.ended).err)


class TransformClientTests(PrintingClientTests):
    """What must hold for clients of the transform server."""

    async def test_terminate_in_a_transform(self):
        """SIGTERM ends it while a poem is being transformed."""
        transform, first, second = Server(self), Server(self), Server(self)
        program = self.start(first.port, second.port, transform=transform.port)
        await (await first.connection()).finish(ROSES)
        await (await transform.connection()).send(b'15:roses ')
        # two connections are lost, in any order, if anybody looks
        lost = f'({NO_TRANSFORM}|{DOWNLOAD_FAILED}){{2}}'
        said = Said(WHOLE, lost if self.ending.catches else '')
        await self.assert_ends(program, SIGTERM, said)


class BlockedClientTests(PoemClientTests):
    """What must hold for the client whose callback blocks."""

    async def block(self, to, *others):
        """
        Start the client; return when it waits for the rest of a poem.

        others: servers that it is connected to, too. Returns the program
        and the connection that it reads from.
        """
        first, second = Server(self), Server(self)
        ports = [server.port for server in (first, second, *others)]
        program = self.start(*ports, to=to)
        await (await first.connection()).finish(ROSES)
        connection = await second.connection()
        await connection.send(VIOLETS[0])
        await program.until_asleep(SIGTERM)
        return program, connection

    def assert_said(self, result, *sizes):
        """It ended as if nothing were wrong, and reported these sizes."""
        self.assertEqual((result.err, result.status), ('', 0))
        got = GOT(1, 15) + GOT(2, 24)
        self.assertRegex(result.out, rf'\A{got}{report(*sizes)}\Z')

    async def assert_ends_late(self, signum, to):
        """A signal ends it when the poem is complete, and not before."""
        # nothing ever comes from the other one: only the signal ends it
        program, connection = await self.block(to, Server(self))
        program.send(signum)
        await connection.finish(VIOLETS[1])
        self.assert_said(await program.ended, 15, 24, 0)

    async def test_interrupt_in_a_poem(self):
        """SIGINT is heard when the blocking callback returns."""
        await self.assert_ends_late(SIGINT, to='file')

    async def test_terminate_in_a_poem(self):
        """So is SIGTERM."""
        await self.assert_ends_late(SIGTERM, to='pipe')

    async def test_interrupt_in_the_last_poem(self):
        """Heard when all poems are there, SIGINT costs none of them."""
        program, connection = await self.block('pipe')
        program.send(SIGINT)
        await connection.finish(VIOLETS[1])
        result = await program.ended
        # Twisted and the client both stop the reactor in this turn, and
        # Twisted, which is the second, complains to itself
        errors = result.err.splitlines() or ['ReactorNotRunning']
        self.assertIn('ReactorNotRunning', '\n'.join(errors[-2:]))
        self.assert_said(replace(result, err=''), 15, 24)


class StackTests(ClientTests, WaitingTests):
    """What must hold for clients that end when the first data comes."""


class TransformTestTests(WaitingTests):
    """What must hold for the script that tries the transform server."""

    ending = PYTHON
    waiting = Said('')

    async def wait(self, to):
        server = Server(self)
        program = Redirected(
            self, sys.executable, self.script, server.port, to=to
        )
        await (await server.connection()).send(b'15:here is')
        return program


BIG = b'Poetry, more poetry\n' * 450_000
"""A poem that doesn't fit into the buffers between a server and a client."""


class ServerTests(SignalTests):
    """
    What must hold for ``self.script``, a server.

    Nobody has come yet, or somebody has read the first bytes of a poem.
    """

    script: str
    ending = TWISTED
    base = BASE

    def setUp(self):
        self.port = own_port(self)

    def words(self):
        """Return the command line."""
        return [sys.executable, self.script, '--port', self.port]

    def ask(self, reader):
        """Ask for a poem: most servers send theirs to everybody."""

    async def wait(self, to):
        program = Redirected(self, *self.words(), to=to, base=self.base)
        await program.until_listening(self.port)
        return program

    async def read(self, to):
        program = await self.wait(to)
        reader = await connect(self, int(self.port))
        self.ask(reader)
        await reader.some()
        reader.transport.pauseProducing()
        return program


class SlowServerTests(ServerTests):
    """What must hold for the slow server."""

    ending = PYTHON
    waiting = Said('Serving .*\n')
    in_poem = Said(
        'Serving .*\nSomebody at .* wants poetry!\nSending 10 bytes\n'
    )

    def words(self):
        # it sleeps for an hour after the first ten bytes
        return [*super().words(), '--delay', '3600', 'poetry/science.txt']


class FastServerTests(ServerTests):
    """What must hold for the fast server."""

    waiting = in_poem = Said('Serving .*\n')

    def words(self):
        file = Path(self.mktemp()).absolute()
        file.write_bytes(BIG)
        return [*super().words(), str(file)]


class TransformServerTests(ServerTests):
    """What must hold for the transform server."""

    waiting = in_poem = Said('Serving transforms on .*\n')

    def ask(self, reader):
        request = b'cummingsify.' + BIG
        reader.transport.write(b'%d:%s,' % (len(request), request))


class ProxyTests(ServerTests):
    """
    What must hold for a proxy.

    In the middle of a poem it has a part of it, and its client has nothing.
    """

    waiting = Said('Proxying .*\n')
    in_poem = Said(
        'Proxying .*\nFetching poem from server.\n'
        'Poem failed: Connection to the other side was lost .*\n'
    )

    def setUp(self):
        super().setUp()
        self.origin = Server(self)

    def words(self):
        return [*super().words(), self.origin.port]

    async def read(self, to):
        program = await self.wait(to)
        await connect(self, int(self.port))
        await (await self.origin.connection()).send(ROSES)
        return program


class CancelingProxyTests(ProxyTests):
    """What must hold for the proxy that cancels downloads."""

    # its connection to the server may be lost first, or that to the client
    in_poem = Said(
        'Proxying .*\nFetching poem from server.\n'
        '(Poem failed: Connection to the other side was lost .*'
        '|Canceling poem download.)\n'
    )


LOG = r'(.*\n)*.* loaded a poem from: .*\n'
LOG_END = (
    r'.* Received SIG\w+, shutting down\.\n(.*\n)*.* Server Shut Down\.\n'
)


class TwistdTests(ServerTests):
    """What must hold for twistd, which prints its log."""

    ending = TWISTD
    waiting = Said(f'{LOG}{LOG_END}')
    in_poem = Said(f'{LOG}.* sending {len(BIG)} bytes of .*\n{LOG_END}')

    def setUp(self):
        super().setUp()
        self.base = Path(self.mktemp()).absolute()
        (self.base / 'poetry').mkdir(parents=True)
        (self.base / 'poetry' / 'ecstasy.txt').write_bytes(BIG)

    def words(self):
        # the port stands in the file
        text = (BASE / self.script).read_text()
        text = text.replace('port = 10000\n', f'port = {self.port}\n')
        (self.base / 'fastpoetry.py').write_text(text)
        return self.twistd('--python', 'fastpoetry.py')

    def twistd(self, *words):
        """Return the command line for twistd in the foreground."""
        return [Path(sys.executable).with_name('twistd'), '--nodaemon', *words]


class PluginTests(TwistdTests):
    """What must hold for twistd with the plugin."""

    def words(self):
        poem = 'poetry/ecstasy.txt'
        return self.twistd('fastpoetry', '--port', self.port, '--poem', poem)


SERVERS = {
    'blocking-server/slowpoetry.py': SlowServerTests,
    'twisted-server-1/fastpoetry.py': FastServerTests,
    'twisted-server-1/transformedpoetry.py': TransformServerTests,
    'twisted-server-1/poetry-proxy.py': ProxyTests,
    'twisted-server-2/poetry-proxy.py': ProxyTests,
    'twisted-server-4/poetry-proxy.py': CancelingProxyTests,
    'twisted-server-5/poetry-proxy.py': CancelingProxyTests,
    'twisted-server-3/fastpoetry.py': TwistdTests,
    'twisted/plugins/fastpoetry_plugin.py': PluginTests,
}

STACKS = {
    'twisted-client-2/get-poetry-stack.py': COUNTS,
    'twisted-client-4/get-poetry-stack.py': TELLS,
}


def _suite_for(client: Client) -> type[PoemClientTests]:
    """Return all that applies to a client."""
    if client.script.endswith('-broken.py'):
        return BlockedClientTests
    if client.transforms:
        return TransformClientTests
    if client.script.endswith('.py') and not client.counts:
        return PrintingClientTests
    return PoemClientTests


def _case(script: str, suite: type[WaitingTests], **own) -> type[TestCase]:
    """Return the test case for a script: a suite and what is its own."""
    name = re.sub(r'\W', '_', re.sub(r'\.\w+$', '', script))
    return type(name, (suite, TestCase), {'script': script, **own})


def _client_case(client: Client, suite: type, ending: tuple) -> type[TestCase]:
    """Return the test case for a client, which ends like this."""
    kind, waiting, in_poem = ending
    return _case(
        client.script,
        suite,
        client=client,
        ending=kind,
        waiting=waiting,
        in_poem=in_poem,
    )


def _cases() -> list[type[TestCase]]:
    """Return the test cases of all scripts."""
    return [
        *(_case(script, suite) for script, suite in SERVERS.items()),
        *(
            _client_case(client, _suite_for(client), ENDINGS[client.script])
            for client in CLIENTS
        ),
        *(
            _client_case(Client(script), StackTests, ending)
            for script, ending in STACKS.items()
        ),
        _case('twisted-server-1/transform-test', TransformTestTests),
    ]


for _each in _cases():
    globals()[_each.__name__] = _each
del _each
