"""A page says at its top what is in it that changes the whole layout."""

from typing import Any

from sphinx.application import Sphinx

PARTS = {
    'chain': '<figure class="chain',
    'code': '<pre class="code',
    'map': '<table class="map',
}
"""What the style sheets ask for, and how it begins in a page."""


def tell_layout(
    app: Sphinx, name: str, template: str, context: dict[str, Any], tree: Any
) -> None:
    """
    Add a meta element with the names of these parts.

    A style that looks for them in the page itself would move all that is
    shown already when the first of them arrives.
    """
    body = context.get('body') or ''
    found = [part for part, start in PARTS.items() if start in body]
    if found:
        context['metatags'] = (context.get('metatags') or '') + (
            f'<meta name="layout" content="{" ".join(found)}">'
        )


def setup(app: Sphinx) -> dict:
    """Do it for each page."""
    app.connect('html-page-context', tell_layout)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
