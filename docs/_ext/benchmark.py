"""The directive ``benchmark``: the recorded benchmark, and how it was made."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from benchmarks import pictures
from benchmarks.results import Results, read, reasons
from benchmarks.tables import tables
from tour.reading import BASE, CHAPTERS, read_benchmark
from tour.svg import Drawing

RECORDED = BASE / 'docs' / 'facts' / 'benchmark.json'
"""What ``make bench`` has written."""


class BenchmarkDirective(SphinxDirective):
    """Two pictures, how was measured and on what, and what isn't shown."""

    def run(self) -> list[nodes.Node]:
        for path in RECORDED, CHAPTERS / 'benchmark.toml':
            self.env.note_dependency(str(path))
        said = read_benchmark()
        results = read(RECORDED)
        return [
            nodes.paragraph(text=said.idea),
            _section('Reading from slow servers'),
            _drawn(pictures.reading(results)),
            *_reasons(results),
            nodes.paragraph(text=said.slow),
            _section('Serving quickly'),
            _drawn(pictures.serving(results)),
            nodes.paragraph(text=said.fast),
            _section("What this doesn't show"),
            nodes.bullet_list(
                '',
                *(
                    nodes.list_item('', nodes.paragraph(text=sentence))
                    for sentence in said.not_shown
                ),
            ),
            _section('When, on what, and all numbers'),
            nodes.paragraph(
                '',
                'Measured by ',
                nodes.literal(text='make bench'),
                nodes.Text('. The first lines say when, and on what machine.'),
            ),
            nodes.literal_block(
                tables(results), tables(results), language='text'
            ),
        ]


def _section(title: str) -> nodes.Node:
    return nodes.rubric(text=title, ids=[nodes.make_id(title)])


def _drawn(drawing: Drawing) -> nodes.Node:
    """Return a picture that is no wider than it was drawn."""
    return nodes.raw(
        '',
        f'<div class="drawing" style="max-width: {drawing.width:.0f}px">'
        f'{drawing.svg(inline=True)}</div>',
        format='html',
    )


def _reasons(results: Results) -> list[nodes.Node]:
    """Return who can't go on, and why."""
    return [
        nodes.paragraph(text=f'{who}: {why}.')
        for who, why in reasons(results.readings)
    ]


def setup(app: Sphinx) -> dict:
    """Add the directive."""
    app.add_directive('benchmark', BenchmarkDirective)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
