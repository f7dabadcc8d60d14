"""What the tour says where it plays nothing: for that it needs no process."""

import contextlib
import signal
import sys
import tempfile
from unittest import mock

from tests.companion.support import BASE, Result
from tour import cli


def told(*words: str, to: str | None = None) -> Result:
    """
    Run a tour to its end in this process, with files for its output.

    words: the command line after ``tour``, which starts no program of a
    scene. to: where its output goes, if it isn't to be read.
    """
    with contextlib.ExitStack() as stack:
        out, err = (
            stack.enter_context(tempfile.TemporaryFile('w+', encoding='utf-8'))
            for _ in range(2)
        )
        to_file = stack.enter_context(open(to, 'w')) if to else out
        handler = signal.getsignal(signal.SIGINT)
        stack.callback(signal.signal, signal.SIGINT, handler)
        stack.enter_context(contextlib.chdir(BASE))
        stack.enter_context(
            mock.patch.multiple(
                sys, argv=['tour', *words], stdout=to_file, stderr=err
            )
        )
        try:
            cli.main()
            status = 0
        except SystemExit as error:
            status = error.code or 0
        for file in out, err:
            file.seek(0)
        return Result(out.read(), err.read(), status)
