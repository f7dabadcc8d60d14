"""``tour loop``: draws whom the reactors of a part called, turn by turn."""

import argparse

from tour import picturing
from tour.book import Book
from tour.loop_picture import picture
from tour.loop_text import drawn
from tour.screen import Screen
from tour.turns import check_loops, loops_of

add_arguments = picturing.add_arguments


def run(args: argparse.Namespace, book: Book, screen: Screen) -> None:
    """Play the part, or one scene of it, out of sight and draw it."""
    part = picturing.part_of(args, book)
    check_loops(book, part)
    picturing.play_and_draw(
        *(args, book, part, screen),
        recorded=loops_of,
        text=drawn,
        picture=picture,
    )
