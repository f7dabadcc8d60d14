"""The reader's pager, for what doesn't fit on the screen at once."""

import os
import re
import shlex
import shutil
import signal
import subprocess

_FOUND_BY_NONE = (126, 127)
"""Exit codes of a shell that can't start a command."""

_KEYS = r'n\: next change, N\: back, q\: quit ?e(end):?pB(%pB\%).'
"""The prompt of less where n and N go from change to change."""


def page(text: str, encoding: str, stops: str | None = None) -> bool:
    """
    Show text in the reader's pager, and wait for its end.

    It is PAGER, or less, or more. encoding: of the terminal. stops: a
    regular expression; if the pager is less, its keys n and N go between
    the lines that have it, and its prompt says so. Returns False if there
    is no such pager.
    """
    command = _pager()
    if _is_less(command):
        command = f'{command} {shlex.join(_options(command, stops))}'
    with subprocess.Popen(
        command,
        shell=True,
        stdin=subprocess.PIPE,
        encoding=encoding,
        errors='replace',
    ) as pager:
        # Ctrl-C is the pager's, which may go on
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            pager.communicate(text)
        finally:
            signal.signal(signal.SIGINT, before)
    return pager.returncode not in _FOUND_BY_NONE


def _pager() -> str:
    """Return the command that starts the pager, for a shell."""
    if pager := os.environ.get('PAGER'):
        return pager
    return 'less' if shutil.which('less') else 'more'


def _is_less(command: str) -> bool:
    """Return whether it is less and nothing else, and so takes options."""
    if set(command) & set('|&;<>`'):
        return False
    try:
        words = shlex.split(command)
    except ValueError:
        return False
    return bool(words) and os.path.basename(words[0]) == 'less'


def _options(command: str, stops: str | None) -> list[str]:
    """Return what less is told besides what its user tells it."""
    options = ['-R']
    if stops is None:
        return options
    theirs = f'{os.environ.get("LESS", "")} {command}'
    if not re.search(r'-[^-\s]*[PmM]|prompt', theirs):
        options.append(f'-Ps{_KEYS}')
    # searched once, so that n knows what for; g: back to the first line
    return [*options, f'+/{stops}\ng']
