"""How scenes and differences look."""

from collections.abc import Iterable

from rich.text import Text

from tour.comparing import Line
from tour.place import Place
from tour.playing import Audience
from tour.screen import Screen

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


class Show(Audience):
    """
    A scene on the screen: its title, what is typed and what is printed.

    Each line has the label of its program before it, in a colour of its
    own.
    """

    def __init__(self, screen: Screen, place: Place):
        self._screen = screen
        self._place = place
        labels = list(dict.fromkeys(place.labels))
        self._colours = dict(zip(labels, _COLOURS * 9))
        self._width = max(map(len, labels))

    def begin(self) -> None:
        """Print the title, and which ports are other ones than written."""
        scene = self._place.scene
        self._screen.text('')
        self._screen.heading(f'Scene {scene.number}: {scene.title}')
        for port, instead in self._place.ports.replaced.items():
            self._screen.remark(
                f'Port {port} is taken: using {instead} instead.'
            )

    def command(self, label: str, text: str) -> None:
        """Print a command as a reader types it."""
        self._screen.show(Text(f'$ {text}', 'typed'))

    def line(self, label: str, line: str) -> None:
        """Print a line of a program's output."""
        padded = label.ljust(self._width)
        before = Text.assemble((padded, self._colours[label]), ' | ')
        self._screen.show(self._screen.wrapped(line, before=before))


def difference(screen: Screen, lines: Iterable[Line]) -> list[Text]:
    """Return a difference as it is printed, line by line."""
    return [_difference_line(screen, line) for line in lines]


def _difference_line(screen: Screen, line: Line) -> Text:
    if line.kind == '~':
        return screen.wrapped(f'... {line.text}', 'remark', before='  ')
    style = {'-': 'old', '+': 'new', ' ': ''}[line.kind]
    pieces = [
        (text, f'{style}.changed' if changed else style)
        for text, changed in line.pieces
    ]
    before = Text(f'{line.kind} ', style)
    return screen.wrapped(Text.assemble(*pieces), before=before)
