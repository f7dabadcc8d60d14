"""How a scene runs: servers first, then the commands, then an orderly end."""

import contextlib
import signal
from dataclasses import dataclass

from twisted.internet.defer import (
    Deferred,
    DeferredList,
    FirstError,
    gatherResults,
)
from twisted.internet.defer import TimeoutError as TimedOut

from tour.book import Command
from tour.daemon import Daemon
from tour.errors import SceneError
from tour.place import Place
from tour.program import Program

LISTENING = ('Serving ', 'Proxying ', 'Factory starting on ')
"""What the servers print when they listen."""

GRACE = 2
"""Seconds between Ctrl-C and SIGKILL for what must end."""


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


class Audience:
    """Who watches a scene. This one sees and says nothing."""

    def command(self, label: str, text: str) -> None:
        """A command line is typed; its program has that label."""

    def line(self, label: str, line: str) -> None:
        """The program of that label has printed a line."""


async def play(
    reactor, place: Place, audience: Audience | None = None
) -> list[Played]:
    """
    Play the scene of a place.

    Returns what every command did: servers first, each in the order of the
    manifest. Raises SceneError, or CancelledError when the Deferred that
    runs this is cancelled; whatever was started has ended then, too.
    """
    scene = place.scene
    daemon = Daemon(place.directory / scene.daemon) if scene.daemon else None
    performance = _Performance(reactor, place, audience or Audience(), daemon)
    try:
        for server in scene.servers:
            await performance.serve(server)
        for command in scene.commands:
            if command.goes_to is not None:
                performance.go(command)
            else:
                await performance.run(command)
        await performance.close()
    finally:
        await performance.end_all()
    return [_played(c, p) for c, p in zip(scene.all, performance.programs)]


def _played(command: Command, program: Program | None) -> Played:
    if program is None:
        return Played(command, [], 0)
    status = None if program.interrupted else program.status
    return Played(command, program.lines, status)


class _Performance:
    """A scene while it is played."""

    def __init__(
        self,
        reactor,
        place: Place,
        audience: Audience,
        daemon: Daemon | None,
    ):
        self._reactor = reactor
        self._place = place
        self._audience = audience
        self._daemon = daemon
        self._servers: list[Program] = []
        self.programs: list[Program | None] = []

    def _start(self, command: Command) -> Program:
        text, label = self._place.line(command), self._place.label(command)
        self._audience.command(label, text)
        program = Program(text, lambda line: self._audience.line(label, line))
        directory = self._place.directory / command.directory
        program.start(self._reactor, directory)
        self.programs.append(program)
        return program

    def go(self, command: Command) -> None:
        """Show that the next commands are typed elsewhere."""
        self._audience.command('', self._place.line(command))
        self.programs.append(None)

    async def serve(self, command: Command) -> None:
        """Start a server and wait until it listens."""
        server = self._start(command)
        listening = server.when_printed(*LISTENING)
        patience = self._place.pace.patience
        listening.addTimeout(patience, self._reactor)
        try:
            await self._meanwhile(listening)
        except TimedOut:
            raise SceneError(
                f'Does not listen after {patience:g} s: {server.text}'
            ) from None
        _must_run(server)
        self._servers.append(server)

    async def run(self, command: Command) -> None:
        """Run a command to its end, or until it is to be interrupted."""
        killed = self._daemon and command.text.startswith('kill ')
        pid = self._daemon.pid() if killed else None
        program = self._start(command)
        if command.stop_after_server is not None:
            wanted = command.stop_after_server
            await self._meanwhile(
                *(server.when_printed(wanted) for server in self._servers)
            )
        elif command.stop_after is not None:
            await self._meanwhile(program.when_printed(command.stop_after))
        elif command.stop_waiting:
            pause = 1 / self._place.pace.speed
            waiting = program.until_waiting(self._reactor, pause)
            await self._meanwhile(Deferred.fromCoroutine(waiting))
        else:
            await self._meanwhile(program.when_ended())
            if program.status != command.exit:
                raise SceneError(
                    f'{_ending(program)}, not with {command.exit}:'
                    f' {program.text}'
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
        patience = self._place.pace.patience
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
