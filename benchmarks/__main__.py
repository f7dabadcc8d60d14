"""
``python -m benchmarks``: measures, and writes what came of it to a file.

``make bench`` takes some minutes on two cores, and what it writes is drawn by
the site. Other work on the machine falsifies all of it.
"""

import argparse
import sys
from pathlib import Path

from benchmarks import fast, slow
from benchmarks.readers import READERS
from benchmarks.results import Results, machine, now
from benchmarks.tables import tables

COUNTS = [1, 10, 100, 1000, 5000]


def main() -> None:
    args = _parse_args()
    readers = [r for r in READERS if not args.only or r.name in args.only]
    when, readings, servings = now(), [], []
    for reading in slow.readings(readers, args.servers, args.minutes * 60):
        _alive(f'{reading.reader}, {reading.servers}')
        readings.append(reading)
    for serving in [] if args.only else fast.servings():
        _alive(serving.server)
        servings.append(serving)
    results = Results(when, machine(), readings, servings)
    results.write(args.output)
    print(tables(results), end='')


def _parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        'python -m benchmarks', description='Does it pay?'
    )
    parser.add_argument(
        '--servers',
        type=int,
        nargs='+',
        default=COUNTS,
        help='numbers of slow servers (default: 1 to 5000)',
    )
    parser.add_argument(
        '--only',
        nargs='+',
        choices=[reader.name for reader in READERS],
        metavar='READER',
        help='measure just these readers, and no fast servers',
    )
    parser.add_argument(
        '--minutes',
        type=float,
        default=8,
        help='what the slow servers may take (default: %(default)s)',
    )
    parser.add_argument(
        '--output',
        type=Path,
        default=Path('docs/facts/benchmark.json'),
        help='the file for the results (default: %(default)s)',
    )
    return parser.parse_args()


def _alive(what: str) -> None:
    print(f'measured: {what}', file=sys.stderr)


if __name__ == '__main__':
    main()
