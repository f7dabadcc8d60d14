"""The command line of the tour: which command, and how it ends."""

import argparse
import signal
import sys
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path

from tour.commands import COMMANDS
from tour.errors import Interrupted, OutputError, TourError, UsageError
from tour.output import Output
from tour.reading import CHAPTERS, read_book
from tour.screen import Screen


def main() -> None:
    """Run the tour as the command line says, and exit."""
    try:
        # while the tour was loaded, it was left to the system
        if signal.getsignal(signal.SIGINT) == signal.SIG_DFL:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.stdout = Output(sys.stdout)
        args = _parse_args(sys.argv[1:])
        book = read_book(args.chapters)
        COMMANDS[args.command].run(args, book, Screen(sys.stdout))
    except TourError as error:
        sys.exit(_told(error))
    except KeyboardInterrupt:
        sys.exit(Interrupted().status)
    finally:
        # Python's own end, too, has a traceback for whoever interrupts it
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def _told(error: TourError) -> int:
    """Print what went wrong, if that is possible; return the exit code."""
    with suppress(OutputError):
        screen = Screen(Output(sys.stderr))
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
    return parser.parse_args(_complete(words, list(told)))


def _complete(words: list[str], told: list[str]) -> list[str]:
    """
    Return the words with a command in front.

    told: the commands of the help. Raises UsageError if the first word is
    nearly one of them.
    """
    match words:
        case ['help', command, *_] if command in COMMANDS:
            return [command, '--help']
        case ['help', *_]:
            return ['--help']
        case [word, *_] if word in ('-h', '--help', *COMMANDS):
            return words
        case [word, *_] if near := get_close_matches(word, told, 1):
            raise UsageError(
                f'There is no command {word}. Did you mean this one?',
                help=[f'tour {near[0]}'],
            )
    return ['play', *words]
