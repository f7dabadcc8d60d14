"""How the turns of a reactor are drawn in a terminal."""

from rich.text import Text

from tour import findings
from tour.book import Part
from tour.loop_picture import waits
from tour.seconds import Axis, said
from tour.timeline import Task
from tour.timeline_text import PIECE, ruler
from tour.turns import LASTS, Loop, Turn

UNREAD, SHORT, LONG = ':', '.', '#'
"""What a column shows: what waits to be read, and turns."""

LEGEND = (
    f'{PIECE} a piece came   {UNREAD} came, but waits   {SHORT} short turns'
    f'   {LONG} a turn that lasts'
)


def drawn(
    part: Part, loops: list[Loop], width: int, speed: float = 1
) -> list[Text]:
    """
    Return lines that tell whom reactors called, script by script.

    width: how many columns they have. speed: that of the slow servers.
    """
    title = findings.hurried(f'Part {part.id}: {part.title}', speed)
    lines = [Text(title, 'heading')]
    timed = [loop for loop in loops if not loop.few]
    names = [task.name for loop in timed for task in loop.tasks]
    left = max([len('reactor'), *map(len, names)]) + 3
    end = max([loop.length for loop in timed], default=0)
    axis = Axis(end, 0, max(width - left - 4, 20))
    for heading, loop in findings.headed(part, loops):
        lines.append(Text(''))
        if heading:
            lines.append(Text(heading, 'remark'))
        lines.append(Text(loop.script, 'typed'))
        lines.append(Text(findings.turns(loop)))
        if loop.few:
            lines += map(Text, _rows(loop))
        else:
            lines += map(Text, _lanes(loop, axis, left))
            lines += ruler(axis, left)
    if timed:
        lines.append(Text(LEGEND, 'remark'))
    return lines


def _lanes(loop: Loop, axis: Axis, left: int) -> list[str]:
    """Return the lines of tasks and reactor, one column after the other."""
    own = Axis(loop.begun + axis.end, 0, axis.width, start=loop.begun)
    lines = [
        f'  {task.name:{left - 3}} {_arrivals(loop, task, own)}'
        for task in loop.tasks
    ]
    name = 'select' if loop.reactor == 'select' else 'reactor'
    lines.append(f'  {name:{left - 3}} {_turns(loop, own)}')
    lines += [
        f'    {said(turn.duration):>7}  {findings.turn_name(turn)}'
        for turn in loop.lasting
    ]
    return [line.rstrip() for line in lines]


def _arrivals(loop: Loop, task: Task, axis: Axis) -> str:
    row = [' '] * int(axis.width)
    for time in task.times:
        row[axis.column(time)] = PIECE
    for start, end in waits(loop, task):
        for column in range(axis.column(start), axis.column(end) + 1):
            row[column] = UNREAD
    return ''.join(row)


def _turns(loop: Loop, axis: Axis) -> str:
    row = [' '] * int(axis.width)
    for turn in sorted(loop.turns, key=lambda turn: turn.duration):
        start, end = axis.column(turn.start), axis.column(turn.end)
        lasts = turn.duration >= LASTS
        for column in range(start, end + 1):
            row[column] = LONG if lasts else SHORT
    return ''.join(row)


def _rows(loop: Loop) -> list[str]:
    """Return a line for each turn, and for each wait between two."""
    lines = []
    first = before = loop.turns[0].start
    for turn in loop.turns:
        if turn.start - before > 0.001:
            lines.append(f'{"":11}waits {said(turn.start - before)}')
        time = f'{(turn.start - first) * 1000:.1f} ms'
        lines.append(
            f'{time:>11}  {findings.turn_name(turn)}{_why(loop, turn)}'
        )
        before = turn.end
    return lines


def _why(loop: Loop, turn: Turn) -> str:
    """Return with whom a turn has to do, and how much came."""
    if turn.port is None:
        return ''
    who = f'{loop.partners.get(turn.port, "server")} ({turn.port})'
    if turn.size:
        return f' <- {who}, {turn.size} bytes'
    to_us = turn.what == 'read' and not turn.name.endswith('connectionMade')
    return f' <- {who}' if to_us else f' -> {who}'
