"""Captions of lists of pages are headings, and say of which level."""

from typing import Any

from sphinx.application import Sphinx

LEVEL = 2
"""They stand below the heading of the page, or beside it."""


def tell_level(
    app: Sphinx, name: str, template: str, context: dict[str, Any], tree: Any
) -> None:
    """Add the level, which Sphinx leaves out: reading aloud needs it."""
    for key in 'body', 'furo_navigation_tree':
        if context.get(key):
            context[key] = context[key].replace(
                'role="heading">', f'role="heading" aria-level="{LEVEL}">'
            )


def setup(app: Sphinx) -> dict:
    """Do it for each page, when the theme has made its lists."""
    app.connect('html-page-context', tell_level, priority=900)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
