"""What a page says of a script: its language, its summary, a short name."""

import re
from functools import cache
from pathlib import Path

from tour.reading import BASE

LANGUAGES = {'.py': 'python', '.hs': 'haskell', '': 'python'}
"""Names of Pygments, by suffix."""


def language_of(script: str) -> str:
    """Return what Pygments calls the language of a script."""
    first = (BASE / script).read_text('utf-8').split('\n', 1)[0]
    if 'escript' in first:
        return 'erlang'
    return LANGUAGES[Path(script).suffix]


@cache
def summary_of(script: str) -> str:
    """Return the sentence with which a script opens."""
    text = (BASE / script).read_text('utf-8')
    lines = [s for s in text.splitlines() if s and not re.match('#!|%%!', s)]
    return lines[0].strip('"%-| ')


@cache
def label_of(script: str) -> str:
    """Return a short name for a version: ``4.0``, ``proxy 1.0``."""
    name = summary_of(script).split(':')[0].replace('poetry ', '')
    return re.sub('^(An?|The|Twisted client) ', '', name)


def named(script: str) -> str:
    """Return a name that stands alone: ``client 4.0``, ``proxy 1.0``."""
    label = label_of(script)
    return f'client {label}' if label[0].isdigit() else label
