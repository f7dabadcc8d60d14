"""How the difference of two versions becomes HTML."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from itertools import count

from drawn_lines import rows
from prose import html_of
from scripts import label_of, summary_of

from tour.book import Note
from tour.comparing import Change, Difference, Fold, Row, Same

NOTE_COLUMNS = 44
"""About how many letters a line of a note has, beside the code."""


def html(difference: Difference) -> str:
    """
    Return a difference: its hunks with their notes, and what is folded.

    All of it is there in the order in which it is read in one column; how
    two columns come of it is the style sheet's business.
    """
    old, new = difference.old, difference.new
    parts = [
        f'<div class="difference" data-old="{old}" data-new="{new}"'
        f' role="group" aria-label="What changed from {old} to {new}">',
        '<div class="versions">',
        _version('old', '−', old),
        _version('new', '+', new),
        '</div>',
    ]
    numbers = count(1)
    hunk: list[Same | Change] = []
    for block in difference.blocks:
        if isinstance(block, Fold):
            parts += _hunk(old, new, hunk, numbers)
            parts += [
                '<details class="fold"><summary>'
                f'{escape(block.description)}</summary>',
                rows(old, new, block.rows, twins=False),
                '</details>',
            ]
            hunk = []
        elif isinstance(block, Same | Change):
            hunk.append(block)
    return ''.join([*parts, *_hunk(old, new, hunk, numbers), '</div>'])


def _version(kind: str, sign: str, script: str) -> str:
    """Return the heading of a pane; not all scripts have a short name."""
    name = 'Old' if kind == 'old' else 'New'
    if ':' in summary_of(script):
        name += f': <strong>{escape(label_of(script))}</strong>'
    return (
        f'<p class="version {kind}"><span class="sign">{sign}</span> '
        f'<span class="name">{name}</span> <code>{escape(script)}</code></p>'
    )


def _hunk(
    old: str, new: str, blocks: list[Same | Change], numbers: Iterator[int]
) -> Iterator[str]:
    """Return what is shown between two folds; numbers: of the notes."""
    if not blocks:
        return
    yield '<div class="hunk">'
    for step in _steps(blocks):
        numbered = [(next(numbers), note) for note in step.notes]
        kind = 'step with-notes' if numbered else 'step'
        yield f'<div class="{kind}">'
        yield rows(old, new, step.code, numbered)
        if numbered:
            yield '<div class="notes">'
            for number, note in numbered:
                yield (
                    f'<p class="note"><span class="ref">{number}</span> '
                    f'{html_of(note.say)}</p>'
                )
            yield '</div>'
        if step.after:
            yield rows(old, new, step.after)
        yield '</div>'
    yield '</div>'


@dataclass
class Step:
    """Rows that are read with the notes on them, and unchanged ones below."""

    code: list[Row] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    after: list[Row] = field(default_factory=list)


def _steps(blocks: list[Same | Change]) -> Iterator[Step]:
    """
    Return a hunk in steps, each from a row with notes to the next one.

    A row whose notes find no room beside the rows before it stays with
    them, so that notes never tear a change apart.
    """
    step = Step()
    for block in blocks:
        if isinstance(block, Same):
            rows = step.after if step.notes else step.code
            rows.extend(block.rows)
            continue
        if step.notes:
            yield step
            step = Step()
        for row in block.rows:
            if row.notes and step.code and _height(step) <= len(step.code):
                yield step
                step = Step()
            step.code.append(row)
            step.notes.extend(row.notes)
    yield step


def _height(step: Step) -> int:
    """Return about how many lines of code are as high as its notes."""
    return sum(2 + len(note.say) // NOTE_COLUMNS for note in step.notes)
