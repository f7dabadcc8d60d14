"""How a scene runs: servers first, then the commands, then an orderly end."""

import contextlib
import os
import re
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from twisted.internet.defer import (
    Deferred,
    DeferredList,
    FirstError,
    gatherResults,
)
from twisted.internet.defer import TimeoutError as TimedOut
from twisted.internet.task import deferLater

from tour.chapters import Command, Scene, SlowServer
from tour.ports import Ports
from tour.program import Program, ProgramError

LISTENING = ('Serving ', 'Proxying ', 'Factory starting on ')
"""What the servers print when they listen."""

GRACE = 2
"""Seconds between Ctrl-C and SIGKILL for what must end."""


class SceneError(Exception):
    """A scene didn't go as the manifest says."""


@dataclass(frozen=True)
class Played:
    """
    What a command did.

    command: the command as it is written in the manifest.
    lines: what it printed, and ``^C`` where that was typed.
    status: its exit code, or None if it was interrupted.
    """

    command: Command
    lines: list[str]
    status: int | None


@dataclass(frozen=True)
class Staging:
    """
    How scenes are played.

    base: the directory in which the commands are typed.
    slow_server: what ``speed`` applies to.
    speed: the slow servers wait this many times less.
    patience: seconds a server may take to listen, and a program to end
        when it is interrupted.
    on_command: called with a label and the command line it starts.
    on_line: called with the label of a program and a line of its output.
    """

    base: Path
    slow_server: SlowServer
    speed: float = 1
    patience: float = 60
    on_command: Callable[[str, str], None] = lambda label, text: None
    on_line: Callable[[str, str], None] = lambda label, line: None


def command_lines(scene: Scene, ports: Ports, staging: Staging) -> list[str]:
    """Return the command lines of the scene as they are run, in order."""
    return [
        ports.actual(_hurried(command, staging.slow_server, staging.speed))
        for command in scene.all
    ]


def _hurried(command: Command, slow: SlowServer, speed: float) -> str:
    """Return the command line with its delay divided by speed."""
    if speed == 1 or command.script != slow.script:
        return command.text
    given = re.search(rf'{slow.option}[ =](\S+)', command.text)
    delay = float(given[1]) if given else slow.default
    hurried = f'{slow.option} {delay / speed:g}'
    if given:
        return command.text.replace(given[0], hurried)
    return f'{command.text} {hurried}'


def label(command: Command, text: str) -> str:
    """
    Return a short name for the process that a command starts.

    text: its command line as it is run.
    """
    name = command.directory or (command.script or text.split()[0])
    name = name.split('/')[0]
    port = re.search(r'--port[ =](\d+)', text)
    return f'{name}:{port[1]}' if port else name


async def play(
    reactor, scene: Scene, ports: Ports, staging: Staging
) -> list[Played]:
    """
    Play a scene.

    Returns what every command did: servers first, each in the order of the
    manifest. Raises SceneError, or CancelledError when the Deferred that
    runs this is cancelled; whatever was started has ended then, too.
    """
    daemon = Daemon(staging.base / scene.daemon) if scene.daemon else None
    performance = _Performance(reactor, staging, daemon)
    commands = scene.all
    texts = command_lines(scene, ports, staging)
    try:
        for number, (command, text) in enumerate(zip(commands, texts)):
            if number < len(scene.servers):
                await performance.serve(command, text)
            elif command.goes_to is not None:
                performance.go(text)
            else:
                await performance.run(command, text)
        await performance.close()
    except ProgramError as error:
        raise SceneError(str(error)) from error
    finally:
        await performance.end_all()
    return [_played(c, p) for c, p in zip(commands, performance.programs)]


def _played(command: Command, program: Program | None) -> Played:
    if program is None:
        return Played(command, [], 0)
    status = None if program.interrupted else program.status
    return Played(command, program.lines, status)


class Daemon:
    """
    A process that leaves its terminal, and says in a file which it is.

    pid_file: the file. Raises SceneError if there is one already.
    """

    def __init__(self, pid_file: Path):
        if pid_file.exists():
            raise SceneError(f'Is one running? There is a {pid_file.name}.')
        self._pid_file = pid_file

    def pid(self) -> int | None:
        """Return its process id, or None if there is no such file."""
        try:
            return int(self._pid_file.read_text())
        except (OSError, ValueError):
            return None

    async def when_gone(self, reactor, pid: int) -> None:
        """Return when there is no process of that id any more."""
        while _lives(pid):
            await deferLater(reactor, 0.02)

    async def end(self, reactor) -> None:
        """End it if it still runs."""
        pid = self.pid()
        if pid is not None and _lives(pid):
            os.kill(pid, signal.SIGTERM)
            await self.when_gone(reactor, pid)


def _lives(pid: int) -> bool:
    if Path('/proc/self/stat').exists():
        try:
            stat = Path(f'/proc/{pid}/stat').read_text()
        except OSError:
            return False
        return ') Z ' not in stat  # dead, but still in the list
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


class _Performance:
    """A scene while it is played."""

    def __init__(self, reactor, staging: Staging, daemon: Daemon | None):
        self._reactor = reactor
        self._staging = staging
        self._daemon = daemon
        self._servers: list[Program] = []
        self.programs: list[Program | None] = []

    def _start(self, command: Command, text: str) -> Program:
        name = label(command, text)
        self._staging.on_command(name, text)
        program = Program(text, lambda line: self._staging.on_line(name, line))
        place = self._staging.base / command.directory
        program.start(self._reactor, place)
        self.programs.append(program)
        return program

    def go(self, text: str) -> None:
        """Show that the next commands are typed elsewhere."""
        self._staging.on_command('', text)
        self.programs.append(None)

    async def serve(self, command: Command, text: str) -> None:
        """Start a server and wait until it listens."""
        server = self._start(command, text)
        listening = server.when_printed(*LISTENING)
        patience = self._staging.patience
        listening.addTimeout(patience, self._reactor)
        try:
            await self._meanwhile(listening)
        except TimedOut:
            raise SceneError(
                f'Does not listen after {patience:g} s: {text}'
            ) from None
        _must_run(server)
        self._servers.append(server)

    async def run(self, command: Command, text: str) -> None:
        """Run a command to its end, or until it is to be interrupted."""
        killed = self._daemon and text.startswith('kill ')
        pid = self._daemon.pid() if killed else None
        program = self._start(command, text)
        if command.stop_after_server is not None:
            wanted = command.stop_after_server
            await self._meanwhile(
                *(server.when_printed(wanted) for server in self._servers)
            )
        elif command.stop_after is not None:
            await self._meanwhile(program.when_printed(command.stop_after))
        elif command.stop_waiting:
            pause = 1 / self._staging.speed
            waiting = program.until_waiting(self._reactor, pause)
            await self._meanwhile(Deferred.fromCoroutine(waiting))
        else:
            await self._meanwhile(program.when_ended())
            if program.status != command.exit:
                raise SceneError(
                    f'{_ending(program)}, not with {command.exit}: {text}'
                )
            if pid is not None:
                await self._daemon.when_gone(self._reactor, pid)
            return
        _must_run(program)
        await self._interrupt(program)

    async def close(self) -> None:
        """Interrupt the servers, one after the other."""
        for server in self._servers:
            _must_run(server)
            await self._interrupt(server)

    async def _meanwhile(self, *ds: Deferred) -> None:
        """Wait for one of ds; raise SceneError if a server ends first."""
        servers = [server.when_ended() for server in self._servers]
        try:
            await DeferredList(
                [*ds, *servers],
                fireOnOneCallback=True,
                fireOnOneErrback=True,
                consumeErrors=True,
            )
        except FirstError as error:
            error.subFailure.raiseException()
        for server in self._servers:
            _must_run(server)

    async def _interrupt(self, program: Program) -> None:
        """Type Ctrl-C and wait for a quiet end."""
        program.interrupt()
        patience = self._staging.patience
        ended = program.when_ended().addTimeout(patience, self._reactor)
        try:
            await ended
        except TimedOut:
            raise SceneError(
                f'Still runs {patience:g} s after Ctrl-C: {program.text}'
            ) from None
        if program.status not in (0, 128 + signal.SIGINT, -signal.SIGINT):
            raise SceneError(
                f'{_ending(program)} after Ctrl-C: {program.text}'
            )

    async def end_all(self) -> None:
        """End whatever still runs: by Ctrl-C, and by force if need be."""
        running = [p for p in self.programs if p and p.status is None]
        for program in running:
            program.interrupt()
        ending = gatherResults(
            [p.when_ended() for p in running], consumeErrors=True
        )
        with contextlib.suppress(FirstError):
            await ending.addTimeout(GRACE, self._reactor)
        for program in running:
            if program.status is None:
                program.kill()
        await gatherResults([p.when_ended() for p in running])
        if self._daemon:
            await self._daemon.end(self._reactor)


def _must_run(program: Program) -> None:
    if program.status is not None:
        raise SceneError(f'{_ending(program)}, too soon: {program.text}')


def _ending(program: Program) -> str:
    assert program.status is not None
    if program.status < 0:
        return f'Ended by {signal.Signals(-program.status).name}'
    return f'Ended with exit code {program.status}'
