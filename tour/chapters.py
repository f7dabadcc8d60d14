"""What a chapter is: the contents of chapters.toml, checked and typed."""

import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from posixpath import normpath
from typing import get_origin

BASE = Path(__file__).resolve().parent.parent
"""The base directory of this checkout, where all commands are typed."""


class ChaptersError(Exception):
    """The manifest is missing, is no TOML, or doesn't say what it must."""


class _Checked:
    """A dataclass whose fields have the types that they are declared with."""

    def __post_init__(self):
        for field in fields(self):
            value = getattr(self, field.name)
            kind = tuple if get_origin(field.type) is tuple else field.type
            if not isinstance(value, kind):
                raise TypeError(f'{field.name} = {value!r}')


@dataclass(frozen=True)
class Command(_Checked):
    """
    One command, as a reader types it.

    text: the command line.
    exit: the exit code it must end with, unless it is interrupted.
    stop_after: a piece of the output line after which Ctrl-C is typed.
    stop_waiting: Ctrl-C is typed when the reactor runs and waits.
    stop_after_server: a piece of a server's output line after which Ctrl-C
        is typed.
    runs: the script that it runs, where the line doesn't name it.
    directory: where it is typed, relative to the base directory.
    """

    text: str
    exit: int = 0
    stop_after: str | None = None
    stop_waiting: bool = False
    stop_after_server: str | None = None
    runs: str | None = None
    directory: str = ''

    @cached_property
    def goes_to(self) -> str | None:
        """The directory in which the next commands are typed, after cd."""
        match shlex.split(self.text):
            case 'cd', directory:
                return normpath(f'{self.directory or "."}/{directory}')
        return None

    @property
    def words(self) -> list[str]:
        """The command line, split as the shell would, or for the shell."""
        if {'|', '`'} & set(self.text):
            return ['sh', '-c', self.text]
        return shlex.split(self.text)

    @cached_property
    def script(self) -> str | None:
        """The path of the script that it runs, if it runs one."""
        if self.runs is not None or self.goes_to is not None:
            return self.runs
        for word in shlex.split(self.text):
            if '/' in word and not word.startswith('poetry/'):
                return word.removeprefix('./')
        return None


@dataclass(frozen=True)
class Scene(_Checked):
    """
    Servers to start and, when they listen, commands to run in turn.

    part, number: where it stands; scenes count from 1 in each part.
    race: the first command takes the sum of its tasks, the second takes
        as long as the slowest; the tour says so with the times it took.
    outcomes: how many different outcomes it has, by chance.
    daemon: the file with the process id of a daemon that it starts.
    """

    part: str
    number: int
    title: str
    servers: tuple[Command, ...]
    commands: tuple[Command, ...]
    race: bool = False
    outcomes: int = 1
    daemon: str | None = None

    @property
    def all(self) -> tuple[Command, ...]:
        """The commands that start servers, and then the others."""
        return self.servers + self.commands

    @property
    def name(self) -> str:
        """A name for files and tests, like ``part-02-scene-1``."""
        return f'part-{self.part:0>2}-scene-{self.number}'


@dataclass(frozen=True)
class Comparison(_Checked):
    """Two versions to read side by side, and what to look for."""

    old: str
    new: str
    look: str


@dataclass(frozen=True)
class Tool(_Checked):
    """
    What a part needs besides Python and Twisted.

    name: what it is.
    check: a command that succeeds where it is there.
    package: the Debian packages that have it.
    """

    name: str
    check: str
    package: str


@dataclass(frozen=True)
class Part(_Checked):
    """
    A part of the tutorial: its scenes and versions.

    idea: what it is about. watch: what to watch for. tools: what it needs
    besides Python and Twisted. timeline: the site shows its clients in
    time.
    """

    id: str
    title: str
    idea: str
    watch: str
    scenes: tuple[Scene, ...]
    comparisons: tuple[Comparison, ...]
    tools: tuple[Tool, ...]
    timeline: bool = False

    @property
    def scripts(self) -> list[str]:
        """The scripts that its scenes run for the first time, in order."""
        commands = (c for scene in self.scenes for c in scene.all)
        return list(dict.fromkeys(c.script for c in commands if c.script))


@dataclass(frozen=True)
class Trail(_Checked):
    """
    A line of versions to read one after the other.

    title: what each of them is a version of. versions: the scripts.
    """

    id: str
    title: str
    versions: tuple[str, ...]


@dataclass(frozen=True)
class SlowServer(_Checked):
    """The script that ``--speed`` makes wait less, and how."""

    script: str
    option: str
    default: float


@dataclass(frozen=True)
class Chapters:
    """The whole manifest, and the directory that its paths start from."""

    base: Path
    slow_server: SlowServer
    parts: tuple[Part, ...]
    trails: tuple[Trail, ...] = ()

    def part(self, id: str) -> Part | None:
        """Return the part of that id, or None."""
        return next((part for part in self.parts if part.id == id), None)

    def new_scripts(self) -> dict[str, list[str]]:
        """Return the scripts of each part that no earlier part runs."""
        seen: set[str] = set()
        new = {}
        for part in self.parts:
            new[part.id] = [s for s in part.scripts if s not in seen]
            seen.update(part.scripts)
        return new


def load(path: Path = BASE / 'chapters.toml') -> Chapters:
    """
    Read the manifest.

    path: the TOML file; its directory is the base of all paths in it.
    Raises ChaptersError, with a line that says what is wrong.
    """
    try:
        with open(path, 'rb') as file:
            data = tomllib.load(file)
        tools = {
            name: Tool(**table) for name, table in data.get('tool', {}).items()
        }
        return Chapters(
            base=path.resolve().parent,
            slow_server=SlowServer(**data['slow-server']),
            parts=tuple(_part(part, tools) for part in data['part']),
            trails=tuple(_trail(trail) for trail in data.get('trail', [])),
        )
    except OSError as error:
        raise ChaptersError(f'Cannot read {path}: {error.strerror}') from error
    except ValueError as error:
        raise ChaptersError(f'{path} is no TOML: {error}') from error
    except (KeyError, TypeError) as error:
        raise ChaptersError(f'{path} has something wrong: {error}') from error


def _part(table: dict, tools: dict[str, Tool]) -> Part:
    scenes = table.pop('scene', [])
    return Part(
        scenes=tuple(
            _scene(scene, table['id'], number)
            for number, scene in enumerate(scenes, 1)
        ),
        comparisons=tuple(
            Comparison(**pair) for pair in table.pop('compare', [])
        ),
        tools=tuple(tools[name] for name in table.pop('tools', [])),
        **table,
    )


def _trail(table: dict) -> Trail:
    versions = tuple(table.pop('versions'))
    return Trail(versions=versions, **table)


def _scene(table: dict, part: str, number: int) -> Scene:
    servers = table.pop('servers', [])
    commands = table.pop('commands')
    return Scene(
        part=part,
        number=number,
        servers=tuple(_command(server) for server in servers),
        commands=tuple(_commands(commands)),
        **table,
    )


def _commands(entries: list[str | dict]) -> Iterator[Command]:
    """Return the commands, each where the ones before it lead."""
    directory = ''
    for entry in entries:
        command = replace(_command(entry), directory=directory)
        directory = command.goes_to or directory
        yield command


def _command(entry: str | dict) -> Command:
    if isinstance(entry, str):
        return Command(entry)
    return Command(**entry)
