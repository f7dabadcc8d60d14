"""The directive ``comparison``: two versions of a script."""

from functools import cache

import drawn_difference
from addresses import manifest_of
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tour.book import Book, Comparison
from tour.comparing import compare


class ComparisonDirective(SphinxDirective):
    """What changed from one version to another, and why."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        old, new = self.arguments
        book: Book = self.env.app.companion_book
        for script in self.arguments:
            self.env.note_dependency(str(book.base / script))
        part, pair = next(
            (part, pair)
            for part in book.parts
            for pair in part.comparisons
            if (pair.old, pair.new) == (old, new)
        )
        self.env.note_dependency(str(manifest_of(part)))
        return [nodes.raw('', _drawn(book, pair), format='html')]


@cache
def _drawn(book: Book, pair: Comparison) -> str:
    """Return the HTML, which two pages show."""
    return drawn_difference.html(compare(book.base, pair))


def setup(app: Sphinx) -> dict:
    """Add the directive."""
    app.add_directive('comparison', ComparisonDirective)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
