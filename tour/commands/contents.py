"""``tour``: lists the parts, and says what else can be typed."""

import argparse

from tour import teaching
from tour.book import Book
from tour.screen import Screen


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add nothing: the command takes no arguments of its own."""


def run(args: argparse.Namespace, book: Book, screen: Screen) -> None:
    """List the parts."""
    screen.page(teaching.contents(book, screen))
