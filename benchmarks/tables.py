"""The results as tables of text."""

import statistics
from collections.abc import Callable, Iterable

from benchmarks.results import Reading, Results, each, multiple, ratios

MARKS = 'abcdefghijklmnopqrstuvwxyz'
"""What stands in the place of a number that isn't there."""


def tables(results: Results) -> str:
    """Return the results as text."""
    readings = results.readings
    facts = [f'{name} {fact}' for name, fact in results.machine.items()]
    parts = ['\n'.join([results.when, *facts])]
    for title, value in (
        (
            'Time, as a multiple of the slowest server',
            lambda reading: f'{multiple(reading):.2f}',
        ),
        (
            'CPU time in seconds',
            lambda reading: f'{reading.cpu:.2f}',
        ),
        (
            'CPU time for each poem but the first one, in milliseconds',
            lambda reading: _number(each(reading, readings, 'cpu'), 1e3),
        ),
        (
            'Peak memory in MB',
            lambda reading: f'{reading.memory / 1e6:.0f}',
        ),
        (
            'Peak memory for each poem but the first one, in kB',
            lambda reading: _number(each(reading, readings, 'memory'), 1e-3),
        ),
    ):
        parts.append(_table(title, readings, value))
    parts += [f'{mark}: {why}' for why, mark in _marks(readings).items()]
    if results.servings:
        parts.append(_served(results))
    return '\n\n'.join(parts) + '\n'


def _number(value: float | None, unit: float) -> str:
    return '' if value is None else f'{value * unit:.2f}'


def _marks(readings: list[Reading]) -> dict[str, str]:
    """Return the marks of all reasons why something wasn't measured."""
    reasons = dict.fromkeys(r.why_not for r in readings if r.why_not)
    return dict(zip(reasons, MARKS))


def _table(
    title: str, readings: list[Reading], value: Callable[[Reading], str]
) -> str:
    """Return a table: a row for each reader, a column for each number."""
    counts = sorted({reading.servers for reading in readings})
    marks = _marks(readings)
    rows: dict[str, dict[int, str]] = {}
    for reading in readings:
        row = rows.setdefault(reading.reader, {})
        done = reading.why_not is None
        row[reading.servers] = (
            value(reading) if done else marks[reading.why_not]
        )
    lines = [title, _line('servers', map(str, counts))]
    for name, row in rows.items():
        lines.append(_line(name, [row.get(count, '') for count in counts]))
    return '\n'.join(lines)


def _line(first: str, others: Iterable[str]) -> str:
    return f'{first:12}' + ''.join(f'{cell:>10}' for cell in others)


def _served(results: Results) -> str:
    """Return how the fast servers compare."""
    found = ratios(results.servings)
    lines = [
        f'Connections in a second of CPU time, {next(iter(found))} being 1',
        _line('', ['median', 'least', 'most']),
    ]
    for name, rates in found.items():
        numbers = statistics.median(rates), min(rates), max(rates)
        lines.append(_line(name, [f'{number:.2f}' for number in numbers]))
    return '\n'.join(lines)
