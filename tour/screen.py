"""How a scene looks on the screen."""

import os
import signal
from typing import TextIO

_BOLD = '1'
_DIM = '2'
_RED = '31'
_COLOURS = ('36', '33', '32', '35', '34', '96', '93', '92', '95', '94')


class Screen:
    """
    Prints what happens: commands, labelled lines, headings, remarks.

    out: where to; in colour if it is a terminal and NO_COLOR is not set.
    """

    def __init__(self, out: TextIO):
        self._out = out
        self._coloured = out.isatty() and not os.environ.get('NO_COLOR')
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
        return f'\x1b[{colour}m{text}\x1b[0m' if self._coloured else text

    def text(self, text: str) -> None:
        """Print text as it is."""
        self._print(text)

    def heading(self, text: str) -> None:
        """Print the title of a part."""
        self._print(self._paint(text, _BOLD))

    def scene(self, text: str, labels: list[str]) -> None:
        """Print the title of a scene whose programs have these labels."""
        self._colours = dict(zip(dict.fromkeys(labels), _COLOURS * 9))
        self._width = max(map(len, labels))
        self._print()
        self._print(self._paint(text, _BOLD))

    def command(self, label: str, text: str) -> None:
        """Print a command as a reader types it."""
        self._print(self._paint(f'$ {text}', _BOLD))

    def line(self, label: str, line: str) -> None:
        """Print a line of a program's output."""
        label = self._paint(label.ljust(self._width), self._colours[label])
        self._print(f'{label} | {line}')

    def remark(self, text: str) -> None:
        """Print what the tour has to say."""
        self._print(self._paint(text, _DIM))

    def error(self, text: str) -> None:
        """Print what went wrong."""
        self._print(self._paint(text, _RED))
