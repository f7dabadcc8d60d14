"""
How chains are drawn as a picture: two columns, and the way through.

Whoever steps through it needs to know what belongs together. Each box is a
group of the class ``box`` with these attributes:

  id           of the box, as ``d3-1-callback``, after the drawing's prefix
  data-order   its number, from 1, among the boxes that ran, in time; none
               if it didn't run (the class ``ran`` says the same)
  data-file    the file its function is in, and data-line the line; for a
  data-line    step of a generator data-end is the line where it stopped
  data-printed the numbers of the lines that it printed, among all lines of
               the output (from 1), with blanks between
  data-got     what it got, data-gave what it gave: ``r 1``, ``F oops``
  data-gave

something that happened to a Deferred is a group of the class ``event`` with
such an id, as ``d3-event-0``, a wait for an inner Deferred one of the class
``waiting``, as ``d3-1-wait``, and each stretch of the way one of the class
``way``, with data-after, the order of the box that it leaves, or 0.
"""

from contextlib import AbstractContextManager

from tour import chain_rows as rows
from tour import chain_words as words
from tour.chains import CALLBACK, ERRBACK, Box, Chain, Stage, Value
from tour.svg import SOFT, Drawing, width_of

_WIDTH = 720
_LEFT = {CALLBACK: 12, ERRBACK: 372}
_BOX = 336
_LANE = 28
"""From the left side of a box to the way through it."""
_ROW = 18
_SMALL = 12


def picture(
    chains: list[Chain], script: str, prefix: str = '', titled: bool = True
) -> Drawing:
    """
    Return a drawing of chains, one below the other.

    script: the file that places without a name are in. prefix: comes before
    the ids of the boxes, where several drawings stand in a page. titled:
    whether it says itself what it is, and how it is read.
    """
    title = f'The chains of {script}'
    drawing = Drawing(title, describe(chains, script), _WIDTH)
    y = 0.0
    if titled:
        y = drawing.paragraph(0, 16, title, size=15, bold=True) + 8
        y = drawing.paragraph(0, y + 12, words.KEY, size=_SMALL) + 12
    ordered = sorted(
        (
            stage
            for chain in chains
            for stage in (*chain.steps, *chain.stages)
            if stage.taken and stage.box(stage.taken)
        ),
        key=lambda stage: stage.start or 0,
    )
    order = {id(stage): number for number, stage in enumerate(ordered, 1)}
    others = {chain.number: chain for chain in chains}
    for chain in rows.shown(chains):
        painter = _Painter(drawing, y + 10, order, prefix, chain)
        with drawing.group(class_='chain', data_deferred=str(chain.number)):
            for row in rows.rows_of(chain, others, script):
                painter.row(row)
        y = painter.y + 8
    return drawing


def describe(chains: list[Chain], script: str) -> str:
    """Return what a drawing shows, for those who hear it."""
    sentences = []
    for chain in chains:
        way = ', '.join(f'{name} as {side}' for name, side in chain.way)
        fired = ''
        if chain.fired is not None:
            kind = 'a failure' if chain.fired.failed else 'a result'
            fired = f' fires with {kind}, {chain.fired.text}'
        sentences.append(
            f'{words.heading(chain, script)}{fired}.'
            + (f' Then run: {way}.' if way else ' No function runs.')
        )
        sentences += [
            words.event(chain, event, script)
            for event in chain.events
            if event.what not in ('fired',)
        ]
        if ended := words.end(chain):
            sentences.append(ended)
    return ' '.join(sentences)


class _Painter(rows.Renderer):
    """Draws the rows of one chain, from y down."""

    def __init__(
        self,
        drawing: Drawing,
        y: float,
        order: dict[int, int],
        prefix: str,
        chain: Chain,
    ):
        self.y = y
        self._drawing = drawing
        self._order = order
        self._prefix = prefix
        self._chain = chain
        self._after = 0

    def note(self, row: rows.Note) -> None:
        event = row.event
        if event is None:
            self._note(row.text, bold=True)
            return
        with self._drawing.group(
            class_='event', id=self._prefix + self._chain.id_of(event)
        ):
            is_bad = event.what in ('unhandled', 'refused')
            self._note(row.text, bold=is_bad)

    def way(self, row: rows.Way) -> None:
        with self._way():
            self._down(self._lane(row.side), _ROW + 4, row.value)
            self._text(row.side, self.y + 11, row.text)
        self.y += _ROW + 4

    def crossing(self, row: rows.Crossing) -> None:
        with self._way():
            self._cross(row.side, row.value)

    def heading(self, row: rows.Heading) -> None:
        drawing = self._drawing
        self.y = drawing.paragraph(0, self.y + 14, row.text, bold=True) + 6
        for x, head in zip(_LEFT.values(), row.columns):
            drawing.text(x, self.y + 12, head, size=_SMALL, strength=SOFT)
        self.y += 18

    def _note(self, text: str, bold: bool) -> None:
        y = self.y + 13
        self.y = (
            self._drawing.paragraph(
                _LEFT[CALLBACK], y, text, size=_SMALL, bold=bold
            )
            + 6
        )

    def leaving(self, row: rows.Leaving) -> None:
        if row.side is None or row.value is None:
            self._note(row.text, bold=False)
            return
        x, y = self._lane(row.side), self.y
        with self._drawing.group(
            class_='way leaving',
            data_to=f'{row.to}',
            data_after=str(self._after),
        ):
            self._drawing.arrow(
                (x, y),
                (x, y + 9),
                (x + 22, y + 9),
                width=1.6,
                dashed=row.value.failed,
            )
            self._drawing.text(x + 28, y + 13, row.text, size=_SMALL)
        self.y += _ROW + 4

    def waiting(self, row: rows.Waiting) -> None:
        drawing, x = self._drawing, self._lane(row.side)
        start = self.y
        room = _WIDTH - x - 40
        most = int(room / width_of('m', _SMALL))
        lines = [_cut(line, most) for line in row.lines]
        height = _ROW * (len(lines) + 2) + 8
        with drawing.group(
            class_='waiting',
            id=self._prefix + row.id,
            data_deferred=str(row.inner.number),
        ):
            drawing.line((x, start), (x, start + 6))
            # time passes: the way is not drawn through
            drawing.line(
                (x, start + 6),
                (x, start + height),
                dashed=True,
                strength=SOFT,
            )
            self._text(row.side, start + 13, row.returned)
            self._text(row.side, start + 13 + _ROW, row.text, bold=True)
            if lines:
                top = start + 2 * _ROW + 3
                wide = max(width_of(line, _SMALL) for line in lines) + 16
                drawing.box(x + 14, top, min(wide, room), _ROW * len(lines))
                for n, line in enumerate(lines):
                    drawing.text(
                        x + 22, top + 13 + _ROW * n, line, size=_SMALL
                    )
        self.y = start + height

    # boxes

    def boxes(self, row: rows.Boxes) -> None:
        stage = row.stage
        boxes = {side: stage.box(side) for side in (CALLBACK, ERRBACK)}
        high = max(
            len(words.printed(box)) + 1 for box in boxes.values() if box
        )
        height = _ROW * high + 10
        order = self._order.get(id(stage))
        for side, box in boxes.items():
            if box is not None:
                self._box(stage, side, box, order)
            elif stage.taken == side and stage.got is not None:
                with self._way():
                    self._down(self._lane(side), height, stage.got)
                    self._text(
                        side, self.y + height / 2 + 4, 'handed on as it is'
                    )
        if order is not None:
            self._after = order
        self.y += height

    def _box(
        self, stage: Stage, side: str, box: Box, order: int | None
    ) -> None:
        drawing, x, y = self._drawing, _LEFT[side], self.y
        ran = stage.taken == side
        attributes = {
            'id': self._prefix + box.id,
            'class_': 'box ran' if ran else 'box',
        }
        if box.at is not None:
            attributes['data_file'] = box.at[0]
            attributes['data_line'] = str(box.at[1])
        if box.end is not None:
            attributes['data_end'] = str(box.end)
        if ran:
            attributes['data_order'] = str(order)
            attributes['data_printed'] = ' '.join(
                str(line.both) for line in box.printed
            )
            if stage.got is not None:
                attributes['data_got'] = str(stage.got)
            if stage.gave is not None:
                attributes['data_gave'] = str(stage.gave)
        strength = 1.0 if ran else SOFT
        height = _ROW * (len(words.printed(box)) + 1) + 10
        with drawing.group(**attributes):
            drawing.box(x, y, _BOX, height, dashed=not ran, strength=strength)
            if ran:
                drawing.box(x + 3, y + 3, _BOX - 6, height - 6)
            room = _BOX - 32 - width_of(words.number(box), _SMALL)
            most = int(room / width_of('m', mono=True))
            drawing.text(
                x + 12,
                y + 18,
                _cut(box.name, most),
                mono=True,
                strength=strength,
            )
            drawing.text(
                x + _BOX - 12,
                y + 18,
                words.number(box),
                anchor='end',
                size=_SMALL,
                strength=strength,
            )
            most = int((_BOX - 40) / width_of('m', 11, mono=True))
            for n, printed in enumerate(words.printed(box), 1):
                drawing.text(
                    x + 12,
                    y + 18 + _ROW * n,
                    _cut(printed, most),
                    mono=True,
                    size=11,
                )

    # the way

    def _way(self) -> AbstractContextManager[None]:
        return self._drawing.group(class_='way', data_after=str(self._after))

    def _down(self, x: float, length: float, value: Value) -> None:
        self._stretch((x, self.y), (x, self.y + length), value)

    def _cross(self, side: str, value: Value) -> None:
        here, there = self._lane(side), self._lane(rows.side_of(value))
        y = self.y
        self._stretch((here, y), (here, y + 10), value)
        self._stretch((here, y + 10), (there, y + 10), value)
        self._stretch((there, y + 10), (there, y + 20), value)
        self.y += 20

    def _stretch(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        value: Value,
    ) -> None:
        (x0, y0), (x1, y1) = start, end
        if value.failed:
            self._drawing.line(start, end, width=2.4, dashed=True)
            return
        # two lines, side by side
        dx, dy = (2, 0) if x0 == x1 else (0, 2)
        for s in -1, 1:
            self._drawing.line(
                (x0 + s * dx, y0 + s * dy), (x1 + s * dx, y1 + s * dy)
            )

    def _text(
        self, side: str, y: float, text: str, bold: bool = False
    ) -> None:
        x = self._lane(side) + 12
        most = int((_WIDTH - x) / width_of('m', _SMALL))
        self._drawing.text(x, y, _cut(text, most), size=_SMALL, bold=bold)

    def _lane(self, side: str) -> int:
        return _LEFT[side] + _LANE


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: max(most - 1, 0)] + '…'
