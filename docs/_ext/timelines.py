"""The directives that draw recorded facts: timelines and turns."""

import html
from pathlib import Path

from addresses import manifest_of
from docutils import nodes
from docutils.parsers.rst import directives
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

    def run(self) -> list[nodes.Node]:
        (id,) = self.arguments
        book = self.env.app.companion_book
        part = book.part(id)
        self.env.note_dependency(str(self.file(book, part)))
        self.env.note_dependency(str(manifest_of(part)))
        try:
            svg = self.drawing(book, part).svg(inline=True)
        except TourError as error:
            raise ExtensionError('\n'.join(error.lines)) from error
        caption = html.escape(self.caption(part))
        text = f'<figure class="picture"><div>{svg}</div>'
        text += f'<figcaption>{caption}</figcaption>' if caption else ''
        return [nodes.raw('', f'{text}</figure>', format='html')]

    def file(self, book: Book, part: Part) -> Path:
        """Return where the facts are."""
        raise NotImplementedError

    def drawing(self, book: Book, part: Part) -> Drawing:
        """Return the picture. Raises TourError."""
        raise NotImplementedError

    def caption(self, part: Part) -> str:
        """Return what is said below the picture."""
        raise NotImplementedError


class TimelineDirective(_Picture):
    """What the clients of a part received, and when."""

    def file(self, book: Book, part: Part) -> Path:
        return facts.path(book, part)

    def drawing(self, book: Book, part: Part) -> Drawing:
        timeline = facts.recorded(book, part)
        clients = [c for c in timeline.clients if self.is_shown(c.scene)]
        return timeline_picture.picture(part, clients, timeline.speed)

    def is_shown(self, scene: int) -> bool:
        """Return whether the clients of a scene are in the picture."""
        return True

    def caption(self, part: Part) -> str:
        return part.finding


class OpeningDirective(TimelineDirective):
    """One scene of a part in time, and a sentence on it."""

    option_spec = {'scene': directives.positive_int}
    has_content = True

    def is_shown(self, scene: int) -> bool:
        return scene == self.options['scene']

    def caption(self, part: Part) -> str:
        return ' '.join(self.content)


class LoopDirective(_Picture):
    """Whom the reactors of a part called, and how one sees it."""

    def file(self, book: Book, part: Part) -> Path:
        return facts.loop_path(book, part)

    def drawing(self, book: Book, part: Part) -> Drawing:
        turns = facts.recorded_loops(book, part)
        return loop_picture.picture(part, turns.loops, turns.speed)

    def caption(self, part: Part) -> str:
        return part.loop.look if part.loop else ''


def setup(app: Sphinx) -> dict:
    """Add the directives."""
    app.add_directive('timeline', TimelineDirective)
    app.add_directive('opening', OpeningDirective)
    app.add_directive('loop', LoopDirective)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
