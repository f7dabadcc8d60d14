"""``tour PART``: plays the scenes of a part."""

import argparse

from tour import arguments, race
from tour.book import Book, Scene
from tour.place import Pace, here, on_paper
from tour.playing import Played, play
from tour.running import run as run_in_reactor
from tour.screen import Screen
from tour.showing import Show

SUMMARY = 'run the scenes of a part (the word play may be left out)'
USAGE = 'tour [PART [--scene N] [--dry-run] [--speed X]]'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    arguments.add_scenes(parser)
    parser.add_argument(
        '--dry-run', action='store_true', help='just print the commands'
    )


def run(args: argparse.Namespace, book: Book, screen: Screen) -> None:
    """List the parts, or print the commands of one, or play it."""
    if args.part is None:
        for line in arguments.list_of_parts(book):
            screen.remark(line)
        return
    part = arguments.part_of(book, args.part)
    scenes = arguments.scenes_of(book, args)
    pace = arguments.pace_of(args)
    if args.dry_run:
        _print_commands(book, scenes, pace, screen)
        return
    arguments.demand_tools([part])
    screen.heading(arguments.title_of(part))
    run_in_reactor(lambda reactor: _play(reactor, book, scenes, pace, screen))


def _print_commands(
    book: Book, scenes: list[Scene], pace: Pace, screen: Screen
) -> None:
    for scene in scenes:
        place = on_paper(book, scene, pace)
        show = Show(screen, place)
        show.begin()
        for command in scene.all:
            show.command('', place.line(command))


async def _play(
    reactor, book: Book, scenes: list[Scene], pace: Pace, screen: Screen
) -> None:
    """Play scenes for somebody who watches; raise SceneError."""
    races: list[list[Played]] = []
    for scene in scenes:
        with here(book, scene, pace) as place:
            show = Show(screen, place)
            show.begin()
            played = await play(reactor, place, show)
        if scene.race:
            races.append(played[len(scene.servers) :])
    for blocking, asynchronous in races:
        screen.text('')
        for line in race.outcome(blocking, asynchronous):
            screen.remark(line)
