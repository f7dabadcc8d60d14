"""The results as two small pictures."""

import math
import statistics

from benchmarks.results import Reading, Results, each, multiple, ratios
from tour.svg import FAINT, SOFT, STRONG, Drawing, width_of

ROW = 22
"""Units from one row to the next."""

_NAMES = 92  # units for the names on the left
_COLUMN = 112  # units for each number of servers
_BAR = 56  # units of the longest bar
_SMALL = 11  # the size of small text


def reading(results: Results) -> Drawing:
    """
    Return what each reader took, for more and more slow servers.

    A row for each reader; a bar for each number of servers, which begins at
    the time that the slowest server took and grows with the logarithm; on
    the right what each more poem costs, at the largest number it can read.
    """
    rows = _rows(results)
    counts = sorted({r.servers for r in results.readings})
    longest = max(
        (multiple(r) for r in results.readings if r.why_not is None),
        default=1,
    )
    drawing = Drawing(
        'How long reading from slow servers takes',
        _reading_in_words(results),
        _NAMES + _COLUMN * (len(counts) + 1) + 40,
    )
    drawing.text(0, 14, 'slow servers', strength=SOFT, size=_SMALL)
    right = _NAMES + _COLUMN * len(counts)
    for number, count in enumerate(counts):
        x = _NAMES + _COLUMN * number
        drawing.text(x, 14, str(count), bold=True)
    drawing.text(right, 14, 'for each more poem', strength=SOFT, size=_SMALL)
    for row, (name, found) in enumerate(rows.items()):
        y = 24 + ROW * row
        drawing.text(0, y + ROW / 2, name, middle=True)
        for number, count in enumerate(counts):
            if r := found.get(count):
                x = _NAMES + _COLUMN * number
                _reading_cell(drawing, x, y, r, longest)
        costs = _costs(list(found.values()), results)
        drawing.text(right, y + ROW / 2, costs, middle=True, size=_SMALL)
    return drawing


def _rows(results: Results) -> dict[str, dict[int, Reading]]:
    rows: dict[str, dict[int, Reading]] = {}
    for r in results.readings:
        rows.setdefault(r.reader, {})[r.servers] = r
    return rows


def _reading_cell(
    drawing: Drawing, x: float, y: float, r: Reading, longest: float
) -> None:
    """Draw the time of one reading, or that there is none."""
    middle = y + ROW / 2
    if r.why_not is not None:
        drawing.text(x, middle, "can't", middle=True, strength=SOFT)
        return
    share = math.log(max(multiple(r), 1)) / math.log(max(longest, math.e))
    drawing.line((x, y + 3), (x, y + ROW - 3), strength=SOFT)
    drawing.bar(x, y + 5, max(_BAR * share, 1), ROW - 10, strength=SOFT)
    said = f'{multiple(r):.1f}'
    drawing.text(x + _BAR * share + 5, middle, said, middle=True)


def _costs(found: list[Reading], results: Results) -> str:
    """Return what each more poem costs: CPU time and memory."""
    done = [r for r in found if r.why_not is None]
    if not done:
        return ''
    most = max(done, key=lambda r: r.servers)
    cpu = each(most, results.readings, 'cpu')
    memory = each(most, results.readings, 'memory')
    if cpu is None or memory is None:
        return ''
    return f'{cpu * 1e3:.1f} ms, {memory / 1e3:.0f} kB'


def _reading_in_words(results: Results) -> str:
    """Return for each reader how it does with the most it can read from."""
    said = []
    for name, found in _rows(results).items():
        done = [r for r in found.values() if r.why_not is None]
        if done:
            most = max(done, key=lambda r: r.servers)
            said.append(
                f'{name}: {multiple(most):.1f} times as long as the slowest'
                f' of {most.servers}.'
            )
        else:
            said.append(f'{name}: not measured.')
    return ' '.join(said)


def serving(results: Results) -> Drawing:
    """
    Return how many readers each fast server serves, as ratios.

    A bar is the median of all rounds, the line on it goes from the least to
    the most.
    """
    found = ratios(results.servings)
    first = next(iter(found))
    middles = {name: statistics.median(r) for name, r in found.items()}
    drawing = Drawing(
        'How much a fast server serves in a second of CPU time',
        ' '.join(f'{name}: {m:.1f}.' for name, m in middles.items()),
        620,
    )
    heading = f'poems in a second of CPU time, those of {first} being 1'
    drawing.text(0, 14, heading, strength=SOFT, size=_SMALL)
    unit = (drawing.width - _NAMES - 70) / max(map(max, found.values()))
    for row, (name, rates) in enumerate(found.items()):
        y = 24 + ROW * row
        middle = y + ROW / 2
        drawing.text(0, middle, name, middle=True)
        end = _NAMES + middles[name] * unit
        drawing.bar(_NAMES, y + 5, end - _NAMES, ROW - 10, strength=FAINT)
        least, most = (_NAMES + edge(rates) * unit for edge in (min, max))
        drawing.line((least, middle), (most, middle), width=2)
        drawing.ticks([least, most], middle - 4, 8)
        said = f'{middles[name]:.1f}'
        drawing.text(max(most, end) + 8, middle, said, middle=True)
    one = _NAMES + unit
    bottom = 24 + ROW * len(found)
    drawing.line((one, 24), (one, bottom), dashed=True, strength=STRONG)
    label = '1'
    x = one - width_of(label, _SMALL) / 2
    drawing.text(x, bottom + 12, label, size=_SMALL)
    return drawing
