"""How a program reads from many slow servers."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.readers import BASE, PROGRAMS, Reader
from benchmarks.results import Reading

SECONDS = 2
"""What a slow server takes for its poem."""

PIECES = 10
"""In how many pieces it sends it."""

LONGEST = 60
"""Seconds for which it is worth while to wait for a reader."""


def readings(
    readers: Sequence[Reader], counts: Sequence[int], seconds: float
) -> Iterator[Reading]:
    """
    Measure all these readers with all these numbers of servers.

    seconds: what all may take; when they are over nothing more begins.
    Gives each result as soon as it is there. Each takes SECONDS and a
    little, and LONGEST at most.
    """
    end = time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as place:
        for count in counts:
            for reader in readers:
                why_not = _why_not(reader, count, end)
                if why_not is None:
                    yield _measured(reader, count, Path(place))
                else:
                    yield _not(reader, count, why_not)


def _why_not(reader: Reader, count: int, end: float) -> str | None:
    """Return why it makes no sense to begin, or None."""
    if reader.lacks:
        return f'{reader.lacks} is not installed'
    if reader.in_turn and count * SECONDS > LONGEST / 2:
        return 'takes as long as all servers one after the other'
    if time.monotonic() > end:
        return 'no time was left for it'
    return None


def _measured(reader: Reader, count: int, place: Path) -> Reading:
    """Start servers and a reader; return what the reader took."""
    servers = subprocess.Popen(
        [
            *(sys.executable, PROGRAMS / 'slow_servers.py'),
            *(str(count), str(SECONDS), str(PIECES)),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with servers:
        listening = json.loads(servers.stdout.readline())
        words = reader.command(
            listening['ports'], listening['transform'], place
        )
        out, err = _launched(words)
        served, _ = servers.communicate()
    done = json.loads(served)
    if out is None:
        return _not(reader, count, f'takes more than {LONGEST} seconds')
    code, wall, cpu, memory = out.split()
    if code != '0' or done['served'] != count:
        return _not(reader, count, _reason(err, done['served']))
    return Reading(
        reader.name,
        count,
        done['slowest'],
        float(wall),
        float(cpu),
        int(memory),
    )


def _reason(err: str, served: int) -> str:
    """Return in a line why a program didn't get all poems."""
    lines = err.strip().splitlines() or [f'got {served} of the poems']
    return lines[-1] if 'Traceback' in err else ' '.join(lines[:2])


def _not(reader: Reader, count: int, why: str) -> Reading:
    return Reading(reader.name, count, why_not=why)


def _launched(words: list[str]) -> tuple[str | None, str]:
    """
    Run a program by the launcher.

    Returns what the launcher printed, or None if it took too long, and what
    the program wrote to stderr.
    """
    launcher = subprocess.Popen(
        [sys.executable, '-I', '-S', PROGRAMS / 'launch.py', *words],
        cwd=BASE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with launcher:
        try:
            return launcher.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            os.killpg(launcher.pid, signal.SIGKILL)
            return None, ''
