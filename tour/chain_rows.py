"""
The rows of a drawing of a chain, from top to bottom.

The same for all ways to draw: what is above what, and on which side.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

from tour import chain_words as words
from tour.chains import (
    CALLBACK,
    ERRBACK,
    Chain,
    Event,
    Inner,
    Stage,
    Value,
)


@dataclass(frozen=True)
class Heading:
    """What a chain is; the heads of both columns."""

    text: str
    columns: tuple[str, str]


@dataclass(frozen=True)
class Note:
    """Something that happened to the chain from outside."""

    text: str
    event: Event | None = None


@dataclass(frozen=True)
class Way:
    """A stretch of the way on one side, with what goes along it."""

    side: str
    value: Value
    text: str


@dataclass(frozen=True)
class Crossing:
    """The way goes from one side to the other."""

    side: str
    value: Value


@dataclass(frozen=True)
class Boxes:
    """The pair of a stage."""

    stage: Stage


@dataclass(frozen=True)
class Leaving:
    """A value goes to another Deferred; ``side`` is None if it didn't."""

    side: str | None
    value: Value | None
    text: str
    to: int


@dataclass(frozen=True)
class Waiting:
    """
    An inner Deferred, set in: the chain waits.

    id: unique in a run, as ``d3-1-wait``. lines: what is in it. events: what
    is said there of what happened, each to which of the two.
    """

    id: str

    side: str
    returned: str
    text: str
    lines: tuple[str, ...]
    events: tuple[tuple[Chain, Event], ...]
    inner: Inner


Row = Heading | Note | Way | Crossing | Boxes | Leaving | Waiting


class Renderer(ABC):
    """Draws rows, one below the other: a method for each kind of row."""

    def row(self, row: Row) -> None:
        """Draw a row."""
        match row:
            case Heading():
                self.heading(row)
            case Note():
                self.note(row)
            case Way():
                self.way(row)
            case Crossing():
                self.crossing(row)
            case Boxes():
                self.boxes(row)
            case Leaving():
                self.leaving(row)
            case Waiting():
                self.waiting(row)

    @abstractmethod
    def heading(self, row: Heading) -> None:
        """Draw what a chain is."""

    @abstractmethod
    def note(self, row: Note) -> None:
        """Draw what happened from outside."""

    @abstractmethod
    def way(self, row: Way) -> None:
        """Draw a stretch of the way."""

    @abstractmethod
    def crossing(self, row: Crossing) -> None:
        """Draw the way to the other side."""

    @abstractmethod
    def boxes(self, row: Boxes) -> None:
        """Draw a pair."""

    @abstractmethod
    def leaving(self, row: Leaving) -> None:
        """Draw where a value goes."""

    @abstractmethod
    def waiting(self, row: Waiting) -> None:
        """Draw what is waited for."""


def shown(chains: list[Chain]) -> list[Chain]:
    """
    Return the chains that have a drawing of their own.

    A Deferred that was returned to another one, and has no functions, is
    only set in there.
    """
    set_in = {
        stage.inner.number
        for chain in chains
        for stage in (*chain.steps, *chain.stages)
        if stage.inner
    }
    return [c for c in chains if c.number not in set_in or c.way]


def rows_of(
    chain: Chain, others: dict[int, Chain], script: str
) -> Iterator[Row]:
    """
    Return the rows of a chain.

    others: all chains of the run, by number. script: the file that places
    without a name are in.
    """
    return _Rows(chain, others, script).rows()


def side_of(value: Value) -> str:
    """Return the side on which a value goes."""
    return ERRBACK if value.failed else CALLBACK


class _Rows:
    def __init__(self, chain: Chain, others: dict[int, Chain], script: str):
        self._chain = chain
        self._others = others
        self._script = script

    def rows(self) -> Iterator[Row]:
        chain = self._chain
        heads = ('callbacks', 'errbacks')
        if chain.steps:
            heads = ('got a result', 'got a failure')
        yield Heading(words.heading(chain, self._script), heads)
        for stage in chain.steps:
            yield from self._notes_of_step(stage)
            yield from self._stage(stage)
        yield from self._notes(0)
        if not chain.stages and chain.fired:
            yield self._way(chain.fired)
        for stage in chain.stages:
            if stage.number:
                yield from self._notes(stage.number)
            yield from self._stage(stage)
        if chain.stages:
            yield from self._notes(len(chain.stages))
        if ended := words.end(chain):
            yield Note(ended)

    # what happens from outside

    def _notes_of_step(self, stage: Stage) -> Iterator[Note]:
        """Say what happened while the generator waited."""
        steps = self._chain.steps
        before = float('-inf')
        if stage.number:
            before = steps[stage.number - 1].ended or 0
        for event in self._chain.events:
            if before <= event.time < (stage.start or 0):
                yield self._note(event)

    def _notes(self, stage: int) -> Iterator[Note]:
        """Say what happened before a stage, or after the last one."""
        steps = self._chain.steps
        since = steps[-1].start or 0 if steps else float('-inf')
        for event in self._chain.events:
            # what is done while it waits is said with the inner Deferred
            if (
                event.before == stage
                and event.time >= since
                and event.effect != 'inner'
            ):
                yield self._note(event)

    def _note(self, event: Event) -> Note:
        return Note(words.event(self._chain, event, self._script), event)

    # stages

    def _stage(self, stage: Stage) -> Iterator[Row]:
        taken = stage.taken
        if stage.goes_to is not None:
            yield from self._leaving(stage)
            return
        if taken is not None and stage.got is not None:
            yield self._way(stage.got)
        if stage.callback or stage.errback:
            yield Boxes(stage)
        if taken is None or stage.gave is None:
            return
        if stage.inner is not None:
            yield self._waiting(stage, stage.inner, taken)
        elif stage.how == 'step':
            said = words.step_end(self._chain, stage)
            yield Way(taken, stage.gave, said)
        after = stage.comes_out
        if after is None:
            return
        if self._is_last(stage):
            if stage.how != 'step':
                if side_of(after) != taken:
                    yield Crossing(taken, after)
                yield self._way(after)
        elif side_of(after) != taken:
            yield Crossing(taken, after)

    def _leaving(self, stage: Stage) -> Iterator[Row]:
        assert stage.goes_to is not None
        said = words.hands_on(stage)
        if stage.taken is None or stage.got is None:
            yield Leaving(None, None, f'({said})', stage.goes_to)
            return
        yield self._way(stage.got)
        yield Leaving(stage.taken, stage.got, said, stage.goes_to)
        after = stage.comes_out
        if (
            after is not None
            and side_of(after) != stage.taken
            and not self._is_last(stage)
        ):
            yield Crossing(stage.taken, after)

    def _is_last(self, stage: Stage) -> bool:
        """Return whether no other stage of its kind ran after it."""
        if stage.how == 'step':
            return stage is self._chain.steps[-1]
        following = self._chain.stages[stage.number + 1 :]
        return not any(other.taken is not None for other in following)

    def _way(self, value: Value) -> Way:
        return Way(side_of(value), value, str(value))

    def _waiting(self, stage: Stage, inner: Inner, taken: str) -> Waiting:
        assert stage.gave is not None
        verb = 'yields' if stage.how == 'step' else 'returns'
        events = [
            (self._chain, event)
            for event in self._chain.events
            if event.effect == 'inner' and event.before == stage.number + 1
        ]
        lines = [words.event(*event, self._script) for event in events]
        other = self._others.get(inner.number)
        if other is not None:
            lines.append(words.heading(other, self._script))
            for event in other.events:
                if event.what in ('fired', 'cancelled'):
                    events.append((other, event))
                    value = (
                        f' {words.short(event.value)}' if event.value else ''
                    )
                    said = words.event(other, event, self._script)
                    lines.append(f'{said}{value}')
            for one in other.stages:
                box = one.box(one.taken) if one.taken else None
                if box and one.got and one.gave:
                    got, gave = words.short(one.got), words.short(one.gave)
                    lines.append(f'{box.name}: {got} -> {gave}')
        what = 'step-wait' if stage.how == 'step' else 'wait'
        return Waiting(
            id=f'd{self._chain.number}-{stage.number}-{what}',
            side=taken,
            returned=f'{verb} {stage.gave.text}',
            text=words.wait(inner),
            lines=tuple(lines),
            events=tuple(events),
            inner=inner,
        )
