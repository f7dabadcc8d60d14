"""``tour facts``: measures what the site draws (``make facts``)."""

import argparse
from typing import Any

from tour import arguments, facts
from tour.book import Book, Part, Scene
from tour.errors import TourError
from tour.pace import Pace
from tour.running import run as run_in_reactor
from tour.screen import Screen


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument(
        'part', nargs='?', metavar='PART', help='the part of the tutorial'
    )
    arguments.add_speed(parser)


def run(args: argparse.Namespace, book: Book, screen: Screen) -> None:
    """Play parts out of sight and write down what the site shows of them."""
    parts = [
        part
        for part in book.parts
        if part.timeline or part.loop or part.chains
    ]
    if args.part is not None:
        part = arguments.part_of(book, args.part)
        if part not in parts:
            raise TourError(f'The site draws nothing of Part {part.id}.')
        parts = [part]
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
        files = []
        if part.timeline:
            record = facts.record
            files.append(await record(reactor, book, part, pace, announce))
        if part.loop:
            record = facts.record_loops
            files.append(await record(reactor, book, part, pace, announce))
        if part.chains:
            record = facts.record_chains
            files.append(await record(reactor, book, part, pace, announce))
        for file in files:
            screen.remark(f'{file.relative_to(book.base)}: written')
