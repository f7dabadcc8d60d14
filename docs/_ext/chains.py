"""The directive ``chains``: what a script's Deferreds did in a real run."""

import drawn_chains
from addresses import manifest_of
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from tour import facts, transcript
from tour.book import Book
from tour.errors import TourError
from tour.reading import BASE


class ChainsDirective(SphinxDirective):
    """The chains of a script of a part, drawn, and to be stepped through."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        id, script = self.arguments
        book: Book = self.env.app.companion_book
        part = book.part(id)
        shown = next(chain for chain in part.chains if chain.script == script)
        for path in (
            facts.chains_path(book, part),
            transcript.path(book.base, part.scene_with(shown)),
            manifest_of(part),
            BASE / script,
        ):
            self.env.note_dependency(str(path))
        try:
            runs = facts.recorded_chains(book, part).of(script)
        except TourError as error:
            raise ExtensionError('\n'.join(error.lines)) from error
        html = drawn_chains.html(book, part, shown, runs)
        return [nodes.raw('', html, format='html')]


def setup(app: Sphinx) -> dict:
    """Add the directive."""
    app.add_directive('chains', ChainsDirective)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
