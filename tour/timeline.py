"""What the clients of a part receive in time, measured and drawn."""

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

from twisted.internet.interfaces import IListeningPort
from twisted.protocols.portforward import (
    ProxyClient,
    ProxyClientFactory,
    ProxyFactory,
    ProxyServer,
)

from tour.chapters import Chapters, Command, Part, Scene
from tour.ports import PORT, Ports
from tour.scene import Staging, label, play
from tour.transcript import furnish

FORMATS = ('.svg', '.png')

# the blocking client says so just once, at the end of a task
_GOT = re.compile(
    r'Task (\d+): got (\d+) bytes of poetry from (?!.* in \d+:\d\d:)'
)
_PORT = re.compile(r'--port[ =](\d+)')
_ADDRESS = re.compile(r'(?:.*:)?(\d+)')
_POEM = re.compile(r'poetry/(\w+)\.txt')


class TimelineError(Exception):
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


async def clients_of(
    reactor,
    chapters: Chapters,
    part: Part,
    speed: float,
    on_scene: Callable[[Scene], None] = lambda scene: None,
) -> list[Client]:
    """
    Play the scenes of a part that have clients.

    They run in a place and on ports of their own. speed: the slow servers
    wait this many times less. on_scene: called with each scene before it
    is played. Raises SceneError, and TimelineError if there is no client
    that receives anything.
    """
    clients: list[Client] = []
    for scene in part.scenes:
        if any(map(_is_client, scene.commands)):
            on_scene(scene)
            clients += await _play(reactor, chapters, scene, speed)
    if not clients:
        raise TimelineError(f'Part {part.id} has no clients to draw.')
    return clients


def _is_client(command: Command) -> bool:
    script = command.script or ''
    return script.split('/')[-1].startswith('get-poetry')


async def _play(
    reactor, chapters: Chapters, scene: Scene, speed: float
) -> list[Client]:
    events: list[Event] = []

    def happened(source: str, what: str | int | None = None) -> None:
        events.append(Event(reactor.seconds(), source, what))

    ports = Ports([command.text for command in scene.all], keep=False)
    relays = _Relays(reactor, ports, happened)
    try:
        with tempfile.TemporaryDirectory() as name:
            place = Path(name).resolve()
            furnish(place, chapters.base, scene, ports)
            for port in _served(place, scene, ports):
                relays.add(port)
            staging = Staging(
                place,
                chapters.slow_server,
                speed,
                on_command=lambda label, text: happened(label),
                on_line=happened,
            )
            await play(reactor, scene, relays, staging)
    finally:
        await relays.close()
        ports.release()
    return measured(scene, events)


def _served(place: Path, scene: Scene, ports: Ports) -> set[str]:
    """
    Return the ports, as they are written, on which a poem is served.

    Servers have them on their command lines, or in their scripts.
    """
    served = set()
    for command in scene.all:
        if not _is_client(command) and 'transformed' not in command.text:
            served |= {match[1] for match in _PORT.finditer(command.text)}
            if command.script:
                source = (place / command.script).read_text('utf-8')
                served |= set(PORT.findall(ports.written(source)))
    return served & ports.replaced.keys()


class _ToServer(ProxyClient):
    """The side of a relay on which the server is."""

    def dataReceived(self, data):
        self.peer.factory.passed(len(data))
        super().dataReceived(data)


class _ToServerFactory(ProxyClientFactory):
    noisy = False
    protocol = _ToServer


class _ToClient(ProxyServer):
    """The side of a relay on which the client is."""

    clientProtocolFactory = _ToServerFactory


class _Relay(ProxyFactory):
    """
    What stands between a server and its clients.

    passed: called with the number of bytes whenever some pass.
    """

    noisy = False
    protocol = _ToClient
    passed: Callable[[int], None]


class _Relays(Ports):
    """
    The ports of a scene, with one more between each client and its server.

    Whatever passes there is told. A port without a relay is as before: a
    client whose server refuses is refused.
    """

    def __init__(
        self, reactor, ports: Ports, happened: Callable[[str, int], None]
    ):
        super().__init__([])
        self.replaced = ports.replaced
        self._reactor = reactor
        self._happened = happened
        self._listening: list[IListeningPort] = []
        self._relays: dict[str, str] = {}

    def add(self, port: str) -> None:
        """Relay what comes from that port, as it is written."""

        relay = _Relay('127.0.0.1', int(self.replaced[port]))
        relay.passed = lambda size: self._happened(port, size)
        listening = self._reactor.listenTCP(0, relay, interface='127.0.0.1')
        self._listening.append(listening)
        self._relays[port] = str(listening.getHost().port)

    def actual(self, text: str) -> str:
        """Return a command line as it is run."""
        if _is_client(Command(text)):
            text = PORT.sub(lambda m: self._relays.get(m[0], m[0]), text)
        return super().actual(text)

    async def close(self) -> None:
        """Listen no more."""
        for listening in self._listening:
            await listening.stopListening()


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
        if _is_client(command):
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


def check(path: Path) -> None:
    """Raise TimelineError if nothing can be drawn there."""
    if path.suffix not in FORMATS:
        raise TimelineError(f'Not the name of an .svg or .png file: {path}')
    if not path.absolute().parent.is_dir():
        raise TimelineError(f'There is no directory {path.parent}')
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        raise TimelineError(
            "This needs matplotlib: pip install -e '.[site]'"
        ) from None


_LANE = 0.5
"""How high the lane of a task is, in inches."""

_WIDTH = 9
"""How wide the picture is, in inches."""


def draw(clients: list[Client], title: str, path: Path) -> None:
    """
    Draw the clients one above the other, on one time axis.

    Each task has a lane, in which a step is a piece of its poem; while it
    waits for the first one the lane is hatched. path: an .svg or .png
    file. Raises TimelineError if that can't be written.
    """
    check(path)
    import matplotlib
    from matplotlib.figure import Figure

    heights = [len(client.tasks) * _LANE for client in clients]
    # text that can be searched and read aloud, and the same file each time
    style = {
        'svg.fonttype': 'none',
        'svg.hashsalt': title,
        'font.size': 9,
        'hatch.linewidth': 0.5,
    }
    with matplotlib.rc_context(style):
        figure = Figure(
            figsize=(_WIDTH, sum(heights) + 0.5 * len(clients) + 0.9),
            layout='constrained',
        )
        figure.suptitle(title, fontweight='bold')
        axes = figure.subplots(
            len(clients),
            1,
            sharex=True,
            squeeze=False,
            gridspec_kw={'height_ratios': heights},
        )[:, 0]
        end = max(client.duration for client in clients)
        for ax, client in zip(axes, clients):
            _draw_client(ax, client, end)
        axes[-1].set_xlim(0, end * 1.13)
        axes[-1].set_xlabel('seconds since the client was started')
        metadata = {'Title': title}
        if path.suffix == '.svg':
            metadata['Date'] = None
        try:
            figure.savefig(path, metadata=metadata, dpi=120)
        except OSError as error:
            raise TimelineError(
                f'Cannot write {path}: {error.strerror}'
            ) from error


def _draw_client(ax, client: Client, end: float) -> None:
    """
    Draw the lanes of a client, its first task on top.

    end: the duration of the longest client, in seconds.
    """
    title = f'Scene {client.scene}: {client.script}, {client.duration:.1f} s'
    ax.set_title(title, loc='left', fontsize=9)
    count = len(client.tasks)
    for number, task in enumerate(client.tasks):
        bottom = count - 1 - number
        first, last, total = task.times[0], task.times[-1], task.totals[-1]
        ax.broken_barh(
            [(0, first)],
            (bottom, 0.8),
            facecolor='0.95',
            edgecolor='0.6',
            hatch='////',
            linewidth=0.5,
        )
        ax.fill_between(
            [first, *task.times],
            bottom,
            [bottom] + [bottom + 0.8 * sum_ / total for sum_ in task.totals],
            step='post',
            facecolor='0.35',
            edgecolor='0',
            linewidth=0.8,
        )
        if first > end / 8:
            ax.text(
                first / 2,
                bottom + 0.4,
                'waiting',
                horizontalalignment='center',
                verticalalignment='center',
                bbox={'facecolor': 'white', 'edgecolor': 'none', 'pad': 1.5},
            )
        ax.annotate(
            f'{total} bytes',
            (last, bottom + 0.4),
            xytext=(5, 0),
            textcoords='offset points',
            verticalalignment='center',
        )
    ax.set_yticks(
        [count - 1 - number + 0.4 for number in range(count)],
        [task.name for task in client.tasks],
    )
    ax.set_ylim(-0.1, count)
    ax.tick_params(axis='y', length=0)
    ax.grid(axis='x', color='0.85', linewidth=0.5)
    ax.set_axisbelow(True)
    for side in 'top', 'right', 'left':
        ax.spines[side].set_visible(False)
