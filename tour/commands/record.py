"""``tour record``: writes the transcripts of scenes (``make record``)."""

import argparse
from typing import Any

from tour import arguments, tools
from tour.book import Book, Part, Scene
from tour.errors import UsageError
from tour.pace import Pace
from tour.recording import SPEED, record
from tour.running import run as run_in_reactor
from tour.screen import Screen
from tour.transcript import path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    arguments.add_scenes(parser, SPEED)


def run(args: argparse.Namespace, book: Book, screen: Screen) -> None:
    """Play scenes out of sight and write down what they print."""
    scenes = _scenes(book, args)
    ids = {scene.part for scene in scenes}
    arguments.demand_tools([part for part in book.parts if part.id in ids])
    pace = arguments.pace_of(args)
    run_in_reactor(
        lambda reactor: _record(reactor, book, scenes, pace, screen)
    )


def _scenes(book: Book, args: argparse.Namespace) -> list[Scene]:
    """Return the scenes to record: of parts, and of their exercises."""
    if args.part is not None and book.exercise(args.part):
        exercise = arguments.exercise_of(book, args.part)
        chosen = [s for s in exercise.scenes if args.scene in (None, s.number)]
        if not chosen:
            raise UsageError(
                f'Exercise {exercise.id} has no scene {args.scene}.'
            )
        return chosen
    chapter = book.chapter(args.part) if args.part is not None else None
    exercises = chapter.exercises if chapter else book.exercises
    practice = [scene for e in exercises for scene in e.scenes]
    if args.scene is not None:
        return arguments.scenes_of(book, args)
    if chapter is not None and not isinstance(chapter, Part) and practice:
        return practice
    return arguments.scenes_of(book, args) + practice


async def _record(
    reactor: Any, book: Book, scenes: list[Scene], pace: Pace, screen: Screen
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
