"""The directive ``trail``: a line of versions, each a link to its page."""

from addresses import step_of
from docutils import nodes
from docutils.parsers.rst import directives
from scripts import label_of
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tour.reading import CHAPTERS


class TrailDirective(SphinxDirective):
    """A line of versions, each a link to its page."""

    required_arguments = 1
    option_spec = {'at': directives.nonnegative_int}

    def run(self) -> list[nodes.Node]:
        (id,) = self.arguments
        book = self.env.app.companion_book
        self.env.note_dependency(str(CHAPTERS / 'book.toml'))
        trail = next(trail for trail in book.trails if trail.id == id)
        lines = ['.. rst-class:: trail', '']
        for number, script in enumerate(trail.versions):
            link = f':doc:`{label_of(script)} </{step_of(trail, script)}>`'
            if number == self.options.get('at'):
                link = f'**{label_of(script)}**'
            lines.append(f'#. {link}')
        return self.parse_text_to_nodes('\n'.join(lines))


def setup(app: Sphinx) -> dict:
    """Add the directive."""
    app.add_directive('trail', TrailDirective)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
