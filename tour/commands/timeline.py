"""``tour timeline``: draws what the clients of a part receive, and when."""

import argparse

from tour import picturing
from tour.book import Book
from tour.screen import Screen
from tour.timeline import check_clients, clients_of
from tour.timeline_picture import picture
from tour.timeline_text import drawn

add_arguments = picturing.add_arguments


def run(args: argparse.Namespace, book: Book, screen: Screen) -> None:
    """Play the part, or one scene of it, out of sight and draw it."""
    part = picturing.part_of(args, book)
    check_clients(part)
    picturing.play_and_draw(
        *(args, book, part, screen),
        recorded=clients_of,
        text=drawn,
        picture=picture,
    )
