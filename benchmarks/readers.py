"""Who reads from the slow servers, and how each of them is started."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
"""The base directory of this checkout, where all commands are typed."""

PROGRAMS = BASE / 'benchmarks' / 'programs'
"""The directory of the programs that only the benchmark runs."""


@dataclass(frozen=True)
class Reader:
    """
    A program that reads poems.

    name: what it is called. script: what it runs, from the base directory.
    transforms: its first address is a transform server's.
    in_turn: it reads from one server after the other.
    """

    name: str
    script: str
    transforms: bool = False
    in_turn: bool = False

    @property
    def lacks(self) -> str | None:
        """What it needs that isn't here, or None."""
        tool = {'.hs': 'ghc', '': 'escript'}.get(Path(self.script).suffix)
        return tool if tool and not shutil.which(tool) else None

    def command(
        self, ports: list[int], transform: int, place: Path
    ) -> list[str]:
        """
        Return the words that start it.

        ports: of the servers; transform: of the transform server; place: a
        directory for what has to be compiled.
        """
        addresses = [transform, *ports] if self.transforms else ports
        return [*self._program(place), *map(str, addresses)]

    def _program(self, place: Path) -> list[str]:
        if self.script.endswith('.py'):
            return [sys.executable, self.script]
        if self.script.endswith('.hs'):
            return [_compiled(self.script, place)]
        return [self.script]


def _compiled(script: str, place: Path) -> str:
    """Return the path of a Haskell script, compiled into a directory."""
    program = place / 'get-poetry'
    if not program.exists():
        output = ['-outputdir', str(place), '-o', str(program)]
        subprocess.run(
            ['ghc', '--make', *output, script],
            cwd=BASE,
            stdout=subprocess.DEVNULL,
            check=True,
        )
    return str(program)


READERS = [
    Reader('blocking', 'blocking-client/get-poetry.py', in_turn=True),
    Reader('threads', 'benchmarks/programs/threads.py'),
    Reader('select', 'async-client/get-poetry.py'),
    Reader('Twisted 1.0', 'twisted-client-1/get-poetry.py'),
    Reader('Twisted 4.0', 'twisted-client-4/get-poetry.py'),
    Reader('Twisted 8.0', 'twisted-client-8/get-poetry.py', transforms=True),
    Reader('Twisted 9.0', 'twisted-client-9/get-poetry.py', transforms=True),
    Reader('asyncio', 'asyncio-client/get-poetry.py', transforms=True),
    Reader('Erlang', './erlang-client-1/get-poetry'),
    Reader('Haskell', 'haskell-client-1/get-poetry.hs'),
]
