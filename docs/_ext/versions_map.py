"""
The directives ``map`` and ``features``: all versions, and what each has.

A table for each trail has a row for each version. Its columns are the
features that some version of the trail has; tour/features.py finds them.
"""

from addresses import page_of, step_of
from docutils import nodes
from scripts import label_of, named
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from tour.book import Book, Comparison, Part, Trail
from tour.comparing import patch
from tour.errors import TourError
from tour.features import Feature
from tour.reading import CHAPTERS, read_features


class Trails:
    """What is asked of the versions of all trails."""

    def __init__(self, book: Book):
        self._book = book
        self.all = read_features()
        self._part_of = {
            script: id
            for id, scripts in book.new_scripts().items()
            for script in scripts
        }

    def part_of(self, script: str) -> Part:
        """Return the part that brings a version."""
        return self._book.part(self._part_of[script])

    def comparison(self, trail: Trail, script: str) -> Comparison | None:
        """Return how a version is compared with one before it in line."""
        before = trail.versions[: trail.versions.index(script)]
        return next(
            (
                pair
                for pair in self.part_of(script).comparisons
                if pair.new == script and pair.old in before
            ),
            None,
        )

    def changed(self, pair: Comparison) -> int:
        """Return how many lines are old or new: those marked in a patch."""
        lines = patch(self._book.base, pair.old, pair.new)[2:]
        return sum(line[0] in '-+' for line in lines)

    def features(self, script: str) -> list[Feature]:
        """Return what a version has. Raises ExtensionError."""
        try:
            return self.all.of(self._book.base, script)
        except TourError as error:
            raise ExtensionError('\n'.join(error.lines)) from error

    def columns(self, trail: Trail) -> list[Feature]:
        """Return the features that some version of the trail has."""
        had = {
            feature.id
            for script in trail.versions
            for feature in self.features(script)
        }
        return [f for f in self.all.features if f.id in had]


class MapDirective(SphinxDirective):
    """The versions of a trail in a table."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        (id,) = self.arguments
        book = self.env.app.companion_book
        trail = next(trail for trail in book.trails if trail.id == id)
        for script in trail.versions:
            self.env.note_dependency(str(book.base / script))
        for path in CHAPTERS.glob('*.toml'):
            self.env.note_dependency(str(path))
        trails = Trails(book)
        columns = trails.columns(trail)
        rows = [['Version', 'Part', 'Changed', *(f.title for f in columns)]]
        seen: set[str] = set()
        for script in trail.versions:
            had = {feature.id for feature in trails.features(script)}
            rows.append(
                [
                    f':doc:`{label_of(script)} </{step_of(trail, script)}>`',
                    self._part(trails.part_of(script)),
                    self._changed(trails, trail, script),
                    *(self._cell(f.id, had, seen) for f in columns),
                ]
            )
            seen |= had
        return self.parse_text_to_nodes('\n'.join(self._table(rows)))

    def _part(self, part: Part) -> str:
        return f':doc:`{part.id} </{page_of(part)}>`'

    def _changed(self, trails: Trails, trail: Trail, script: str) -> str:
        pair = trails.comparison(trail, script)
        if pair is None:
            return '—'
        count = str(trails.changed(pair))
        before = trail.versions[trail.versions.index(script) - 1]
        count += ' line' if count == '1' else ' lines'
        if pair.old == before:
            return count
        return f'{count} since {label_of(pair.old)}'

    def _cell(self, id: str, had: set[str], seen: set[str]) -> str:
        if id not in had:
            return ''
        return ':had:`yes`' if id in seen else ':new:`new`'

    def _table(self, rows: list[list[str]]) -> list[str]:
        lines = ['.. role:: new', '.. role:: had', '']
        lines += ['.. list-table::', '   :class: map']
        lines += ['   :header-rows: 1', '   :stub-columns: 1', '']
        for row in rows:
            for number, cell in enumerate(row):
                start = ' ' if number else '*'
                lines.append(f'   {start} - {cell}'.rstrip())
        return lines


class FeaturesDirective(SphinxDirective):
    """What the columns of the maps mean, and who has it first."""

    def run(self) -> list[nodes.Node]:
        book = self.env.app.companion_book
        trails = Trails(book)
        first: dict[str, str] = {}
        for trail in book.trails:
            for script in trail.versions:
                link = f':doc:`{named(script)} </{step_of(trail, script)}>`'
                for feature in trails.features(script):
                    first.setdefault(feature.id, link)
        lines = []
        for feature in trails.all.features:
            if feature.id in first:
                lines += [feature.title]
                lines += [f'   {feature.say} First: {first[feature.id]}.', '']
        return self.parse_text_to_nodes('\n'.join(lines))


def setup(app: Sphinx) -> dict:
    """Add the directives."""
    app.add_directive('map', MapDirective)
    app.add_directive('features', FeaturesDirective)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
