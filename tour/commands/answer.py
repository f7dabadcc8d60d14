"""``tour answer``: our answer to an exercise."""

import argparse

from tour import arguments, exercises
from tour.book import Book
from tour.difference import STOPS
from tour.screen import Screen


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    arguments.add_exercise(parser)


def run(args: argparse.Namespace, book: Book, screen: Screen) -> None:
    """Show the answer."""
    exercise = arguments.exercise_of(book, args.exercise)
    screen.page(exercises.answered(book, exercise, screen), STOPS)
