"""The command line of the tour: which command, and how it ends."""

import argparse
import sys
from pathlib import Path

from tour.commands import COMMANDS
from tour.errors import Interrupted, TourError
from tour.reading import CHAPTERS, read_book
from tour.screen import Screen


def main() -> None:
    """Run the tour as the command line says, and exit."""
    try:
        args = _parse_args(sys.argv[1:])
        book = read_book(args.chapters)
        COMMANDS[args.command].run(args, book, Screen(sys.stdout))
    except TourError as error:
        sys.exit(_told(error))
    except KeyboardInterrupt:
        sys.exit(Interrupted.status)


def _told(error: TourError) -> int:
    """Print what went wrong; return the exit code."""
    screen = Screen(sys.stderr)
    for line in error.lines:
        screen.error(line)
    for line in error.help:
        screen.remark(line)
    return error.status


def _parse_args(words: list[str]) -> argparse.Namespace:
    told = {n: c for n, c in COMMANDS.items() if c.SUMMARY is not None}
    usages = '\n       '.join(command.USAGE for command in told.values())
    parser = argparse.ArgumentParser(
        prog='tour',
        usage=usages,
        description='Play the scripts of a part of the tutorial, or list'
        ' the parts.',
    )
    subparsers = parser.add_subparsers(
        prog='tour', dest='command', metavar='COMMAND'
    )
    for name, command in COMMANDS.items():
        # what has no help is not listed
        summary = {'help': command.SUMMARY} if name in told else {}
        subparser = subparsers.add_parser(name, usage=command.USAGE, **summary)
        command.add_arguments(subparser)
        subparser.add_argument(
            '--chapters',
            type=Path,
            default=CHAPTERS,
            metavar='DIRECTORY',
            help='another manifest than chapters/',
        )
    if not words or words[0] not in ('-h', '--help', *COMMANDS):
        words = ['play', *words]
    return parser.parse_args(words)
