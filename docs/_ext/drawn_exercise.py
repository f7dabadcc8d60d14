"""How the texts of an exercise become HTML: hint and answer are folded."""

from collections.abc import Iterator
from html import escape
from textwrap import dedent

import drawn_difference
import drawn_transcript
import listings
from prose import html_of

from tour import transcript
from tour.book import Book, Exercise
from tour.comparing import compare
from tour.exercises import INDENT


def passage(text: str) -> str:
    """Return paragraphs; those set in stay as they are."""
    return '\n'.join(
        f'<pre class="set-in">{escape(dedent(paragraph), quote=False)}</pre>'
        if paragraph.startswith(INDENT)
        else f'<p>{html_of(paragraph)}</p>'
        for paragraph in text.split('\n\n')
    )


def hint(exercise: Exercise) -> str:
    """Return the hint, folded."""
    return (
        f'<details class="hint"><summary>Hint to {exercise.id}</summary>'
        f'{passage(exercise.hint)}</details>'
    )


def answer(book: Book, exercise: Exercise) -> str:
    """
    Return our answer, folded: what to see in it, what changes, and a run.

    Without a script to begin with, it has the whole of ours.
    """
    parts = [
        '<details class="solution"><summary>Our answer to '
        f'{exercise.id}</summary>',
        passage(exercise.say or exercise.why),
        *_code(book, exercise),
        *_places(exercise),
        '<h3>What it prints</h3>',
    ]
    for scene in exercise.scenes:
        text = transcript.path(book.base, scene).read_text('utf-8')
        parts += [
            f'<h4>{html_of(scene.title)}</h4>',
            drawn_transcript.html(text, wide=bool(scene.columns)),
        ]
    return ''.join([*parts, '</details>'])


def _code(book: Book, exercise: Exercise) -> Iterator[str]:
    if exercise.answer is None:
        return
    if exercise.start is None:
        yield f'<h3>The script</h3><p><code>{escape(exercise.answer)}</code>'
        yield f'</p>{listings.drawn(exercise.answer)}'
    else:
        yield '<h3>What changes</h3>'
        yield drawn_difference.html(compare(book.base, exercise.change))


def _places(exercise: Exercise) -> Iterator[str]:
    """Return where it is to be seen in Twisted, whichever version one has."""
    if not exercise.finds:
        return
    yield '<h3>Where to see it in Twisted</h3><dl class="places">'
    for find in exercise.finds:
        name, line = escape(find.name), escape(find.line, quote=False)
        yield f'<dt><code>{find.module}</code>, <code>{name}</code></dt>'
        yield f'<dd><code>{line}</code></dd>'
    yield '</dl>'
