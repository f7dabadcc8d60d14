"""How a scene runs: servers first, then the commands, then an orderly end."""

import contextlib
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

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
from tour.lock import Lock
from tour.place import Place
from tour.program import GRACE, Program

LISTENING = ('Serving ', 'Proxying ', 'Factory starting on ')
"""What the servers print when they listen."""

LAUNCH = 10
"""Seconds that a command may take to start a daemon that is to be ended."""

RUNS = 100
"""Times that a command is run in wait for an outcome, at most."""


class ProgramError(SceneError):
    """
    A program of a scene didn't go as the book says.

    did: what it did. command: that started it, as it is in the book.
    printed: its lines. is_late: something took longer than it may.
    """

    def __init__(
        self, did: str, command: Command, typed: str, printed: list[str]
    ):
        super().__init__(f'{did}: {typed}')
        self.did = did
        self.command = command
        # it may print more while it is ended
        self.printed = list(printed)
        self.is_late = False


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


class _Guarded(Audience):
    """
    Passes everything on to an audience, until that raises something.

    Lines come by the reactor, where nobody would catch that: it is kept
    until the scene asks for it, which may end in order then.
    """

    def __init__(self, audience: Audience):
        self._audience = audience
        self._error: Exception | None = None
        self._waiting: list[Deferred[None]] = []

    def command(self, label: str, text: str) -> None:
        self._tell(self._audience.command, label, text)

    def line(self, label: str, line: str) -> None:
        self._tell(self._audience.line, label, line)

    def _tell(self, method: Callable[[str, str], None], *args: str) -> None:
        if self._error is not None:
            return
        try:
            method(*args)
        except Exception as error:
            self._error = error
            for d in self._waiting:
                d.callback(None)

    def when_failed(self) -> Deferred[None]:
        """Return a Deferred that fires when the audience raises something."""
        d: Deferred[None] = Deferred()
        if self._error is not None:
            d.callback(None)
        else:
            self._waiting.append(d)
        return d

    def check(self) -> None:
        """Raise what the audience has raised."""
        if self._error is not None:
            raise self._error


async def play(
    reactor: Any, place: Place, audience: Audience | None = None
) -> list[Played]:
    """
    Play the scene of a place.

    Returns what every command did: servers first, each in the order of the
    manifest; a command with several outcomes is there once for every run.
    Raises SceneError, or what the audience raises, or CancelledError when
    the Deferred that runs this is cancelled; whatever was started has ended
    then, too.
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
            elif command.outcomes > 1:
                await performance.run_to_all_outcomes(command)
            else:
                await performance.run(command)
        await performance.close()
    finally:
        await performance.end_all()
    return [_played(*run) for run in performance.runs]


def _played(command: Command, program: Program | None) -> Played:
    if program is None:
        return Played(command, [], 0)
    status = None if program.interrupted else program.status
    return Played(command, program.lines, status)


class _Performance:
    """A scene while it is played."""

    def __init__(
        self,
        reactor: Any,
        place: Place,
        audience: Audience,
        daemon: Daemon | None,
    ):
        self._reactor = reactor
        self._place = place
        self._audience = _Guarded(audience)
        self._daemon = daemon
        self._locks = contextlib.ExitStack()
        self._servers: list[Program] = []
        self.runs: list[tuple[Command, Program | None]] = []

    def _start(self, command: Command) -> Program:
        text, label = self._place.line(command), self._place.label(command)
        self._audience.command(label, text)
        self._audience.check()
        program = Program(
            text,
            lambda line: self._audience.line(label, line),
            echo=bool(command.types),
            environment=lambda env: self._place.environment(command, env),
        )
        directory = self._place.directory / command.directory
        program.start(self._reactor, directory)
        self.runs.append((command, program))
        return program

    def go(self, command: Command) -> None:
        """Show that the next commands are typed elsewhere."""
        self._audience.command('', self._place.line(command))
        self.runs.append((command, None))

    async def serve(self, command: Command) -> None:
        """Start a server and wait until it listens."""
        server = self._start(command)
        listening = server.when_printed(*LISTENING)
        patience = self._place.pace.patience
        listening.addTimeout(patience, self._reactor)
        try:
            await self._meanwhile(listening)
        except TimedOut:
            did = f'Does not listen after {patience:g} s'
            raise self._late(did, server) from None
        self._must_run(server)
        self._servers.append(server)

    async def run_to_all_outcomes(self, command: Command) -> None:
        """Run a command again and again until each outcome was seen."""
        seen = set()
        for _ in range(RUNS):
            program = await self.run(command)
            seen.add(tuple(program.lines))
            if len(seen) == command.outcomes:
                return
        raise SceneError(
            f'Not {command.outcomes} but {len(seen)} outcomes in {RUNS} runs:'
            f' {program.text}'
        )

    async def run(self, command: Command) -> Program:
        """Run a command to its end, or until it is to be interrupted."""
        if command.builds:
            # what another tour builds there is what is wanted here, too
            lock = Lock(self._place.directory / command.directory)
            self._locks.enter_context(await lock.when_acquired(self._reactor))
        is_kill = command.text.startswith('kill ')
        killed = self._daemon if is_kill else None
        pid = killed.pid() if killed else None
        program = self._start(command)
        for line in command.types:
            await self._type(program, line)
        if command.stop_servers_after is not None:
            wanted = command.stop_servers_after
            await self._in_time(program, program.when_printed(wanted))
            self._must_run(program)
            await self.close()
        if command.stop_after_server is not None:
            wanted = command.stop_after_server
            await self._in_time(
                program, *(s.when_printed(wanted) for s in self._servers)
            )
        elif command.stop_after is not None:
            wanted = command.stop_after
            await self._in_time(program, program.when_printed(wanted))
        elif command.stop_waiting:
            pause = 1 / self._place.pace.speed
            waiting = program.until_waiting(self._reactor, pause)
            await self._in_time(program, Deferred.fromCoroutine(waiting))
        else:
            await self._in_time(program, program.when_ended())
            if program.status != command.exit:
                raise self._wrong(
                    f'{_ending(program)}, not with {command.exit}', program
                )
            if killed and pid is not None:
                await killed.when_gone(self._reactor, pid)
            self._locks.close()
            return program
        self._must_run(program)
        await self._interrupt(program)
        return program

    async def _in_time(self, program: Program, *ds: Deferred[Any]) -> None:
        """Wait for one of ds, if need be no longer than a program may take."""
        limit = self._place.pace.limit
        if limit is not None:
            for d in ds:
                d.addTimeout(limit, self._reactor)
        try:
            await self._meanwhile(*ds)
        except TimedOut:
            raise self._late(
                f'Still runs after {limit:g} s', program
            ) from None

    async def _type(self, program: Program, line: str) -> None:
        """Type a line when the program asks for one."""
        patience = self._place.pace.patience
        asking = program.when_asking().addTimeout(patience, self._reactor)
        try:
            await self._meanwhile(asking)
        except TimedOut:
            did = f'Asks for nothing after {patience:g} s'
            raise self._late(did, program) from None
        self._must_run(program)
        program.type(f'{line}\n')

    async def close(self) -> None:
        """Interrupt the servers, one after the other."""
        servers, self._servers = self._servers, []
        for server in servers:
            self._must_run(server)
            await self._interrupt(server)
        self._audience.check()

    async def _meanwhile(self, *ds: Deferred[Any]) -> None:
        """Wait for one of ds; raise SceneError if a server ends first."""
        await self._first(*ds, *(s.when_ended() for s in self._servers))
        for server in self._servers:
            self._must_run(server)

    async def _first(self, *ds: Deferred[Any]) -> None:
        """Wait for one of ds; raise what it raises, or the audience."""
        try:
            await DeferredList(
                [*ds, self._audience.when_failed()],
                fireOnOneCallback=True,
                fireOnOneErrback=True,
                consumeErrors=True,
            )
        except FirstError as error:
            error.subFailure.raiseException()
        self._audience.check()

    async def _interrupt(self, program: Program) -> None:
        """Type Ctrl-C and wait for a quiet end."""
        await program.until_idle(self._reactor)
        self._must_run(program)
        program.interrupt()
        patience = self._place.pace.patience
        ended = program.when_ended().addTimeout(patience, self._reactor)
        try:
            await self._first(ended)
        except TimedOut:
            did = f'Still runs {patience:g} s after Ctrl-C'
            raise self._late(did, program) from None
        if program.status not in (0, 128 + signal.SIGINT, -signal.SIGINT):
            raise self._wrong(f'{_ending(program)} after Ctrl-C', program)

    def _must_run(self, program: Program) -> None:
        if program.status is not None:
            raise self._wrong(f'{_ending(program)}, too soon', program)

    def _wrong(self, did: str, program: Program) -> ProgramError:
        command = next(c for c, other in self.runs if other is program)
        return ProgramError(did, command, program.text, program.lines)

    def _late(self, did: str, program: Program) -> ProgramError:
        error = self._wrong(did, program)
        error.is_late = True
        return error

    async def end_all(self) -> None:
        """End whatever still runs, by force if need be."""
        try:
            if self._daemon and self._daemon.pid() is None:
                # it may be about to start, and can't be found before it has
                await self._wait_for(self._starting(), LAUNCH)
            running = [program for _, program in self.runs if program]
            for program in running:
                program.terminate()
            await self._wait_for(running, GRACE)
            for program in running:
                program.kill()
            await gatherResults([p.when_ended() for p in running])
        finally:
            self._locks.close()
            if self._daemon:
                await self._daemon.end(self._reactor)

    def _starting(self) -> list[Program]:
        """Return the programs that end when they have done their work."""
        servers = self._place.scene.servers
        return [p for c, p in self.runs if p and c.ends and c not in servers]

    async def _wait_for(self, programs: list[Program], time: float) -> None:
        """Return when they have ended, or after that many seconds."""
        ending = gatherResults(
            [p.when_ended() for p in programs], consumeErrors=True
        )
        with contextlib.suppress(FirstError):
            await ending.addTimeout(time, self._reactor)


def _ending(program: Program) -> str:
    assert program.status is not None
    if program.status < 0:
        return f'Ended by {signal.Signals(-program.status).name}'
    return f'Ended with exit code {program.status}'
