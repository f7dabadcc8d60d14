"""A small project with chapters of its own, for tours to play."""

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from twisted.internet.defer import Deferred
from twisted.trial.unittest import TestCase

from tests.companion.support import (
    BASE,
    PATIENCE,
    Redirected,
    Result,
    begin,
    marked,
    run,
)
from tour.program import Program

PROGRAMS = {
    'odd/waits.py': 'import signal, time\n'
    'signal.signal(signal.SIGINT, signal.SIG_DFL)\n'
    'print("Waiting")\n'
    'time.sleep(1000)',
    'odd/stubborn.py': 'import signal, time\n'
    'for s in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:\n'
    '    signal.signal(s, signal.SIG_IGN)\n'
    'print("Serving nothing")\n'
    'time.sleep(1000)',
}
"""What its scenes may run, by path: it waits, and minds no signal."""


HASTY = """
from tour import playing
from tour.__main__ import main
playing.GRACE = 0.2
main()
"""


class ProjectTestCase(TestCase):
    """
    Scenes of a project in a directory of its own are played by a tour.

    hasty: what doesn't end when it is asked to is killed without delay.
    """

    timeout = PATIENCE
    hasty = False

    def make(self, stages: Iterable[str], files: Mapping[str, str]) -> None:
        """
        Make the project.

        stages: the directories that are as they are here. files: texts, by
        their paths.
        """
        self.base = Path(self.mktemp()).absolute()
        for stage in stages:
            shutil.copytree(BASE / stage, self.base / stage)
        for name, text in {**PROGRAMS, **files}.items():
            path = self.base / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.chapters = self.base / 'chapters'
        # whatever the tour starts inherits this
        self.mark = uuid.uuid4().hex
        self.patch(os, 'environ', {**os.environ, 'MARK': self.mark})

    def words(self, *words: str) -> list[str]:
        """Return the command line of a tour, without ``python``."""
        if self.hasty:
            return self.words_by(HASTY, *words)
        return ['-m', 'tour', *words, '--chapters', str(self.chapters)]

    def words_by(self, code: str, *words: str) -> list[str]:
        """Return the command line of a tour that is started by this code."""
        return ['-c', code, *words, '--chapters', str(self.chapters)]

    def run_tour(self, *words: str, **env: str) -> Deferred:
        """Run a tour; return a Deferred that fires with its Result."""
        return run(*self.words(*words), **env)

    def redirect(self, *words: str, **places: str | int) -> Redirected:
        """Start a tour whose output goes elsewhere."""
        return Redirected(self, sys.executable, *self.words(*words), **places)

    async def head(self, count: int, *words: str) -> Result:
        """
        Run a tour of which somebody reads so many lines, and no more.

        Returns its Result, with what was read.
        """
        read, write = os.pipe()
        with subprocess.Popen(
            ['head', '-n', str(count)],
            stdin=read,
            stdout=subprocess.PIPE,
            text=True,
        ) as reader:
            os.close(read)
            tour = self.redirect(*words, to=write)
            result = await tour.ended
            return replace(result, out=reader.communicate()[0])

    def begin(self, *words: str, **env: str | None) -> Program:
        """Start a tour on a terminal."""
        return begin(self, *self.words(*words), **env)

    def begin_by(self, code: str, *words: str, **env: str | None) -> Program:
        """Start a tour on a terminal, by this code."""
        return begin(self, *self.words_by(code, *words), **env)

    def left_behind(self) -> list[str]:
        """Return the programs that tours have started and not ended."""
        return marked(self.mark)
