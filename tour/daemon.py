"""A daemon that a scene starts: it leaves its terminal, and a file."""

import os
import signal
from pathlib import Path

from twisted.internet.task import deferLater

from tour.errors import SceneError


class Daemon:
    """
    A process that leaves its terminal, and says in a file which it is.

    pid_file: the file. Raises SceneError if there is one already.
    """

    def __init__(self, pid_file: Path):
        if pid_file.exists():
            raise SceneError(f'Is one running? There is a {pid_file.name}.')
        self._pid_file = pid_file

    def pid(self) -> int | None:
        """Return its process id, or None if there is no such file."""
        try:
            return int(self._pid_file.read_text())
        except (OSError, ValueError):
            return None

    async def when_gone(self, reactor, pid: int) -> None:
        """Return when there is no process of that id any more."""
        while _lives(pid):
            await deferLater(reactor, 0.02)

    async def end(self, reactor) -> None:
        """End it if it still runs."""
        pid = self.pid()
        if pid is not None and _lives(pid):
            os.kill(pid, signal.SIGTERM)
            await self.when_gone(reactor, pid)


def _lives(pid: int) -> bool:
    if Path('/proc/self/stat').exists():
        try:
            stat = Path(f'/proc/{pid}/stat').read_text()
        except OSError:
            return False
        return ') Z ' not in stat  # dead, but still in the list
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
