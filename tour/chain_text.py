"""How chains are drawn in a terminal: two columns, and the way through."""

import textwrap

from tour import chain_rows as rows
from tour import chain_words as words
from tour.chains import CALLBACK, ERRBACK, Box, Chain, Stage, Value

NARROWEST = 40
"""Columns below which a drawing makes no sense."""

_INDENT = 2
_GAP = 2
_LANE = 3
"""Columns from the left side of a box to the line that goes through it."""


def drawn(chains: list[Chain], script: str, columns: int = 80) -> list[str]:
    """
    Return the lines of a drawing of chains, one below the other.

    script: the file that places without a name are in. columns: none of the
    lines is wider; what has no room is cut.
    """
    drawing = _Text(max(columns, NARROWEST))
    others = {chain.number: chain for chain in chains}
    for chain in rows.shown(chains):
        if drawing.lines:
            drawing.lines.append('')
        for row in rows.rows_of(chain, others, script):
            drawing.row(row)
    return drawing.lines


class _Text(rows.Renderer):
    """The lines of a drawing, as far as they are drawn."""

    def __init__(self, columns: int):
        self.lines: list[str] = []
        self._columns = columns
        self._width = (columns - _INDENT - _GAP) // 2
        self._left = {
            CALLBACK: _INDENT,
            ERRBACK: _INDENT + self._width + _GAP,
        }

    def heading(self, row: rows.Heading) -> None:
        self._say(row.text, indent=0)
        self._put(*zip(self._left.values(), row.columns))

    def note(self, row: rows.Note) -> None:
        what = row.event.what if row.event else ''
        sign = {'fired': '*', 'unhandled': '!'}.get(what, '-')
        self._say(f'{sign} {row.text}')

    def way(self, row: rows.Way) -> None:
        lane = self._lane(row.side)
        self._put((lane, f'{_line(row.value)} {row.text}'))

    def leaving(self, row: rows.Leaving) -> None:
        if row.side is None or row.value is None:
            self._say(row.text)
            return
        corner = '└┈>' if row.value.failed else '╚═>'
        self._put((self._lane(row.side), f'{corner} {row.text}'))

    def waiting(self, row: rows.Waiting) -> None:
        lane = self._lane(row.side)
        self._put(
            (lane, f'║ {row.returned}'),
        )
        self._put((lane, f': {row.text}'))
        room = self._columns - lane - 5
        for line in row.lines:
            for part in textwrap.wrap(line, max(room, 20)):
                self._put((lane, f':  | {part}'))

    # boxes

    def boxes(self, row: rows.Boxes) -> None:
        stage = row.stage
        boxes = {side: stage.box(side) for side in (CALLBACK, ERRBACK)}
        height = max(
            len(words.printed(box)) + 3 for box in boxes.values() if box
        )
        sides = {}
        for side, box in boxes.items():
            if box is not None:
                sides[side] = self._box(stage, box, stage.taken == side)
            elif stage.taken == side and stage.got is not None:
                passing = [' ' * _LANE + _line(stage.got)] * height
                passing[height // 2] += ' handed on as it is'
                sides[side] = passing
        for n in range(height):
            self._put(
                *(
                    (self._left[side], lines[n])
                    for side, lines in sides.items()
                    if n < len(lines)
                )
            )

    def _box(self, stage: Stage, box: Box, taken: bool) -> list[str]:
        room = self._width - 4
        texts = [_spread(box.name, words.number(box), room)]
        texts += [_cut(line, room) for line in words.printed(box)]
        top, bottom, side = (
            ('╔═╗', '╚═╝', '║') if taken else ('┌─┐', '└─┘', '│')
        )
        lines = [
            _border(top, self._width),
            *(f'{side} {text:<{room}} {side}' for text in texts),
            _border(bottom, self._width),
        ]
        if taken and stage.got is not None:
            lines[0] = _pierced(lines[0], '╧' if stage.got.failed else '╩')
        if taken and stage.gave is not None:
            lines[-1] = _pierced(lines[-1], '╤' if stage.gave.failed else '╦')
        return lines

    # the way

    def crossing(self, row: rows.Crossing) -> None:
        value = row.value
        here, there = self._lane(row.side), self._lane(rows.side_of(value))
        if here < there:
            ends = '└┐' if value.failed else '╚╗'
        else:
            ends = '┌┘' if value.failed else '╔╝'
        dash = '┈' if value.failed else '═'
        line = ends[0] + dash * (abs(there - here) - 1) + ends[1]
        self._put((min(here, there), line))

    def _lane(self, side: str) -> int:
        return self._left[side] + _LANE

    # lines

    def _put(self, *texts: tuple[int, str]) -> None:
        line = ''
        for column, text in texts:
            line = line.ljust(column)[:column] + text
        self.lines.append(_cut(line.rstrip(), self._columns))

    def _say(self, text: str, indent: int = _INDENT) -> None:
        more = indent + (2 if text[1:2] == ' ' else 0)
        self.lines += textwrap.wrap(
            text,
            self._columns,
            initial_indent=' ' * indent,
            subsequent_indent=' ' * more,
        )


def _line(value: Value) -> str:
    return '┊' if value.failed else '║'


def _border(corners: str, width: int) -> str:
    return corners[0] + corners[1] * (width - 2) + corners[2]


def _pierced(border: str, sign: str) -> str:
    return border[:_LANE] + sign + border[_LANE + 1 :]


def _spread(left: str, right: str, room: int) -> str:
    """Return both ends of a line; the left one is cut if need be."""
    left = _cut(left, room - len(right) - 1 if right else room)
    return left.ljust(room - len(right)) + right


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: max(room - 1, 0)] + '…'
