"""How a sentence of the manifest becomes HTML."""

import re
from html import escape

from docutils.utils.smartquotes import educate_tokens


def html_of(text: str) -> str:
    """Return a sentence with round quotes, and what is in `` ` `` as code."""
    return ''.join(
        f'<code class="literal">{escape(part[1:-1], quote=False)}</code>'
        if part.startswith('`')
        else escape(_round_quotes(part), quote=False)
        for part in re.split('(`[^`]*`)', text)
    )


def _round_quotes(text: str) -> str:
    # quotes only: the dashes of --option stay
    return ''.join(educate_tokens([('plain', text)], attr='q'))
