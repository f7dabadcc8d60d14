"""What the two clients of a race took, and how that comes about."""

import re
from datetime import timedelta
from decimal import Decimal

from tour.playing import Played

_TASK = re.compile(r'Task \d+: got \d+ bytes .* in (\d+):(\d+):([\d.]+)')
_TOTAL = re.compile(r'Got \d+ poems in (\d+):(\d+):([\d.]+)')


def outcome(blocking: Played, asynchronous: Played) -> list[str]:
    """
    Return the lines that compare a blocking and an asynchronous client.

    Both were asked for the same poems; the blocking one printed how long
    each of them took.
    """
    tasks = _seconds(_TASK, blocking)
    [slow] = _seconds(_TOTAL, blocking)
    [fast] = _seconds(_TOTAL, asynchronous)
    digits = _digits(tasks, slow, fast)

    def said(seconds: float) -> str:
        return str(_printed(seconds, digits))

    sum_of = ' + '.join(map(said, tasks))
    return [
        f'Blocking took {said(slow)} s, the sum of its tasks: {sum_of}.',
        f'Asynchronous took {said(fast)} s; the slowest task alone'
        f' takes {said(max(tasks))} s.',
        f'So blocking took {slow / fast:.1f} times as long.',
    ]


def _digits(tasks: list[float], slow: float, fast: float) -> int:
    """
    Return how many digits it takes until what is printed adds up.

    The programs themselves print six.
    """
    for digits in range(1, 6):
        parts = [_printed(task, digits) for task in tasks]
        whole, other = _printed(slow, digits), _printed(fast, digits)
        ratio = f'{slow / fast:.1f}'
        if sum(parts) == whole and other and f'{whole / other:.1f}' == ratio:
            return digits
    return 6


def _printed(seconds: float, digits: int) -> Decimal:
    return Decimal(f'{seconds:.{digits}f}')


def _seconds(pattern: re.Pattern[str], played: Played) -> list[float]:
    matches = [pattern.fullmatch(line) for line in played.lines]
    return [
        timedelta(
            hours=int(m[1]), minutes=int(m[2]), seconds=float(m[3])
        ).total_seconds()
        for m in matches
        if m
    ]
