"""The sources of the pages with exercises: one for each part, and an index."""

from addresses import (
    HEADER,
    anchor_of,
    exercises_of,
    exercises_title_of,
    title_of,
)

from tour.book import Book, Chapter, Exercise
from tour.exercises import file_for

INDEX = 'exercises/index'
"""The name of the document with a list of all of them."""


def sources(book: Book) -> dict[str, str]:
    """Return the sources by name of the document."""
    parts = [part for part in book.chapters if part.exercises]
    found = {INDEX: _index(parts)}
    for number, part in enumerate(parts):
        before = parts[number - 1] if number else None
        after = parts[number + 1] if number + 1 < len(parts) else None
        found[exercises_of(part)] = _page(part, before, after)
    return found


def _page(part: Chapter, before: Chapter | None, after: Chapter | None) -> str:
    lines = [*HEADER, exercises_title_of(part), '=' * 80, '']
    steps = [
        f':doc:`{text}: {exercises_title_of(other)} </{exercises_of(other)}>`'
        for text, other in (('Previous', before), ('Next', after))
        if other is not None
    ]
    lines += ['.. rst-class:: steps', '', ' | '.join(steps), '']
    lines += _commands(part.exercises)
    for exercise in part.exercises:
        lines += [f'.. exercise:: {exercise.id}', '']
    return '\n'.join(lines) + '\n'


def _commands(exercises: tuple[Exercise, ...]) -> list[str]:
    """Return what is typed, for one of them that is checked if there is."""
    shown = next((e for e in exercises if e.answer), exercises[0])
    lines = [
        'Hints and our answers are folded: first try it yourself. The terminal'
        ' has them, too.'
    ]
    if shown.answer:
        lines.append(
            '``tour check`` tells whether your script does what is asked for,'
            ' and if not, what it does otherwise first.'
        )
    lines += ['', '.. code-block:: text', '']
    lines.append(f'   $ tour exercise {shown.id}')
    if shown.answer:
        lines.append(f'   $ tour check {shown.id} {file_for(shown)}')
    return [*lines, f'   $ tour answer {shown.id}', '']


def _index(parts: list[Chapter]) -> str:
    lines = [':hide-toc:', '', 'Exercises', '=' * 80, '']
    lines += [
        'Each part but the first one ends with exercises, and each exercise'
        ' has a hint, an answer and a run that shows it. Where there is'
        ' something to program, ``tour check`` tells whether your script does'
        ' it.',
        '',
        '.. toctree::',
        '   :hidden:',
        '',
        *(f'   /{exercises_of(part)}' for part in parts),
        '',
    ]
    for part in parts:
        lines += [title_of(part), '-' * 80, '']
        lines += [f':doc:`/{exercises_of(part)}`', '']
        lines += _table(part.exercises)
    return '\n'.join(lines) + '\n'


def _table(exercises: tuple[Exercise, ...]) -> list[str]:
    lines = ['.. list-table::', '   :class: exercises', '   :header-rows: 1']
    lines += ['   :widths: 12 48 40', '']
    lines += ['   * - Number', '     - Exercise', '     - Begin with']
    for exercise in exercises:
        lines.append(f'   * - {exercise.id}')
        lines.append(f'     - :ref:`{exercise.title} <{anchor_of(exercise)}>`')
        lines.append(f'     - {_begin(exercise)}')
    return [*lines, '']


def _begin(exercise: Exercise) -> str:
    if exercise.answer is None:
        return 'an answer in words'
    if exercise.start is None:
        return 'a file of your own'
    return f'``{exercise.start}``'
