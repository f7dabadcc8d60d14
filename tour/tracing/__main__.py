"""
``python -m tour.tracing``: becomes the script, traced.

The interpreter is started anew in the same process, with ``inject`` on its
path: Python imports a ``sitecustomize`` from there before it does anything
else. So the script is run by Python itself, with its own name, arguments,
stack, signals and end.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import NoReturn

INJECT = Path(__file__).with_name('inject')


def main() -> None:
    """Read the command line; become the script."""
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
    if args.output is not None:
        sys.exit(_run_and_convert(args))
    become([args.script, *args.arguments], args.facts)


def become(words: list[str], facts: str) -> NoReturn:
    """
    Become ``python`` with these words, traced.

    facts: the file that the facts go to. Exits if that can't be written.
    """
    try:
        with open(facts, 'w'):
            pass
    except OSError as error:
        sys.exit(f'Cannot write {facts}: {error.strerror}')
    os.execve(
        sys.executable,
        [sys.executable, *words],
        traced(dict(os.environ), facts),
    )


def traced(environment: dict[str, str], facts: str) -> dict[str, str]:
    """Return the environment in which a Python is traced from its start."""
    path = environment.get('PYTHONPATH')
    environment = {
        **environment,
        'TOUR_FACTS': os.path.abspath(facts),
        'PYTHONPATH': os.pathsep.join(filter(None, [str(INJECT), path])),
    }
    if path is not None:
        environment['TOUR_PYTHONPATH'] = path
    return environment


def _run_and_convert(args: argparse.Namespace) -> int:
    import signal
    import subprocess
    import tempfile

    from tour.tracing import chrome, facts

    with tempfile.TemporaryDirectory() as directory:
        path = Path(args.facts or Path(directory, 'facts'))
        # Ctrl-C and SIGTERM are for the script
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        process = subprocess.Popen(
            [sys.executable, args.script, *args.arguments],
            env=traced(dict(os.environ), str(path)),
            preexec_fn=lambda: signal.signal(
                signal.SIGINT, signal.default_int_handler
            ),
        )
        signal.signal(
            signal.SIGTERM, lambda signum, _: process.send_signal(signum)
        )
        status = process.wait()
        try:
            Path(args.output).write_text(
                chrome.trace_events(facts.read(path)), 'utf-8'
            )
        except OSError as error:
            sys.exit(f'Cannot write {args.output}: {error.strerror}')
    return status if status >= 0 else 128 - status


if __name__ == '__main__':
    main()
