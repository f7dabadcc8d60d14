"""What measurements of clients say, in sentences: titles of drawings."""

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

from tour.book import Part
from tour.seconds import said
from tour.timeline import Client, Outcome, Task
from tour.turns import Loop, Turn


class _OfScene(Protocol):
    @property
    def scene(self) -> int: ...


Measured = TypeVar('Measured', bound=_OfScene)

LONGEST = 0.9
"""A task that takes this share of its client's time explains it."""


def headed(
    part: Part, things: Iterable[Measured]
) -> Iterator[tuple[str | None, Measured]]:
    """Yield things, the first of each scene with the scene's heading."""
    scene = None
    for thing in things:
        heading = None
        if thing.scene != scene:
            scene = thing.scene
            heading = f'Scene {scene}. {part.scenes_by_number[scene].title}'
        yield heading, thing


def finding(client: Client) -> str:
    """Return what a client's time consists of, in a sentence."""
    script, time = client.script, said(client.duration)
    complete = [t for t in client.tasks if t.outcome is Outcome.COMPLETE]
    if len(complete) < len(client.tasks):
        good, all_ = len(complete), len(client.tasks)
        return f'{script}, {time}: {good} of {all_} poems came'
    if client.in_turn:
        return f'{script}, {time}: the sum of its tasks'
    if longest(client):
        return f'{script}, {time}: as long as its longest task'
    return f'{script}, {time}'


def span(client: Client) -> tuple[float, float] | None:
    """Return from when to when it had tasks, or None if it never had."""
    spans = [task.span for task in client.tasks if task.span]
    if not spans:
        return None
    return min(s[0] for s in spans), max(s[1] for s in spans)


def longest(client: Client) -> Task | None:
    """Return the task that takes as long as all, if it isn't alone."""
    whole = span(client)
    begun = [task for task in client.tasks if task.span]
    if whole is None or len(begun) < 2:
        return None
    task = max(begun, key=lambda task: length(task))
    enough = length(task) >= LONGEST * (whole[1] - whole[0])
    return task if enough else None


def length(task: Task) -> float:
    """Return how many seconds a task took from its connection on."""
    return task.span[1] - task.span[0] if task.span else 0


def total(client: Client) -> float:
    """Return the sum of what its tasks took, as these are said: in tenths."""
    lengths = [length(task) for task in client.tasks if task.span]
    if min(lengths, default=0) < 1:
        return sum(lengths)
    return sum(round(length, 1) for length in lengths)


def result(task: Task) -> str:
    """Return what came of a task, to stand beside it."""
    came, whole = task.total, task.whole
    match task.outcome:
        case Outcome.COMPLETE:
            return f'{came} bytes'
        case Outcome.REFUSED:
            return 'refused: nobody listens'
        case Outcome.NEVER_BEGUN:
            return 'never begun'
        case Outcome.CUT_OFF if whole is None:
            return f'cut off after {came} bytes'
        case Outcome.CUT_OFF:
            return f'cut off after {came} of {whole} bytes'
        case Outcome.CANCELLED if whole is None:
            return f'cancelled after {came} bytes'
    return f'cancelled after {came} of {whole} bytes'


def turns(loop: Loop) -> str:
    """Return how a script's time was spent, in numbers."""
    count = len(loop.turns)
    longest, whole = said(loop.longest.duration), said(loop.length)
    waited = share(loop.waited)
    if count == 1:
        return f'1 turn, of {longest}; waited {waited} of {whole}'
    return f'{count} turns, the longest {longest}; waited {waited} of {whole}'


def share(part: float) -> str:
    """Return a share as a percentage, never as all or nothing."""
    percent = part * 100
    digits = 0 if 10 <= percent <= 90 else 1
    if percent > 99.9:
        return 'over 99.9%'
    if percent < 0.1:
        return 'under 0.1%'
    return f'{percent:.{digits}f}%'


def turn_name(turn: Turn) -> str:
    """Return what a turn was, with its task if it has one."""
    name = turn.name.replace('socket.', '')
    return f'{name}, task {turn.task}' if turn.task else name


def hurried(title: str, speed: float) -> str:
    """Return a title that tells of the slow servers' speed, if need be."""
    if speed == 1:
        return title
    return f'{title} (slow servers {speed:g} times as fast)'
