"""How the difference of two versions is drawn on a terminal."""

from collections.abc import Iterator
from itertools import zip_longest

from rich.text import Text

from tour.comparing import Block, Change, Difference, Fold, Line, Row
from tour.screen import Screen
from tour.syntax import highlighted

SIDE_BY_SIDE = 160
"""Columns from which on the old version stands beside the new one."""

STOPS = '^Change [0-9]+ of [0-9]+'
"""What a pager can look for, to go from change to change."""

_MEASURE = 100
"""Columns of a note at most: longer lines are hard to read."""

_BETWEEN = ' | '


def difference(screen: Screen, found: Difference) -> list[Text]:
    """
    Return a difference as it is printed, line by line.

    Each group of changes has a heading and its notes below it, each with
    the number of its line. On a wide terminal the versions stand side by
    side. Of versions that are the same nothing is printed.
    """
    if not found.blocks:
        return []
    wide = screen.console.width >= SIDE_BY_SIDE
    drawing = (_SideBySide if wide else _Drawing)(screen, found)
    return list(drawing.texts())


class _Drawing:
    """One version below the other: of a change first the old lines."""

    def __init__(self, screen: Screen, found: Difference):
        self._screen = screen
        self._found = found
        self._code = {
            kind: highlighted(path, [line.text for line in lines])
            for kind, path, lines in (
                ('old', found.old, found.old_lines),
                ('new', found.new, found.new_lines),
            )
        }
        self._digits = len(str(max(map(len, self._code.values()))))

    def texts(self) -> Iterator[Text]:
        """Return all that is printed."""
        hunks = iter(enumerate(self._found.hunks, 1))
        is_open = False
        for block in self._found.blocks:
            if isinstance(block, Fold):
                is_open = False
                yield self._wrapped('...', block.description, 'remark')
                continue
            if not is_open:
                is_open = True
                number, hunk = next(hunks)
                if block is not self._found.blocks[0]:
                    yield Text('')
                yield self._heading(number, self._found.names(hunk))
            yield from self._block(block)

    def _heading(self, number: int, names: tuple[str, ...]) -> Text:
        heading = f'Change {number} of {len(self._found.hunks)}'
        if names:
            heading += f': {", ".join(names)}'
        return self._screen.wrapped(heading, 'heading')

    def _block(self, block: Block) -> Iterator[Text]:
        if isinstance(block, Change):
            yield from self._change(block)
            yield from self._notes(block)
        else:
            for line in block.new:
                yield self._line(' ', line, 'new', '')

    def _change(self, change: Change) -> Iterator[Text]:
        for line in change.old:
            yield self._line('-', line, 'old', 'old')
        for line in change.new:
            yield self._line('+', line, 'new', 'new')

    def _line(self, sign: str, line: Line, kind: str, style: str) -> Text:
        return self._screen.wrapped(
            self._styled(line, kind, style),
            before=self._gutter(line.number, sign, style or 'remark'),
        )

    def _notes(self, change: Change) -> Iterator[Text]:
        """Return the notes on a change, each with the number of its line."""
        for row in change.rows:
            for note in row.notes:
                number = next(
                    line.number for line in row.lines if note.at in line.text
                )
                yield self._wrapped('#', note.say, 'note', number)

    def _wrapped(
        self, sign: str, text: str, style: str, number: int | None = None
    ) -> Text:
        """Return a sentence in the place of a line."""
        return self._screen.wrapped(
            text,
            style,
            before=self._gutter(number, sign, style),
            measure=_MEASURE,
        )

    def _gutter(self, number: int | None, sign: str, style: str) -> Text:
        """Return what stands before a line, as wide for all of them."""
        digits = '' if number is None else str(number)
        return Text(f'{digits:>{self._digits}} {sign} ', style)

    def _styled(self, line: Line, kind: str, style: str) -> Text:
        """Return a line with its syntax, below it what is old or new."""
        text = self._code[kind][line.number - 1].copy()
        text.style = style
        at = 0
        for piece, changed in line.pieces:
            end = at + len(piece)
            if changed:
                text.stylize(f'{style}.changed', at, end)
            at = end
        return text


class _SideBySide(_Drawing):
    """The old version on the left, the new one on the right."""

    def texts(self) -> Iterator[Text]:
        """Return all that is printed, with names above the versions."""
        yield self._beside(
            [Text(self._found.old, 'old')], [Text(self._found.new, 'new')]
        )
        yield from super().texts()

    def _block(self, block: Block) -> Iterator[Text]:
        for row in block.rows:
            yield self._row(row, isinstance(block, Change))
        if isinstance(block, Change):
            yield from self._notes(block)

    def _row(self, row: Row, changed: bool) -> Text:
        styles = ('old', 'new') if changed else ('', '')
        return self._beside(
            self._cell(row.old, '-' if changed else ' ', 'old', styles[0]),
            self._cell(row.new, '+' if changed else ' ', 'new', styles[1]),
        )

    def _cell(
        self, line: Line | None, sign: str, kind: str, style: str
    ) -> list[Text]:
        """Return a line in as many lines as it takes."""
        if line is None:
            return []
        return list(self._line(sign, line, kind, style).split('\n'))

    def _beside(self, old: list[Text], new: list[Text]) -> Text:
        rows = []
        for left, right in zip_longest(old, new, fillvalue=Text('')):
            blank = ' ' * max(self._pane - left.cell_len, 0)
            rows.append(
                Text.assemble(left, blank, (_BETWEEN, 'remark'), right)
            )
        return Text('\n').join(rows)

    def _line(self, sign: str, line: Line, kind: str, style: str) -> Text:
        return self._screen.wrapped(
            self._styled(line, kind, style),
            before=self._gutter(line.number, sign, style or 'remark'),
            measure=self._pane,
        )

    @property
    def _pane(self) -> int:
        """How many columns one version has."""
        return (self._screen.console.width - len(_BETWEEN)) // 2
