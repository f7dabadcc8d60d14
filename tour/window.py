"""What a reader sees while scenes run, and at which pace."""

from collections import deque
from typing import Any

from rich.cells import cell_len
from rich.live import Live
from rich.table import Table
from rich.text import Text
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall

from tour.keyboard import Keyboard
from tour.screen import Screen

REFRESH = 0.05
"""Seconds between two drawings of the lines that count."""

READING = 5
"""Seconds that a line is on the screen before others may push it away."""

MORE = 'Enter: more'
"""What is asked when the screen is full of lines that are new."""


class Window:
    """
    A screen with texts and, below them, a few lines that change.

    With a keyboard it waits for Enter before it pushes lines off the
    screen that nobody can have read; the programs run on meanwhile.

    screen: where it is. keyboard: None if it never waits.
    counts: whether lines can change, as on a terminal that isn't dumb.
    """

    def __init__(
        self,
        screen: Screen,
        reactor: Any,
        keyboard: Keyboard | None = None,
    ):
        self.screen = screen
        self.counts = screen.console.is_interactive
        self._reactor = reactor
        self._keyboard = keyboard
        # when each row was printed, since the reader was last asked
        self._rows: deque[float] = deque()
        self._held: list[Text] = []
        self._asking: Deferred[str | None] | None = None
        self._waiting: list[Deferred[None]] = []
        self._counts = Table.grid()
        self._live: Live | None = None
        self._drawing: IDelayedCall | None = None
        if keyboard is not None:
            keyboard.hush()

    @property
    def waits(self) -> bool:
        """Whether there is somebody to wait for."""
        return self._keyboard is not None

    def show(self, *texts: Text) -> None:
        """Print each text on lines of its own, now or after an Enter."""
        for text in texts:
            if self._asking is not None:
                self._held.append(text)
            elif self._is_full(text):
                self._held.append(text)
                self._ask_for_more()
            else:
                self._print(text)

    def _print(self, text: Text) -> None:
        now = self._reactor.seconds()
        self._rows.extend([now] * self._height(text))
        while len(self._rows) > self._room:
            self._rows.popleft()
        self.screen.show(text)

    def _height(self, text: Text) -> int:
        """Return how many rows a text takes."""
        width = self.screen.console.width
        lines = text.plain.expandtabs().split('\n')
        return sum(max(1, -(-cell_len(line) // width)) for line in lines)

    @property
    def _room(self) -> int:
        """How many rows there are for texts: the last one is to ask in."""
        return max(1, self.screen.console.height - 1 - self._counts.row_count)

    def _is_full(self, text: Text) -> bool:
        """Return whether a text would push away what is new."""
        pushed = len(self._rows) + self._height(text) - self._room
        if self._keyboard is None or pushed <= 0 or not self._rows:
            return False
        last = self._rows[min(pushed, len(self._rows)) - 1]
        now: float = self._reactor.seconds()
        return now - last < READING

    def _ask_for_more(self) -> None:
        self._asking = Deferred.fromCoroutine(self._ask(MORE))
        self._asking.addCallbacks(lambda answer: self._go_on(), lambda _: None)

    def _go_on(self) -> None:
        self._asking = None
        held, self._held = self._held, []
        self.show(*held)
        self.count(self._counts)
        if self._asking is None:
            waiting, self._waiting = self._waiting, []
            for d in waiting:
                d.callback(None)

    async def all_shown(self) -> None:
        """Return when nothing waits to be shown any more."""
        if self._asking is not None:
            d: Deferred[None] = Deferred()
            self._waiting.append(d)
            await d

    async def ask(self, question: str) -> str | None:
        """
        Ask a question when all is shown, and return the answer.

        Returns None if there will be none: the reader has left.
        """
        await self.all_shown()
        return await self._ask(question) if self._keyboard else None

    async def _ask(self, question: str) -> str | None:
        assert self._keyboard is not None
        self._stop_counting()
        self._keyboard.restore()
        answering = self._keyboard.line()
        answer = None
        try:
            self.screen.ask(question)
            answer = await answering
        finally:
            if answer is None:
                # neither Ctrl-C nor Ctrl-D ends the line
                self.screen.text('')
            else:
                self._keyboard.hush()
        if answer is None:
            self._keyboard = None
        self._rows.clear()
        return answer

    def count(self, counts: Table) -> None:
        """Show these rows below all texts, in place of those before."""
        self._counts = counts
        if not counts.row_count:
            self._stop_counting()
        elif self.counts and self._asking is None and self._drawing is None:
            self._drawing = self._reactor.callLater(REFRESH, self._draw)

    def _draw(self) -> None:
        self._drawing = None
        if self._live is None:
            self._live = Live(
                console=self.screen.console,
                auto_refresh=False,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._live.start()
        self._live.update(self._counts, refresh=True)

    def _stop_counting(self) -> None:
        if self._drawing is not None:
            self._drawing.cancel()
            self._drawing = None
        if self._live is not None:
            self._live.stop()
            self._live = None

    def close(self) -> None:
        """Ask no more, and leave the terminal as it was."""
        asking, self._asking = self._asking, None
        if asking is not None:
            asking.cancel()
        self._stop_counting()
        if self._keyboard is not None:
            self._keyboard.restore()
