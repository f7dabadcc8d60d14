"""
The directive ``picture``, and how a drawing comes to stand in a page.

It stands there as it is, not as an image: so it takes its colours from the
page, and has its size before anything is loaded.
"""

import html
import re
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


def inline(svg: str, says: str) -> str:
    """
    Return an SVG as a part of an HTML page.

    svg: the file's text. says: what one sees there, for those who don't.
    """
    svg = svg[svg.index('<svg') :]
    # a reader would read these, too; and a style holds for the whole page
    svg = re.sub(r'(?s)<metadata>.*?</metadata>\s*', '', svg)
    svg = re.sub(r'(?s)<(title|desc)\b[^>]*>.*?</\1>\s*', '', svg)
    svg = re.sub(r'(?s)<defs>\s*<style.*?</style>\s*</defs>\s*', '', svg)
    label = html.escape(says)
    svg = svg.replace('<svg ', f'<svg role="img" aria-label="{label}" ', 1)
    return f'<div class="picture">{svg}</div>'


def picture(path: Path, says: str) -> nodes.raw:
    """Return the drawing of a file as a part of a page."""
    text = inline(path.read_text('utf-8'), says)
    return nodes.raw('', text, format='html')


class PictureDirective(SphinxDirective):
    """A drawing of an SVG file, and in words what one sees there."""

    required_arguments = 1
    option_spec = {'alt': directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        _, path = self.env.relfn2path(self.arguments[0])
        self.env.note_dependency(path)
        return [picture(Path(path), self.options['alt'])]


def setup(app: Sphinx) -> dict:
    """Add the directive."""
    app.add_directive('picture', PictureDirective)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
