"""Where a scene is played: its directory, its ports, its command lines."""

import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tour.book import Book, Command, File, Scene, SlowServer
from tour.daemon import Daemon
from tour.errors import SceneError
from tour.lock import Lock
from tour.pace import Pace
from tour.ports import PORT, Ports


@dataclass(frozen=True)
class Place:
    """
    Where and how a scene is played.

    directory: where its commands are typed.
    ports: those that its commands name, and those that are used.
    slow_server: what the speed applies to.
    detours: ports, as the clients are given them, by way of which they
        reach those of the servers, as they are written.
    environment: returns that of a command, from the one of all.
    """

    scene: Scene
    directory: Path
    ports: Ports
    slow_server: SlowServer
    pace: Pace = Pace()
    detours: Mapping[str, str] = field(default_factory=dict)
    environment: Callable[[Command, dict[str, str]], dict[str, str]] = (
        lambda command, environment: environment
    )

    def line(self, command: Command) -> str:
        """Return the command line as it is typed here."""
        text = self._hurried(command)
        if command.is_client:
            text = PORT.sub(lambda m: self.detours.get(m[0], m[0]), text)
        return self.ports.actual(text)

    def _hurried(self, command: Command) -> str:
        """Return the command line with its delay divided by the speed."""
        slow, speed = self.slow_server, self.pace.speed
        if speed == 1 or command.script != slow.script:
            return command.text
        given = re.search(rf'{slow.option}[ =](\S+)', command.text)
        delay = float(given[1]) if given else slow.default
        hurried = f'{slow.option} {delay / speed:g}'
        if given:
            return command.text.replace(given[0], hurried)
        return f'{command.text} {hurried}'

    def label(self, command: Command) -> str:
        """Return a short name for the process that the command starts."""
        return label(command, self.line(command))

    @property
    def labels(self) -> list[str]:
        """The labels of all processes of the scene, in order."""
        started = (c for c in self.scene.all if c.goes_to is None)
        return [self.label(command) for command in started]


def label(command: Command, line: str) -> str:
    """
    Return a short name for the process that a command starts.

    line: its command line as it is typed.
    """
    name = command.directory or (command.script or line.split()[0])
    name = name.split('/')[0]
    port = re.search(r'--port[ =](\d+)', line)
    return f'{name}:{port[1]}' if port else name


def on_paper(book: Book, scene: Scene, pace: Pace) -> Place:
    """Return a place to see what would be typed: with all ports as written."""
    return Place(scene, book.base, Ports([]), book.slow_server, pace)


@contextmanager
def here(book: Book, scene: Scene, pace: Pace) -> Iterator[Place]:
    """
    Play a scene where the reader is: in the base directory.

    Ports are those that are written, as far as they are free. They are
    reserved until the context is left. Raises SceneError if one is taken
    that can't be replaced.
    """
    fixed = fixed_ports(book, scene)
    with Ports([*_texts(scene), *fixed]) as ports:
        _demand_fixed(scene, fixed, ports)
        yield Place(scene, book.base, ports, book.slow_server, pace)


@contextmanager
def reserved(book: Book, scenes: Iterable[Scene]) -> Iterator[None]:
    """
    See to it that scenes can be played where the reader is.

    Until the context is left, no other tour plays there what two can't
    play at once. Raises SceneError if another one does, or if something
    is in the way that a scene can't do without.
    """
    with Lock(book.base) as lock:
        for scene in scenes:
            if scene.daemon:
                if not lock.acquire():
                    raise SceneError(
                        f'Another tour uses {scene.daemon} here, as scene'
                        f' {scene.number} does, too.',
                        help=['Wait until it has ended, and start again.'],
                    )
                Daemon(book.base / scene.daemon)
            fixed = fixed_ports(book, scene)
            with Ports(fixed) as ports:
                _demand_fixed(scene, fixed, ports)
        yield


def _demand_fixed(
    scene: Scene, fixed: Mapping[str, str], ports: Ports
) -> None:
    """Raise SceneError if a port is taken that can't be replaced."""
    for port, script in fixed.items():
        if port in ports.replaced:
            raise SceneError(
                f'Scene {scene.number} needs port {port}, as {script} uses'
                ' no other, and it is taken.',
                help=['End what listens there, and start again.'],
            )


def fixed_ports(
    book: Book, scene: Scene, instead: Mapping[str, Path] | None = None
) -> dict[str, str]:
    """
    Return ports that a script names and its command line doesn't.

    Each has its script. Only in a copy of it can they be replaced. instead:
    other files that are there under the paths of some scripts.
    """
    fixed = {}
    for command in scene.all:
        if command.script and not PORT.search(command.text):
            path = book.base / command.script
            path = (instead or {}).get(command.script, path)
            if path.is_file():
                source = path.read_text('utf-8', errors='replace')
                found = PORT.findall(source)
                fixed.update(dict.fromkeys(found, command.script))
    return fixed


@contextmanager
def apart(
    book: Book,
    scene: Scene,
    pace: Pace,
    instead: Mapping[str, Path] | None = None,
) -> Iterator[Place]:
    """
    Play a scene in a directory and on ports of its own.

    So any number of scenes can be played side by side. The directory has
    what the scene's scripts need, with the ports in it replaced, too; it is
    removed and the ports are released when the context is left. instead:
    other files that are there under the paths of some scripts.
    """
    texts = [*_texts(scene), *fixed_ports(book, scene, instead)]
    with (
        tempfile.TemporaryDirectory() as name,
        Ports(texts, keep=False) as ports,
    ):
        directory = Path(name).resolve()
        for poem in (book.base / 'poetry').glob('*.txt'):
            (directory / 'poetry').mkdir(exist_ok=True)
            shutil.copy(poem, directory / 'poetry')
        for file in _files(scene):
            source = (instead or {}).get(file.path, book.base / file.path)
            target = directory / (file.put or file.path)
            _copy(source, target, file, ports)
        yield Place(scene, directory, ports, book.slow_server, pace)


def _texts(scene: Scene) -> list[str]:
    return [command.text for command in scene.all]


def _files(scene: Scene) -> list[File]:
    """Return what the scene's commands need from the base directory."""
    given = {file.path for file in scene.files}
    scripts = dict.fromkeys(command.script for command in scene.all)
    return [
        *(File(path=path) for path in scripts if path and path not in given),
        *scene.files,
    ]


def _copy(source: Path, target: Path, file: File, ports: Ports) -> None:
    """Copy a file of a scene. Raises SceneError if it isn't as it should."""
    text = source.read_text('utf-8')
    if file.old:
        if text.count(file.old) != 1:
            raise SceneError(f'{file.path}: not just once: {file.old}')
        text = text.replace(file.old, file.new)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(ports.actual(text), 'utf-8')
    shutil.copymode(source, target)
