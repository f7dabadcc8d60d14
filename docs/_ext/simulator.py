"""The directive ``simulator``: type a chain, and see its way drawn."""

import json
from html import escape

from docutils import nodes
from prose import html_of
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tour import chain_words as words
from tour.reading import CHAPTERS, read_simulating
from tour.simulating import Simulating


class SimulatorDirective(SphinxDirective):
    """A field for a chain, examples, and where the script draws its ways."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(CHAPTERS / 'simulator.toml'))
        self.env.metadata[self.env.docname]['simulator'] = True
        return [nodes.raw('', html(read_simulating()), format='html')]


def html(said: Simulating) -> str:
    """Return the page below its heading."""
    examples = [
        {'chain': '\n'.join(example.chain), 'look': example.look}
        for example in said.examples
    ]
    told = json.dumps(examples, ensure_ascii=False).replace('</', '<\\/')
    buttons = ''.join(
        f'<button type="button">{escape(example.name)}</button> '
        for example in said.examples
    )
    figures = ''.join(
        f'<figure data-start="{start}"><figcaption><code>d.{start}({given})'
        '</code></figcaption><div class="drawn"></div>'
        '<p class="in-words"></p></figure>'
        for start, given in (
            ('callback', "'initial'"),
            ('errback', "Exception('initial')"),
        )
    )
    return (
        f'<p class="idea">{html_of(said.idea)}</p>'
        f'<noscript><p>{html_of(said.without)}</p></noscript>'
        '<div class="simulator"><div class="typed">'
        '<label for="chain">The chain: a callback and an errback in each'
        ' line</label>'
        f'<p id="chain-how">{html_of(said.how)}</p>'
        '<textarea id="chain" rows="6" spellcheck="false" autocomplete="off"'
        ' autocapitalize="off"'
        ' aria-describedby="chain-how chain-errors"></textarea>'
        '<p id="chain-errors" class="errors" aria-live="polite"></p>'
        '<div class="examples" role="group" aria-label="Examples">'
        f'<p>Examples:</p>{buttons}</div>'
        '<p class="look" aria-live="polite"></p></div>'
        f'<p class="key">{escape(words.KEY)}</p>'
        f'<div class="ways-drawn">{figures}</div>'
        f'<p class="said" role="status"></p>'
        f'<p class="checked">{html_of(said.checked)}</p>'
        f'<script type="application/json">{told}</script></div>'
    )


def add_script(app: Sphinx, name: str, template: str, context: dict, *_):
    """Add the script to the pages that have a simulator, and to no other."""
    if 'simulator' in (context.get('meta') or ()):
        app.add_js_file('simulator.js')


def setup(app: Sphinx) -> dict:
    """Add the directive."""
    app.add_directive('simulator', SimulatorDirective)
    app.connect('html-page-context', add_script)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
