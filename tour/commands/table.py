"""``tour table``: prints the README's table of scripts (``make table``)."""

import argparse

from tour.book import Book
from tour.screen import Screen
from tour.table import table

SUMMARY = None
USAGE = 'tour table'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add nothing: the command takes no arguments of its own."""


def run(args: argparse.Namespace, book: Book, screen: Screen) -> None:
    """Print the table."""
    screen.text(table(book))
