"""What can go wrong so that a reader is told, and no program is at fault."""

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
    """Ctrl-C was typed, or a signal came that asks for the same."""

    status = 128 + signal.SIGINT
