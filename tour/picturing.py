"""What the commands share that play a part and draw what happens."""

import argparse
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from rich.text import Text

from tour import arguments, svg
from tour.book import Book, Part, Scene
from tour.pace import Pace
from tour.running import run as run_in_reactor
from tour.screen import Screen
from tour.svg import Drawing

T = TypeVar('T')

Recorder = Callable[
    [Any, Book, Part, Pace, Callable[[Scene], None]], Awaitable[T]
]
"""Plays a part and returns what happened; tells of each scene before it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what such a command takes."""
    parser.add_argument(
        'part', metavar='PART', help='the part of the tutorial'
    )
    arguments.add_scene(parser)
    arguments.add_speed(parser)
    parser.add_argument(
        '--output',
        type=Path,
        metavar='FILE',
        help='an .svg or .png file (default: text, here)',
    )


def part_of(args: argparse.Namespace, book: Book) -> Part:
    """Return the part, with just the scenes that are asked for."""
    part = arguments.part_of(book, args.part)
    scenes = tuple(arguments.scenes_of(book, args))
    return part.model_copy(update={'scenes': scenes})


def play_and_draw(
    args: argparse.Namespace,
    book: Book,
    part: Part,
    screen: Screen,
    *,
    recorded: Recorder[T],
    text: Callable[[Part, T, int, float], list[Text]],
    picture: Callable[[Part, T, float], Drawing],
) -> None:
    """
    Play a part out of sight and draw it, here or into a file.

    recorded: plays it. text: what is shown here, given the columns and the
    speed; picture: what is saved. Raises SceneError, DrawingError and what
    ``recorded`` raises.
    """
    arguments.demand_tools([part])
    if args.output is not None:
        svg.check(args.output)
    pace = Pace(args.speed)

    def announce(scene: Scene) -> None:
        screen.remark(f'Scene {scene.number}: {scene.title}')

    async def draw(reactor: Any) -> None:
        facts = await recorded(reactor, book, part, pace, announce)
        if args.output is None:
            lines = text(part, facts, screen.console.width, pace.speed)
            # headings may be long
            screen.show(*(screen.wrapped(t) if t.style else t for t in lines))
        else:
            picture(part, facts, pace.speed).save(args.output)
            screen.remark(f'{args.output}: written')

    run_in_reactor(draw)
