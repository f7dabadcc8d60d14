"""How a sentence of the manifest becomes HTML."""

import re
from html import escape

from docutils.utils.smartquotes import smartyPants


def html_of(text: str) -> str:
    """Return a sentence with round quotes, and what is in `` ` `` as code."""
    return ''.join(
        f'<code class="literal">{escape(part[1:-1], quote=False)}</code>'
        if part.startswith('`')
        else escape(smartyPants(part), quote=False)
        for part in re.split('(`[^`]*`)', text)
    )
