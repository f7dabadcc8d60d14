"""What comes in many pieces, and is shown by counting them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from tour.pieces import Piece, fold
from tour.place import Place

SHORT = 8
"""How many lines a poem has that is shown in full."""

_OPTION = re.compile(r'--port[ =](\d+)')
_PORT = re.compile(r'(?::|port=)(\d+)')
_POEM = re.compile(r'poetry/\S+\.txt')


class Count(Protocol):
    """Something of which there is more and more."""

    @property
    def text(self) -> str:
        """What it is."""

    @property
    def done(self) -> int:
        """How much there is."""

    @property
    def whole(self) -> int | None:
        """How much there will be, if that is known."""

    @property
    def unit(self) -> str:
        """Of what there is so much."""

    @property
    def result(self) -> str:
        """What to say when there will be no more."""


@dataclass
class Pieces:
    """
    Pieces of one poem, sent or received.

    whole: the bytes of the poem, if they are known.
    """

    whole: int | None
    unit: str = 'bytes'
    pieces: list[Piece] = field(default_factory=list)
    done: int = 0

    def add(self, piece: Piece) -> None:
        """Add the next piece."""
        self.pieces.append(piece)
        self.done += piece.size

    @property
    def text(self) -> str:
        """The first words of the first line."""
        first = self.pieces[0]
        return f'{first.before}{first.size} bytes'

    @property
    def result(self) -> str:
        """All of them, in a line."""
        count = len(self.pieces)
        if count == 1:
            return self.pieces[0].line
        return f'{self.text} ... {self.done} bytes in {count} pieces'

    @property
    def folded(self) -> list[str]:
        """All of them, as the transcripts have them."""
        return fold(self.pieces, lambda total: f'{total} bytes')


@dataclass
class Verses:
    """The lines of a poem that are counted instead of shown."""

    whole: int | None
    text: str = '...'
    unit: str = 'lines'
    done: int = 0

    @property
    def result(self) -> str:
        """How many there were."""
        return f'... ({self.done} {self.unit})'


class Recital:
    """
    What one program prints; of its poems just the title and the poet.

    poems: the lines of each poem that it may print. verses: those that are
    counted at the moment.
    """

    def __init__(self, poems: list[list[str]]):
        self.verses: Verses | None = None
        self._poems = poems
        self._left: list[str] = []

    def lines(self, line: str) -> Iterator[str]:
        """Yield the lines to show when the program has printed that one."""
        begins = not self._left or self._left[0] != line
        if begins:
            self._left = next((p for p in self._poems if p[0] == line), [])
        self._left = self._left[1:]
        if begins or not self._left:
            # the title, or the poet, or no line of a poem
            yield from self._counted()
            yield line
            return
        if self.verses is None:
            self.verses = Verses(len(self._left))
        self.verses.done += 1

    def _counted(self) -> Iterator[str]:
        if self.verses is not None:
            yield self.verses.result
        self.verses = None

    def end(self) -> Iterator[str]:
        """Yield what is to be shown when the poem isn't continued."""
        self._left = []
        yield from self._counted()


def poems_of(place: Place) -> list[list[str]]:
    """Return the lines of the poems that the scene's programs may print."""
    files = sorted((place.directory / 'poetry').glob('*.txt'))
    texts = [file.read_text('utf-8') for file in files]
    # client 5 and the transform server make them so
    texts += [text.lower() for text in texts]
    poems = [text.rstrip('\n').split('\n') for text in texts]
    return [poem for poem in poems if len(poem) > SHORT]


def sizes_of(place: Place) -> dict[str, int]:
    """Return the bytes of the poem on each port that the scene serves."""
    sizes = {}
    for server in place.scene.servers:
        line = place.line(server)
        port, poem = _OPTION.search(line), _POEM.search(line)
        if port and poem:
            path = place.directory / poem[0]
            sizes[port[1]] = path.stat().st_size
    return sizes


def port_of(text: str) -> str:
    """Return the port of an address or a label, or ''."""
    match = _PORT.search(text)
    return match[1] if match else ''
