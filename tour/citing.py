"""Places in the source of the installed Twisted that answers cite."""

import importlib
import inspect
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

import twisted

from tour.book import Find
from tour.errors import TourError


@dataclass(frozen=True)
class Citation:
    """
    A line of the installed Twisted.

    file: as one speaks of it, like ``twisted/internet/defer.py``. number:
    of the line, from 1. text: the line without its indentation.
    """

    file: str
    number: int
    text: str


def cited(find: Find) -> Citation:
    """
    Return the first line with a text, in a function, class or method.

    Raises TourError if this Twisted has no such place.
    """
    try:
        module = importlib.import_module(find.module)
        lines, first = inspect.getsourcelines(attrgetter(find.name)(module))
    except (ImportError, AttributeError, OSError) as error:
        raise _missing(find) from error
    for number, line in enumerate(lines, max(first, 1)):
        if find.line in line:
            file = Path(inspect.getfile(module))
            above = Path(twisted.__file__).parent.parent
            return Citation(
                file.relative_to(above).as_posix(), number, line.strip()
            )
    raise _missing(find)


def _missing(find: Find) -> TourError:
    return TourError(
        f'Twisted {twisted.__version__} has no {find.module}.{find.name}'
        f' with this text: {find.line}'
    )
