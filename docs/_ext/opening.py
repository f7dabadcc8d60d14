"""The directive ``opening``: the picture on the first page."""

import html

from addresses import manifest_of
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from tour import facts, timeline_picture
from tour.errors import TourError


class OpeningDirective(SphinxDirective):
    """One scene of a part in time, and a sentence on it."""

    required_arguments = 1
    option_spec = {'scene': directives.positive_int}
    has_content = True

    def run(self) -> list[nodes.Node]:
        (id,) = self.arguments
        book = self.env.app.companion_book
        part = book.part(id)
        self.env.note_dependency(str(facts.path(book, part)))
        self.env.note_dependency(str(manifest_of(part)))
        try:
            timeline = facts.recorded(book, part)
        except TourError as error:
            raise ExtensionError('\n'.join(error.lines)) from error
        clients = [
            client
            for client in timeline.clients
            if client.scene == self.options['scene']
        ]
        drawing = timeline_picture.picture(part, clients, timeline.speed)
        caption = html.escape(' '.join(self.content))
        return [
            nodes.raw(
                '',
                f'<figure class="picture"><div>{drawing.svg(inline=True)}'
                f'</div><figcaption>{caption}</figcaption></figure>',
                format='html',
            )
        ]


def setup(app: Sphinx) -> dict:
    """Add the directive."""
    app.add_directive('opening', OpeningDirective)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
