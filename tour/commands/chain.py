"""``tour chain``: runs a script, and draws what its Deferreds did."""

import argparse
import signal
import tempfile
from pathlib import Path

from tour import chain_text, chain_words, svg
from tour.book import Book
from tour.chain_picture import picture
from tour.chains import Chain, chains_of
from tour.errors import Interrupted, TourError, UsageError
from tour.screen import Screen
from tour.tracing import facts, launching
from tour.tracing.recorder import NOT_RECORDED

WIDEST = 100
"""Columns that a drawing has at most: wider boxes are harder to read."""


class ChainError(TourError):
    """There is nothing to draw."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument(
        '--output',
        type=Path,
        metavar='FILE',
        help='an .svg or .png file (default: text, here)',
    )
    parser.add_argument('script', metavar='SCRIPT', help='the script to run')
    parser.add_argument(
        'arguments',
        nargs=argparse.REMAINDER,
        metavar='ARGUMENT',
        help="the script's own arguments",
    )


def run(args: argparse.Namespace, book: Book, screen: Screen) -> None:
    """Run the script as ever, then draw its chains."""
    script = Path(args.script)
    if not script.is_file():
        raise UsageError(f'There is no script {script}')
    if args.output is not None:
        svg.check(args.output)
    found = read_traced(script, args.arguments)
    chains = chains_of(found, _sources(found))
    if not chains:
        raise ChainError(f'{script} has no Deferreds to draw.')
    if args.output is not None:
        picture(chains, args.script).save(args.output)
        screen.remark(f'{args.output}: written')
        return
    _show(chains, args.script, screen)


def _show(chains: list[Chain], script: str, screen: Screen) -> None:
    screen.text('')
    screen.remark(chain_words.KEY)
    screen.text('')
    columns = min(screen.console.width, WIDEST) if screen.is_terminal else 80
    for line in chain_text.drawn(chains, script, columns):
        screen.text(line)


def read_traced(script: Path, arguments: list[str]) -> list[facts.Fact]:
    """Run a script, traced, on our terminal; return what is known of it."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, 'facts')
        status = launching.run([str(script), *arguments], str(path))
        try:
            found = facts.read(path)
        except (OSError, facts.NoFacts) as error:
            raise ChainError(
                f'Nothing is known of {script}: {error}'
            ) from error
    if status == -signal.SIGTERM:
        raise Interrupted(signal.SIGTERM)
    if status == NOT_RECORDED:
        raise ChainError()  # it has said why
    return found


def _sources(found: list[facts.Fact]) -> dict[str, str]:
    """Return the text of the files that something was made in."""
    files = {made.at[0] for made in facts.only(found, facts.Made) if made.at}
    sources = {}
    for file in files:
        try:
            sources[file] = Path(file).read_text('utf-8', 'replace')
        except OSError:
            continue
    return sources
