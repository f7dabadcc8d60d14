"""``tour facts``: measures what the site draws (``make facts``)."""

import argparse
from typing import Any

from tour import arguments, facts
from tour.book import Book, Part, Scene
from tour.place import Pace
from tour.running import run as run_in_reactor
from tour.screen import Screen

SUMMARY = None
USAGE = 'tour facts [PART] [--speed X]'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument(
        'part', nargs='?', metavar='PART', help='the part of the tutorial'
    )
    arguments.add_speed(parser)


def run(args: argparse.Namespace, book: Book, screen: Screen) -> None:
    """Play parts out of sight and write down what their clients receive."""
    parts = [part for part in book.parts if part.timeline]
    if args.part is not None:
        parts = [arguments.part_of(book, args.part)]
    arguments.demand_tools(parts)
    pace = Pace(args.speed)
    run_in_reactor(lambda reactor: _record(reactor, book, parts, pace, screen))


async def _record(
    reactor: Any, book: Book, parts: list[Part], pace: Pace, screen: Screen
) -> None:
    """Record and say so; raise SceneError or TimelineError."""

    def announce(scene: Scene) -> None:
        screen.remark(f'Part {scene.part}, scene {scene.number}')

    for part in parts:
        await facts.record(reactor, book, part, pace, announce)
        file = facts.path(book, part).relative_to(book.base)
        screen.remark(f'{file}: written')
