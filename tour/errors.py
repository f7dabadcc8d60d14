"""What can go wrong so that a reader is told, and no program is at fault."""

import errno
import signal
from collections.abc import Iterable


class TourError(Exception):
    """
    Something to be told, with a line for everything that is wrong.

    help: lines on what may be done instead.
    status: the exit code of a tour that ends with it.
    """

    status = 1

    def __init__(self, *lines: str, help: Iterable[str] = ()):
        super().__init__(*lines)
        self.lines = lines
        self.help = tuple(help)

    def __str__(self) -> str:
        return '\n'.join(self.lines)


class UsageError(TourError):
    """What was typed asks for something that isn't there."""

    status = 2


class SceneError(TourError):
    """A scene can't be played, or didn't go as the book says."""


class Interrupted(TourError):
    """
    Ctrl-C was typed, or another signal came that asks for the end.

    signum: the signal. The exit code is what a shell makes of it.
    """

    def __init__(self, signum: int = signal.SIGINT):
        super().__init__('Interrupted.')
        self.status = 128 + signum


class OutputError(TourError):
    """
    Nothing can be written to where the output goes.

    error: what the system says. Who closed a pipe has seen enough, and
    isn't told; the exit code is that of SIGPIPE then.
    """

    def __init__(self, error: OSError):
        if error.errno == errno.EPIPE:
            super().__init__()
            self.status = 128 + signal.SIGPIPE
        else:
            super().__init__(f"Can't write the output: {error.strerror}.")
