"""``tour loop``: draws whom the reactors of a part called, turn by turn."""

import argparse
from pathlib import Path
from typing import Any

from tour import arguments, svg
from tour.book import Book, Part, Scene
from tour.loop_picture import picture
from tour.loop_text import drawn
from tour.place import Pace
from tour.running import run as run_in_reactor
from tour.screen import Screen
from tour.turns import check_loops, loops_of

SUMMARY = 'run the scripts of a part and draw who held the reactor, and when'
USAGE = 'tour loop PART [--scene N] [--speed X] [--output FILE]'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
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


def run(args: argparse.Namespace, book: Book, screen: Screen) -> None:
    """Play the part, or one scene of it, out of sight and draw it."""
    part = arguments.part_of(book, args.part)
    scenes = tuple(arguments.scenes_of(book, args))
    part = part.model_copy(update={'scenes': scenes})
    check_loops(book, part)
    arguments.demand_tools([part])
    if args.output is not None:
        svg.check(args.output)
    pace = Pace(args.speed)
    run_in_reactor(
        lambda reactor: _draw(reactor, book, part, pace, args.output, screen)
    )


async def _draw(
    reactor: Any,
    book: Book,
    part: Part,
    pace: Pace,
    path: Path | None,
    screen: Screen,
) -> None:
    """Play and draw; raise SceneError, TurnsError or DrawingError."""

    def announce(scene: Scene) -> None:
        screen.remark(f'Scene {scene.number}: {scene.title}')

    loops = await loops_of(reactor, book, part, pace, announce)
    if path is None:
        lines = drawn(part, loops, screen.console.width, pace.speed)
        # headings may be long
        screen.show(*(screen.wrapped(t) if t.style else t for t in lines))
    else:
        picture(part, loops, pace.speed).save(path)
        screen.remark(f'{path}: written')
