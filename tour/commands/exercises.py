"""``tour exercises``: lists the exercises, of all parts or of one."""

import argparse

from tour import arguments, exercises
from tour.book import Book
from tour.errors import TourError
from tour.screen import Screen


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument(
        'part', nargs='?', metavar='PART', help='the part of the tutorial'
    )


def run(args: argparse.Namespace, book: Book, screen: Screen) -> None:
    """List the exercises."""
    chapters = list(book.chapters)
    if args.part is not None:
        chapters = [arguments.chapter_of(book, args.part)]
        if not chapters[0].exercises:
            raise TourError(f'Part {args.part} has no exercises.')
    texts = list(exercises.listed(chapters, screen))
    first = next(e for c in chapters for e in c.exercises)
    remark = f'One of them with a hint: tour exercise {first.id}'
    screen.page([*texts, screen.wrapped(remark, 'remark')])
