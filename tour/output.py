"""Where the tour prints to, and what happens when nothing can be written."""

import errno
import io
import os
from typing import NoReturn, TextIO

from tour.errors import OutputError


class Output(io.TextIOWrapper):
    """
    Standard output or error: what is printed is written at once.

    When that fails, OutputError is raised, once: what comes then is lost
    without a word, so that whoever is told can end in order.

    file: Python's own, which may be None where there is none.
    """

    def __init__(self, file: TextIO | None):
        if file is None:
            raise OutputError(OSError(errno.EBADF, os.strerror(errno.EBADF)))
        super().__init__(
            # not its own buffer, which PYTHONUNBUFFERED takes away
            io.BufferedWriter(io.FileIO(file.fileno(), 'w', closefd=False)),
            encoding=file.encoding,
            errors='replace',
        )

    def write(self, text: str) -> int:
        """Write text; raise OutputError if that can't be done."""
        try:
            super().write(text)
            super().flush()
        except OSError as error:
            self._give_up(error)
        return len(text)

    def _give_up(self, error: OSError) -> NoReturn:
        # what is still in the buffers has to go somewhere
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.fileno())
        os.close(nowhere)
        raise OutputError(error) from error
