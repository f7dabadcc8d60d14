"""How scenes look."""

from collections.abc import Callable

from rich.cells import cell_len
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from tour.book import Scene
from tour.counting import (
    Count,
    Pieces,
    Recital,
    poems_of,
    port_of,
    sizes_of,
)
from tour.pieces import Piece, piece_of
from tour.place import Place
from tour.playing import Audience
from tour.screen import Screen
from tour.window import Window

_COLOURS = (
    'cyan',
    'yellow',
    'green',
    'magenta',
    'blue',
    'bright_cyan',
    'bright_yellow',
    'bright_green',
    'bright_magenta',
    'bright_blue',
)


_BAR = 12
"""How wide the bar of a count is, in columns."""


def title(window: Window, scene: Scene, count: int) -> None:
    """Print which of so many scenes it is, and what it needs."""
    screen = window.screen
    title = f'Scene {scene.number} of {count}: {scene.title}'
    window.show(Text(''), screen.wrapped(title, 'heading'))
    if _is_cut(screen, scene):
        hint = (
            f'It draws {scene.columns} columns wide, and there are'
            f' {screen.console.width}: make the window wider, or you see'
            ' only what fits.'
        )
        window.show(screen.wrapped(hint, 'remark'))


def _is_cut(screen: Screen, scene: Scene) -> bool:
    """Return whether the drawings of a scene are wider than the terminal."""
    return screen.is_terminal and scene.columns > screen.console.width


class Show(Audience):
    """
    A scene as it is watched: what is typed and what is printed.

    Where several programs print at a time, each line has the label of its
    program before it, in a colour of its own. Lines that only say that
    another piece was sent or received are counted, and on a terminal so are
    most lines of a poem.

    every_line: nothing is counted, everything is shown.
    """

    def __init__(self, window: Window, place: Place, every_line: bool = False):
        self._window = window
        self._screen = window.screen
        self._place = place
        self._every_line = every_line
        labels = list(dict.fromkeys(place.labels))
        self._colours = dict(zip(labels, _COLOURS * 9))
        self._width = max(map(len, labels), default=0)
        self._servers = {place.label(s) for s in place.scene.servers}
        self._sizes = sizes_of(place)
        self._poems = poems_of(place) if self._screen.is_terminal else []
        self._recitals: dict[str, Recital] = {}
        self._counts: dict[tuple[str, str], Pieces] = {}
        self._alone: str | None = None

    def begin(self) -> None:
        """Print which ports are other ones than written."""
        for port, instead in self._place.ports.replaced.items():
            said = f'Port {port} is taken: using {instead} instead.'
            self._window.show(self._screen.wrapped(said, 'remark'))

    def command(self, label: str, text: str) -> None:
        """Print a command as a reader types it."""
        # the one before it has ended, while servers go on
        self._end(lambda label: label not in self._servers)
        self._alone = None
        self._window.show(Text(f'$ {text}', 'typed'))

    def line(self, label: str, line: str) -> None:
        """Print a line of a program's output, or count it."""
        if self._every_line:
            self._print(label, line)
            return
        if piece := piece_of(line):
            self._count(label, piece)
        else:
            self._end_unknown(label)
            recital = self._recitals.setdefault(label, Recital(self._poems))
            for shown in recital.lines(line):
                self._print(label, shown)
        self._draw()

    def end(self) -> None:
        """Print what is counted, as there will be no more of it."""
        self._end(lambda label: True)

    def _count(self, label: str, piece: Piece) -> None:
        key = label, f'{piece.before}{piece.after}'
        if key not in self._counts:
            port = port_of(label if piece.is_sent else piece.after)
            self._counts[key] = Pieces(self._sizes.get(port))
        count = self._counts[key]
        count.add(piece)
        if count.done == count.whole:
            self._end_count(key)

    def _end_count(self, key: tuple[str, str]) -> None:
        label, _ = key
        count = self._counts.pop(key)
        if self._window.counts:
            self._print(label, count.result)
            return
        for line in count.folded:
            self._print(label, line)

    def _end_unknown(self, label: str) -> None:
        """
        End the counts of a program that has said something else.

        A client may say something else between two pieces, but if it is
        known how much will come, there is no need to end the count.
        """
        for key, count in list(self._counts.items()):
            if key[0] == label and (
                label in self._servers or count.whole is None
            ):
                self._end_count(key)

    def _end(self, wanted: Callable[[str], bool]) -> None:
        """End all counts of the programs with certain labels."""
        for key in [key for key in self._counts if wanted(key[0])]:
            self._end_count(key)
        for label, recital in self._recitals.items():
            if wanted(label):
                for line in recital.end():
                    self._print(label, line)
        self._draw()

    def _draw(self) -> None:
        """Let the window show the counts."""
        counts: list[tuple[str, Count]] = [
            (label, count) for (label, _), count in self._counts.items()
        ]
        counts += [
            (label, recital.verses)
            for label, recital in self._recitals.items()
            if recital.verses is not None
        ]
        order = list(self._colours)
        counts.sort(key=lambda item: (order.index(item[0]), item[1].text))
        table = Table.grid(padding=(0, 1))
        for _ in range(4):
            table.add_column(no_wrap=True)
        for label, count in counts:
            before = [self._label(label)] if self._servers else []
            table.add_row(*before, *_columns(count))
        self._window.count(table)

    def _label(self, label: str) -> Text:
        if not self._servers:
            return Text('')
        padded = label.ljust(self._width)
        return Text.assemble((padded, self._colours[label]), ' |')

    def _print(self, label: str, line: str) -> None:
        """Print a line with its label, which may need a line of its own."""
        before = Text.assemble(
            self._label(label), ' ' if self._servers else ''
        )
        width = self._screen.console.width
        length = cell_len(line.expandtabs())
        # the label would break a line that isn't too long by itself
        alone = length <= width < before.cell_len + length
        if alone and self._screen.is_terminal:
            if self._alone != label:
                self._window.show(before)
            before = Text('')
        self._alone = label if alone else None
        text = self._screen.wrapped(line, before=before)
        if _is_cut(self._screen, self._place.scene):
            text = Text.assemble(before, line)
            text.truncate(width)
        self._window.show(text)


def _columns(count: Count) -> tuple[str | ProgressBar, ...]:
    """Return how a count is shown while it goes on."""
    if count.whole is None:
        return count.text, '', f'{count.done} {count.unit}'
    return (
        count.text,
        ProgressBar(count.whole, count.done, width=_BAR),
        f'{count.done} of {count.whole} {count.unit}',
    )
