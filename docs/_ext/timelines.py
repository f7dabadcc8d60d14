"""The directive ``timeline``, and how its pictures are drawn."""

from functools import partial
from pathlib import Path

from docutils import nodes
from kept import code_of, keep
from pictures import picture
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from tour import drawing, facts
from tour.arguments import title_of
from tour.errors import TourError


class TimelineDirective(SphinxDirective):
    """The picture of a part's clients in time."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        (id,) = self.arguments
        path = Path(self.env.srcdir, 'timelines', f'part-{id}.svg')
        self.env.note_dependency(str(path))
        part = self.env.app.companion_book.part(id)
        return [picture(path, part.finding)]


def draw_timelines(app: Sphinx) -> None:
    """
    Draw the timelines of docs/facts/.

    They are recorded, so that this needs no processes, ports and terminals.
    What was drawn is kept.
    """
    book = app.companion_book
    code = code_of('tour.drawing', 'tour.facts', 'tour.timeline')
    for part in book.parts:
        if part.timeline:
            path = Path(app.srcdir, 'timelines', f'part-{part.id}.svg')
            path.parent.mkdir(exist_ok=True)
            try:
                clients = facts.recorded(book, part)
                title = title_of(part)
                keep(
                    path,
                    [code, title, repr(clients)],
                    partial(drawing.draw, clients, title, path),
                )
            except TourError as error:
                raise ExtensionError('\n'.join(error.lines)) from error


def setup(app: Sphinx) -> dict:
    """Add the directive, and draw before pages are read."""
    app.add_directive('timeline', TimelineDirective)
    app.connect('builder-inited', draw_timelines)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
