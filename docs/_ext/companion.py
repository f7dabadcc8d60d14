"""
Makes the pages of the site of chapters/, the scripts and transcripts.

Before Sphinx reads its sources this writes one for each part and for each
version of a trail, below docs/parts/, docs/clients/ and docs/servers/. They
hold directives only, and these read the files that the tests check.
"""

import html
import os
import re
import subprocess
import sys
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from tour import transcript
from tour.book import Book, Comparison, Part, Scene, Trail
from tour.comparing import patch
from tour.reading import BASE, read_book

LANGUAGES = {'.py': 'python', '.hs': 'haskell', '': 'python'}
"""Names of Pygments, by suffix."""

WHOLE = 10**6
"""As many unchanged lines around a change as no script has."""

logger = logging.getLogger(__name__)


def language_of(script: str) -> str:
    """Return what Pygments calls the language of a script."""
    first = (BASE / script).read_text('utf-8').split('\n', 1)[0]
    if 'escript' in first:
        return 'erlang'
    return LANGUAGES[Path(script).suffix]


def summary_of(script: str) -> str:
    """Return the sentence with which a script opens."""
    text = (BASE / script).read_text('utf-8')
    lines = [s for s in text.splitlines() if s and not re.match('#!|%%!', s)]
    return lines[0].strip('"%-| ')


def label_of(script: str) -> str:
    """Return a short name for a version: ``4.0``, ``proxy 1.0``."""
    name = summary_of(script).split(':')[0].replace('poetry ', '')
    return re.sub('^(An?|The|Twisted client) ', '', name)


def slug(text: str) -> str:
    """Return the text as a part of an address."""
    return re.sub(r'\W+', '-', text).strip('-').lower()


def page_of(part: Part) -> str:
    """Return the name of the document on a part."""
    return f'parts/{part.id:0>2}'


def step_of(trail: Trail, script: str) -> str:
    """Return the name of the document on a version of a trail."""
    number = 1 + trail.versions.index(script)
    return f'{trail.id}/{number:02}-{slug(label_of(script))}'


class Pages:
    """The sources of all generated pages, by name of the document."""

    def __init__(self, book: Book):
        self._book = book
        self._part_of = {
            script: book.part(id)
            for id, scripts in book.new_scripts().items()
            for script in scripts
        }
        self.sources: dict[str, str] = {}
        for part in book.parts:
            self.sources[page_of(part)] = self._part(part)
        for trail in book.trails:
            for number, script in enumerate(trail.versions):
                name = step_of(trail, script)
                self.sources[name] = self._step(trail, number)

    def _part(self, part: Part) -> str:
        title = f'Part {part.id}: {part.title}'
        text = f"The tutorial's text of Part {part.id}"
        if not part.id.isdigit():
            title = f'Article: {part.title}'
            text = "The article's text"
        lines = [':hide-toc:', '', title, '=' * 80, '']
        lines += [self._neighbours(part), '']
        lines += [f'`{text} <{part.text}>`__', '']
        lines += [f'*{part.idea}*', '']
        lines += [part.watch.strip(), '']
        lines += ['.. code-block:: console', '', f'   $ tour {part.id}', '']
        if part.timeline:
            lines += ['In time', '-' * 80, '', f'.. timeline:: {part.id}', '']
        scripts = self._book.new_scripts()[part.id]
        for script in scripts:
            lines += self._script(part, script)
        for pair in part.comparisons:
            if pair.new not in scripts:
                lines += [f'From {pair.old} to {pair.new}', '-' * 80, '']
                lines += self._comparison(pair)
        lines += ['Scenes', '-' * 80, '']
        lines += ['Everything that is typed, and what is printed.', '']
        for scene in part.scenes:
            lines += self._scene(scene)
        return '\n'.join(lines) + '\n'

    def _neighbours(self, part: Part) -> str:
        at = self._book.parts.index(part)
        near = [*self._book.parts[max(at - 1, 0) : at]]
        near += self._book.parts[at + 1 : at + 2]
        return ' | '.join(f':doc:`/{page_of(other)}`' for other in near)

    def _script(self, part: Part, script: str) -> list[str]:
        lines = [f'.. _{slug(script)}:', '', f'``{script}``', '-' * 80, '']
        lines += [summary_of(script), '']
        pairs = [pair for pair in part.comparisons if pair.new == script]
        for pair in pairs:
            lines += [f'.. rubric:: What changed since {pair.old}', '']
            lines += self._comparison(pair)
        lines += ['.. rubric:: What it prints', '']
        lines += self._prints(part, script)
        lines += self._listing(script, is_open=not pairs)
        return lines

    def _listing(self, script: str, is_open: bool) -> list[str]:
        lines = [f'.. dropdown:: The whole of {script}']
        lines += ['   :open:'] if is_open else []
        return [
            *lines,
            '',
            f'   .. literalinclude:: /../{script}',
            f'      :language: {language_of(script)}',
            '      :linenos:',
            '',
        ]

    def _comparison(self, pair: Comparison) -> list[str]:
        return [pair.look, '', f'.. comparison:: {pair.old} {pair.new}', '']

    def _prints(self, part: Part, script: str) -> list[str]:
        """Return what the script prints in the first scene that has it."""
        scene = next(
            scene
            for scene in part.scenes
            if any(command.script == script for command in scene.all)
        )
        return [f'.. transcript:: {scene.name}', f'   :script: {script}', '']

    def _scene(self, scene: Scene) -> list[str]:
        return [
            f'.. dropdown:: Scene {scene.number}: {scene.title}',
            '',
            f'   .. transcript:: {scene.name}',
            '',
        ]

    def _step(self, trail: Trail, number: int) -> str:
        script = trail.versions[number]
        part = self._part_of[script]
        title = label_of(script)
        title = title[0].upper() + title[1:]
        if title[0].isdigit():
            title = f'{trail.title} {title}'
        lines = [':hide-toc:', '', title, '=' * 80, '']
        lines += [f'.. trail:: {trail.id}', f'   :at: {number}', '']
        lines += ['.. rst-class:: steps', '']
        lines += [self._steps(trail, number), '']
        lines += [f'*{summary_of(script)}* :doc:`/{page_of(part)}`', '']
        pair = next(
            (
                pair
                for pair in part.comparisons
                if pair.new == script and pair.old in trail.versions[:number]
            ),
            None,
        )
        if pair is not None:
            old = f':doc:`{label_of(pair.old)} </{step_of(trail, pair.old)}>`'
            lines += [f'What changed since {old}', '-' * 80, '']
            lines += self._comparison(pair)
        lines += ['What it prints', '-' * 80, '']
        lines += self._prints(part, script)
        lines += self._listing(script, is_open=pair is None)
        return '\n'.join(lines) + '\n'

    def _steps(self, trail: Trail, number: int) -> str:
        """Return links to the version before and the one after."""
        links = []
        for text, at in ('Previous', number - 1), ('Next', number + 1):
            if 0 <= at < len(trail.versions):
                script = trail.versions[at]
                page = step_of(trail, script)
                links.append(f':doc:`{text}: {label_of(script)} </{page}>`')
        return ' | '.join(links)


class ComparisonDirective(SphinxDirective):
    """Two versions: a patch, which a script draws side by side."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        old, new = self.arguments
        for script in self.arguments:
            self.env.note_dependency(str(BASE / script))
        text = '\n'.join(patch(BASE, old, new))
        folded = nodes.literal_block(text, text, language='diff')
        whole = html.escape('\n'.join(patch(BASE, old, new, WHOLE)))
        start = nodes.raw(
            '',
            f'<div class="comparison" data-old="{old}" data-new="{new}">'
            f'<div class="comparison-whole" hidden>{whole}</div>',
            format='html',
        )
        return [start, folded, nodes.raw('', '</div>', format='html')]


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


class TrailDirective(SphinxDirective):
    """A line of versions, each a link to its page."""

    required_arguments = 1
    option_spec = {'at': directives.nonnegative_int}

    def run(self) -> list[nodes.Node]:
        (id,) = self.arguments
        book = self.env.app.companion_book
        trail = next(trail for trail in book.trails if trail.id == id)
        lines = ['.. rst-class:: trail', '']
        for number, script in enumerate(trail.versions):
            link = f':doc:`{label_of(script)} </{step_of(trail, script)}>`'
            if number == self.options.get('at'):
                link = f'**{label_of(script)}**'
            lines.append(f'#. {link}')
        return self.parse_text_to_nodes('\n'.join(lines))


def write_pages(app: Sphinx) -> None:
    """Write the sources of the generated pages, where they have changed."""
    book = app.companion_book = read_book()
    app.companion_scenes = {
        scene.name: scene for part in book.parts for scene in part.scenes
    }
    sources = Pages(book).sources
    for directory in {name.split('/')[0] for name in sources}:
        for path in (app.srcdir / directory).glob('*.rst'):
            if f'{directory}/{path.stem}' not in sources:
                path.unlink()
    for name, text in sources.items():
        _write(app.srcdir / f'{name}.rst', text)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    if not path.exists() or path.read_text('utf-8') != text:
        path.write_text(text, 'utf-8')


def draw_timelines(app: Sphinx) -> None:
    """Play the scenes that are shown in time, all at once, and draw them."""
    running = []
    for part in app.companion_book.parts:
        if part.timeline:
            path = Path(app.srcdir, 'timelines', f'part-{part.id}.svg')
            path.parent.mkdir(exist_ok=True)
            words = [sys.executable, '-m', 'tour', 'timeline', part.id]
            words += ['--speed', app.config.timeline_speed]
            words += ['--output', str(path)]
            logger.info('drawing what Part %s does in time', part.id)
            running.append(subprocess.Popen(words, cwd=BASE, env=os.environ))
    failed = [process.args for process in running if process.wait() != 0]
    if failed:
        raise ExtensionError(f'This failed: {failed}')


def setup(app: Sphinx) -> dict:
    """Add the directives, and what is to be done before they are read."""
    app.add_config_value('timeline_speed', '1', 'env', [str])
    app.add_directive('comparison', ComparisonDirective)
    app.add_directive('transcript', TranscriptDirective)
    app.add_directive('timeline', TimelineDirective)
    app.add_directive('trail', TrailDirective)
    app.connect('builder-inited', write_pages)
    app.connect('builder-inited', draw_timelines)

    return {'parallel_read_safe': True, 'parallel_write_safe': True}
