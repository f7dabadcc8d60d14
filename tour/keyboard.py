"""What a reader types while the tour waits."""

import contextlib
import os
import sys
import termios
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReadDescriptor
from twisted.python.failure import Failure
from zope.interface import implementer


@implementer(IReadDescriptor)
class Keyboard:
    """
    A terminal to read lines from, between scenes.

    It is read only when the tour asks; in between, what is typed is not
    shown, as it would tear what the programs print. Lines are edited by the
    terminal, and Ctrl-C is still a signal.

    descriptor: the terminal's.
    """

    def __init__(self, reactor: Any, descriptor: int):
        self._reactor = reactor
        self._descriptor = descriptor
        self._waiting: Deferred[str | None] | None = None
        self._mode: list[Any] | None = None

    def hush(self) -> None:
        """Let the terminal not show what is typed."""
        # it may be gone: that is for others to notice
        with contextlib.suppress(termios.error):
            mode = termios.tcgetattr(self._descriptor)
            if self._mode is None:
                self._mode = mode.copy()
            mode[3] &= ~termios.ECHO
            termios.tcsetattr(self._descriptor, termios.TCSANOW, mode)

    def restore(self) -> None:
        """Let the terminal be as it was before all that."""
        if self._mode is not None:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(
                    self._descriptor, termios.TCSANOW, self._mode
                )

    def line(self) -> Deferred[str | None]:
        """
        Return a Deferred that fires with the next line, without its end.

        It fires with None after Ctrl-D and when the terminal is gone. It
        may be cancelled. What was typed before it was asked for is thrown
        away: it wasn't meant as an answer.
        """
        with contextlib.suppress(termios.error):
            termios.tcflush(self._descriptor, termios.TCIFLUSH)
        self._waiting = Deferred(lambda d: self._stop())
        self._reactor.addReader(self)
        return self._waiting

    def _stop(self) -> None:
        self._reactor.removeReader(self)
        self._waiting = None

    def _answer(self, line: str | None) -> None:
        waiting = self._waiting
        self._stop()
        if waiting is not None:
            waiting.callback(line)

    def fileno(self) -> int:
        """Return the descriptor; the reactor wants it."""
        return self._descriptor

    def logPrefix(self) -> str:
        """Return a name; the reactor wants it."""
        return 'keyboard'

    def doRead(self) -> None:
        """Read a line; the reactor says that there is one."""
        try:
            data = os.read(self._descriptor, 4096)
        except OSError:
            data = b''
        self._answer(data.decode(errors='replace').strip() if data else None)

    def connectionLost(self, reason: Failure) -> None:
        """The reactor says that the terminal is gone."""
        self._answer(None)


def keyboard(reactor: Any) -> Keyboard | None:
    """Return a Keyboard for standard input, or None if nobody types there."""
    if sys.stdin is None or not sys.stdin.isatty():
        return None
    return Keyboard(reactor, sys.stdin.fileno())
