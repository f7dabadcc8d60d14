"""``tour check``: whether a script does what an exercise asks for."""

import argparse
from typing import Any

from rich.progress import (
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from tour import arguments, tools
from tour.book import Book
from tour.checking import Attempt, attempt_of, check
from tour.errors import TourError, UsageError
from tour.running import run as run_in_reactor
from tour.screen import Screen
from tour.verdict import told


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    arguments.add_exercise(parser)
    parser.add_argument('file', metavar='FILE', help='your script')


def run(args: argparse.Namespace, book: Book, screen: Screen) -> None:
    """Check the script, scene by scene, up to the first difference."""
    exercise = arguments.exercise_of(book, args.exercise)
    if exercise.answer is None:
        raise UsageError(
            f'There is nothing to check in exercise {exercise.id}: its answer'
            ' is in words.',
            help=[f'tour answer {exercise.id}'],
        )
    attempt = attempt_of(book, exercise, args.file)
    if part := book.part(exercise.part):
        arguments.demand_tools([part])
    run_in_reactor(lambda reactor: _check(reactor, book, attempt, screen))


async def _check(
    reactor: Any, book: Book, attempt: Attempt, screen: Screen
) -> None:
    """Check, and say what was found; raise TourError if it isn't right."""
    exercise = attempt.exercise
    scenes = exercise.checks
    for scene in scenes:
        title = (
            f'Scene {scene.number} of {len(exercise.scenes)}: {scene.title}'
        )
        if lines := tools.missing_in(scene):
            for line in lines:
                screen.remark(f'Left out: {line}')
            continue
        with _progress(screen) as progress:
            progress.add_task(title)
            found = await check(reactor, book, attempt, scene)
        if found is None:
            screen.show(screen.wrapped(f'{title}: right'))
            continue
        screen.heading(title)
        screen.show(*told(attempt, found, screen))
        raise TourError(
            f'{attempt.name} is no answer to exercise {exercise.id} yet.',
            help=[f'A hint: tour exercise {exercise.id}'],
        )
    screen.heading(
        f'{attempt.name} does what exercise {exercise.id} asks for.'
    )
    screen.remark(f'Compare it with our answer: tour answer {exercise.id}')


def _progress(screen: Screen) -> Progress:
    """Return what shows on a terminal that something goes on."""
    return Progress(
        SpinnerColumn(),
        TextColumn('{task.description}'),
        TimeElapsedColumn(),
        console=screen.console,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
        disable=not screen.console.is_interactive,
    )
