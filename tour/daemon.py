"""A daemon that a scene starts: it leaves its terminal, and a file."""

import os
import signal
from pathlib import Path
from typing import Any

from twisted.internet.task import deferLater

from tour.errors import SceneError
from tour.program import GRACE


class Daemon:
    """
    A process that leaves its terminal, and says in a file which it is.

    pid_file: the file, named after its program. Raises SceneError if there
    is one already, as no second daemon can be started then.
    """

    def __init__(self, pid_file: Path):
        self._pid_file = pid_file
        if not pid_file.exists():
            return
        pid, path = self.pid(), os.path.relpath(pid_file)
        if pid is not None and _lives(pid) and _is(pid, pid_file.stem):
            raise SceneError(
                f'{pid_file.stem} already runs as a daemon here, as process'
                f' {pid}.',
                help=[f'End it: kill {pid}'],
            )
        raise SceneError(
            f'There is a {path}, but its daemon is gone.',
            help=[f'Remove it: rm {path}'],
        )

    def pid(self) -> int | None:
        """Return its process id, or None if there is no such file."""
        try:
            return int(self._pid_file.read_text())
        except (OSError, ValueError):
            return None

    async def when_gone(self, reactor: Any, pid: int) -> None:
        """Return when there is no process of that id any more."""
        while _lives(pid):
            await deferLater(reactor, 0.02)

    async def end(self, reactor: Any) -> None:
        """End it if it still runs, by force if need be, and its file."""
        pid = self.pid()
        if pid is not None and _lives(pid):
            os.kill(pid, signal.SIGTERM)
            killing = reactor.callLater(GRACE, _kill, pid)
            await self.when_gone(reactor, pid)
            if killing.active():
                killing.cancel()
        # a daemon that is killed before its reactor runs leaves it
        self._pid_file.unlink(missing_ok=True)


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
    except PermissionError:
        pass  # somebody else's
    return True


def _is(pid: int, name: str) -> bool:
    """Return whether that process was started by that name, or may be."""
    try:
        words = Path(f'/proc/{pid}/cmdline').read_bytes().split(b'\0')
    except OSError:
        return True
    return any(Path(os.fsdecode(word)).name == name for word in words)


def _kill(pid: int) -> None:
    if _lives(pid):
        os.kill(pid, signal.SIGKILL)
