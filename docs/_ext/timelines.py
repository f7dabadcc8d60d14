"""The directives ``timeline`` and ``loop``: recorded facts, drawn."""

import html
from collections.abc import Callable
from pathlib import Path

from addresses import manifest_of
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from tour import facts, loop_picture, timeline_picture
from tour.book import Book, Part
from tour.errors import TourError
from tour.svg import Drawing


class _Picture(SphinxDirective):
    """A drawing in the page, so that it has the page's colours."""

    required_arguments = 1

    file: Callable[[Book, Part], Path]
    draw: Callable[[Book, Part], Drawing]

    def run(self) -> list[nodes.Node]:
        (id,) = self.arguments
        book = self.env.app.companion_book
        part = book.part(id)
        self.env.note_dependency(str(self.file(book, part)))
        self.env.note_dependency(str(manifest_of(part)))
        try:
            svg = self.draw(book, part).svg(inline=True)
        except TourError as error:
            raise ExtensionError('\n'.join(error.lines)) from error
        caption = html.escape(self.caption(part))
        text = f'<figure class="picture"><div>{svg}</div>'
        text += f'<figcaption>{caption}</figcaption>' if caption else ''
        return [nodes.raw('', f'{text}</figure>', format='html')]

    def caption(self, part: Part) -> str:
        """Return what is said below the picture."""
        return ''


def _timeline(book: Book, part: Part) -> Drawing:
    timeline = facts.recorded(book, part)
    return timeline_picture.picture(part, timeline.clients, timeline.speed)


def _loop(book: Book, part: Part) -> Drawing:
    turns = facts.recorded_loops(book, part)
    return loop_picture.picture(part, turns.loops, turns.speed)


class TimelineDirective(_Picture):
    """What the clients of a part received, and when."""

    file = staticmethod(facts.path)
    draw = staticmethod(_timeline)

    def caption(self, part: Part) -> str:
        return part.finding


class LoopDirective(_Picture):
    """Whom the reactors of a part called, and how one sees it."""

    file = staticmethod(facts.loop_path)
    draw = staticmethod(_loop)

    def caption(self, part: Part) -> str:
        return part.loop.look if part.loop else ''


def setup(app: Sphinx) -> dict:
    """Add the directives."""
    app.add_directive('timeline', TimelineDirective)
    app.add_directive('loop', LoopDirective)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
