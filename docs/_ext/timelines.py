"""The directive ``timeline``, and how its pictures are drawn."""

from pathlib import Path

from docutils import nodes
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
        uri = f'/timelines/part-{id}.svg'
        image = nodes.image(
            uri=uri,
            alt=f'What the clients of Part {id} received, and when.',
            classes=['timeline'],
        )
        return [image]


def draw_timelines(app: Sphinx) -> None:
    """
    Draw the timelines of docs/facts/.

    They are recorded, so that this needs no processes, ports and terminals.
    """
    for part in app.companion_book.parts:
        if part.timeline:
            path = Path(app.srcdir, 'timelines', f'part-{part.id}.svg')
            path.parent.mkdir(exist_ok=True)
            try:
                clients = facts.recorded(app.companion_book, part)
                drawing.draw(clients, title_of(part), path)
            except TourError as error:
                raise ExtensionError('\n'.join(error.lines)) from error


def setup(app: Sphinx) -> dict:
    """Add the directive, and draw before pages are read."""
    app.add_directive('timeline', TimelineDirective)
    app.connect('builder-inited', draw_timelines)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
