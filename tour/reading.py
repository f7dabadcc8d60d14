"""How the book is read: chapters/ becomes a Book, or a list of errors."""

import functools
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from tour.benchmark import Benchmark
from tour.book import Book, Chapter, Contents, Entry, Part
from tour.errors import TourError
from tour.features import Features
from tour.simulating import Simulating
from tour.terms import Terms

BASE = Path(__file__).resolve().parent.parent
"""The base directory of this checkout, where all commands are typed."""

CHAPTERS = BASE / 'chapters'
"""The directory of the manifest."""

_CONTENTS = 'book.toml'
_TERMS = 'terms.toml'
_FEATURES = 'features.toml'
_BENCHMARK = 'benchmark.toml'
_SIMULATING = 'simulator.toml'

_PLAINLY = {
    'missing': 'is missing',
    'extra_forbidden': 'nothing of that name belongs here',
    'model_type': 'should be a table',
}
"""What pydantic says in the words of programmers, by its type of error."""

E = TypeVar('E', bound=Entry)


class ManifestError(TourError):
    """A file of the manifest can't be read, or says what makes no sense."""


def read_book(directory: Path = CHAPTERS) -> Book:
    """
    Read the manifest, once: who asks again is given the same book.

    directory: where book.toml and the files of the parts are; the paths in
    them are relative to the directory above. Raises ManifestError with a
    line for everything that is wrong: file, entry, and what it is.
    """
    return _read_book(directory)


@functools.cache
def _read_book(directory: Path) -> Book:
    contents = _checked(directory / _CONTENTS, Contents, {})
    others = {
        _CONTENTS,
        _TERMS,
        _FEATURES,
        _BENCHMARK,
        _SIMULATING,
        *map(_file_of, contents.parts),
    }
    errors = [
        f'{_shown(path)}: no part of that name is in {_CONTENTS}'
        for path in sorted(directory.glob('*.toml'))
        if path.name not in others
    ]
    chapters = []
    for id in contents.parts:
        try:
            chapters.append(_chapter(directory / _file_of(id), id, contents))
        except ManifestError as error:
            errors += error.lines
    if errors:
        raise ManifestError(*errors)
    return Book(
        base=directory.resolve().parent,
        slow_server=contents.slow_server,
        chapters=tuple(chapters),
        trails=contents.trails,
    )


def read_terms(directory: Path = CHAPTERS) -> Terms:
    """
    Read the words of Twisted and asyncio.

    directory: where terms.toml is. Raises ManifestError.
    """
    return _checked(directory / _TERMS, Terms, {})


def read_features(directory: Path = CHAPTERS) -> Features:
    """
    Read what a version may have.

    directory: where features.toml is. Raises ManifestError.
    """
    return _checked(directory / _FEATURES, Features, {})


def read_benchmark(directory: Path = CHAPTERS) -> Benchmark:
    """
    Read what is said of the benchmark.

    directory: where benchmark.toml is. Raises ManifestError.
    """
    return _checked(directory / _BENCHMARK, Benchmark, {})


def read_simulating(directory: Path = CHAPTERS) -> Simulating:
    """
    Read what is said on the page with the simulator of chains.

    directory: where simulator.toml is. Raises ManifestError.
    """
    return _checked(directory / _SIMULATING, Simulating, {})


def _file_of(id: str) -> str:
    return f'{id:0>2}.toml'


def _shown(path: Path) -> str:
    """Return the path of a file of the manifest as errors name it."""
    return f'{path.parent.name}/{path.name}'


def _chapter(path: Path, id: str, contents: Contents) -> Chapter:
    """Read the file of a part. Raises ManifestError."""
    data = {**_toml(path), 'id': id}
    model = Part if {'scene', 'watch'} & data.keys() else Chapter
    return _validated(path, model, data, contents.tools)


def _checked(path: Path, model: type[E], context: dict[str, Any]) -> E:
    """Read a file as an entry of that kind. Raises ManifestError."""
    return _validated(path, model, _toml(path), context)


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text('utf-8'))
    except OSError as error:
        raise ManifestError(f'{_shown(path)}: {error.strerror}') from error
    except ValueError as error:
        raise ManifestError(f'{_shown(path)}: no TOML: {error}') from error


def _validated(
    path: Path, model: type[E], data: dict[str, Any], context: dict[str, Any]
) -> E:
    try:
        return model.model_validate(data, context=context)
    except ValidationError as error:
        raise ManifestError(
            *(
                ': '.join([_shown(path), *_entry(e['loc']), _what(e)])
                for e in error.errors()
            )
        ) from error


def _entry(place: Sequence[str | int]) -> list[str]:
    """
    Return how to find a place in a file, the field apart from its entry.

    Like ``scene 2, commands 1`` and ``exit``: entries count from 1.
    """
    names: list[str] = []
    for step in place:
        if isinstance(step, int):
            names[-1] += f' {step + 1}'
        else:
            names.append(step)
    if len(names) < 2 or isinstance(place[-1], int):
        return [', '.join(names)] if names else []
    return [', '.join(names[:-1]), names[-1]]


def _what(error: Any) -> str:
    """Return what is wrong, in a line."""
    if error['type'] == 'value_error':
        return str(error['ctx']['error'])
    plainly: str = _PLAINLY.get(error['type'], error['msg'])
    if error['type'] in _PLAINLY or isinstance(error['input'], dict | list):
        return plainly
    return f'{plainly}, not {error["input"]!r}'
