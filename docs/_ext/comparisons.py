"""The directive ``comparison``: two versions of a script."""

import html

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tour.comparing import patch
from tour.reading import BASE

WHOLE = 10**6
"""As many unchanged lines around a change as no script has."""


class ComparisonDirective(SphinxDirective):
    """Two versions: a patch, which a script draws side by side."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        old, new = self.arguments
        for script in self.arguments:
            self.env.note_dependency(str(BASE / script))
        text = '\n'.join(patch(BASE, old, new))
        folded = nodes.literal_block(text, text, language='diff')
        whole = html.escape('\n'.join(patch(BASE, old, new, WHOLE)))
        start = nodes.raw(
            '',
            f'<div class="comparison" data-old="{old}" data-new="{new}">'
            f'<div class="comparison-whole" hidden>{whole}</div>',
            format='html',
        )
        return [start, folded, nodes.raw('', '</div>', format='html')]


def setup(app: Sphinx) -> dict:
    """Add the directive."""
    app.add_directive('comparison', ComparisonDirective)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
