"""Seconds: as they are said, and where they stand on an axis."""

from dataclasses import dataclass
from math import floor, log10


def said(seconds: float) -> str:
    """Return a time as it is said: in s, or in ms where that says more."""
    if seconds >= 0.995:
        return f'{seconds:.1f} s'
    if seconds >= 0.00995:
        return f'{seconds * 1000:.0f} ms'
    if seconds < 0.00005:
        return 'under 0.1 ms'
    return f'{seconds * 1000:.1f} ms'


@dataclass(frozen=True)
class Axis:
    """
    A stretch of time on a line.

    start, end: its seconds. left, width: where it begins, and how long it
    is, in units of a drawing or columns of a terminal.
    """

    end: float
    left: float
    width: float
    start: float = 0

    def at(self, time: float) -> float:
        """Return where a time stands."""
        share = (time - self.start) / ((self.end - self.start) or 1)
        return self.left + self.width * share

    def column(self, time: float) -> int:
        """Return in which column a time is; the last one has the end."""
        return min(int(self.at(time)), int(self.left + self.width) - 1)

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.left + self.width

    def marks(self, most: int) -> list[tuple[float, str]]:
        """
        Return times to be marked, round ones, with what to write there.

        most: how many there may be.
        """
        length = (self.end - self.start) or 1
        step = 10 ** floor(log10(length / most))
        for factor in 1, 2, 5, 10:
            if length / (step * factor) < most:
                step *= factor
                break
        marks = []
        number = 0
        while number * step <= length * (1 + 1e-9):
            marks.append((self.start + number * step, number * step))
            number += 1
        in_ms = length < 0.5
        return [(time, _plain(shown, in_ms)) for time, shown in marks]

    @property
    def unit(self) -> str:
        """What the numbers of its marks count."""
        in_ms = self.end - self.start < 0.5
        return 'milliseconds' if in_ms else 'seconds'


def _plain(seconds: float, in_ms: bool) -> str:
    value = seconds * 1000 if in_ms else seconds
    return f'{value:.6g}'
