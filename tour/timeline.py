"""What the clients of a part receive in time, measured."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import accumulate

from tour.book import Book, Command, Part, Scene
from tour.errors import TourError
from tour.place import Pace, Place, apart, label
from tour.playing import Audience, play
from tour.ports import PORT
from tour.relays import Relays

# the blocking client says so just once, at the end of a task
_GOT = re.compile(
    r'Task (\d+): got (\d+) bytes of poetry from (?!.* in \d+:\d\d:)'
)
_PORT = re.compile(r'--port[ =](\d+)')
_ADDRESS = re.compile(r'(?:.*:)?(\d+)')
_POEM = re.compile(r'poetry/(\w+)\.txt')


class TimelineError(TourError):
    """There is nothing to draw, or no way to draw it."""


@dataclass
class Task:
    """
    One poem of one client.

    times: seconds since the client was started, one for every piece.
    sizes: the bytes of each piece.
    """

    name: str
    times: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    def add(self, time: float, size: int) -> None:
        """Add a piece that came then."""
        self.times.append(time)
        self.sizes.append(size)

    @property
    def totals(self) -> list[int]:
        """How many bytes there were after each piece."""
        return list(accumulate(self.sizes))


@dataclass
class Client:
    """
    A client that was run in a scene of that number.

    tasks: those that received something.
    """

    scene: int
    script: str
    tasks: list[Task]

    @property
    def duration(self) -> float:
        """Seconds from the start to the last piece."""
        return max(task.times[-1] for task in self.tasks)


@dataclass(frozen=True)
class Event:
    """
    Something that happened in a scene.

    time: when, in seconds of the reactor. source: the label of the program
    that said something, or the port from which something came to a client.
    what: the line, or the number of bytes, or None for the start of a
    command.
    """

    time: float
    source: str
    what: str | int | None = None


def check_clients(part: Part) -> None:
    """Raise TimelineError if the part has no clients to draw."""
    if not any(c.is_client for scene in part.scenes for c in scene.commands):
        raise TimelineError(f'Part {part.id} has no clients to draw.')


async def clients_of(
    reactor,
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


async def _play(reactor, book: Book, scene: Scene, pace: Pace) -> list[Client]:
    clock = _Clock(reactor)
    with apart(book, scene, pace) as place:
        async with Relays(reactor, clock.happened) as relays:
            for port in _served(place):
                relays.add(port, int(place.ports.replaced[port]))
            relayed = replace(place, detours=relays.detours)
            await play(reactor, relayed, clock)
    return measured(scene, clock.events)


class _Clock(Audience):
    """Notes when something happens in a scene."""

    def __init__(self, reactor):
        self._reactor = reactor
        self.events: list[Event] = []

    def happened(self, source: str, what: str | int | None) -> None:
        """Note that it happened now; the arguments are those of Event."""
        self.events.append(Event(self._reactor.seconds(), source, what))

    def command(self, label: str, text: str) -> None:
        self.happened(label, None)

    def line(self, label: str, line: str) -> None:
        self.happened(label, line)


def _served(place: Place) -> set[str]:
    """
    Return the ports, as they are written, on which a poem is served.

    Servers have them on their command lines, or in their scripts.
    """
    served = set()
    for command in place.scene.all:
        if not command.is_client and 'transformed' not in command.text:
            served |= {match[1] for match in _PORT.finditer(command.text)}
            if command.script:
                source = (place.directory / command.script).read_text('utf-8')
                served |= set(PORT.findall(place.ports.written(source)))
    return served & place.ports.replaced.keys()


def measured(scene: Scene, events: list[Event]) -> list[Client]:
    """
    Return the scene's clients with what they received, and when.

    events: what happened; every command has its start in there.

    Where a client tells of every piece that it gets, that counts: it may
    be later than the piece. Where it doesn't, what passed on its way to the
    client counts.
    """
    starts = [n for n, event in enumerate(events) if event.what is None]
    ends = [*starts[1:], len(events)]
    clients = []
    for command, start, end in zip(scene.all, starts, ends):
        if command.is_client:
            tasks = _tasks(scene, command, events[start:end])
            if tasks:
                clients.append(
                    Client(scene.number, command.script or '', tasks)
                )
    return clients


def _tasks(scene: Scene, command: Command, events: list[Event]) -> list[Task]:
    """Return the tasks of a client that received something."""
    ports = _ports(scene, command)
    told = {number: Task(name) for number, (_, name) in ports.items()}
    passed = {port: Task(name) for port, name in ports.values()}
    name, start = label(command, command.text), events[0].time
    for event in events[1:]:
        if isinstance(event.what, int):
            if event.source in passed:
                passed[event.source].add(event.time - start, event.what)
        elif event.source == name and (got := _GOT.match(event.what or '')):
            task = told.get(int(got[1]))
            if task is not None:
                task.add(event.time - start, int(got[2]))
    by_client = [task for task in told.values() if task.times]
    return by_client or [task for task in passed.values() if task.times]


def _ports(scene: Scene, command: Command) -> dict[int, tuple[str, str]]:
    """
    Return the ports and names of a client's tasks, by number.

    The transform server is no task.
    """
    servers = {
        match[1]: server.text
        for server in scene.servers
        if (match := _PORT.search(server.text))
    }
    ports = [
        match[1]
        for word in command.words[1:]
        if (match := _ADDRESS.fullmatch(word))
    ]
    poets = [p for p in ports if 'transformed' not in servers.get(p, '')]
    return {
        number: (port, _name(number, servers.get(port, ''), servers))
        for number, port in enumerate(poets, 1)
    }


def _name(number: int, server: str, servers: dict[str, str]) -> str:
    """Return the name of a task: its number and poem, if that is known."""
    if 'proxy' in server and (
        origin := _ADDRESS.fullmatch(server.split()[-1])
    ):
        server = servers.get(origin[1], '')
    poem = _POEM.search(server)
    return f'Task {number}' + (f': {poem[1]}' if poem else '')
