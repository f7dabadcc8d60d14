"""The directive ``transcript``: what was typed, and what was printed."""

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tour import transcript
from tour.reading import BASE


class TranscriptDirective(SphinxDirective):
    """A transcript, or what it has of one script."""

    required_arguments = 1
    option_spec = {'script': directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        (name,) = self.arguments
        scene = self.env.app.companion_scenes[name]
        path = transcript.path(BASE, scene)
        self.env.note_dependency(str(path))
        if script := self.options.get('script'):
            text = '\n\n'.join(
                block
                for command, block in transcript.blocks(BASE, scene)
                if command.script == script
            )
        else:
            text = path.read_text('utf-8').rstrip('\n')
        block = nodes.literal_block(text, text, language='text')
        block['classes'].append('transcript')
        return [block]


def setup(app: Sphinx) -> dict:
    """Add the directive."""
    app.add_directive('transcript', TranscriptDirective)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
