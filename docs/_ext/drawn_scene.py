"""How a scene becomes HTML: a question before what is printed."""

from collections.abc import Iterable, Mapping

import drawn_transcript
from prose import html_of

from tour.book import Question, Scene


def html(
    scene: Scene,
    text: str,
    questions: tuple[Question, ...],
    named: Mapping[int, str] | None = None,
) -> str:
    """
    Return a scene: its commands, and questions; and folded, what it prints
    and the answers. Without questions that is not folded.

    text: its transcript. named: what its lines are called, by number.
    """
    printed = drawn_transcript.html(text, bool(scene.columns), named)
    if not questions:
        return f'<div class="scene">{printed}</div>'
    return (
        '<div class="scene">'
        + drawn_transcript.commands(text)
        + _items('question', (question.ask for question in questions))
        + '<details class="printed"><summary>'
        'What is printed, and the answer</summary>'
        + printed
        + _items('answer', (question.answer for question in questions))
        + '</details></div>'
    )


def _items(kind: str, sentences: Iterable[str]) -> str:
    """Return sentences: numbered, if there are several."""
    texts = [html_of(sentence) for sentence in sentences]
    if len(texts) == 1:
        return f'<p class="{kind}">{texts[0]}</p>'
    items = ''.join(f'<li>{text}</li>' for text in texts)
    return f'<ol class="{kind}">{items}</ol>'
