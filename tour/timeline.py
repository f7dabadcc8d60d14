"""What the clients of a part receive in time, measured."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import accumulate, pairwise
from typing import Any

from tour.book import Book, Command, Part, Scene
from tour.errors import TourError
from tour.pace import Pace
from tour.place import Place, apart
from tour.playing import Audience, play
from tour.ports import PORT
from tour.relays import Link, Relays

# the blocking client says so just once, at the end of a task
_GOT = re.compile(
    r'Task (\d+): got (\d+) bytes of poetry from (?!.* in \d+:\d\d:)'
)
_PORT = re.compile(r'(?:--port[ =]|\btcp:)(\d+)')
_ADDRESS = re.compile(r'(?:.*:)?(\d{4,5})')
_POEM = re.compile(r'poetry/(\w+)\.txt')


MOMENT = 0.1
"""Seconds that are too short to tell what tasks have to do with each other."""


class TimelineError(TourError):
    """There is nothing to draw, or no way to draw it."""


class Outcome(StrEnum):
    """What became of a task."""

    COMPLETE = 'complete'
    CUT_OFF = 'cut off'
    """The server went away before the poem was complete."""
    CANCELLED = 'cancelled'
    """The client went away before the poem was complete."""
    REFUSED = 'refused'
    """Nobody listened there."""
    NEVER_BEGUN = 'never begun'
    """The client ended before it tried."""


@dataclass
class Task:
    """
    One poem of one client.

    number: as the client counts. poem: its name, or '' if that isn't
    known; whole: how many bytes it has, then. times: seconds since the
    client was started, one for every piece. sizes: the bytes of each piece.
    connected: when it was, in such seconds, if ever. ended: when it was
    clear what became of it: outcome. port: its server's, as it is written.
    """

    number: int
    poem: str = ''
    whole: int | None = None
    times: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    connected: float | None = None
    ended: float = 0
    outcome: Outcome = Outcome.COMPLETE
    port: str = ''

    def add(self, time: float, size: int) -> None:
        """Add a piece that came then."""
        self.times.append(time)
        self.sizes.append(size)

    @property
    def name(self) -> str:
        """What to call it: its number and its poem, if that is known."""
        return f'Task {self.number}' + (f': {self.poem}' if self.poem else '')

    @property
    def totals(self) -> list[int]:
        """How many bytes there were after each piece."""
        return list(accumulate(self.sizes))

    @property
    def total(self) -> int:
        """How many bytes came."""
        return sum(self.sizes)

    @property
    def last(self) -> float:
        """When the last piece came, or else what became of it."""
        if self.outcome is Outcome.COMPLETE and self.times:
            return self.times[-1]
        return max([self.ended, *self.times[-1:]])

    @property
    def span(self) -> tuple[float, float] | None:
        """From the connection to the end, or None if there was none."""
        if self.connected is None:
            return None
        return self.connected, self.last


@dataclass
class Client:
    """
    A client that was run in a scene of that number.

    tasks: all that it was given. ready: seconds from its start to the
    first sign of it: a line, or a connection. Until then Python starts, and
    imports what the script needs.
    """

    scene: int
    script: str
    tasks: list[Task]
    ready: float = 0

    @property
    def duration(self) -> float:
        """Seconds from the start to the last thing that happened."""
        return max([self.ready, *(task.last for task in self.tasks)])

    @property
    def in_turn(self) -> bool:
        """
        Whether each task was begun only when the one before was done.

        With tasks that are over in no time that may come by chance: it says
        something only where they take theirs.
        """
        spans = [task.span for task in self.tasks if task.span]
        return (
            len(spans) > 1
            and all(one[1] <= two[0] for one, two in pairwise(spans))
            and min(end - start for start, end in spans) > MOMENT
        )


@dataclass(frozen=True)
class Event:
    """
    Something that happened in a scene.

    time: when, in seconds of the reactor. source: the label of the program
    that said something, or the port of a connection. what: the line, or
    the number of bytes that came, or what happened to the connection, or
    None for the start of a command. connection: which one, on that port
    or any other. text: the command line that was started.
    """

    time: float
    source: str
    what: str | int | Link | None = None
    connection: int | None = None
    text: str = ''


def check_clients(part: Part) -> None:
    """Raise TimelineError if the part has no clients to draw."""
    if not any(c.is_client for scene in part.scenes for c in scene.commands):
        raise TimelineError(f'Part {part.id} has no clients to draw.')


async def clients_of(
    reactor: Any,
    book: Book,
    part: Part,
    pace: Pace,
    on_scene: Callable[[Scene], None] = lambda scene: None,
) -> list[Client]:
    """
    Play the scenes of a part that have clients.

    They run in places of their own. on_scene: called with each scene before
    it is played. Raises SceneError, and TimelineError if there is no client
    that receives anything.
    """
    clients: list[Client] = []
    for scene in part.scenes:
        if any(command.is_client for command in scene.commands):
            on_scene(scene)
            clients += await _play(reactor, book, scene, pace)
    if not clients:
        raise TimelineError(f'Part {part.id} has no clients to draw.')
    return clients


async def _play(
    reactor: Any, book: Book, scene: Scene, pace: Pace
) -> list[Client]:
    clock = Clock(reactor)
    with apart(book, scene, pace) as place:
        async with Relays(reactor, clock.passed) as relays:
            for port in served(place):
                relays.add(port, int(place.ports.replaced[port]))
            relayed = replace(place, detours=relays.detours)
            await play(reactor, relayed, clock)
    return measured(scene, clock.events, poems_of(book), transforming(book))


class Clock(Audience):
    """
    Notes when something happens in a scene.

    reactor: whose seconds it notes. events: what has happened.
    """

    def __init__(self, reactor: Any):
        self._reactor = reactor
        self.events: list[Event] = []

    def passed(self, port: str, connection: int, what: Link | int) -> None:
        """Note what happened to a connection."""
        self._note(port, what, connection)

    def command(self, label: str, text: str) -> None:
        self._note(label, None, text=text)

    def line(self, label: str, line: str) -> None:
        self._note(label, line)

    def _note(
        self,
        source: str,
        what: str | int | Link | None,
        connection: int | None = None,
        text: str = '',
    ) -> None:
        now = self._reactor.seconds()
        self.events.append(Event(now, source, what, connection, text))


def poems_of(book: Book) -> dict[str, int]:
    """Return how many bytes each poem has, by its name."""
    files = (book.base / 'poetry').glob('*.txt')
    return {file.stem: file.stat().st_size for file in files}


def transforming(book: Book) -> frozenset[str]:
    """Return the clients whose first address is the transform server."""
    scripts = {
        command.script
        for part in book.parts
        for scene in part.scenes
        for command in scene.commands
        if command.is_client and command.script
    }
    return frozenset(
        script
        for script in scripts
        if 'transform server' in (book.base / script).read_text('utf-8')
    )


def served(place: Place) -> set[str]:
    """
    Return the ports, as they are written, on which a poem is served.

    Servers have them on their command lines, or in their scripts.
    """
    found = set()
    for command in place.scene.all:
        if not command.is_client and 'transformed' not in command.text:
            found |= {match[1] for match in _PORT.finditer(command.text)}
            if command.script:
                source = (place.directory / command.script).read_text('utf-8')
                found |= set(PORT.findall(place.ports.written(source)))
    return found & place.ports.replaced.keys()


def measured(
    scene: Scene,
    events: list[Event],
    poems: Mapping[str, int],
    transforming: frozenset[str] = frozenset(),
    listen: bool = True,
) -> list[Client]:
    """
    Return the scene's clients with what they received, and when.

    events: what happened; every command has its start in there. poems:
    bytes by name. transforming: scripts whose first address is no task.
    listen: to what clients tell of pieces, as they may be slow to take them.

    Where a client tells of every piece that it gets, that counts: it may
    be later than the piece. Where it doesn't, what passed on its way to the
    client counts. Of a command that was run several times the first counts.
    """
    clients = []
    for command, start, end in runs(scene, events):
        if command.is_client:
            own = [e for e in events[start:end] if e.connection is None]
            told = {
                event.connection
                for event in events[start:end]
                if event.what is Link.MADE
            }
            # how they ended may come to light a little later
            passed = [e for e in events[start:] if e.connection in told]
            tasks = _tasks(
                scene, command, poems, command.script in transforming
            )
            if tasks:
                clients.append(
                    _measured(scene, command, tasks, own, passed, listen)
                )
    return clients


def runs(scene: Scene, events: list[Event]) -> list[tuple[Command, int, int]]:
    """
    Return the commands of a scene, and which events are theirs.

    They are those from the first number up to the second. Of a command that
    was run several times there is the first run.
    """
    starts = [n for n, event in enumerate(events) if event.what is None]
    found: list[tuple[Command, int, int]] = []
    commands = iter(scene.all)
    before = None
    for start, end in zip(starts, [*starts[1:], len(events)]):
        if (
            before is not None
            and before.outcomes > 1
            and events[start].text == events[found[-1][1]].text
        ):
            continue
        before = next(commands, None)
        if before is None:
            break
        found.append((before, start, end))
    return found


def _measured(
    scene: Scene,
    command: Command,
    tasks: list[Task],
    own: list[Event],
    passed: list[Event],
    listen: bool,
) -> Client:
    """
    Return a client with its tasks.

    own: its events; passed: its connections'.
    listen: to what it tells of pieces.
    """
    begin = own[0].time
    said = [e for e in own[1:] if e.source == own[0].source]
    ready = min([e.time for e in (*said, *passed)], default=begin) - begin
    made: dict[str, list[int]] = {}
    for event in passed:
        if event.what is Link.MADE and event.connection is not None:
            made.setdefault(event.source, []).append(event.connection)
    servers = servers_of(scene)
    by_number = {task.number: task for task in tasks}
    for event in said:
        if (
            listen
            and isinstance(event.what, str)
            and (got := _GOT.match(event.what))
        ):
            task = by_number.get(int(got[1]))
            if task is not None:
                task.add(event.time - begin, int(got[2]))
    silent = not any(task.times for task in tasks)
    for task in tasks:
        task.ended = ready
        connections = made.get(task.port, [])
        if not connections:
            served = task.port in servers
            task.outcome = Outcome.NEVER_BEGUN if served else Outcome.REFUSED
            continue
        _follow(task, connections.pop(0), passed, begin, silent)
    return Client(scene.number, command.script or '', tasks, ready)


def _follow(
    task: Task,
    connection: int,
    passed: list[Event],
    begin: float,
    silent: bool,
) -> None:
    """
    Tell a task what happened to its connection.

    silent: its client doesn't tell of pieces. begin: when that was started.
    """
    task.outcome = Outcome.CANCELLED
    for event in passed:
        if event.connection != connection:
            continue
        time = event.time - begin
        match event.what:
            case Link.MADE:
                task.connected = task.ended = time
            case Link.ENDED | Link.BROKEN | Link.LEFT:
                task.ended = time
                if event.what is not Link.LEFT:
                    task.outcome = Outcome.CUT_OFF
                if event.what is Link.ENDED and task.whole is None:
                    task.outcome = Outcome.COMPLETE
            case int(size) if silent:
                task.add(time, size)
    if task.whole is not None and task.total >= task.whole:
        task.outcome = Outcome.COMPLETE


def servers_of(scene: Scene) -> dict[str, str]:
    """Return the command lines of the servers by their ports."""
    return {
        match[1]: server.text
        for server in scene.all
        if not server.is_client and (match := _PORT.search(server.text))
    }


def _tasks(
    scene: Scene, command: Command, poems: Mapping[str, int], transforms: bool
) -> list[Task]:
    """
    Return a client's tasks, numbered as it does.

    transforms: its first address is that of the transform server.
    """
    servers = servers_of(scene)
    ports = [
        match[1]
        for word in command.words[1:]
        if (match := _ADDRESS.fullmatch(word))
    ]
    tasks = []
    for number, port in enumerate(ports[transforms:], 1):
        poem = poem_of(servers.get(port, ''), servers)
        tasks.append(Task(number, poem, poems.get(poem), port=port))
    return tasks


def poem_of(server: str, servers: dict[str, str]) -> str:
    """Return the name of the poem of a server or proxy, or ''."""
    if 'proxy' in server and (
        origin := _ADDRESS.fullmatch(server.split()[-1])
    ):
        server = servers.get(origin[1], '')
    poem = _POEM.search(server)
    return poem[1] if poem else ''
