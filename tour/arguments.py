"""What several commands let a reader choose: part, scene and pace."""

import argparse
from collections.abc import Callable
from difflib import get_close_matches
from typing import TypeVar

from tour import tools
from tour.book import Book, Chapter, Exercise, Part, Scene
from tour.errors import TourError, UsageError
from tour.pace import Pace

Number = TypeVar('Number', int, float)


def add_scenes(parser: argparse.ArgumentParser, speed: float = 1) -> None:
    """
    Add the arguments that choose scenes and how they are played.

    speed: the slow servers wait this many times less if nothing is said.
    """
    parser.add_argument(
        'part', nargs='?', metavar='PART', help='the part of the tutorial'
    )
    add_scene(parser)
    add_speed(parser, speed)
    parser.add_argument(
        '--patience',
        type=positive(float),
        default=Pace.patience,
        metavar='S',
        help='seconds that a server may take to listen, and a program to'
        ' end after Ctrl-C (default: %(default)s)',
    )


def add_exercise(parser: argparse.ArgumentParser) -> None:
    """Add the argument that chooses an exercise."""
    parser.add_argument(
        'exercise',
        metavar='EXERCISE',
        help='the number of the exercise, like 17.5',
    )


def add_scene(parser: argparse.ArgumentParser) -> None:
    """Add the argument that chooses one scene of a part."""
    parser.add_argument(
        '--scene', type=positive(int), metavar='N', help='just this scene'
    )


def add_speed(parser: argparse.ArgumentParser, speed: float = 1) -> None:
    """Add the argument that makes the slow servers wait less."""
    parser.add_argument(
        '--speed',
        type=positive(float),
        default=speed,
        metavar='X',
        help='the slow servers wait X times less (default: %(default)s)',
    )


def positive(kind: type[Number]) -> Callable[[str], Number]:
    """Return a function that makes numbers above 0 of text."""
    what = 'a whole number' if kind is int else 'a number'

    def number(text: str) -> Number:
        try:
            value = kind(text)
        except ValueError:
            value = kind(0)
        if not 0 < value < float('inf'):
            raise argparse.ArgumentTypeError(
                f'must be {what} above 0, not {text}'
            )
        return value

    return number


def pace_of(args: argparse.Namespace) -> Pace:
    """Return how fast the arguments want scenes to be played."""
    return Pace(args.speed, args.patience)


def title_of(chapter: Chapter) -> str:
    """Return the title of a part with its number."""
    return f'Part {chapter.id}: {chapter.title}'


def list_of_parts(book: Book) -> list[str]:
    """Return a line for each part: how it is played, and its title."""
    lines = []
    for part in book.parts:
        count = len(part.scenes)
        scenes = '1 scene' if count == 1 else f'{count} scenes'
        lines.append(f'tour {part.id:<3} {part.title} ({scenes})')
    return lines


def chapter_of(book: Book, id: str) -> Chapter:
    """Return the part of that id, with or without scripts."""
    return book.chapter(id) or part_of(book, id)


def exercise_of(book: Book, id: str) -> Exercise:
    """Return the exercise of that id; raise UsageError if there is none."""
    if exercise := book.exercise(id):
        return exercise
    part = id.partition('.')[0]
    chapter = book.chapter(part)
    if chapter is None or not chapter.exercises:
        raise UsageError(
            f'There is no exercise {id}. This lists those that there are:',
            help=['tour exercises'],
        )
    ids = ', '.join(e.id for e in chapter.exercises)
    if id == part:
        raise UsageError(f'Which one of Part {part}? There are {ids}.')
    raise UsageError(f'There is no exercise {id}. Part {part} has {ids}.')


def part_of(book: Book, id: str) -> Part:
    """Return the part of that id; raise UsageError if it has no scripts."""
    if part := book.part(id):
        return part
    if chapter := book.chapter(id):
        raise UsageError(
            f'Part {id} has no scripts. It is to be read at {chapter.text}'
        )
    ids = [part.id for part in book.parts]
    if near := get_close_matches(id, ids, 1) if id.isalpha() else []:
        raise UsageError(
            f'There is no part {id}. Did you mean this one?',
            help=[f'tour {near[0]}'],
        )
    raise UsageError(
        f'There is no part {id}. These are the parts:',
        help=list_of_parts(book),
    )


def scenes_of(book: Book, args: argparse.Namespace) -> list[Scene]:
    """
    Return the scenes that the arguments choose.

    Those of all parts if they name none. Raises UsageError if there is no
    such part or scene.
    """
    parts = book.parts if args.part is None else [part_of(book, args.part)]
    scenes = [scene for part in parts for scene in part.scenes]
    found = [s for s in scenes if args.scene in (None, s.number)]
    if found:
        return found
    raise UsageError(
        f'There is no scene {args.scene}. These are the scenes:',
        help=[f'tour {s.part} --scene {s.number}  {s.title}' for s in scenes],
    )


def demand_tools(parts: list[Part]) -> None:
    """Raise TourError if a tool is missing that one of the parts needs."""
    lines = [line for part in parts for line in tools.missing(part)]
    if lines:
        raise TourError(*lines)
