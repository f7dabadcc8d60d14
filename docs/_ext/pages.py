"""
Which pages there are, and what stands on them in which order.

One for each part and one for each version of a trail, below docs/parts/,
docs/clients/ and docs/servers/. They hold directives only, and these read the
files that the tests check.
"""

from pathlib import Path

from addresses import page_of, slug, step_of
from scripts import label_of, language_of, summary_of
from sphinx.application import Sphinx

from tour.book import Book, Comparison, Part, Scene, Trail


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


def write_pages(app: Sphinx) -> None:
    """Write the sources of the generated pages, where they have changed."""
    sources = Pages(app.companion_book).sources
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
