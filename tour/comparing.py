"""The difference between two versions: as a patch, and for a terminal."""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tour.book import Note
from tour.errors import TourError

CONTEXT = 3
"""Unchanged lines that are shown around a change."""

# what opens a definition at the left margin
_PYTHON = re.compile(r'(?:async def|def|class) (\w+)')
_OTHER = re.compile(r'(\w+)(?:\(| ::)')  # Erlang or Haskell

_WORD = re.compile(r'\w+|\s+|[^\w\s]')

_SIMILAR = 0.5
"""How much two lines must have in common to be versions of one line."""


class DiffError(TourError):
    """There is nothing to compare."""


@dataclass(frozen=True)
class Line:
    """
    A line of a difference.

    kind: ``-`` or ``+`` for a line of the old or the new version only, a
    blank for one of both, ``~`` for a line on those that are folded, and
    ``!`` for a note on the change above it.
    pieces: its text, each piece with whether it changed.
    """

    kind: str
    pieces: tuple[tuple[str, bool], ...]

    @property
    def text(self) -> str:
        """The text of the line, without marks."""
        return ''.join(text for text, _ in self.pieces)


def lines_of(path: Path) -> list[str]:
    """Return the lines of a file. Raises DiffError if it has none."""
    try:
        return path.read_text('utf-8').splitlines()
    except OSError as error:
        raise DiffError(f'Cannot read {path}: {error.strerror}') from error
    except ValueError as error:
        raise DiffError(f'{path} is no text.') from error


def patch(base: Path, old: str, new: str, context: int = CONTEXT) -> list[str]:
    """
    Return the unified diff of two files, line by line, without line ends.

    old, new: their paths, from base. context: how many unchanged lines to
    show around a change. Raises DiffError if one of them can't be read.
    """
    return list(
        difflib.unified_diff(
            lines_of(base / old),
            lines_of(base / new),
            old,
            new,
            n=context,
            lineterm='',
        )
    )


def folded(base: Path, old: str, new: str) -> list[Line]:
    """
    Return the difference of two files with changed words marked.

    Of the unchanged lines only those next to a change are there; the others
    are folded into a note that names the definitions among them. The
    arguments and errors are those of patch.
    """
    before, after = lines_of(base / old), lines_of(base / new)
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    definition = _PYTHON if new.endswith('.py') else _OTHER
    lines: list[Line] = []
    shown = 0
    for group in matcher.get_grouped_opcodes(CONTEXT):
        start = group[0][3]
        lines += _fold(after[shown:start], definition)
        for opcode, i1, i2, j1, j2 in group:
            if opcode == 'equal':
                lines += [_plain(' ', text) for text in after[j1:j2]]
            else:
                lines += _changed(before[i1:i2], after[j1:j2])
        shown = group[-1][4]
    return [*lines, *_fold(after[shown:], definition)] if lines else []


def annotated(lines: list[Line], notes: Iterable[Note]) -> list[Line]:
    """
    Return a difference with each note below the change that it is on.

    lines: what ``folded`` returned. A change is a run of old and new lines.
    Raises DiffError if a note's text is in no changed line, or in several.
    """
    below: dict[int, list[Line]] = {}
    for note in notes:
        at = _only(lines, note.at)
        while at < len(lines) and lines[at].kind in '-+':
            at += 1
        below.setdefault(at, []).append(_plain('!', note.say))
    result = []
    for number, line in enumerate([*lines, None]):
        result += below.get(number, [])
        if line is not None:
            result.append(line)
    return result


def _only(lines: list[Line], text: str) -> int:
    """Return the number of the only changed line that has the text."""
    found = [
        number
        for number, line in enumerate(lines)
        if line.kind in '-+' and text in line.text
    ]
    if len(found) != 1:
        count = 'No changed line has' if not found else 'Several lines have'
        raise DiffError(f'{count} the text of a note: {text}')
    return found[0]


def _plain(kind: str, text: str) -> Line:
    return Line(kind, ((text, False),))


def _fold(lines: list[str], definition: re.Pattern) -> list[Line]:
    """Return a note on lines, and on the definitions that start there."""
    if not lines:
        return []
    matches = [definition.match(line) for line in lines]
    names = dict.fromkeys(match[1] for match in matches if match)
    count = '1 line' if len(lines) == 1 else f'{len(lines)} lines'
    return [_plain('~', f'{count}: {", ".join(names)}' if names else count)]


def _changed(old: list[str], new: list[str]) -> Iterator[Line]:
    """Return the lines of a change, with the words that changed marked."""
    pairs = _pairs(old, new)
    for kind, texts, others, partners in (
        ('-', old, new, dict(pairs)),
        ('+', new, old, {j: i for i, j in pairs}),
    ):
        for number, text in enumerate(texts):
            if number in partners:
                yield Line(kind, _marks(text, others[partners[number]]))
            else:
                yield _plain(kind, text)


def _pairs(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Return which old line became which new one, as pairs of indices."""
    pairs = []
    first = 0
    for i, text in enumerate(old):
        ratios = [
            (_matcher(text, new[j]).ratio(), -j)
            for j in range(first, len(new))
        ]
        best, j = max(ratios, default=(0, 0))
        if best >= _SIMILAR and text.strip():
            pairs.append((i, -j))
            first = -j + 1
    return pairs


def _matcher(one: str, other: str) -> difflib.SequenceMatcher:
    words = [_WORD.findall(text.strip()) for text in (one, other)]
    return difflib.SequenceMatcher(None, *words, autojunk=False)


def _marks(text: str, other: str) -> tuple[tuple[str, bool], ...]:
    """Return the text in pieces, with those marked that the other lacks."""
    stripped = text.lstrip()
    words = _WORD.findall(stripped)
    pieces = [(text.removesuffix(stripped), False)]
    for opcode, start, end, _, _ in _matcher(text, other).get_opcodes():
        piece = ''.join(words[start:end])
        changed = opcode != 'equal'
        if changed and len(pieces) > 2 and pieces[-1][0].isspace():
            # a blank between two changed words
            blank, _ = pieces.pop()
            words_before, _ = pieces.pop()
            piece = words_before + blank + piece
        pieces.append((piece, changed))
    return tuple((piece, changed) for piece, changed in pieces if piece)
