"""
Which pages there are, and what stands on them in which order.

One for each part, one for its exercises and one for each version of a trail,
below docs/parts/, docs/exercises/, docs/clients/ and docs/servers/. They hold
directives only, and these read the files that the tests check.
"""

from pathlib import Path

import exercise_pages
from addresses import HEADER, has_page, page_of, slug, step_of, title_of
from scripts import label_of, summary_of
from sphinx.application import Sphinx

from tour.book import Book, Chapter, Comparison, Part, Scene, Trail


class Pages:
    """The sources of all generated pages, by name of the document."""

    def __init__(self, book: Book):
        self._book = book
        self._part_of = {
            script: book.part(id)
            for id, scripts in book.new_scripts().items()
            for script in scripts
        }
        self._paged = [c for c in book.chapters if has_page(c)]
        self.sources = exercise_pages.sources(book)
        for chapter in self._paged:
            self.sources[page_of(chapter)] = self._chapter(chapter)
        for trail in book.trails:
            for number, script in enumerate(trail.versions):
                name = step_of(trail, script)
                self.sources[name] = self._step(trail, number)

    def _chapter(self, chapter: Chapter) -> str:
        lines = [*HEADER, title_of(chapter), '=' * 80, '']
        lines += [self._neighbours(chapter), '']
        lines += [f'*{chapter.idea}*', '']
        if isinstance(chapter, Part):
            lines += self._part(chapter)
        if chapter.exercises:
            lines += ['Exercises', '-' * 80, '']
            lines += [f'.. exercises:: {chapter.id}', '']
        return '\n'.join(lines) + '\n'

    def _part(self, part: Part) -> list[str]:
        lines = [part.watch.strip(), '']
        lines += ['.. code-block:: console', '', f'   $ tour {part.id}', '']
        for page in part.pages:
            lines += [f'- :doc:`/{page}`', '']
        if part.timeline:
            lines += ['In time', '-' * 80, '', f'.. timeline:: {part.id}', '']
        if part.loop:
            lines += ['Turn by turn', '-' * 80, '', f'.. loop:: {part.id}', '']
        scripts = self._book.new_scripts()[part.id]
        scenes = _scenes_by_script(part, scripts)
        for script in scripts:
            lines += self._script(part, script, scenes[script])
        for pair in part.comparisons:
            if pair.new not in scripts:
                lines += [f'From {pair.old} to {pair.new}', '-' * 80, '']
                lines += self._comparison(pair)
        if scenes['']:
            lines += ['More scenes', '-' * 80, '']
            for scene in scenes['']:
                lines += self._scene(scene)
        return lines

    def _neighbours(self, chapter: Chapter) -> str:
        at = self._paged.index(chapter)
        near = self._paged[max(at - 1, 0) : at] + self._paged[at + 1 : at + 2]
        return ' | '.join(f':doc:`/{page_of(other)}`' for other in near)

    def _script(
        self, part: Part, script: str, scenes: list[Scene]
    ) -> list[str]:
        lines = [f'.. _{slug(script)}:', '', f'``{script}``', '-' * 80, '']
        lines += [summary_of(script), *self._own_page(script), '']
        pairs = [pair for pair in part.comparisons if pair.new == script]
        for pair in pairs:
            lines += [f'.. rubric:: What changed since {pair.old}', '']
            lines += self._comparison(pair)
        lines += self._listing(script, is_folded=bool(pairs))
        lines += _chains(part, script)
        for scene in scenes:
            lines += self._scene(scene)
        return lines

    def _own_page(self, script: str) -> list[str]:
        """Return links to the pages on a version of a trail."""
        return [
            f':doc:`/{step_of(trail, script)}`'
            for trail in self._book.trails
            if script in trail.versions
        ]

    def _listing(self, script: str, is_folded: bool) -> list[str]:
        lines = [f'.. listing:: {script}']
        return [*lines, *(['   :folded:'] if is_folded else []), '']

    def _comparison(self, pair: Comparison) -> list[str]:
        return [pair.look, '', f'.. comparison:: {pair.old} {pair.new}', '']

    def _scene(self, scene: Scene, script: str = '') -> list[str]:
        """Return a scene; script: ask only what is about that one."""
        title = f'Scene {scene.number}: {scene.title}'
        lines = [title, '~' * 80, '', f'.. scene:: {scene.name}']
        return [*lines, *([f'   :script: {script}'] if script else []), '']

    def _step(self, trail: Trail, number: int) -> str:
        script = trail.versions[number]
        part = self._part_of[script]
        title = label_of(script)
        title = title[0].upper() + title[1:]
        if title[0].isdigit():
            title = f'{trail.title} {title}'
        lines = [*HEADER, title, '=' * 80, '']
        lines += [f'.. trail:: {trail.id}', f'   :at: {number}', '']
        lines += ['.. rst-class:: steps', '']
        lines += [self._steps(trail, number), '']
        lines += [f'*{summary_of(script)}*', '']
        if reason := trail.reason(script):
            lines += ['.. container:: why-not', '', f'   {reason}', '']
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
        else:
            lines += ['The code', '-' * 80, '']
        lines += self._listing(script, is_folded=pair is not None)
        lines += _chains(part, script)
        lines += ['What it prints', '-' * 80, '']
        for scene in _scenes_of(part, script):
            lines += self._scene(scene, script)
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


def _scenes_by_script(
    part: Part, scripts: list[str]
) -> dict[str, list[Scene]]:
    """
    Return each scene of a part below the script after which it is shown.

    That is the last one of the scripts that it runs, so that all its code
    was seen before; and it is none, ``''``, for a scene that runs no script
    for the first time.
    """
    found: dict[str, list[Scene]] = {script: [] for script in [*scripts, '']}
    for scene in part.scenes:
        run = {command.script for command in scene.all}
        last = next((s for s in reversed(scripts) if s in run), '')
        found[last].append(scene)
    return found


def _chains(part: Part, script: str) -> list[str]:
    """Return the chains of a script, where the site shows them."""
    if script not in {chain.script for chain in part.chains}:
        return []
    return [f'.. chains:: {part.id} {script}', '']


def _scenes_of(part: Part, script: str) -> list[Scene]:
    """Return the scenes that ask about a script, or the first that runs it."""
    asked = {question.scene for question in part.questions_about(script)}
    run = [
        scene
        for scene in part.scenes
        if script in {command.script for command in scene.all}
    ]
    return [scene for scene in run if scene.number in asked] or run[:1]


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
