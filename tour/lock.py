"""A lock, so that two tours at once leave each other's files alone."""

import fcntl
import os
from pathlib import Path
from typing import Any

from twisted.internet.task import deferLater


class Lock:
    """
    A lock on a directory, which one process at a time can hold.

    It leaves no file, and is gone with the process that holds it. To be
    released at the end of a with statement, or by release().
    """

    def __init__(self, directory: Path):
        self._directory = directory
        self._fd: int | None = None

    def acquire(self) -> bool:
        """Take the lock; return False if somebody else has it."""
        if self._fd is not None:
            return True
        fd = os.open(self._directory, os.O_RDONLY)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            return False
        except OSError:
            pass  # not on every file system: then tours can't tell
        self._fd = fd
        return True

    async def when_acquired(self, reactor: Any) -> 'Lock':
        """Return self when the lock is taken."""
        while not self.acquire():
            await deferLater(reactor, 0.05)
        return self

    def release(self) -> None:
        """Give the lock back if it was taken."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def __enter__(self) -> 'Lock':
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.release()
