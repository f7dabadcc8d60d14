"""The directive ``listing``: a whole script."""

from functools import cache
from html import escape

import drawn_lines
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tour.comparing import lines_of
from tour.reading import BASE


class ListingDirective(SphinxDirective):
    """A script, which can be folded."""

    required_arguments = 1
    option_spec = {'folded': directives.flag}

    def run(self) -> list[nodes.Node]:
        (script,) = self.arguments
        self.env.note_dependency(str(BASE / script))
        html = drawn(script)
        if 'folded' in self.options:
            count = len(lines_of(BASE / script))
            html = (
                '<details class="whole"><summary>The whole of '
                f'<code>{escape(script)}</code>, {count} lines</summary>'
                f'{html}</details>'
            )
        return [nodes.raw('', html, format='html')]


@cache
def drawn(script: str) -> str:
    """Return the HTML, which two pages show."""
    # the box is where the copy button has its place
    return (
        f'<div class="listing-box" data-script="{escape(script)}">'
        f'{drawn_lines.listing(script)}</div>'
    )


def setup(app: Sphinx) -> dict:
    """Add the directive."""
    app.add_directive('listing', ListingDirective)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
