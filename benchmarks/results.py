"""What was measured: as data, in a file, and what follows from it."""

import json
import os
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

MANY = 100
"""How many poems it takes to tell what each of them takes."""


@dataclass(frozen=True)
class Reading:
    """
    How a program read from slow servers.

    reader: its name. servers: how many there were. slowest: the seconds
    that the slowest of them took for its poem. wall, cpu: the seconds from
    the program's start to its end, and of CPU time. memory: its peak, in
    bytes. why_not: if it can't do that or wasn't tried, why; the numbers
    are None then.
    """

    reader: str
    servers: int
    slowest: float | None = None
    wall: float | None = None
    cpu: float | None = None
    memory: int | None = None
    why_not: str | None = None


@dataclass(frozen=True)
class Serving:
    """
    How a fast server served as many readers as came.

    server: its name. connections: how many had the poem. cpu: the seconds
    of CPU time that it took the server. seconds: how long that went on.
    """

    server: str
    connections: int
    cpu: float
    seconds: float


@dataclass(frozen=True)
class Results:
    """A run: when, on what, and what came of it."""

    when: str
    machine: dict[str, str]
    readings: list[Reading]
    servings: list[Serving]

    def write(self, path: Path) -> None:
        """Write them to a file, as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1) + '\n', 'utf-8')


def read(path: Path) -> Results:
    """Read what was written. Raises OSError, or ValueError."""
    data = json.loads(path.read_text('utf-8'))
    return Results(
        data['when'],
        data['machine'],
        [Reading(**reading) for reading in data['readings']],
        [Serving(**serving) for serving in data['servings']],
    )


def now() -> str:
    """Return the day and the time of now, in UTC."""
    return datetime.now(UTC).strftime('%Y-%m-%d %H:%M UTC')


def machine() -> dict[str, str]:
    """Return what this runs on: processor, system and versions."""
    facts = {
        'processor': _processor(),
        'cores': str(os.cpu_count()),
        'system': platform.system(),
        'python': platform.python_version(),
    }
    for package in 'twisted', 'uvloop':
        try:
            facts[package] = version(package)
        except PackageNotFoundError:
            facts[package] = 'not installed'
    return facts


def _processor() -> str:
    cpuinfo = Path('/proc/cpuinfo')
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith('model name'):
                return line.split(':', 1)[1].strip()
    return platform.processor() or platform.machine()


def multiple(reading: Reading) -> float:
    """Return the time of a reading as a multiple of the slowest server's."""
    return reading.wall / reading.slowest


def reasons(readings: list[Reading]) -> list[tuple[str, str]]:
    """Return who can't go on, each with from where on, and why."""
    found: dict[tuple[str, str], int] = {}
    for reading in readings:
        if reading.why_not is not None:
            key = reading.reader, reading.why_not.rstrip('.')
            found[key] = min(reading.servers, found.get(key, reading.servers))
    return [
        (f'{reader}, {servers} servers', why)
        for (reader, why), servers in found.items()
    ]


def each(reading: Reading, readings: list[Reading], what: str) -> float | None:
    """
    Return what each poem took, but for the program itself.

    That is what more was taken than for the first poem alone, for each of
    the others. readings: all of a run; what: ``cpu`` or ``memory``. None if
    there is no reading of one poem alone, or if this one has too few: one
    run of a program differs from the next by more than those take.
    """
    alone = [
        getattr(other, what)
        for other in readings
        if (other.reader, other.servers) == (reading.reader, 1)
        and other.why_not is None
    ]
    if not alone or reading.servers < MANY:
        return None
    return (getattr(reading, what) - alone[0]) / (reading.servers - 1)


def ratios(servings: list[Serving]) -> dict[str, list[float]]:
    """
    Return what each server does in a second of CPU time, in ratios.

    The first server is 1, in every round anew: a round is one serving of
    each. Returns the ratios of all rounds for each name.
    """
    first = servings[0].server
    found: dict[str, list[float]] = {}
    for serving in servings:
        rate = serving.connections / serving.cpu
        if serving.server == first:
            unit = rate
        found.setdefault(serving.server, []).append(rate / unit)
    return found
