"""
See whether the tests notice faults in the scripts.

In a copy of the tree each script in Python gets one fault at a time,
and the tests that run it are run, without those that only read it.
A fault that no test notices needs its reason in mutants.toml.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from tests.companion.concerns import behaviour
from tests.companion.faults import Fault, faults_of, sample
from tour.book import Book
from tour.reading import BASE, read_book

REASONS = Path(__file__).with_name('mutants.toml')

TRIAL = Path(sys.executable).with_name('trial')
"""As in make test: it decides which Python the scripts are run by."""


@dataclass(frozen=True)
class Reason:
    """
    Why a fault of a script isn't noticed.

    line: the text of the line that has it.
    """

    script: str
    fault: str
    line: str
    reason: str

    def explains(self, script: str, fault: Fault) -> bool:
        """Return whether it is the reason of this fault."""
        return (self.script, self.fault, self.line) == (
            *(script, fault.kind),
            fault.line,
        )


def read_reasons() -> list[Reason]:
    """Return the reasons that are known."""
    data = tomllib.loads(REASONS.read_text('utf-8'))
    return [Reason(**entry) for entry in data.get('survivor', [])]


def python_scripts(book: Book) -> list[str]:
    """Return the scripts of the book that are in Python, in its order."""
    scripts = dict.fromkeys(s for part in book.parts for s in part.scripts)
    return [s for s in scripts if s.endswith(('.py', 'transform-test'))]


class Tree:
    """
    A copy of the tree, with a place for temporary files beside it.

    What is started in there ends with the tests: no process stays whose
    directory is in it (as far as there is /proc to tell).
    """

    def __init__(self, place: Path):
        self._place = place.resolve()
        self._base = self._place / 'base'
        self._temporary = self._place / 'temporary'
        self._temporary.mkdir()
        listed = subprocess.run(
            ['git', 'ls-files', '-z', '-co', '--exclude-standard'],
            cwd=BASE,
            capture_output=True,
            text=True,
            check=True,
        )
        for name in filter(None, listed.stdout.split('\0')):
            if (BASE / name).is_file():
                target = self._base / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(BASE / name, target)

    def notice(self, script: str, source: bytes, tests, limit=600.0) -> str:
        """
        Run tests with another source of a script, which is then put back.

        limit: seconds after which they have noticed something, too.
        Returns what they print if they notice anything, or nothing.
        """
        file = self._base / script
        before = file.read_bytes()
        file.write_bytes(source)
        try:
            return self._run(tests, limit)
        finally:
            file.write_bytes(before)

    def _run(self, tests: list[str], limit: float) -> str:
        options = '--exitfirst', '--reporter=text'
        env = dict(os.environ)
        env |= {'TMPDIR': str(self._temporary), 'PYTHONPATH': str(self._base)}
        # scripts in a new place must not be run from what was compiled
        env['PYTHONDONTWRITEBYTECODE'] = '1'
        log = self._place / 'log'
        with (
            open(log, 'wb') as file,
            subprocess.Popen(
                [TRIAL, *options, *tests],
                cwd=self._base,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
            ) as trial,
        ):
            try:
                trial.wait(limit)
            except subprocess.TimeoutExpired:
                trial.kill()
            finally:
                self._end_all()
        if trial.returncode == 0:
            return ''
        # killed, trial has not said anything
        return log.read_text('utf-8') or f'more than {limit:.0f} seconds'

    def _end_all(self) -> None:
        while pids := list(self._running()):
            for pid in pids:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            time.sleep(0.01)

    def _running(self) -> Iterator[int]:
        for link in Path('/proc').glob('[0-9]*/cwd'):
            try:
                directory = Path(os.readlink(link))
                state = (link.parent / 'stat').read_text().rpartition(')')[2]
            except OSError:
                continue
            if directory.is_relative_to(self._place) and 'Z' not in state:
                yield int(link.parent.name)


class Trees:
    """Copies of the tree, of which each is lent to one user at a time."""

    def __init__(self, place: Path, count: int):
        self._free: SimpleQueue[Tree] = SimpleQueue()
        self._known: dict[tuple[str, ...], float] = {}
        for number in range(count):
            directory = place / str(number)
            directory.mkdir()
            self._free.put(Tree(directory))

    def survivors(
        self, script: str, faults: list[Fault], tests: list[str]
    ) -> list[Fault]:
        """
        Return the faults that nobody notices.

        Raises ValueError if the tests fail without a fault.
        """
        tree = self._free.get()
        try:
            limit = 5 + 2 * self._seconds(tree, script, tests)
            return [
                fault
                for fault in faults
                if not tree.notice(script, fault.source, tests, limit)
            ]
        finally:
            self._free.put(tree)

    def _seconds(self, tree: Tree, script: str, tests: list[str]) -> float:
        """Return how long tests take without a fault: several scripts'."""
        key = tuple(tests)
        if key not in self._known:
            start = time.monotonic()
            sound = (BASE / script).read_bytes()
            if said := tree.notice(script, sound, tests):
                raise ValueError(f'fails without a fault:\n{said}')
            self._known[key] = time.monotonic() - start
        return self._known[key]


def chosen(scripts: list[str], every: bool) -> dict[str, list[Fault]]:
    """Return the faults to try, by script: two of each, or every one."""
    found = {}
    for script in scripts:
        faults = faults_of((BASE / script).read_bytes())
        found[script] = faults if every else sample(script, faults)
    return found


def judged(
    script: str,
    tried: list[Fault],
    survivors: list[Fault],
    reasons: list[Reason],
) -> list[str]:
    """
    Return a line for each thing that is wrong.

    That is a survivor without a reason, and a reason whose faults were
    all noticed.
    """
    lines = []
    for fault in survivors:
        if not any(reason.explains(script, fault) for reason in reasons):
            place = f'{script}:{fault.number}'
            lines.append(f'{place}: {fault.kind}, unnoticed: {fault.line}')
    for reason in reasons:
        of_tried = [f for f in tried if reason.explains(script, f)]
        if of_tried and not set(of_tried) & set(survivors):
            lines.append(
                f'{script}:{of_tried[0].number}: {reason.fault}, is noticed,'
                f' and needs no reason: {reason.line}'
            )
    return lines


def main() -> int:
    """Try the faults that the arguments choose; return how it ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('scripts', nargs='*', metavar='SCRIPT')
    parser.add_argument(
        '--all', action='store_true', help='try all faults, not two a script'
    )
    parser.add_argument(
        '-j', '--jobs', type=int, default=2, help='(default: %(default)s)'
    )
    args = parser.parse_args()
    book = read_book()
    known = python_scripts(book)
    for script in args.scripts:
        if script not in known:
            parser.error(f'no Python script of the manifest: {script}')
    # in the background a shell has it ignored, also by what the tests start
    signal.signal(signal.SIGINT, signal.default_int_handler)
    faults = chosen(args.scripts or known, args.all)
    wrong = 0
    for lines in _tried(book, faults, args.jobs):
        print(*lines, sep='\n    ', flush=True)
        wrong += len(lines) - 1
    tried = sum(map(len, faults.values()))
    print(f'{tried} faults tried; to be mended or explained: {wrong}')
    return 1 if wrong else 0


def _tried(
    book: Book, faults: dict[str, list[Fault]], jobs: int
) -> Iterator[list[str]]:
    """Yield a line for each script, with those of what is wrong."""
    reasons = read_reasons()
    with (
        tempfile.TemporaryDirectory() as place,
        ThreadPoolExecutor(jobs) as pool,
    ):
        trees = Trees(Path(place), jobs)
        tasks = {
            script: pool.submit(
                trees.survivors, script, some, behaviour(book, script)
            )
            for script, some in faults.items()
        }
        try:
            for script, task in tasks.items():
                try:
                    survivors = task.result()
                except ValueError as error:
                    yield [script, str(error)]
                    continue
                count = f'{len(survivors)} of {len(faults[script])} unnoticed'
                yield [
                    f'{script}: {count}',
                    *judged(script, faults[script], survivors, reasons),
                ]
        finally:
            # after Ctrl-C only those are waited for that have begun
            pool.shutdown(cancel_futures=True)


if __name__ == '__main__':
    sys.exit(main())
