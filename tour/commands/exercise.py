"""``tour exercise``: the question, where to start, and a hint."""

import argparse

from tour import arguments, exercises
from tour.book import Book
from tour.screen import Screen


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    arguments.add_exercise(parser)


def run(args: argparse.Namespace, book: Book, screen: Screen) -> None:
    """Show the exercise."""
    exercise = arguments.exercise_of(book, args.exercise)
    screen.page(exercises.asked(exercise, screen))
