"""What the two clients of a race took, and how that comes about."""

import re
from datetime import timedelta

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
    slow, fast = (
        _seconds(_TOTAL, blocking)[0],
        _seconds(_TOTAL, asynchronous)[0],
    )
    sum_of = ' + '.join(f'{task:.1f}' for task in tasks)
    return [
        f'Blocking took {slow:.1f} s, the sum of its tasks: {sum_of}.',
        f'Asynchronous took {fast:.1f} s; the slowest task alone'
        f' takes {max(tasks):.1f} s.',
        f'So blocking took {slow / fast:.1f} times as long.',
    ]


def _seconds(pattern: re.Pattern, played: Played) -> list[float]:
    matches = [pattern.fullmatch(line) for line in played.lines]
    return [
        timedelta(
            hours=int(m[1]), minutes=int(m[2]), seconds=float(m[3])
        ).total_seconds()
        for m in matches
        if m
    ]
