"""How many readers a fast server serves."""

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec

import psutil

from benchmarks.readers import BASE, PROGRAMS
from benchmarks.results import Serving

POEM = 'poetry/ecstasy.txt'
READERS = 50
"""How many read at the same time."""

ROUNDS = 3
SECONDS = 3
"""How long a server is asked, in each round."""


def servings() -> Iterator[Serving]:
    """
    Measure all servers that can run here, in turn, as many rounds.

    Gives each result as soon as it is there.
    """
    for _ in range(ROUNDS):
        for name, words in _servers().items():
            yield _measured(name, words)


def _servers() -> dict[str, list[str]]:
    """Return the words after ``python`` that start each server."""
    ours = 'benchmarks/programs'
    servers = {
        'Twisted': ['twisted-server-1/fastpoetry.py', POEM],
        'asyncio': [f'{ours}/fast_asyncio.py', POEM],
        'sockets': [f'{ours}/fast_sockets.py', POEM],
    }
    if find_spec('uvloop'):
        servers['uvloop'] = [f'{ours}/fast_asyncio.py', '--uvloop', POEM]
    return servers


def _measured(name: str, words: list[str]) -> Serving:
    server = subprocess.Popen(
        [sys.executable, '-u', *words],
        cwd=BASE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with server:
        try:
            said = server.stdout.readline()
            port = re.search(r'port[ =](\d+)', said)[1]
            # it has imported all there is, and met its first readers
            _load(port, 0.2)
            before = _cpu(server.pid)
            connections = _load(port, SECONDS)
            cpu = _cpu(server.pid) - before
        finally:
            server.terminate()
    return Serving(name, connections, cpu, SECONDS)


def _load(port: str, seconds: float) -> int:
    """Have readers come for a while; return how many had the poem."""
    ran = subprocess.run(
        [
            *(sys.executable, PROGRAMS / 'load.py'),
            *(port, str(READERS), str(seconds)),
        ],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return int(ran.stdout)


def _cpu(pid: int) -> float:
    """Return the seconds of CPU time that a process has taken."""
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system
