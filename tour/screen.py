"""How a scene looks on the screen."""

import os
import pydoc
import signal
from shutil import get_terminal_size
from typing import TextIO

from tour.diff import Line

_BOLD = '1'
_DIM = '2'
_RED = '31'
_GREEN = '32'
_MARKED = '7'
_COLOURS = ('36', '33', '32', '35', '34', '96', '93', '92', '95', '94')


class Screen:
    """
    Prints what happens: commands, labelled lines, headings, remarks.

    out: where to. coloured: it is a terminal and NO_COLOR is not set.
    """

    def __init__(self, out: TextIO):
        self._out = out
        self.coloured = out.isatty() and not os.environ.get('NO_COLOR')
        self._colours: dict[str, str] = {}
        self._width = 0

    def _print(self, text: str = '') -> None:
        try:
            print(text, file=self._out, flush=True)
        except BrokenPipeError:
            # nobody reads any more: end as if Ctrl-C was typed
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._out.fileno())
            os.close(nowhere)
            signal.raise_signal(signal.SIGINT)

    def _paint(self, text: str, colour: str) -> str:
        return f'\x1b[{colour}m{text}\x1b[0m' if self.coloured else text

    def strong(self, text: str) -> str:
        """Return the text as headings are printed."""
        return self._paint(text, _BOLD)

    def quiet(self, text: str) -> str:
        """Return the text as remarks are printed."""
        return self._paint(text, _DIM)

    def text(self, text: str) -> None:
        """Print text as it is."""
        self._print(text)

    def heading(self, text: str) -> None:
        """Print the title of a part."""
        self._print(self.strong(text))

    def scene(self, text: str, labels: list[str]) -> None:
        """Print the title of a scene whose programs have these labels."""
        self._colours = dict(zip(dict.fromkeys(labels), _COLOURS * 9))
        self._width = max(map(len, labels))
        self._print()
        self._print(self.strong(text))

    def command(self, label: str, text: str) -> None:
        """Print a command as a reader types it."""
        self._print(self._paint(f'$ {text}', _BOLD))

    def line(self, label: str, line: str) -> None:
        """Print a line of a program's output."""
        label = self._paint(label.ljust(self._width), self._colours[label])
        self._print(f'{label} | {line}')

    def remark(self, text: str) -> None:
        """Print what the tour has to say."""
        self._print(self.quiet(text))

    def difference(self, lines: list[Line]) -> list[str]:
        """Return a difference as it is to be printed, line by line."""
        return [self._paint_line(line) for line in lines]

    def _paint_line(self, line: Line) -> str:
        if line.kind == '~':
            return self._paint(f'  ... {line.text}', _DIM)
        colour = {'-': _RED, '+': _GREEN, ' ': ''}[line.kind]
        if not colour:
            return f'  {line.text}'
        pieces = [
            self._paint(text, f'{colour};{_MARKED}' if changed else colour)
            for text, changed in line.pieces
        ]
        return self._paint(f'{line.kind} ', colour) + ''.join(pieces)

    def page(self, lines: list[str]) -> None:
        """Print lines, by way of a pager if they are too many at once."""
        if not self._out.isatty() or len(lines) < get_terminal_size().lines:
            self._print('\n'.join(lines))
            return
        os.environ.setdefault('LESS', '-R')
        pydoc.pager('\n'.join(lines))

    def error(self, text: str) -> None:
        """Print what went wrong."""
        self._print(self._paint(text, _RED))
