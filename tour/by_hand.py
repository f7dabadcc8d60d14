"""A scene to type along: what to type in which terminal, and when."""

import os.path
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

from rich.text import Text

from tour.book import Book, Command, Scene
from tour.pace import Pace
from tour.place import Place, on_paper


class ByHand:
    """
    Scenes, one after the other, in terminals that stay open.

    What is to be typed stands alone in its lines, everything else behind a
    ``#``. start: the directory in which the reader is.
    """

    def __init__(self, book: Book, pace: Pace, start: Path):
        self._book = book
        self._pace = pace
        self._start = start
        # where each terminal is, below the base directory
        self._directories: dict[int, str] = {}

    def preparation(self) -> Iterator[Text]:
        """Yield what to type first of all in each terminal."""
        base, environment = self._book.base, Path(sys.prefix)
        lines = []
        if self._start != base:
            lines.append(f'cd {shlex.quote(_nearest(base, self._start))}')
        activate = environment / 'bin' / 'activate'
        if activate.exists():
            nearest = _nearest(activate, base)
            lines.append(f'. {shlex.quote(nearest)}')
        if lines:
            yield _remark('first, in every terminal')
            yield from map(_typed, lines)
            yield Text('')

    def scene(self, scene: Scene, count: int) -> Iterator[Text]:
        """Yield what to type for a scene, one of so many."""
        place = on_paper(self._book, scene, self._pace)
        yield _remark(f'Scene {scene.number} of {count}: {scene.title}')
        for tool in scene.tools:
            yield _remark(f'needs {tool.name}: {tool.package}, in Debian')
        if scene.daemon:
            yield _remark(
                f'no other daemon may run here: if there is a {scene.daemon},'
            )
            yield _remark(f'type kill `cat {scene.daemon}` before')
        terminal = 0
        for server in scene.servers:
            terminal += 1
            yield _remark(f'terminal {terminal}, leave it running')
            yield from self._go(terminal, '')
            yield _typed(place.line(server))
        terminal += 1
        yield _remark(f'terminal {terminal}')
        for command in scene.commands:
            if command.goes_to is not None:
                yield from self._go(terminal, command.goes_to)
                continue
            yield from self._go(terminal, command.directory)
            yield from self._command(place, command)
        stopped = any(c.stop_servers_after for c in scene.commands)
        if scene.servers and not stopped:
            yield _remark(f'press Ctrl-C in {_terminals(len(scene.servers))}')
        yield Text('')

    def _command(self, place: Place, command: Command) -> Iterator[Text]:
        yield _typed(place.line(command))
        if command.types:
            yield _remark('then type these lines:')
            # a blank line ends what some programs read
            yield from (_typed(line) for line in command.types)
        if command.outcomes > 1:
            yield _remark(
                f'type it again: there are {command.outcomes} outcomes,'
                ' by chance'
            )
        if command.stop_servers_after is not None:
            servers = _terminals(len(place.scene.servers))
            yield _remark(
                f'press Ctrl-C in {servers} when it has printed:'
                f' {command.stop_servers_after}'
            )
        if command.stop_after is not None:
            yield _remark(
                f'press Ctrl-C when it has printed: {command.stop_after}'
            )
        elif command.stop_after_server is not None:
            yield _remark(
                'press Ctrl-C when the server has printed:'
                f' {command.stop_after_server}'
            )
        elif command.stop_waiting:
            yield _remark('it waits for ever: press Ctrl-C after a moment')
        elif command.exit:
            yield _remark(f'it fails, with exit code {command.exit}')

    def _go(self, terminal: int, directory: str) -> Iterator[Text]:
        """Yield the way from where a terminal is, if it is elsewhere."""
        before = self._directories.get(terminal, '')
        self._directories[terminal] = directory
        way = os.path.relpath(directory or '.', before or '.')
        if way != '.':
            yield _typed(f'cd {shlex.quote(way)}')


def _nearest(path: Path, start: Path) -> str:
    """Return a path as one types it there: the shorter the better."""
    return min(str(path), os.path.relpath(path, start), key=len)


def _terminals(count: int) -> str:
    *numbers, last = map(str, range(1, count + 1))
    if not numbers:
        return f'terminal {last}'
    return f'terminals {", ".join(numbers)} and {last}'


def _typed(line: str) -> Text:
    return Text(line, 'typed')


def _remark(line: str) -> Text:
    return Text(f'# {line}', 'remark')
