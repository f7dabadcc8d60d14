"""How a timeline is drawn as a picture."""

from tour import findings
from tour.book import Part
from tour.seconds import Axis, said
from tour.svg import FAINT, SOFT, Drawing, width_of
from tour.timeline import Client, Outcome, Task

_WIDTH = 760
_LEFT = 128
"""Where time begins: names stand before it."""
_RIGHT = 84
"""What stands behind the end of the longest task."""
_LANE = 24
_HIGH = 15
"""How high a lane is, and a tick in it."""
_SHORTEST = 44
"""A bracket that is shorter has no room for its number."""


def picture(part: Part, clients: list[Client], speed: float = 1) -> Drawing:
    """
    Return a drawing of clients one above the other, on one time axis.

    Each task has a lane, with a tick for each piece. speed: that of the
    slow servers.
    """
    title = findings.hurried(f'Part {part.id}: {part.title}', speed)
    drawing = Drawing(title, describe(clients), _WIDTH)
    drawing.text(0, 16, title, size=15, bold=True)
    axis = Axis(
        max(client.duration for client in clients),
        _LEFT,
        _WIDTH - _LEFT - _RIGHT,
    )
    y = 30.0
    several = len({client.scene for client in clients}) > 1
    for heading, client in findings.headed(part, clients):
        if several and heading:
            drawing.text(0, y + 14, heading, strength=SOFT)
            y += 20
        y = _client(drawing, client, axis, y)
    time_axis(drawing, axis, y + 4, 'since the client was started')
    return drawing


def describe(clients: list[Client]) -> str:
    """Return in words what is drawn of the clients."""
    lines = []
    for client in clients:
        lines.append(f'{findings.finding(client)}.')
        for task in client.tasks:
            lines.append(f'{task.name}: {findings.result(task)}.')
    return ' '.join(lines)


def time_axis(drawing: Drawing, axis: Axis, y: float, since: str) -> None:
    """Draw a time axis, with marks below it. since: when its 0 is."""
    drawing.line((axis.left, y), (axis.right, y), strength=SOFT)
    for time, number in axis.marks(12):
        x = axis.at(time)
        drawing.line((x, y), (x, y + 4), strength=SOFT)
        drawing.text(x, y + 17, number, anchor='middle', size=11)
    drawing.text(
        axis.left + axis.width / 2,
        y + 33,
        f'{axis.unit} {since}',
        anchor='middle',
        size=11,
    )


def _client(drawing: Drawing, client: Client, axis: Axis, y: float) -> float:
    """Draw a client from y down; return where the next one may begin."""
    drawing.text(0, y + 14, findings.finding(client), bold=True)
    top = y + 20
    note = f'Python starts: {said(client.ready)}'
    drawing.text(
        axis.at(client.ready) + 4, top + 11, note, size=11, strength=SOFT
    )
    lanes = top + 18
    bottom = lanes + _LANE * len(client.tasks)
    drawing.bar(
        axis.left,
        top,
        axis.at(client.ready) - axis.left,
        bottom - top - (_LANE - _HIGH),
        hatched=True,
        says=note,
    )
    for number, task in enumerate(client.tasks):
        _task(drawing, task, axis, lanes + _LANE * number)
    return _brackets(drawing, client, axis, bottom - 4) + 14


def lane(drawing: Drawing, task: Task, axis: Axis, y: float) -> None:
    """Draw what a task received, in a lane from y down."""
    middle = y + _HIGH / 2
    drawing.text(
        axis.left - 8, middle, task.name, anchor='end', middle=True, size=12
    )
    if task.span:
        start, end = (axis.at(time) for time in task.span)
        says = f'{task.name}: {findings.result(task)}'
        drawing.bar(
            start, y, max(end - start, 1), _HIGH, strength=FAINT, says=says
        )
        drawing.ticks([axis.at(time) for time in task.times], y, _HIGH)


def _task(drawing: Drawing, task: Task, axis: Axis, y: float) -> None:
    lane(drawing, task, axis, y)
    middle = y + _HIGH / 2
    x = axis.at(task.last)
    if task.outcome is not Outcome.COMPLETE:
        drawing.cross(x + 7, middle)
        x += 12
    result = findings.result(task)
    if x + 6 + width_of(result, 12) > drawing.width:
        # it has no room behind the end
        drawing.text(drawing.width, y - 2, result, anchor='end', size=12)
    else:
        drawing.text(x + 6, middle, result, middle=True, size=12)
    if task.span and task.times:
        start, first = axis.at(task.span[0]), axis.at(task.times[0])
        if first - start > 60:
            drawing.text(
                (start + first) / 2,
                middle,
                'waits',
                anchor='middle',
                middle=True,
                size=11,
            )


def _brackets(drawing: Drawing, client: Client, axis: Axis, y: float) -> float:
    """Draw what the client's time consists of; return where that ends."""
    whole = findings.span(client)
    if whole is None:
        return y
    start, end = (axis.at(time) for time in whole)
    if client.in_turn:
        spans = [task.span for task in client.tasks if task.span]
        places = [(axis.at(a), axis.at(b)) for a, b in spans]
        if min(b - a for a, b in places) >= _SHORTEST:
            for (a, b), (since, until) in zip(places, spans):
                drawing.bracket(a, b, y, said(until - since))
            y += 22
        text = said(findings.total(client))
        drawing.bracket(start, end, y, f'the sum: {text}')
        return y + 22
    task = findings.longest(client)
    if task is not None and task.span:
        start, end = (axis.at(time) for time in task.span)
        text = said(findings.length(task))
        drawing.bracket(
            start, end, y, f'the maximum: {text}, Task {task.number}'
        )
        return y + 22
    return y
