"""``tour chain``: runs a script, and draws what its Deferreds did."""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from tour import chain_text, chain_words, svg
from tour.book import Book
from tour.chain_picture import picture
from tour.chains import Chain, chains_of
from tour.errors import Interrupted, TourError, UsageError
from tour.screen import Screen
from tour.tracing import facts
from tour.tracing.__main__ import traced

SUMMARY = 'run a script and draw which callbacks and errbacks ran, with what'
USAGE = 'tour chain [--output FILE] SCRIPT [ARGUMENT …]'


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
    found = _run(script, args.arguments)
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
    columns = screen.console.width if screen.is_terminal else 80
    for line in chain_text.drawn(chains, script, columns):
        screen.text(line)


def _run(script: Path, arguments: list[str]) -> list[facts.Fact]:
    """Run a script, traced, on our terminal; return what is known of it."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, 'facts')
        # Ctrl-C is for the script, and then there is something to draw
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        process = subprocess.Popen(
            [sys.executable, str(script), *arguments],
            env=traced(dict(os.environ), str(path)),
            preexec_fn=lambda: signal.signal(
                signal.SIGINT, signal.default_int_handler
            ),
        )
        ending = signal.signal(
            signal.SIGTERM, lambda signum, _: process.send_signal(signum)
        )
        try:
            process.wait()
        finally:
            signal.signal(signal.SIGINT, before)
            signal.signal(signal.SIGTERM, ending)
        try:
            found = facts.read(path)
        except (OSError, facts.NoFacts) as error:
            raise ChainError(
                f'Nothing is known of {script}: {error}'
            ) from error
    if process.returncode == -signal.SIGTERM:
        raise Interrupted(signal.SIGTERM)
    if process.returncode == NOT_RECORDED:
        # it has said why
        raise ChainError()
    return found


NOT_RECORDED = 70


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
