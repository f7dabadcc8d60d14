"""``python -m tour.tracing``: runs a script, and writes down what it did."""

import argparse
import sys
import tempfile
from pathlib import Path

from tour.tracing.launching import become, run


def main() -> None:
    """Read the command line; become the script, or run it."""
    parser = argparse.ArgumentParser(
        prog='python -m tour.tracing',
        description='Run a script, and write down what its reactor and its'
        ' Deferreds did.',
    )
    parser.add_argument(
        '--facts', metavar='FILE', help='where the facts go, as JSON lines'
    )
    parser.add_argument(
        '--output',
        metavar='FILE.json',
        help='where trace events go, which Perfetto opens',
    )
    parser.add_argument('script', metavar='SCRIPT')
    parser.add_argument(
        'arguments', nargs=argparse.REMAINDER, metavar='ARGUMENT'
    )
    args = parser.parse_args()
    if args.facts is None and args.output is None:
        parser.error('where to? --facts or --output')
    if not Path(args.script).is_file():
        sys.exit(f'There is no script {args.script}')
    for path in filter(None, (args.facts, args.output)):
        _demand_file(path)
    words = [args.script, *args.arguments]
    if args.output is None:
        become(words, args.facts)
    sys.exit(_run_and_convert(words, args.facts, Path(args.output)))


def _demand_file(path: str) -> None:
    """Exit unless a file can be written; it is empty then."""
    try:
        with open(path, 'w'):
            pass
    except OSError as error:
        sys.exit(f'Cannot write {path}: {error.strerror}')


def _run_and_convert(words: list[str], facts: str | None, output: Path) -> int:
    # a script that only writes its facts needn't wait for these
    from tour.tracing import chrome
    from tour.tracing.facts import read

    with tempfile.TemporaryDirectory() as directory:
        path = Path(facts or Path(directory, 'facts'))
        status = run(words, str(path))
        output.write_text(chrome.trace_events(read(path)), 'utf-8')
    return status if status >= 0 else 128 - status


if __name__ == '__main__':
    main()
