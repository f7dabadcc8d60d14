"""What the tests share: real scripts, and servers that do as they are told."""

import functools
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol
from twisted.internet.error import (
    ConnectionAborted,
    ConnectionDone,
    ProcessDone,
)
from twisted.internet.protocol import (
    ProcessProtocol,
    Protocol,
    ServerFactory,
)
from twisted.internet.task import deferLater
from twisted.internet.utils import getProcessOutputAndValue
from twisted.trial.unittest import SkipTest, TestCase

from tests.companion.forking import FORKING, shared
from tests.companion.sockets import listens, queued
from tour.book import Tool
from tour.lock import Lock
from tour.playing import LISTENING
from tour.ports import Ports
from tour.program import Program, inherited
from tour.reading import BASE, read_book
from tour.tools import is_here

POEMS = {
    path.stem: path.read_bytes() for path in (BASE / 'poetry').glob('*.txt')
}
"""The poems: from names like ``science`` to bytes."""


PATIENCE = 180
"""Seconds after which a test has failed: far more than any takes."""


# Erlang's runtime isn't busy while it waits for work
os.environ['ERL_FLAGS'] = '+sbwt none +sbwtdcpu none +sbwtdio none'


@dataclass(frozen=True)
class Result:
    """What a script printed, as text, and how it ended."""

    out: str
    err: str
    status: int


def need(tools: tuple[Tool, ...]) -> None:
    """Skip the test, and say what is missing, unless all tools are here."""
    for tool in tools:
        if not is_here(tool):
            raise SkipTest(f'needs {tool.name}: install {tool.package}')


def program_of(script: str) -> list[str]:
    """
    Return the words that start a script, which is built if need be.

    Skips the test if that takes tools that are missing.
    """
    if script.endswith('.py'):
        return [sys.executable, script]
    need(_tools_of(script))
    if not script.endswith('.hs'):
        return [_compiled(BASE / script)]
    _build(BASE / script)
    return [str(BASE / script.removesuffix('.hs'))]


@functools.cache
def _tools_of(script: str) -> tuple[Tool, ...]:
    parts = read_book().parts
    return sum((p.tools for p in parts if script in p.scripts), ())


@contextmanager
def _lone(directory: Path) -> Iterator[None]:
    """Several workers, or a tour, may want to build something there."""
    with Lock(directory) as lock:
        while not lock.acquire():
            time.sleep(0.05)
        yield


@functools.cache
def _build(source: Path) -> None:
    target = source.with_suffix('')
    with _lone(source.parent):
        if target.exists() and _made(target) > _made(source):
            return  # ghc would find that out, too, but in a quarter second
        subprocess.run(
            ['ghc', '--make', source.name],
            cwd=source.parent,
            stdout=subprocess.DEVNULL,
            check=True,
        )


def _made(path: Path) -> int:
    return path.stat().st_mtime_ns


@functools.cache
def _compiled(source: Path) -> str:
    """
    Return an escript that isn't compiled each time it is started.

    That is half of what a start costs.
    """
    place = Path(shared(), source.parent.name).resolve()
    place.mkdir(exist_ok=True)
    first, flags, code = source.read_text('utf-8').split('\n', 2)
    module = place / f'{source.name.replace("-", "_")}.erl'
    target = place / source.name
    with _lone(place):
        if not target.exists():
            module.write_text(f'\n\n{code}', 'utf-8')
            subprocess.run(['erlc', module.name], cwd=place, check=True)
            beam = module.with_suffix('.beam').read_bytes()
            target.write_bytes(f'{first}\n{flags}\n'.encode() + beam)
            target.chmod(0o755)
    return str(target)


def run(*words: str, **env: str) -> Deferred:
    """
    Run a Python script to its end.

    words: the command line without ``python``; env: what to add to the
    environment. Returns a Deferred that fires with a Result.
    """
    return run_program(sys.executable, *words, **env)


def run_program(*words: str, **env: str) -> Deferred:
    """
    Run any program to its end.

    words: the command line; env: what to add to the environment. Returns a
    Deferred that fires with a Result, whose status is negative if a signal
    ended the program.
    """

    def result(ended, sign=1):
        out, err, status = ended
        return Result(out.decode(), err.decode(), sign * status)

    return getProcessOutputAndValue(
        words[0], words[1:], {**inherited(), **env}, str(BASE), FORKING
    ).addCallbacks(result, lambda killed: result(killed.value.args, -1))


def begin(test: TestCase, *words: str, **env: str | None) -> Program:
    """
    Start a Python script on a terminal of its own; it ends with the test.

    words: the command line without ``python``; env: what to add to the
    environment, or to take away if it is None.
    """
    spawner = _In(env) if env else FORKING
    return begin_program(test, 'python', *words, spawner=spawner)


class _In:
    """Starts scripts in a changed environment."""

    def __init__(self, env: dict[str, str | None]):
        self._env = env

    def spawnProcess(self, proto, executable, args, env, path, **options):
        env = {**env, **self._env}
        env = {name: text for name, text in env.items() if text is not None}
        return FORKING.spawnProcess(
            proto, executable, args, env, path, **options
        )


def begin_program(
    test: TestCase, *words: str, spawner: object = FORKING
) -> Program:
    """
    Start any program on a terminal of its own; it ends with the test.

    words: the command line. spawner: the reactor that starts it; a script
    that is forked doesn't have its own command line in the system's list.
    """
    program = Program(shlex.join(words), lambda line: None)
    program.start(spawner, BASE)

    def end() -> Deferred:
        program.kill()
        return program.when_ended()

    test.addCleanup(end)
    return program


def marked(mark: str) -> list[str]:
    """
    Return the command lines of all processes that have inherited a mark.

    mark: what the environment variable MARK is for them. What is forked, as
    tours are, is not among them: whoever began it sees it end.
    """
    if not Path('/proc/self/environ').exists():
        raise SkipTest('needs /proc, which only Linux has')
    found = []
    for process in Path('/proc').glob('[0-9]*'):
        try:
            environ = (process / 'environ').read_bytes()
            command = (process / 'cmdline').read_text()
        except OSError:
            continue
        if f'MARK={mark}'.encode() in environ:
            found.append(command.replace('\0', ' '))
    return found


class Redirected(ProcessProtocol):
    """
    A program whose output goes to a pipe or a file, not to a terminal.

    ended: fires with its Result.
    """

    def __init__(
        self,
        test: TestCase,
        *words: str,
        to: str | int = 'pipe',
        errors: str | int = 'pipe',
        base: Path = BASE,
        **env: str,
    ):
        """
        Start the program; it ends with the test.

        words: the command line; to: where its output goes, to a ``pipe``, a
        ``file``, a pipe that ``nobody`` reads from any more, or a disk that
        is ``full``, if it isn't ``closed`` or a file of the test; errors:
        where its errors go; base: the directory it is started in; env: what
        to add to the environment.
        """
        self.ended: Deferred = Deferred()
        self._given_up = False
        self._over: Deferred = Deferred()
        self._received = {1: bytearray(), 2: bytearray()}
        self._file = Path(test.mktemp())
        files = {0: os.open(os.devnull, os.O_RDONLY)}
        for number, place in (1, to), (2, errors):
            if place != 'pipe':
                files[number] = self._open(place)
        FORKING.spawnProcess(
            self,
            words[0],
            words,
            {**inherited(), **env},
            str(base),
            childFDs=files,
        )
        for file in files.values():
            if file is not None:
                os.close(file)
        test.addCleanup(self._kill)

    def _open(self, place: str | int) -> int | None:
        match place:
            case 'file':
                return os.open(self._file, os.O_CREAT | os.O_WRONLY)
            case 'full':
                return os.open('/dev/full', os.O_WRONLY)
            case 'nobody':
                their_end, our_end = os.pipe()
                os.close(their_end)
                return our_end
            case 'closed':
                return None
        assert isinstance(place, int)
        return place

    def childDataReceived(self, childFD, data):
        self._received[childFD] += data

    def processEnded(self, reason):
        out, err = self._received.values()
        if self._file.exists():
            out = self._file.read_bytes()
        status = 0
        if not reason.check(ProcessDone):
            status = reason.value.exitCode or -(reason.value.signal or 0)
        self._over.callback(None)
        # a test that ran out of time must not go on
        if not self._given_up:
            self.ended.callback(Result(out.decode(), err.decode(), status))

    @property
    def _runs(self) -> bool:
        return not self._over.called

    def _kill(self) -> Deferred:
        self._given_up = True
        if self._runs:
            self.transport.signalProcess('KILL')
        return self._over

    def send(self, signum: signal.Signals) -> None:
        """Send it a signal, as ``kill`` does."""
        self.transport.signalProcess(signum.name.removeprefix('SIG'))

    async def until_listening(self, port: str) -> None:
        """Return when it listens on 127.0.0.1, or when it has ended."""
        while self._runs and not listens(int(port)):
            await deferLater(reactor, 0.005)

    async def until_asleep(self, *caught: signal.Signals) -> None:
        """
        Return when it waits for something, or when it has ended.

        It does nothing then, and it has done all that it could do before.
        caught: the signals that it must catch by then.
        """
        if not Path('/proc/self/status').exists():
            raise SkipTest('needs /proc, which only Linux has')
        mask = sum(1 << signum - 1 for signum in caught)
        slept = None
        # one of its threads may wake another while we look
        while self._runs and (slept is None or slept != self._slept(mask)):
            slept = self._slept(mask)
            await deferLater(reactor, 0.002)

    def _slept(self, mask: int) -> int | None:
        """Return how often its threads fell asleep, if all of them sleep."""
        count = 0
        for path in Path(f'/proc/{self.transport.pid}/task').glob('*/status'):
            try:
                text = path.read_text()
            except OSError:
                return None  # it has just ended
            status = dict(line.split(':\t', 1) for line in text.splitlines())
            sleeps = status['State'].startswith('S')
            if not sleeps or int(status['SigCgt'], 16) & mask != mask:
                return None
            count += int(status['voluntary_ctxt_switches'])
        return count


async def port_of(server: Program) -> int:
    """Return the port on which a server says that it listens."""
    await server.when_printed(*LISTENING)
    return int(re.search(r'port[ =](\d+)', server.lines[0])[1])


async def lines_of(program: Program, count: int) -> list[str]:
    """Return the lines of a program as soon as there are so many."""
    while len(program.lines) < count and program.status is None:
        await deferLater(reactor, 0.01)
    return program.lines


class Connection(Protocol):
    """The server's end of a connection, in the hands of a test."""

    def __init__(self):
        self.closed = Deferred()

    def connectionMade(self):
        self.transport.setTcpNoDelay(True)
        self.factory.connected(self)

    def connectionLost(self, reason):
        self.closed.callback(None)

    async def send(self, data: bytes) -> None:
        """Send a little data; return when the client has read all of it."""
        # not by transport.write, which may wait for the reactor's next round
        self.transport.getHandle().sendall(data)
        await deferLater(reactor, 0.001)
        while not self._is_read():
            await deferLater(reactor, 0.001)

    def _is_read(self) -> bool:
        here = self.transport.getHost().port
        there = self.transport.getPeer().port
        return not (queued(here, there) or queued(there, here))

    async def finish(self, data: bytes = b'') -> None:
        """Send the last data; return when the client has closed, too."""
        self.transport.write(data)
        self.transport.loseWriteConnection()
        await self.closed

    async def reset(self) -> None:
        """Cut the connection, so that the client sees it was cut."""
        self.transport.abortConnection()
        await self.closed


class Server(ServerFactory):
    """
    A poetry server on 127.0.0.1 that leaves its connections to the test.

    poems: what clients are sent, and that was it: of several, each client
    gets the next one, and whoever comes after that the last one.
    poem: what the next client is sent.
    """

    protocol = Connection
    noisy = False

    def __init__(self, test: TestCase, *poems: bytes):
        self.poem, *self._others = poems or [None]
        self.connections: list[Connection] = []
        self._test = test
        self._waiting: list[Deferred] = []
        port = reactor.listenTCP(0, self, interface='127.0.0.1')
        test.addCleanup(port.stopListening)
        self.port = str(port.getHost().port)

    def connected(self, connection: Connection) -> None:
        """Take a new connection over."""
        self.connections.append(connection)
        if self.poem is not None:
            connection.transport.write(self.poem)
            connection.transport.loseConnection()
            if self._others:
                self.poem = self._others.pop(0)
        else:
            self._test.addCleanup(connection.transport.abortConnection)
        for d in self._waiting:
            d.callback(connection)
        self._waiting = []

    def connection(self) -> Deferred:
        """Return a Deferred that fires with the first connection."""
        d: Deferred = Deferred()
        if self.connections:
            d.callback(self.connections[0])
        else:
            self._waiting.append(d)
        return d


class Reader(Protocol):
    """
    Gathers what a server sends.

    closed: fires with all of it, or with a ConnectionLost.
    """

    def __init__(self):
        self.data = bytearray()
        self.closed = Deferred()
        self._waiting = []

    def dataReceived(self, data):
        self.data += data
        waiting, self._waiting = self._waiting, []
        for d in waiting:
            d.callback(None)

    def connectionLost(self, reason):
        if reason.check(ConnectionDone, ConnectionAborted):
            self.closed.callback(bytes(self.data))
        else:
            self.closed.errback(reason)

    def leave(self):
        """Close the connection; how it ended is of no interest any more."""
        self.closed.addErrback(lambda reason: None)
        self.transport.abortConnection()

    def some(self):
        """Return a Deferred that fires when there is something."""
        d = Deferred()
        if self.data:
            d.callback(None)
        else:
            self._waiting.append(d)
        return d


async def connect(
    test: TestCase, port: int, host: str = '127.0.0.1'
) -> Reader:
    """Return a Reader that is connected there until the test ends."""
    endpoint = TCP4ClientEndpoint(reactor, host, port)
    reader = await connectProtocol(endpoint, Reader())
    test.addCleanup(reader.leave)
    return reader


async def fetch(test: TestCase, port: int) -> bytes:
    """Return all that is sent by the server on that port."""
    return await (await connect(test, port)).closed


def own_port(test: TestCase) -> str:
    """Return a port that nobody else is given before the test ends."""
    ports = Ports(['10000'], keep=False)
    test.addCleanup(ports.release)
    return ports.replaced['10000']


def refused_port(test: TestCase) -> str:
    """Return a port that is reserved, but nobody listens on it."""
    sock = socket.socket()
    sock.bind(('127.0.0.1', 0))
    test.addCleanup(sock.close)
    return str(sock.getsockname()[1])
