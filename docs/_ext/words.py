"""The directive ``terms``: the words of Twisted and asyncio, side by side."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tour.reading import CHAPTERS, read_terms
from tour.terms import SIDES, Side, Term, Terms

NAMES: dict[Side, str] = {'twisted': 'Twisted', 'asyncio': 'asyncio'}
"""What the two sides are called."""


class TermsDirective(SphinxDirective):
    """A section for each term: what to know, and two lines of each side."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(CHAPTERS / 'terms.toml'))
        terms = read_terms()
        found: list[nodes.Node] = [
            nodes.paragraph(text=terms.idea),
            *_setups(terms),
        ]
        return found + [self._section(term) for term in terms.terms]

    def _section(self, term: Term) -> nodes.Node:
        section = nodes.section(ids=[nodes.make_id(f'term {term.twisted}')])
        section['classes'] = ['term']
        section['names'] = [nodes.fully_normalize_name(term.twisted)]
        section += nodes.title(text=term.twisted)
        section += nodes.paragraph(text=term.says)
        sides = nodes.container(classes=['term-sides'])
        for side in SIDES:
            sides += _side(term, side)
        section += sides
        return section


def _side(term: Term, side: Side) -> nodes.Node:
    """Return the word of one side, its two lines, and what they print."""
    container = nodes.container(classes=['term-side'])
    word = nodes.paragraph(classes=['term-word'])
    word += nodes.inline(text=f'{NAMES[side]}: ')
    word += nodes.strong(text=term.word(side))
    container += word
    container += _code(term.code(side))
    prints = nodes.paragraph(text='It prints ', classes=['term-prints'])
    prints += nodes.literal(text=term.prints(side))
    container += prints
    return container


def _setups(terms: Terms) -> list[nodes.Node]:
    """Return what stands before the samples, folded."""
    found: list[nodes.Node] = []
    for side in SIDES:
        opening = (
            '<details class="term-setup"><summary>What stands before the'
            f' lines of {NAMES[side]}</summary>'
        )
        found += [
            nodes.raw('', opening, format='html'),
            _code(terms.setup(side)),
            nodes.raw('', '</details>', format='html'),
        ]
    return found


def _code(text: str) -> nodes.literal_block:
    return nodes.literal_block(text, text, language='python')


def setup(app: Sphinx) -> dict:
    """Add the directive, and what its sections look like."""
    app.add_directive('terms', TermsDirective)
    app.add_css_file('words.css')
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
