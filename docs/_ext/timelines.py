"""The directive `timeline`: what a part's clients received, and when."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from tour import facts
from tour.errors import TourError
from tour.timeline_picture import picture


class TimelineDirective(SphinxDirective):
    """
    The picture of a part's clients in time.

    It is drawn of docs/facts/, so that this needs no processes, ports and
    terminals.
    """

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        book = self.env.app.companion_book
        part = book.part(self.arguments[0])
        self.env.note_dependency(str(facts.path(book, part)))
        try:
            recorded = facts.recorded(book, part)
        except TourError as error:
            raise ExtensionError('\n'.join(error.lines)) from error
        drawing = picture(part, recorded.clients, recorded.speed)
        return [
            nodes.raw(
                '',
                f'<div class="drawing" style="max-width:'
                f' {drawing.width:.0f}px">{drawing.svg(inline=True)}</div>',
                format='html',
            )
        ]


def setup(app: Sphinx) -> dict:
    """Add the directive."""
    app.add_directive('timeline', TimelineDirective)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
