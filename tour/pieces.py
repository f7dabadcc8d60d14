"""Lines that say no more than that another piece was sent or received."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

_SENT = re.compile(r'(Sending )(\d+)( bytes)')
_GOT = re.compile(
    r'(Task \d+: got )(\d+)( bytes of poetry from \S+(?:, \S+)*)'
)


@dataclass(frozen=True)
class Piece:
    """
    What such a line says.

    size: the bytes of the piece. before, after: what stands around them.
    """

    before: str
    size: int
    after: str

    @property
    def line(self) -> str:
        """The line itself."""
        return f'{self.before}{self.size}{self.after}'

    @property
    def is_sent(self) -> bool:
        """Whether it was sent; otherwise it was received."""
        return self.after == ' bytes'


def piece_of(line: str) -> Piece | None:
    """Return what the line says of a piece, or None if it says more."""
    match = _SENT.fullmatch(line) or _GOT.fullmatch(line)
    return Piece(match[1], int(match[2]), match[3]) if match else None


def fold(pieces: Iterable[Piece], end: Callable[[int], str]) -> list[str]:
    """
    Return a few lines in place of those about the pieces of one process.

    There is one line for everything that a task received, and two for what
    was sent: the first as it was, and what came of it. end: returns that,
    of the sum of the bytes sent.
    """
    tasks: dict[tuple[str, str], list[Piece]] = {}
    sent = []
    for piece in pieces:
        if piece.is_sent:
            sent.append(piece)
        else:
            tasks.setdefault((piece.before, piece.after), []).append(piece)
    lines = [
        f'{before}{"n + ... + n = " if len(run) > 1 else ""}'
        f'{sum(piece.size for piece in run)}{after}'
        for (before, after), run in sorted(tasks.items())
    ]
    if sent:
        total = sum(piece.size for piece in sent)
        lines += [sent[0].line, f'... ({end(total)})']
    return lines
