"""What a terminal, a pipe or a file is shown: styles, wrapping, paging."""

import os
from collections.abc import Iterable
from typing import TextIO

from rich.console import Console
from rich.segment import Segment, Segments
from rich.text import Text
from rich.theme import Theme

from tour.paging import page

STYLES = {
    'heading': 'bold',
    'typed': 'bold',
    'remark': 'dim',
    'question': 'reverse',
    'error': 'red',
    'note': 'cyan',
    'old': 'red',
    'new': 'green',
    'old.changed': 'reverse red',
    'new.changed': 'reverse green',
}
"""How what is printed looks, by what it is."""

NARROWEST = 20
"""Columns that text has at least, however narrow the terminal is."""


class Screen:
    """
    Prints text: on a terminal styled and wrapped at words, else as it is.

    out: where to. console: rich's, for what is printed in other ways.
    is_terminal: somebody watches. coloured: styles are shown, as it is a
    terminal that has them and NO_COLOR is not set.
    """

    def __init__(self, out: TextIO):
        self.is_terminal = out.isatty()
        self.console = Console(
            file=out,
            force_terminal=self.is_terminal,
            color_system=None if os.environ.get('NO_COLOR') else 'auto',
            theme=Theme(STYLES),
            highlight=False,
            markup=False,
            emoji=False,
        )
        self.coloured = self.console.color_system is not None

    def wrapped(
        self,
        text: str | Text,
        style: str = '',
        before: str | Text = '',
        measure: int | None = None,
    ) -> Text:
        """
        Return text as it is printed: on a terminal in lines that fit.

        style: one of STYLES, or of rich, where the text has none. before:
        what stands before the first line; the others are set in by as much.
        measure: how many columns to use at most.
        """
        text = text if isinstance(text, Text) else Text(text, style)
        if not self.is_terminal:
            return Text.assemble(before, text)
        indent = Text.assemble(before).cell_len
        width = min(self.console.width, measure or self.console.width)
        width = max(width - indent, NARROWEST)
        first, *others = text.wrap(self.console, width)
        lines = [Text.assemble(before, first)]
        lines += [Text.assemble(' ' * indent, line) for line in others]
        return Text('\n').join(lines)

    def show(self, *texts: Text) -> None:
        """Print each text on lines of its own, as it is."""
        for text in texts:
            if self.is_terminal:
                # a line that is too long is the terminal's to break, so
                # that it stays one where it is copied
                self.console.print(text, soft_wrap=True)
            else:
                # not even tabs are touched
                raw = Segments([Segment(f'{text.plain}\n')])
                self.console.print(raw, crop=False)

    def page(self, texts: Iterable[Text], stops: str | None = None) -> None:
        """
        Show texts, by way of a pager if they are too many at once.

        stops: a regular expression for the lines between which the keys of
        the pager go, if it has any.
        """
        whole = Text('\n').join(texts)
        height = self.console.height
        if (
            not self.is_terminal
            or self.console.is_dumb_terminal
            or len(self.console.render_lines(whole, pad=False)) < height
        ):
            self.show(whole)
            return
        with self.console.capture() as capture:
            self.show(whole)
        if not page(capture.get(), self.console.encoding, stops):
            self.show(whole)

    def text(self, text: str) -> None:
        """Print text as it is."""
        self.show(Text(text))

    def ask(self, text: str) -> None:
        """Print a question: the answer is typed behind it."""
        asked = Text.assemble((text, 'question'), ' ')
        self.console.print(asked, end='', soft_wrap=True)

    def heading(self, text: str) -> None:
        """Print the title of what follows."""
        self.show(self.wrapped(text, 'heading'))

    def remark(self, text: str) -> None:
        """Print what the tour has to say."""
        self.show(self.wrapped(text, 'remark'))

    def error(self, text: str) -> None:
        """Print what went wrong."""
        self.show(self.wrapped(text, 'error'))
