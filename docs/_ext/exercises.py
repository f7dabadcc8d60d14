"""The directives ``exercise`` and ``exercises``: one, and those of a part."""

import drawn_exercise
from addresses import anchor_of, manifest_of, slug, step_of
from docutils import nodes
from scripts import named
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tour import transcript
from tour.book import Book, Exercise


class ExerciseDirective(SphinxDirective):
    """A section: question, where to start; and folded, hint and answer."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        (id,) = self.arguments
        book: Book = self.env.app.companion_book
        exercise = book.exercise(id)
        self._depend_on(book, exercise)
        anchor = anchor_of(exercise)
        section = nodes.section(ids=[anchor], names=[anchor])
        section += nodes.title(text=f'{exercise.id} {exercise.title}')
        self.state.document.note_explicit_target(section)
        section += _raw(drawn_exercise.passage(exercise.question))
        section += self.parse_text_to_nodes(_start(book, exercise))
        if exercise.start and not _is_shown(book, exercise.start):
            lines = ['.. listing:: ' + exercise.start, '   :folded:']
            section += self.parse_text_to_nodes('\n'.join(lines))
        section += _raw(drawn_exercise.hint(exercise))
        section += _raw(drawn_exercise.answer(book, exercise))
        return [section]

    def _depend_on(self, book: Book, exercise: Exercise) -> None:
        self.env.note_dependency(str(manifest_of(book.chapter(exercise.part))))
        for script in exercise.start, exercise.answer:
            if script:
                self.env.note_dependency(str(book.base / script))
        for scene in exercise.scenes:
            path = transcript.path(book.base, scene)
            self.env.note_dependency(str(path))


class ExercisesDirective(SphinxDirective):
    """The exercises of a part, by their titles: each leads to itself."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        (id,) = self.arguments
        part = self.env.app.companion_book.chapter(id)
        self.env.note_dependency(str(manifest_of(part)))
        lines = ['.. rst-class:: exercises', '']
        for exercise in part.exercises:
            text = f'{exercise.id} {exercise.title}'
            lines.append(f'- :ref:`{text} <{anchor_of(exercise)}>`')
        return self.parse_text_to_nodes('\n'.join(lines))


def _raw(html: str) -> nodes.raw:
    return nodes.raw('', html, format='html')


def _start(book: Book, exercise: Exercise) -> str:
    """Return the sentence that says where to start."""
    if exercise.answer is None:
        return 'This one wants an answer in words.'
    script = exercise.start
    if script is None:
        return 'Begin with a file of your own.'
    for trail in book.trails:
        if script in trail.versions:
            page = f'{named(script)} </{step_of(trail, script)}>'
            return f'Begin with :doc:`{page}`, ``{script}``.'
    for other in book.exercises:
        if script == other.answer:
            place = f'our answer to {other.id} <{anchor_of(other)}>'
            return f'Begin with :ref:`{place}`, ``{script}``.'
    if _is_shown(book, script):
        return f'Begin with :ref:`{script} <{slug(script)}>`.'
    return f'Begin with ``{script}``.'


def _is_shown(book: Book, script: str) -> bool:
    """Return whether a script stands on the page of a part, or as answer."""
    scripts = {s for some in book.new_scripts().values() for s in some}
    return script in scripts | {e.answer for e in book.exercises}


def setup(app: Sphinx) -> dict:
    """Add the directives, and what exercises look like."""
    app.add_directive('exercise', ExerciseDirective)
    app.add_directive('exercises', ExercisesDirective)
    app.add_css_file('exercises.css')
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
