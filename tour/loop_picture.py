"""How the turns of a reactor are drawn as a picture."""

from collections.abc import Iterator

from tour import findings
from tour.book import Part
from tour.seconds import Axis, said
from tour.svg import FAINT, SOFT, Drawing, width_of
from tour.timeline import Task
from tour.timeline_picture import time_axis
from tour.turns import LASTS, Loop, Turn

_WIDTH = 760
_LEFT = 136
"""Where time begins: names stand before it."""
_RIGHT = 16
_LANE, _HIGH = 24, 15
"""How high a lane is, and a tick in it."""
_REACTOR = 26
"""How high a turn is."""
_FEW = 5
"""With more turns than these on an axis, only those that last are named."""
_ROW = 19
"""How high a row is where each turn has its own."""
_NAMES, _LINES = 58, 385
"""Where names begin in such a row, and where partners."""
_PAUSE = 0.001
"""Seconds from which on a wait between such rows is told."""


def picture(part: Part, loops: list[Loop], speed: float = 1) -> Drawing:
    """
    Return a drawing of the turns of scripts, one below the other.

    Many turns are drawn on one time axis, with the pieces that come above
    them; a few have a row each, with an arrow from or to whom they concern.
    speed: that of the slow servers.
    """
    title = f'Part {part.id}: {part.title}'
    if part.loop and {x.script for x in loops} == {*part.loop.scripts}:
        title = part.loop.finding
    title = findings.hurried(title, speed)
    drawing = Drawing(title, describe(loops), _WIDTH)
    y = drawing.paragraph(0, 16, title, size=15, bold=True) + 14
    timed = [loop for loop in loops if not loop.few]
    if timed:
        length = max(loop.length for loop in timed)
        axis = Axis(length, _LEFT, _WIDTH - _LEFT - _RIGHT)
        for loop in timed:
            y = _heading(drawing, loop, y)
            y = _timed(drawing, loop, axis, y)
        time_axis(drawing, axis, y - 6, 'since the loop was started')
        y += 40
    for loop in loops:
        if loop.few:
            y = _heading(drawing, loop, y)
            y = _rows(drawing, loop, y)
    return drawing


def describe(loops: list[Loop]) -> str:
    """Return in words what is drawn of the loops."""
    lines = []
    for loop in loops:
        lines.append(f'{loop.script}: {findings.turns(loop)}.')
        for turn in loop.turns if loop.few else loop.lasting:
            name, time = findings.turn_name(turn), said(turn.duration)
            lines.append(f'{name}: {time}.')
    return ' '.join(lines)


def _heading(drawing: Drawing, loop: Loop, y: float) -> float:
    drawing.text(0, y + 14, loop.script, bold=True)
    drawing.text(0, y + 31, findings.turns(loop), size=12)
    return y + 40


def _timed(drawing: Drawing, loop: Loop, axis: Axis, y: float) -> float:
    """Draw a loop on an axis; return where the next may begin."""
    shifted = Axis(
        loop.begun + axis.end, axis.left, axis.width, start=loop.begun
    )
    for task in loop.tasks:
        _lane(drawing, loop, task, shifted, y)
        y += _LANE
    label = 'select' if loop.reactor == 'select' else 'reactor'
    drawing.text(
        axis.left - 8,
        y + 6 + _REACTOR / 2,
        label,
        anchor='end',
        middle=True,
        bold=True,
    )
    top = y + 6
    bottom = top + _REACTOR
    end = shifted.at(loop.ended)
    drawing.line((axis.left, bottom), (end, bottom), strength=SOFT)
    short = [t for t in loop.turns if t.duration < LASTS]
    drawing.ticks([shifted.at(t.start) for t in short], top, _REACTOR, 1)
    y = bottom + 4
    for turn in loop.turns if len(loop.turns) <= _FEW else loop.lasting:
        y = _named(drawing, turn, shifted, top, bottom, y)
    return y + 18


def _lane(
    drawing: Drawing, loop: Loop, task: Task, axis: Axis, y: float
) -> None:
    """Draw what came for a task; shaded while nobody takes it."""
    drawing.text(
        axis.left - 8,
        y + _HIGH / 2,
        task.name,
        anchor='end',
        middle=True,
        size=12,
    )
    for start, end in waits(loop, task):
        drawing.bar(
            axis.at(start),
            y,
            axis.at(end) - axis.at(start),
            _HIGH,
            strength=FAINT,
            says=f'{task.name} waits to be read: {said(end - start)}',
        )
    drawing.ticks([axis.at(time) for time in task.times], y, _HIGH, 1)
    for _, end in waits(loop, task):
        last = max(time for time in task.times if time <= end)
        room = axis.at(end) - axis.at(last)
        text = 'waits to be read'
        if room > width_of(text, 11) + 8:
            middle = axis.at(last) + room / 2
            drawing.text(
                middle,
                y + _HIGH / 2,
                text,
                anchor='middle',
                middle=True,
                size=11,
            )


def waits(loop: Loop, task: Task) -> Iterator[tuple[float, float]]:
    """Yield from when to when pieces of a task had come, and waited."""
    start = end = None
    for time in task.times:
        taken = loop.taken(task, time)
        if taken is None or taken - time < LASTS:
            continue
        if end is not None and start is not None and time > end:
            yield start, end
            start = None
        start, end = time if start is None else start, taken
    if start is not None and end is not None:
        yield start, end


def _named(
    drawing: Drawing,
    turn: Turn,
    axis: Axis,
    top: float,
    bottom: float,
    y: float,
) -> float:
    """
    Draw a turn with its name, in it or else at y; return what is below.
    """
    start, end = axis.at(turn.start), axis.at(turn.end)
    text = f'{findings.turn_name(turn)}: {said(turn.duration)}'
    if turn.duration >= LASTS:
        drawing.bar(
            *(start, top, end - start, bottom - top), strength=0.3, says=text
        )
        drawing.box(start, top, end - start, bottom - top)
    width, middle = width_of(text, 12), (start + end) / 2
    if width < end - start:
        drawing.text(
            *(middle, (top + bottom) / 2, text),
            anchor='middle',
            middle=True,
            size=12,
        )
        return y
    drawing.line((middle, bottom), (middle, y + 3), strength=SOFT)
    x = min(middle, drawing.width - width / 2)
    drawing.text(x, y + 15, text, anchor='middle', size=12)
    return y + 18


def _rows(drawing: Drawing, loop: Loop, y: float) -> float:
    """Draw a row for each turn of a loop; return where the next begins."""
    places, y = _partners(drawing, loop, y)
    reactor, top = places[''], y
    before = loop.turns[0].start
    for turn in loop.turns:
        if turn.start - before > _PAUSE:
            text = f'waits {said(turn.start - before)}'
            drawing.text(_NAMES, y + 14, text, size=11, strength=SOFT)
            y += _ROW
        time = f'{(turn.start - loop.turns[0].start) * 1000:.1f}'
        drawing.text(_NAMES - 14, y + 13, time, anchor='end', size=11)
        name = findings.turn_name(turn)
        text = f'{name}, {turn.size} bytes' if turn.size else name
        drawing.text(_NAMES, y + 13, text, size=10.5, mono=True)
        drawing.bar(
            reactor - 5,
            y + 3,
            10,
            _ROW - 6,
            says=f'{name}: {said(turn.duration)}',
        )
        _arrow(drawing, turn, places, y + _ROW / 2)
        y += _ROW
        before = turn.end
    with drawing.behind():
        for name, x in places.items():
            drawing.line((x, top - 4), (x, y + 4), dashed=bool(name))
    return y + 20


def _partners(
    drawing: Drawing, loop: Loop, y: float
) -> tuple[dict[str, float], float]:
    """
    Write who has to do with a loop; return where they stand, and what is
    below. The reactor has the name ``''``; its clients are left of it.
    """
    ports = dict.fromkeys(t.port for t in loop.turns if t.port is not None)
    own = [p for p in ports if loop.partners.get(p) == 'clients']
    order = [*own, '', *(p for p in ports if p not in own)]
    room = (drawing.width - _LINES) / len(order)
    places = {}
    drawing.text(_NAMES - 14, y + 22, 'ms', anchor='end', size=11)
    drawing.text(_NAMES, y + 22, 'turn', size=11)
    for number, port in enumerate(order):
        x = places[port] = _LINES + room * (number + 0.5)
        who = loop.partners.get(port, 'server') if port else 'reactor'
        drawing.text(x, y + 10, who, anchor='middle', size=11, bold=not port)
        if port:
            text = f'port {port}'
            drawing.text(x, y + 23, text, anchor='middle', size=10)
    return places, y + 34


def _arrow(
    drawing: Drawing, turn: Turn, places: dict[str, float], y: float
) -> None:
    """Draw where a turn's data comes from, or goes to."""
    if turn.port is None:
        return
    here, there = places[''], places[turn.port]
    here += 6 if there > here else -6
    to_us = turn.what == 'read' and not turn.name.endswith('connectionMade')
    if to_us:
        drawing.arrow((there, y), (here, y))
    elif turn.what in ('read', 'write'):
        drawing.arrow((here, y), (there, y))
