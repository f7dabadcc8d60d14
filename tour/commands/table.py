"""``tour table``: writes the table in SCRIPTS.md anew (``make table``)."""

import argparse

from tour.book import Book
from tour.screen import Screen
from tour.table import PAGE, renewed, table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add nothing: the command takes no arguments of its own."""


def run(args: argparse.Namespace, book: Book, screen: Screen) -> None:
    """Write the table, and say whether it is another one."""
    path = book.base / PAGE
    before = path.read_text('utf-8')
    after = renewed(before, table(book))
    path.write_text(after, 'utf-8')
    state = 'as it was' if after == before else 'written'
    screen.remark(f'{PAGE}: {state}')
