"""``tour diff``: shows what changes from one version to the next."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from rich.text import Text

from tour import arguments
from tour.book import Book, Comparison, Part
from tour.commands import COMMANDS
from tour.comparing import compare, patch
from tour.difference import STOPS, difference
from tour.errors import TourError
from tour.screen import Screen


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument(
        'versions',
        nargs='*',
        metavar='PART | OLD NEW',
        help='the part of the tutorial, or the paths of two scripts',
    )


def run(args: argparse.Namespace, book: Book, screen: Screen) -> None:
    """List the versions to compare, or show the differences asked for."""
    match args.versions:
        case []:
            screen.page(_list(book, screen))
        case [id]:
            texts = list(_part(book, arguments.part_of(book, id), screen))
            if not texts:
                raise TourError(f'Part {id} has no versions to compare.')
            screen.page(texts[:-1], STOPS)
        case [old, new]:
            old, new = _path(book, old), _path(book, new)
            comparison = _comparison(book, old, new)
            texts = _body(book, comparison, screen)
            if screen.is_terminal:
                texts = [*_head(comparison, screen), *texts]
            screen.page(texts, STOPS)
        case _:
            raise TourError(
                f'Name a part, or two scripts: {COMMANDS["diff"].usage}'
            )


def _list(book: Book, screen: Screen) -> list[Text]:
    """Return all versions to compare, and what to look for."""
    texts = []
    for part in book.parts:
        if part.comparisons:
            title = arguments.title_of(part)
            texts.append(screen.wrapped(title, 'heading'))
        for comparison in part.comparisons:
            texts += [
                Text(f'  tour diff {comparison.old} {comparison.new}'),
                screen.wrapped(comparison.look, 'remark', before='      '),
            ]
    return texts


def _part(book: Book, part: Part, screen: Screen) -> Iterator[Text]:
    """Return all comparisons of a part, and why there are no others."""
    compared = {comparison.new for comparison in part.comparisons}
    new = book.new_scripts()[part.id]
    for version in (v for v in new if v not in compared):
        yield from _gap(book, version, screen)
    for comparison in part.comparisons:
        if comparison.new in new:
            yield from _gap(book, comparison.new, screen)
        yield from _head(comparison, screen)
        yield from _body(book, comparison, screen)
        yield Text('')


def _gap(book: Book, version: str, screen: Screen) -> Iterator[Text]:
    """Return why a version isn't compared with the one before, if so."""
    if gap := book.gap(version):
        old, reason = gap
        yield from _head(Comparison(old=old, new=version, look=reason), screen)


def _comparison(book: Book, old: str, new: str) -> Comparison:
    """Return what the book has of two versions, or just their names."""
    for part in book.parts:
        for comparison in part.comparisons:
            if (comparison.old, comparison.new) == (old, new):
                return comparison
    gap = book.gap(new)
    look = gap[1] if gap and gap[0] == old else ''
    return Comparison(old=old, new=new, look=look)


def _path(book: Book, name: str) -> str:
    """
    Return the path of a script, relative to the base directory.

    It may be given relative to that, or to the current directory.
    """
    path = book.base / name
    if not path.exists():
        path = Path(name).absolute()
    if path.is_relative_to(book.base):
        path = path.relative_to(book.base)
    return str(path)


def _head(comparison: Comparison, screen: Screen) -> list[Text]:
    """Return the names of two versions, and what to look for."""
    names = f'{comparison.old} -> {comparison.new}'
    texts = [screen.wrapped(names, 'heading')]
    if comparison.look:
        texts.append(screen.wrapped(comparison.look, 'remark'))
    return [*texts, Text('')]


def _body(book: Book, comparison: Comparison, screen: Screen) -> list[Text]:
    """Return what changes: drawn with its notes, or in a pipe as a patch."""
    old, new = comparison.old, comparison.new
    if screen.is_terminal:
        texts = difference(screen, compare(book.base, comparison))
    else:
        texts = [Text(line) for line in patch(book.base, old, new)]
    return texts or [Text(f'{old} and {new} are the same.')]
