"""The directive ``scene``: what is typed, a question, and what is printed."""

import chain_lines
import drawn_scene
from addresses import manifest_of
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tour import facts, transcript
from tour.book import Book


class SceneDirective(SphinxDirective):
    """A scene, with all its questions or with those about one script."""

    required_arguments = 1
    option_spec = {'script': directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        (name,) = self.arguments
        book: Book = self.env.app.companion_book
        part, scene = next(
            (part, scene)
            for part in book.parts
            for scene in part.scenes
            if scene.name == name
        )
        path = transcript.path(book.base, scene)
        self.env.note_dependency(str(path))
        self.env.note_dependency(str(manifest_of(part)))
        if part.chains:
            self.env.note_dependency(str(facts.chains_path(book, part)))
        script = self.options.get('script')
        questions = part.questions_about(script) if script else part.questions
        html = drawn_scene.html(
            scene,
            path.read_text('utf-8'),
            tuple(q for q in questions if q.scene == scene.number),
            chain_lines.named(book, part, scene),
        )
        return [nodes.raw('', html, format='html')]


def setup(app: Sphinx) -> dict:
    """Add the directive."""
    app.add_directive('scene', SceneDirective)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
