"""How a timeline is drawn in a terminal."""

from rich.text import Text

from tour import findings
from tour.book import Part
from tour.seconds import Axis, said
from tour.timeline import Client, Outcome, Task

PIECE, WAITING, STARTING, FAILED = '|', '.', '~', 'x'
"""What a column shows of a task."""

LEGEND = (
    f'{STARTING} Python starts   {WAITING} waiting   {PIECE} a piece came'
    f'   {FAILED} failed'
)

_BEHIND = 13
"""Columns that a result has behind its lane."""


def drawn(
    part: Part, clients: list[Client], width: int, speed: float = 1
) -> list[Text]:
    """
    Return lines that show clients in time, one below the other.

    width: how many columns they have. speed: that of the slow servers.
    """
    title = findings.hurried(f'Part {part.id}: {part.title}', speed)
    names = [task.name for client in clients for task in client.tasks]
    left = max(map(len, names), default=0) + 3
    end = max(client.duration for client in clients)
    axis = Axis(end, 0, max(width - left - _BEHIND, 20))
    lines = [Text(title, 'heading')]
    for heading, client in findings.headed(part, clients):
        lines.append(Text(''))
        if heading:
            lines.append(Text(heading, 'remark'))
        lines.append(Text(findings.finding(client), 'typed'))
        for task in client.tasks:
            row = lane(task, client.ready, axis)
            text = f'  {task.name:{left - 3}} {row} {_result(task)}'
            lines.append(Text(text.rstrip()))
        if brackets := _bracket(client, axis):
            lines.append(Text(' ' * left + brackets))
    lines += ruler(axis, left)
    lines.append(Text(LEGEND, 'remark'))
    return lines


def lane(task: Task, ready: float, axis: Axis) -> str:
    """
    Return the characters of a task's lane, one for each column.

    ready: when its client had started.
    """
    row = [' '] * int(axis.width)
    for column in range(axis.column(ready) + 1):
        row[column] = STARTING
    if task.span:
        start, end = (axis.column(time) for time in task.span)
        for column in range(start, end + 1):
            row[column] = WAITING
    for time in task.times:
        row[axis.column(time)] = PIECE
    if task.outcome is not Outcome.COMPLETE:
        row[min(axis.column(task.last) + 1, len(row) - 1)] = FAILED
    return ''.join(row)


def ruler(axis: Axis, left: int) -> list[Text]:
    """Return the lines of a time axis. left: columns before it."""
    line, numbers = [' '] * int(axis.width), ''
    for time, number in axis.marks(max(int(axis.width) // 8, 2)):
        column = axis.column(time)
        line[column] = "'"
        numbers = numbers.ljust(column) + number
    unit = 's' if axis.unit == 'seconds' else 'ms'
    return [
        Text((' ' * left + ''.join(line)).rstrip(), 'remark'),
        Text(' ' * left + f'{numbers} {unit}', 'remark'),
    ]


def _result(task: Task) -> str:
    if task.outcome is Outcome.COMPLETE:
        return findings.result(task)
    return str(task.outcome)


def _bracket(client: Client, axis: Axis) -> str:
    """Return a line below the lanes: the sum, or the maximum."""
    whole = findings.span(client)
    if whole is None:
        return ''
    if client.in_turn:
        text = f'the sum: {said(findings.total(client))}'
    elif (task := findings.longest(client)) and task.span:
        text = f'the maximum: {said(findings.length(task))}'
        whole = task.span
    else:
        return ''
    start, end = (axis.column(time) for time in whole)
    room = end - start - 1
    if room < len(text) + 2:
        return ' ' * start + '|' + '-' * room + f'| {text}'
    return ' ' * start + '|' + f' {text} '.center(room, '-') + '|'
