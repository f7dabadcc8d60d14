"""The difference between two versions: as data to draw, and as a patch."""

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from os.path import commonprefix
from pathlib import Path

from tour.book import Comparison, Note
from tour.errors import TourError

CONTEXT = 3
"""Unchanged lines that are shown around a change."""

SIMILAR = 0.5
"""How alike two lines are at least, to be versions of one line."""

_FOLDED = 2
"""How many lines are folded at least: a fold takes a line, too."""

# what opens a definition at the left margin
_PYTHON = re.compile(r'(?:async def|def|class) (\w+)')
_OTHER = re.compile(r'(\w+)(?:\(| ::)')  # Erlang or Haskell

_WORD = re.compile(r'\w+|\s+|[^\w\s]')

Pieces = tuple[tuple[str, bool], ...]
"""The text of a line in pieces, each with whether it changed."""

Opcode = tuple[str, int, int, int, int]
"""What difflib says of a run of lines, with where it starts and ends."""


class DiffError(TourError):
    """There is nothing to compare."""


@dataclass(frozen=True)
class Line:
    """
    A line of one version.

    number: where it stands, from 1. pieces: its text, each piece with
    whether the line of the other version that it is paired with has
    something else there. Indentation that the other one lacks is a piece of
    its own, before the others.
    """

    number: int
    pieces: Pieces

    @property
    def text(self) -> str:
        """The text of the line, without marks."""
        return ''.join(text for text, _ in self.pieces)


@dataclass(frozen=True)
class Row:
    """
    A line of the old version, of the new one, or a line of both.

    In a change, two lines are a row if they are at least half alike, and
    pieces of them are marked. notes: those whose text is in this row.
    """

    old: Line | None
    new: Line | None
    notes: tuple[Note, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines that there are, the old one first."""
        return tuple(line for line in (self.old, self.new) if line)

    @property
    def is_indentation(self) -> bool:
        """Whether nothing but the indentation changed."""
        if self.old is None or self.new is None:
            return False
        old, new = self.old.text, self.new.text
        return old != new and old.lstrip() == new.lstrip()


@dataclass(frozen=True)
class Block:
    """Rows that belong together, in order."""

    rows: tuple[Row, ...]

    @property
    def old(self) -> tuple[Line, ...]:
        """The lines of the old version, in order."""
        return tuple(row.old for row in self.rows if row.old)

    @property
    def new(self) -> tuple[Line, ...]:
        """The lines of the new version, in order."""
        return tuple(row.new for row in self.rows if row.new)


@dataclass(frozen=True)
class Same(Block):
    """Unchanged lines that are shown, as they are next to a change."""


@dataclass(frozen=True)
class Fold(Block):
    """
    Unchanged lines that need not be shown.

    names: the functions and classes that start there.
    """

    names: tuple[str, ...]

    @property
    def description(self) -> str:
        """What is folded, like ``55 lines: parse_args, PoetryProtocol``."""
        count = len(self.rows)
        lines = '1 line' if count == 1 else f'{count} lines'
        return f'{lines}: {", ".join(self.names)}' if self.names else lines


@dataclass(frozen=True)
class Change(Block):
    """
    Lines of the old version, and the lines that are there instead of them.

    Between two pairs the old lines stand before the new ones.
    """

    @property
    def notes(self) -> tuple[Note, ...]:
        """The notes on it, in the order of the lines that they are on."""
        return tuple(note for row in self.rows for note in row.notes)


@dataclass(frozen=True)
class Difference:
    """
    All of two versions, in blocks.

    old, new: their paths, from the base directory. blocks: in order, from
    the first line to the last; none if the versions are the same.
    """

    old: str
    new: str
    blocks: tuple[Block, ...]

    @cached_property
    def hunks(self) -> tuple[tuple[Same | Change, ...], ...]:
        """The blocks that are shown, as they stand between the folds."""
        hunks: list[tuple[Same | Change, ...]] = [()]
        for block in self.blocks:
            if isinstance(block, Same | Change):
                hunks[-1] += (block,)
            else:
                hunks.append(())
        return tuple(hunk for hunk in hunks if hunk)

    @cached_property
    def old_lines(self) -> tuple[Line, ...]:
        """All lines of the old version."""
        return tuple(line for block in self.blocks for line in block.old)

    @cached_property
    def new_lines(self) -> tuple[Line, ...]:
        """All lines of the new version."""
        return tuple(line for block in self.blocks for line in block.new)

    def names(self, hunk: tuple[Same | Change, ...]) -> tuple[str, ...]:
        """Return the functions and classes in which a hunk has changes."""
        names: dict[str, None] = {}
        for block in hunk:
            if isinstance(block, Change):
                # what is gone has its name in the old version only
                version = self._new_names if block.new else self._old_names
                for line in block.new or block.old:
                    if line.text.strip() and (name := version[line.number]):
                        names[name] = None
        return tuple(names)

    @cached_property
    def _old_names(self) -> dict[int, str | None]:
        return _enclosing(self.old, self.old_lines)

    @cached_property
    def _new_names(self) -> dict[int, str | None]:
        return _enclosing(self.new, self.new_lines)


def _enclosing(path: str, lines: Iterable[Line]) -> dict[int, str | None]:
    """Return the definition that each line is in, by their numbers."""
    definition = _definition(path)
    names: dict[int, str | None] = {}
    name: str | None = None
    for line in lines:
        if match := definition.match(line.text):
            name = match[1]
        elif re.match(r'[^\s)\]}]', line.text) and (
            name is None or not re.match(rf'{name}\b', line.text)
        ):
            # something else at the left margin, and no other clause
            name = None
        names[line.number] = name
    return names


def _definition(path: str) -> re.Pattern[str]:
    """Return what opens a definition in a script."""
    return _PYTHON if path.endswith('.py') else _OTHER


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


def compare(base: Path, comparison: Comparison) -> Difference:
    """
    Return the difference of two versions, with the notes on it.

    base: the directory that their paths start from. Raises DiffError if one
    of them can't be read, or a note's text is in no changed line, or in
    several.
    """
    old, new = lines_of(base / comparison.old), lines_of(base / comparison.new)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    definition = _definition(comparison.new)
    opcodes = matcher.get_opcodes()
    blocks: list[Block] = []
    for number, opcode in enumerate(opcodes):
        if opcode[0] != 'equal':
            blocks.append(_change(old, new, opcode))
        elif len(opcodes) > 1:
            rows = _same(old, opcode)
            before = CONTEXT if number else 0
            after = CONTEXT if number < len(opcodes) - 1 else 0
            blocks += _folded(rows, before, after, definition)
    return Difference(
        comparison.old,
        comparison.new,
        tuple(_annotated(blocks, comparison.notes)),
    )


def _line(number: int, text: str) -> Line:
    """Return a line that isn't marked; number: from 0."""
    return Line(number + 1, ((text, False),) if text else ())


def _same(old: list[str], opcode: Opcode) -> tuple[Row, ...]:
    """Return the rows of lines that did not change."""
    _, start, end, new, _ = opcode
    return tuple(
        Row(_line(number, text), _line(number - start + new, text))
        for number, text in enumerate(old[start:end], start)
    )


def _folded(
    rows: tuple[Row, ...],
    before: int,
    after: int,
    definition: re.Pattern[str],
) -> Iterator[Block]:
    """Return unchanged rows: some at their ends are shown, others folded."""
    end = len(rows) - after
    if end - before < _FOLDED:
        yield Same(rows)
        return
    if before:
        yield Same(rows[:before])
    yield _fold(rows[before:end], definition)
    if after:
        yield Same(rows[end:])


def _fold(rows: tuple[Row, ...], definition: re.Pattern[str]) -> Fold:
    """Return a fold that names the definitions in it."""
    texts = [line.text for row in rows for line in row.lines[:1]]
    matches = [definition.match(text) for text in texts]
    names = dict.fromkeys(match[1] for match in matches if match)
    return Fold(rows, tuple(names))


def _change(old: list[str], new: list[str], opcode: Opcode) -> Change:
    """Return the rows of lines that changed, with their pieces marked."""
    _, i, old_end, j, new_end = opcode
    rows: list[Row] = []
    pairs = _pairs(old[i:old_end], new[j:new_end])
    for old_to, new_to in [(i + a, j + b) for a, b in pairs]:
        rows += _alone(old[:old_to], i, new[:new_to], j)
        before, after = _marks(old[old_to], new[new_to])
        rows.append(Row(Line(old_to + 1, before), Line(new_to + 1, after)))
        i, j = old_to + 1, new_to + 1
    rows += _alone(old[:old_end], i, new[:new_end], j)
    return Change(tuple(rows))


def _alone(old: list[str], i: int, new: list[str], j: int) -> Iterator[Row]:
    """Return rows of old and new lines from i and j on, without pairs."""
    for number in range(i, len(old)):
        yield Row(_line(number, old[number]), None)
    for number in range(j, len(new)):
        yield Row(None, _line(number, new[number]))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.strip())


def _pairs(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """
    Return which old line became which new one, as pairs of indices.

    No two pairs cross each other. Of all ways to pair lines that are half
    alike this is the one where they have most words in common.
    """
    # best[i][j]: the common words of the lines from i and j on, and how many
    # lines to leave out there in old and in new, or none: they are a pair
    best = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    common = _common_words(old, new)
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            best[i][j] = max(
                best[i + 1][j],
                best[i][j + 1],
                best[i + 1][j + 1] + common.get((i, j), 0),
            )
    pairs = []
    i = j = 0
    while i < len(old) and j < len(new):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((i, j))
            i, j = i + 1, j + 1
    return pairs


def _common_words(
    old: list[str], new: list[str]
) -> dict[tuple[int, int], int]:
    """Return how many words each two lines share that are half alike."""
    common = {}
    matcher: difflib.SequenceMatcher[str]
    matcher = difflib.SequenceMatcher(None, autojunk=False)
    olds = [_words(text) for text in old]
    for j, text in enumerate(new):
        words = _words(text)
        matcher.set_seq2(words)
        for i, others in enumerate(olds):
            matcher.set_seq1(others)
            if words and others and _are_similar(matcher):
                blocks = matcher.get_matching_blocks()
                common[i, j] = sum(block.size for block in blocks)
    return common


def _are_similar(matcher: difflib.SequenceMatcher[str]) -> bool:
    # the quick ones are never less than the ratio
    return (
        matcher.real_quick_ratio() >= SIMILAR
        and matcher.quick_ratio() >= SIMILAR
        and matcher.ratio() >= SIMILAR
    )


def alike(one: str, other: str) -> float:
    """Return how much of two lines is the same, from 0 to 1."""
    return _matcher(one, other).ratio()


def _matcher(one: str, other: str) -> difflib.SequenceMatcher[str]:
    return difflib.SequenceMatcher(
        None, _words(one), _words(other), autojunk=False
    )


def _marks(old: str, new: str) -> tuple[Pieces, Pieces]:
    """Return two lines in pieces, with those marked that the other lacks."""
    kept = len(commonprefix([_indent(old), _indent(new)]))
    opcodes = _matcher(old, new).get_opcodes()
    return (
        _pieces(old, kept, [(code, i, k) for code, i, k, _, _ in opcodes]),
        _pieces(new, kept, [(code, j, k) for code, _, _, j, k in opcodes]),
    )


def _indent(text: str) -> str:
    return text[: len(text) - len(text.lstrip())]


def _pieces(
    text: str, kept: int, opcodes: Iterable[tuple[str, int, int]]
) -> Pieces:
    """Return a line in pieces; kept: how much of its indentation is kept."""
    indent, words = _indent(text), _words(text)
    pieces: list[tuple[str, bool]] = []
    for opcode, start, end in opcodes:
        if start == end:
            continue
        piece = ''.join(words[start:end])
        changed = opcode != 'equal'
        if changed and len(pieces) > 1 and pieces[-1][0].isspace():
            # a blank between two changed words
            piece = pieces.pop()[0] + piece
        if pieces and pieces[-1][1] == changed:
            piece = pieces.pop()[0] + piece
        pieces.append((piece, changed))
    whole = [
        (indent[:kept], False),
        (indent[kept:], True),
        *pieces,
        (text.lstrip().removeprefix(text.strip()), False),
    ]
    return tuple((piece, changed) for piece, changed in whole if piece)


def _annotated(
    blocks: Sequence[Block], notes: Iterable[Note]
) -> Iterator[Block]:
    """Return blocks with each note in the row that it is on."""
    rows = [
        row
        for block in blocks
        if isinstance(block, Change)
        for row in block.rows
    ]
    on: dict[int, list[Note]] = {}
    for note in notes:
        on.setdefault(id(_only(rows, note.at)), []).append(note)
    for block in blocks:
        if isinstance(block, Change):
            yield Change(
                tuple(
                    replace(row, notes=tuple(on.get(id(row), ())))
                    for row in block.rows
                )
            )
        else:
            yield block


def _only(rows: list[Row], text: str) -> Row:
    """Return the row of the only changed line that has the text."""
    found = [row for row in rows for line in row.lines if text in line.text]
    if len(found) != 1:
        count = 'No changed line has' if not found else 'Several lines have'
        raise DiffError(f'{count} the text of a note: {text}')
    return found[0]
