"""Whom the reactors of a part's scripts called, for how long, and why."""

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tour.book import Book, Command, Part, Scene
from tour.errors import TourError
from tour.pace import Pace
from tour.place import Place, apart
from tour.playing import play
from tour.relays import Relays
from tour.timeline import (
    Clock,
    Task,
    measured,
    poem_of,
    poems_of,
    runs,
    served,
    servers_of,
    transforming,
)
from tour.tracing import facts
from tour.tracing.launching import traced

LASTS = 0.05
"""Seconds from which on a turn is one that lasts: others wait for it."""

MANY = 30
"""With more turns than these nobody looks at each."""

_LOOPS = re.compile(
    r'^ *(from \S+ )?import .*\breactor\b|\btask\.react\b|\bselect\.select\b',
    re.MULTILINE,
)


class TurnsError(TourError):
    """There are no turns to draw."""


@dataclass(frozen=True)
class Turn:
    """
    One call by the reactor, or one round of a loop round ``select``.

    start: seconds since the script was started. what: why the reactor
    called: ``read``, ``write``, ``timed`` and so on. name: of what it
    called, as ``PoetryProtocol.dataReceived``. task: the number of the
    client's task, if there is one. port: the server's, as it is written.
    """

    start: float
    duration: float
    what: str
    name: str
    task: int | None = None
    port: str | None = None
    size: int = 0

    @property
    def end(self) -> float:
        """When it was over."""
        return self.start + self.duration


@dataclass(frozen=True)
class Loop:
    """
    The turns of one script in a scene of that number.

    reactor: the name of its class, or ``select``. begun, ended: seconds
    from the start of the script to that of its loop, and to its end.
    tasks: what came for a client, in such seconds: not when the client took
    it, but when it had come. partners: who is at the other end of a port,
    in a word or two; the others of a server are clients.
    """

    scene: int
    script: str
    reactor: str
    begun: float
    ended: float
    turns: list[Turn]
    tasks: list[Task] = field(default_factory=list)
    partners: dict[str, str] = field(default_factory=dict)

    @property
    def length(self) -> float:
        """Seconds from the start of its loop to its end."""
        return self.ended - self.begun

    @property
    def busy(self) -> float:
        """Seconds that its turns took."""
        return sum(turn.duration for turn in self.turns)

    @property
    def waited(self) -> float:
        """The share of the time in which it waited, from 0 to 1."""
        return max(1 - self.busy / self.length, 0) if self.length else 0

    @property
    def longest(self) -> Turn:
        """The turn that took most time."""
        return max(self.turns, key=lambda turn: turn.duration)

    @property
    def few(self) -> bool:
        """Whether its turns are so few and short that each can be told."""
        return len(self.turns) <= MANY and not self.lasting

    def taken(self, task: Task, time: float) -> float | None:
        """
        Return when a piece of a task was taken that had come at that time.

        None if that isn't known.
        """
        for turn in self.turns:
            mine = (
                turn.port == task.port
                if turn.task is None
                else turn.task == task.number
            )
            if mine and turn.what == 'read' and turn.end >= time:
                return max(turn.start, time)
        return None

    @property
    def lasting(self) -> list[Turn]:
        """The turns that last, so that others have to wait."""
        return [turn for turn in self.turns if turn.duration >= LASTS]


async def loops_of(
    reactor: Any,
    book: Book,
    part: Part,
    pace: Pace,
    on_scene: Callable[[Scene], None] = lambda scene: None,
    wanted: Callable[[Command], bool] = lambda command: True,
) -> list[Loop]:
    """
    Play the scenes of a part with scripts that have a reactor, traced.

    They run in places of their own. on_scene: called with each scene before
    it is played. wanted: which commands are traced. Raises SceneError, and
    TurnsError if there is no turn.
    """
    loops: list[Loop] = []
    for scene in part.scenes:
        if any(has_loop(book, command) for command in scene.all):
            on_scene(scene)
            loops += await _play(reactor, book, scene, pace, wanted)
    if not loops:
        raise TurnsError(_nothing(part))
    return loops


def check_loops(book: Book, part: Part) -> None:
    """Raise TurnsError if no script of the part has a reactor."""
    if not any(has_loop(book, c) for scene in part.scenes for c in scene.all):
        raise TurnsError(_nothing(part))


def _nothing(part: Part) -> str:
    return f'Part {part.id} has no scripts with a reactor.'


def has_loop(book: Book, command: Command) -> bool:
    """Return whether a command runs a script that can have turns."""
    if command.words[:1] != ['python'] or command.script is None:
        return False
    source = (book.base / command.script).read_text('utf-8')
    return bool(_LOOPS.search(source))


async def _play(
    reactor: Any,
    book: Book,
    scene: Scene,
    pace: Pace,
    wanted: Callable[[Command], bool],
) -> list[Loop]:
    clock = Clock(reactor)
    with tempfile.TemporaryDirectory() as name, apart(book, scene, pace) as at:
        files: list[Path] = []

        def environment(
            command: Command, env: dict[str, str]
        ) -> dict[str, str]:
            files.append(Path(name, str(len(files))))
            if not (has_loop(book, command) and wanted(command)):
                return env
            return traced(env, str(files[-1]))

        async with Relays(reactor, clock.passed) as relays:
            for port in served(at):
                relays.add(port, int(at.ports.replaced[port]))
            relayed = replace(
                at, detours=relays.detours, environment=environment
            )
            await play(reactor, relayed, clock)
            ports = written_ports(relayed)
        recorded = [facts.read(f) if f.exists() else [] for f in files]
    clients = measured(
        *(scene, clock.events, poems_of(book), transforming(book)),
        listen=False,
    )
    loops = []
    numbers = {
        start: number
        for number, start in enumerate(
            n for n, e in enumerate(clock.events) if e.what is None
        )
    }
    left = list(clients)
    for command, start, _ in runs(scene, clock.events):
        client = left.pop(0) if command.is_client and left else None
        at_facts = recorded[_nth(scene, numbers[start])]
        begin = clock.events[start].time
        tasks = client.tasks if client is not None else []
        loop = loop_of(scene, command, at_facts, tasks, begin, ports)
        if loop is not None:
            loops.append(loop)
    return loops


def _nth(scene: Scene, number: int) -> int:
    """Return which program that command was; cd starts none."""
    gone = [c.goes_to is not None for c in scene.all[:number]]
    return number - sum(gone)


def written_ports(place: Place) -> dict[int, str]:
    """Return ports as they are written, by those that a script sees."""
    ports = {int(own): port for port, own in place.ports.replaced.items()}
    ports |= {int(own): port for port, own in place.detours.items()}
    return ports


def loop_of(
    scene: Scene,
    command: Command,
    recorded: list[facts.Fact],
    tasks: list[Task],
    begin: float,
    ports: dict[int, str],
) -> Loop | None:
    """
    Return the turns of a command, or None if it had none.

    recorded: the facts of its run. tasks: with times since begin, which is
    in seconds since 1970. ports: as they are written, by what they were.
    """
    started = facts.only(recorded, facts.Run)
    reactors = facts.only(recorded, facts.Reactor)
    all_turns = facts.only(recorded, facts.Turn)
    waits = facts.only(recorded, facts.Wait)
    turns = [turn for turn in all_turns if not turn.is_internal]
    if not (started and reactors and turns):
        return None
    shift = begin - started[0].started
    spans = [(turn.start, turn.duration) for turn in turns]
    spans += [(wait.start, wait.duration) for wait in waits]
    first = min(start for start, _ in spans)
    last = max(start + duration for start, duration in spans)
    return Loop(
        scene.number,
        command.script or '',
        reactors[0].name,
        first,
        last,
        [
            Turn(
                *(turn.start, turn.duration, turn.what, _name(turn)),
                turn.task,
                None if turn.port is None else ports.get(turn.port),
                turn.size,
            )
            for turn in turns
        ],
        [_shifted(task, shift) for task in tasks],
        _partners(scene, command),
    )


def _partners(scene: Scene, command: Command) -> dict[str, str]:
    """Return who is at the other end of each port, for that command."""
    servers = servers_of(scene)
    partners = {}
    for port, text in servers.items():
        if text == command.text:
            partners[port] = 'clients'
        elif 'transformed' in text:
            partners[port] = 'transform server'
        elif 'proxy' in text:
            partners[port] = 'proxy'
        else:
            partners[port] = poem_of(text, servers) or 'server'
    return partners


def _name(turn: facts.Turn) -> str:
    return f'{turn.object}.{turn.method}' if turn.object else turn.method


def _shifted(task: Task, by: float) -> Task:
    return replace(
        task,
        times=[time + by for time in task.times],
        connected=None if task.connected is None else task.connected + by,
        ended=task.ended + by,
    )
