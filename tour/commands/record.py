"""``tour record``: writes the transcripts of scenes (``make record``)."""

import argparse

from tour import arguments, tools
from tour.book import Book, Scene
from tour.place import Pace
from tour.recording import SPEED, record
from tour.running import run as run_in_reactor
from tour.screen import Screen
from tour.transcript import path

SUMMARY = None
USAGE = 'tour record [PART [--scene N]]'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    arguments.add_scenes(parser, SPEED)


def run(args: argparse.Namespace, book: Book, screen: Screen) -> None:
    """Play scenes out of sight and write down what they print."""
    scenes = arguments.scenes_of(book, args)
    ids = {scene.part for scene in scenes}
    arguments.demand_tools([part for part in book.parts if part.id in ids])
    pace = arguments.pace_of(args)
    run_in_reactor(
        lambda reactor: _record(reactor, book, scenes, pace, screen)
    )


async def _record(
    reactor, book: Book, scenes: list[Scene], pace: Pace, screen: Screen
) -> None:
    """Record scenes and say which are new; raise SceneError."""
    for scene in scenes:
        if lines := tools.missing_in(scene):
            for line in lines:
                screen.remark(f'Left out: {line}')
            continue
        is_new = await record(reactor, book, scene, pace)
        file = path(book.base, scene).relative_to(book.base)
        screen.remark(f'{file}: {"written" if is_new else "as it was"}')
