"""Where facts go while a script runs: into memory, and from there to a file."""

import json
import os
import time
from typing import Any

from tour.tracing import facts

ROWS = 2000
"""So many facts are written at once, or fewer if nothing else is to do."""

PAUSE = 0.5
"""Seconds after which facts are written when the reactor is about to wait."""


class Recorder:
    """
    Takes facts and writes them down.

    turn: the number of the turn of the reactor that goes on, or None.
    runs: the numbers of the functions of chains that go on, the innermost
    last.
    """

    def __init__(self, path: str):
        """Write to that file, which need not exist; raise OSError."""
        self._file = os.open(
            path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666
        )
        self._rows: list[facts.Fact] = []
        self._start = time.perf_counter()
        self._written = 0.0
        self.turn: int | None = None
        self.turns = 0
        self.runs: list[int] = []
        self.run_count = 0
        self.started = time.time()

    def now(self) -> float:
        """Return the seconds since the start."""
        return time.perf_counter() - self._start

    @property
    def run(self) -> int | None:
        """The function of a chain that goes on."""
        return self.runs[-1] if self.runs else None

    def add(self, fact: facts.Fact) -> None:
        """Take a fact."""
        self._rows.append(fact)
        if len(self._rows) >= ROWS:
            self.write()

    def idle(self) -> None:
        """Say that nothing is to do: facts may be written now."""
        now = self.now()
        if now - self._written > PAUSE and self._rows:
            self._written = now
            self.write()

    def write(self) -> None:
        """Write all facts that there are."""
        rows, self._rows = self._rows, []
        if not rows:
            return
        data = memoryview(''.join(map(_line, rows)).encode('utf-8', 'replace'))
        while data:
            data = data[os.write(self._file, data) :]


_encode = json.JSONEncoder(ensure_ascii=False, default=None).encode
_FIELDS = {
    kind: kind.__slots__ for kind in (*facts.KINDS.values(), facts.Function)
}


def _line(fact: facts.Fact) -> str:
    # as facts.line_of, but for speed
    return _encode({'kind': fact.kind, **_row(fact)}) + '\n'


def _row(fact: facts.Fact) -> dict[str, Any]:
    row = {}
    for name in _FIELDS[type(fact)]:
        value = getattr(fact, name)
        if type(value) is float:
            value = round(value, 6)
        elif type(value) is facts.Function:
            value = _row(value)
        row[name] = value
    return row
