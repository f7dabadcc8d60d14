"""A program of a scene: started on a terminal of its own, read by lines."""

import contextlib
import os
import re
import shutil
import signal
import sys
import termios
from collections.abc import Callable
from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import (
    ProcessDone,
    ProcessExitedAlready,
    ProcessTerminated,
)
from twisted.internet.interfaces import IProcessTransport
from twisted.internet.protocol import ProcessProtocol
from twisted.internet.task import deferLater
from twisted.python.failure import Failure

from tour.book import Command
from tour.errors import SceneError

GRACE = 2
"""Seconds between SIGTERM and SIGKILL for what must end."""

PROMPT = b'> '
"""What an unfinished line ends with when a program asks for input."""


READS = 16
"""What a terminal keeps for us is read at once by so many reads."""


class Program(ProcessProtocol):
    """
    A process that thinks it sits at a terminal.

    So it prints line by line, its output and its errors come in the order
    in which they were written, and it is gone when the terminal is: even
    if the tour is killed, nothing stays behind.

    text: the command line that starts it.
    on_line: called with every line, as text and without its end.
    echo: the terminal shows what is typed.
    environment: returns the program's, from that of all.
    lines: all lines until now, and ``^C`` where that was typed.
    interrupted: Ctrl-C was typed.
    status: the exit code when it has ended (negative: the signal).
    """

    def __init__(
        self,
        text: str,
        on_line: Callable[[str], None],
        echo: bool = False,
        environment: Callable[[dict[str, str]], dict[str, str]] = dict,
    ):
        self.text = text
        self.lines: list[str] = []
        self.interrupted = False
        self.status: int | None = None
        self._on_line = on_line
        self._echo = echo
        self._environment = environment
        self._rest = b''
        self._asking: Deferred[Program] | None = None
        self._waiting: list[tuple[tuple[str, ...], Deferred[Program]]] = []

    def start(self, reactor: Any, base: Path) -> None:
        """
        Start the process in the base directory.

        ``python`` means the one that runs the tour. Raises SceneError if
        there is no such command.
        """
        words = Command(text=self.text).words
        env = self._environment(_environment())
        executable = _find(words[0], base, env['PATH'])

        # the terminal doesn't echo our Ctrl-C, or touch the line ends
        master, slave = os.openpty()
        mode = termios.tcgetattr(slave)
        mode[1] &= ~termios.OPOST
        if not self._echo:
            mode[3] &= ~termios.ECHO
        termios.tcsetattr(slave, termios.TCSANOW, mode)
        terminal = (master, slave, os.ttyname(slave))

        reactor.spawnProcess(
            self, executable, words, env, str(base), usePTY=terminal
        )

    def childDataReceived(self, childFD: int, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b'\n')
        for line in lines:
            self._add(line.decode(errors='replace').removesuffix('\r'))
        if self._rest.endswith(PROMPT):
            self._asked()

    def _asked(self) -> None:
        d, self._asking = self._asking, None
        if d is not None:
            d.callback(self)

    def _add(self, line: str) -> None:
        self.lines.append(line)
        self._on_line(line)
        self._fire(lambda texts: any(text in line for text in texts))

    def processEnded(self, reason: Failure) -> None:
        if self._rest:
            self._add(self._rest.decode(errors='replace'))
        if isinstance(reason.value, ProcessDone):
            self.status = 0
        else:
            assert isinstance(reason.value, ProcessTerminated)
            signum = reason.value.signal
            self.status = reason.value.exitCode if signum is None else -signum
        self._fire(lambda texts: True)
        self._asked()

    def _fire(self, wanted: Callable[[tuple[str, ...]], bool]) -> None:
        firing = [d for texts, d in self._waiting if wanted(texts)]
        self._waiting = [w for w in self._waiting if not wanted(w[0])]
        for d in firing:
            d.callback(self)

    @property
    def unfinished(self) -> str:
        """The line that has no end yet."""
        return self._rest.decode(errors='replace')

    @property
    def _process(self) -> IProcessTransport:
        assert self.transport is not None, 'it was not started'
        return self.transport

    def type(self, text: str) -> None:
        """Type at its terminal."""
        self._process.write(text.encode())

    def when_ended(self) -> Deferred['Program']:
        """Return a Deferred that fires with self when it has ended."""
        return self._when()

    def when_printed(self, *texts: str) -> Deferred['Program']:
        """
        Return a Deferred that fires with self when a line with one of the
        texts was printed, or when it has ended without.
        """
        if any(text in line for line in self.lines for text in texts):
            return succeed(self)
        return self._when(*texts)

    def when_asking(self) -> Deferred['Program']:
        """
        Return a Deferred that fires with self when it asks for a line.

        That is when it next prints PROMPT, or when it has ended.
        """
        if self.status is not None:
            return succeed(self)
        self._asking = Deferred()
        return self._asking

    def _when(self, *texts: str) -> Deferred['Program']:
        if self.status is not None:
            return succeed(self)
        d: Deferred[Program] = Deferred()
        self._waiting.append((texts, d))
        return d

    async def until_waiting(self, reactor: Any, pause: float) -> None:
        """
        Return when its reactor runs, and pause seconds later.

        A reactor catches SIGTERM when it starts; Linux tells which signals
        a process catches. Elsewhere this just waits for two seconds more.
        """
        if not Path('/proc/self/status').exists():
            pause += 2
        else:
            while self.status is None and not self._catches(signal.SIGTERM):
                await deferLater(reactor, 0.02)
        await deferLater(reactor, pause)

    def _catches(self, signum: int) -> bool:
        process = Path(f'/proc/{self._process.pid}')
        try:
            words = (process / 'cmdline').read_text().split('\0')[:-1]
            status = (process / 'status').read_text()
        except OSError:
            return False
        if words != Command(text=self.text).words:
            return False  # still a copy of us, with our handlers
        caught = re.search(r'^SigCgt:\s*(\w+)', status, re.MULTILINE)
        assert caught is not None, 'Linux tells it of every process'
        return bool(int(caught[1], 16) >> (signum - 1) & 1)

    async def until_idle(self, reactor: Any) -> None:
        """
        Return when it has done all that it can do for now.

        So what it prints of what has happened comes before what happens
        next. It isn't waited for longer than a second, and not at all where
        the system doesn't tell what a process does.
        """
        for _ in range(50):
            if self.status is not None or not self._is_busy():
                return
            await deferLater(reactor, 0.02)

    def _is_busy(self) -> bool:
        try:
            stat = Path(f'/proc/{self._process.pid}/stat').read_text()
        except OSError:
            return False
        return ') R ' in stat

    def interrupt(self) -> None:
        """Type Ctrl-C at its terminal, when all was read that is there."""
        terminal: Any = self._process
        for _ in range(READS):
            terminal.doRead()
        self.interrupted = True
        self._add('^C')
        self._process.write(b'\x03')

    def terminate(self) -> None:
        """
        Ask it, and all that it has started, to end.

        Unlike Ctrl-C that is quiet at any time: Python has a traceback for
        whoever interrupts an import.
        """
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it, and all that it has started, at once."""
        self._signal(signal.SIGKILL)
        if self.status is None:
            # somebody out of reach may keep the terminal open
            self._process.loseConnection()

    def _signal(self, signum: signal.Signals) -> None:
        if self.status is not None:
            return
        try:
            os.killpg(self._process.pid, signum)
        except (ProcessLookupError, TypeError):
            # too early for a group of its own, or it has just ended
            with contextlib.suppress(ProcessExitedAlready):
                self._process.signalProcess(signum)


def inherited() -> dict[str, str]:
    """Return our environment as any program that we start may have it."""
    env = dict(os.environ)
    # with it Python may lose what a pipe or terminal doesn't take at once
    env.pop('PYTHONUNBUFFERED', None)
    return env


def _environment() -> dict[str, str]:
    """Return the environment of the programs: plain, 80 columns, UTF-8."""
    own = str(Path(sys.executable).parent)
    return {
        **inherited(),
        'PATH': os.pathsep.join([own, os.environ.get('PATH', os.defpath)]),
        'COLUMNS': '80',
        'NO_COLOR': '1',
        'TERM': 'dumb',
        'PYTHONUTF8': '1',
    }


def _find(command: str, base: Path, path: str) -> str:
    """
    Return the path of the command's executable, as seen from base.

    Raises SceneError if there is none.
    """
    if command == 'python':
        return sys.executable
    found = shutil.which(
        base / command if '/' in command else command, path=path
    )
    if found is None:
        raise SceneError(f'{command}: command not found')
    # a script may print its own path: as it was typed, wherever base is
    return command if '/' in command else found
