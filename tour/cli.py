"""The command line of the tour: which command, and how it ends."""

import argparse
import signal
import sys
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from tour.commands import COMMANDS, module_of
from tour.errors import Interrupted, OutputError, TourError, UsageError
from tour.output import Output
from tour.reading import CHAPTERS, read_book
from tour.screen import Screen


def main() -> None:
    """Run the tour as the command line says, and exit."""
    try:
        sys.stdout = Output(sys.stdout)
        args = _parse_args(sys.argv[1:])
        command = module_of(args.command)
        # while the tour was loaded, it was left to the system
        if signal.getsignal(signal.SIGINT) == signal.SIG_DFL:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        book = read_book(args.chapters)
        command.run(args, book, Screen(sys.stdout))
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
    told = [n for n, c in COMMANDS.items() if c.summary is not None]
    words = _complete(words, told)
    parser = argparse.ArgumentParser(
        prog='tour',
        usage='\n       '.join(COMMANDS[name].usage for name in told),
        description='Play the scripts of a part of the tutorial, or list'
        ' the parts.',
    )
    subparsers = parser.add_subparsers(
        prog='tour', dest='command', metavar='COMMAND'
    )
    for name, command in COMMANDS.items():
        # what has no help is not listed
        summary: Any = {'help': command.summary} if name in told else {}
        subparser = subparsers.add_parser(name, usage=command.usage, **summary)
        if name == words[0]:
            module_of(name).add_arguments(subparser)
            subparser.add_argument(
                '--chapters',
                type=Path,
                default=CHAPTERS,
                metavar='DIRECTORY',
                help='another manifest than chapters/',
            )
    return parser.parse_args(words)


def _complete(words: list[str], told: list[str]) -> list[str]:
    """
    Return the words with a command in front.

    told: the commands of the help. Raises UsageError if the first word is
    nearly one of them.
    """
    match words:
        case ['help', command, *_] if command in COMMANDS:
            return [command, '--help']
        case []:
            return ['contents']
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
