"""The results as two small pictures, in SVG."""

import statistics
from pathlib import Path

from matplotlib.figure import Figure

from benchmarks.results import Results, multiple, ratios

SIZE = 6.0, 3.6
"""Inches."""


def draw(results: Results, directory: Path) -> list[Path]:
    """Write the pictures into a directory; return their paths."""
    pictures = {
        'reading.svg': _reading(results),
        'serving.svg': _serving(results),
    }
    paths = []
    for name, figure in pictures.items():
        path = directory / name
        figure.savefig(path, metadata={'Date': None})
        paths.append(path)
    return paths


def _reading(results: Results) -> Figure:
    """Return what time each reader took, for more and more servers."""
    figure = Figure(figsize=SIZE, layout='constrained')
    axes = figure.subplots()
    done = [r for r in results.readings if r.why_not is None]
    for name in dict.fromkeys(reading.reader for reading in done):
        points = [(r.servers, multiple(r)) for r in done if r.reader == name]
        axes.plot(*zip(*points), marker='.', label=name)
    axes.set(
        xscale='log',
        yscale='log',
        xlabel='slow servers',
        ylabel="time / slowest server's time",
    )
    for axis in axes.xaxis, axes.yaxis:
        axis.set_major_formatter('{x:g}')
    figure.legend(loc='outside right upper', frameon=False, fontsize='small')
    return figure


def _serving(results: Results) -> Figure:
    """Return how many readers each server serves, the first one being 1."""
    figure = Figure(figsize=(SIZE[0], SIZE[1] / 2), layout='constrained')
    axes = figure.subplots()
    found = ratios(results.servings)
    middles = [statistics.median(r) for r in found.values()]
    spread = [
        [m - min(r) for m, r in zip(middles, found.values())],
        [max(r) - m for m, r in zip(middles, found.values())],
    ]
    axes.barh(list(found), middles, xerr=spread, color='tab:blue', height=0.6)
    axes.invert_yaxis()
    axes.set(
        xlabel=f'connections in a second of CPU time ({next(iter(found))} = 1)'
    )
    return figure
