"""
The chains of a traced run, as one looks at them.

A chain has a Deferred's pairs in their order, and the way that results and
failures took through them. A generator of inlineCallbacks is a chain, too,
as Part 17 sees it: each of its steps is a callback if it got a result, or
an errback if a failure was thrown into it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from tour.tracing import facts as known
from tour.tracing.facts import Fact, Function, Place

_NAMED = re.compile(r'\s*(?:self\.)?(\w+)(?: *, *\w+)*(?: *:[^=]*)? *= *\S')

CALLBACK, ERRBACK = 'callback', 'errback'


@dataclass(frozen=True)
class Value:
    """What goes from one function to the next, in a few words."""

    text: str
    failed: bool = False

    @property
    def letter(self) -> str:
        """``r`` for a result, ``F`` for a failure."""
        return 'F' if self.failed else 'r'

    def __str__(self) -> str:
        return f'{self.letter} {self.text}'


@dataclass(frozen=True)
class Printed:
    """
    A line of the output.

    stream: ``out`` or ``err``; line: its number there; both: its number
    among all lines.
    """

    stream: str
    line: int
    both: int
    text: str


@dataclass(frozen=True)
class Inner:
    """
    A Deferred that a function returned, and whose result is used instead.

    waited: seconds, 0 if the result was there, or None if it never came.
    gave: what it fired with in the end.
    """

    number: int
    waited: float | None
    gave: Value | None


@dataclass
class Box:
    """
    A callback or an errback.

    id: unique in a run, as ``d3-1-callback``. name: of the function. at:
    where it is defined; for a step of a generator, from where to which line
    it ran (end). ran: whether it did. printed: the lines that it printed.
    """

    id: str
    name: str
    at: Place | None
    end: int | None = None
    ran: bool = False
    printed: list[Printed] = field(default_factory=list)


@dataclass
class Stage:
    """
    A pair of a chain.

    callback, errback: None is one that hands on what it gets. how: the
    method that added it, ``step`` for a generator's. taken: the side on
    which the way went through, or None. got, gave: what went in and came
    out. inner: what came out was a Deferred. goes_to: instead of functions
    there is another Deferred that gets the result.
    """

    number: int
    how: str
    callback: Box | None
    errback: Box | None
    at: Place | None = None
    taken: str | None = None
    got: Value | None = None
    gave: Value | None = None
    inner: Inner | None = None
    goes_to: int | None = None
    start: float | None = None
    ended: float | None = None

    def box(self, side: str) -> Box | None:
        """Return the box of a side."""
        return self.callback if side == CALLBACK else self.errback

    @property
    def comes_out(self) -> Value | None:
        """What the next stage gets: an inner Deferred's value, not it."""
        return self.inner.gave if self.inner else self.gave


@dataclass
class Event:
    """
    Something that happened to a Deferred from outside.

    what: ``fired``, ``refused``, ``ignored``, ``cancelled``, ``paused``,
    ``unpaused`` or ``unhandled``. before: the first stage that had not run
    then. effect: of a cancellation; by: the function that did it. at_exit:
    of an unhandled failure, that it is reported when the script has ended.
    """

    what: str
    time: float
    at: Place | None = None
    by: str | None = None
    value: Value | None = None
    before: int = 0
    effect: str = ''
    outer: int | None = None
    at_exit: bool = False


@dataclass
class Chain:
    """
    A Deferred of the script's, and all that came of it.

    number: in the order in which they were made. name: that of the variable
    it was put into, if it is known. kind: its class, ``inlineCallbacks`` or
    ``coroutine``. maker: the function that made it, or the generator.
    canceller: the name of that. own: whether the script asked for it. fired:
    with what, or None if it never did. steps: those of the generator.
    """

    number: int
    kind: str
    at: Place | None
    name: str | None = None
    maker: str | None = None
    canceller: str | None = None
    own: bool = True
    fired: Value | None = None
    steps: list[Stage] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    @property
    def ends(self) -> str:
        """
        How it ended.

        ``unfired``; ``waiting`` for an inner Deferred; ``paused``;
        ``unhandled`` if a failure was reported; ``handed`` on to another
        Deferred; else ``result`` or ``failure``.
        """
        if self.fired is None:
            return 'unfired'
        happened = {event.what for event in self.events}
        if any(stage.inner and not stage.inner.gave for stage in self.stages):
            return 'waiting'
        if any(stage.taken is None for stage in self.stages):
            return 'paused'
        if 'unhandled' in happened:
            return 'unhandled'
        if self.stages and self.stages[-1].goes_to is not None:
            return 'handed'
        return 'failure' if self.last and self.last.failed else 'result'

    @property
    def last(self) -> Value | None:
        """What came out at its end."""
        return self.stages[-1].comes_out if self.stages else self.fired

    @property
    def way(self) -> list[tuple[str, str]]:
        """The functions that ran, each with its side, in their order."""
        return [
            (box.name, stage.taken)
            for stage in (*self.steps, *self.stages)
            if stage.taken is not None and (box := stage.box(stage.taken))
        ]

    def id_of(self, event: Event) -> str:
        """Return a name for an event, unique in a run: ``d3-event-0``."""
        at = next(n for n, other in enumerate(self.events) if other is event)
        return f'd{self.number}-event-{at}'

    @property
    def kind_and_number(self) -> str:
        """What it is, in two words: that of a generator is a Deferred."""
        is_class = self.kind not in ('inlineCallbacks', 'coroutine')
        return f'{self.kind if is_class else "Deferred"} {self.number}'

    @property
    def title(self) -> str:
        """What it is, in a few words."""
        what = f'Deferred {self.number}'
        if self.steps:
            return f'{what}, of the generator {self.maker}'
        if self.kind == 'coroutine':
            return f'{what}, of the coroutine {self.maker}'
        if self.kind != 'Deferred':
            what = f'{self.kind} {self.number}'
        return f'{what}, called {self.name}' if self.name else what


_F = TypeVar('_F', bound=Fact)


class _Facts:
    """The facts of a run, by kind and by Deferred."""

    def __init__(self, facts: Iterable[Fact]):
        self._by_kind: dict[type[Fact], list[Fact]] = defaultdict(list)
        for fact in facts:
            self._by_kind[type(fact)].append(fact)

    def all(self, kind: type[_F]) -> list[_F]:
        """Return those of a kind."""
        return [f for f in self._by_kind[kind] if isinstance(f, kind)]

    def of(self, kind: type[_F], number: int) -> list[_F]:
        """Return those of a kind that are about a Deferred."""
        found = self._by_kind[kind]
        return [
            fact
            for fact in found
            if isinstance(fact, kind)
            and getattr(fact, 'deferred', None) == number
        ]


def chains_of(
    facts: Iterable[Fact], sources: Mapping[str, str] | None = None
) -> list[Chain]:
    """
    Return the chains of a run, in the order in which they were made.

    Those that a script made, or got from Twisted and then used; not those
    that only Twisted deals with. sources: the text of files, to name
    Deferreds by the variables that they are put into.
    """
    run = _Facts(facts)
    printed: dict[int, list[Printed]] = defaultdict(list)
    for line in run.all(known.Printed):
        if line.run is not None:
            printed[line.run].append(
                Printed(line.stream, line.line, line.both, line.text)
            )
    return [_chain(run, made, printed, sources or {}) for made in _shown(run)]


def _shown(run: _Facts) -> list[known.Made]:
    """Return the Deferreds that are the script's business."""
    used = {
        added.deferred
        for added in run.all(known.Added)
        if added.own and added.how != 'DeferredList'
    }
    made = {made.deferred: made for made in run.all(known.Made)}
    shown = {n for n, m in made.items() if m.own or n in used}
    given: list[known.Ran | known.Step] = [
        *run.all(known.Ran),
        *run.all(known.Step),
    ]
    waited = {
        fact.inner
        for fact in given
        if fact.inner is not None and fact.deferred in shown
    }
    shown |= waited & made.keys()
    return [made[number] for number in sorted(shown)]


def _chain(
    run: _Facts,
    made: known.Made,
    printed: Mapping[int, list[Printed]],
    sources: Mapping[str, str],
) -> Chain:
    number = made.deferred
    generated = made.how in ('inlineCallbacks', 'coroutine')
    chain = Chain(
        number=number,
        kind=str(made.how) if generated else made.type,
        at=made.at,
        name=None if generated else _variable(made.at, sources),
        maker=made.name,
        canceller=made.canceller,
        own=made.own,
    )
    for fired in run.of(known.Fired, number):
        chain.fired = Value(fired.value, fired.failed)
    chain.steps = _steps(run, number, printed)
    chain.stages = _stages(run, number, printed)
    chain.events = sorted(_events(run, number), key=lambda e: e.time)
    for event in chain.events:
        if event.what != 'paused' and event.what != 'unpaused':
            event.before = sum(
                stage.start is not None and stage.start < event.time
                for stage in chain.stages
            )
    return chain


def _variable(at: Place | None, sources: Mapping[str, str]) -> str | None:
    if at is None:
        return None
    lines = sources.get(at[0], '').splitlines()
    if not 0 < at[1] <= len(lines):
        return None
    named = _NAMED.match(lines[at[1] - 1])
    return named[1] if named else None


def _stages(
    run: _Facts, number: int, printed: Mapping[int, list[Printed]]
) -> list[Stage]:
    stages = {}
    for added in run.of(known.Added, number):
        stage = Stage(
            number=added.stage,
            how=added.how,
            callback=_box(number, added.stage, CALLBACK, added.callback),
            errback=_box(number, added.stage, ERRBACK, added.errback),
            at=added.at,
        )
        if added.outer is not None:
            stage.goes_to = added.outer
            stage.callback = stage.errback = None
        stages[added.stage] = stage
    resumed = run.of(known.Resumed, number)
    for ran in run.of(known.Ran, number):
        stage = stages[ran.stage]
        stage.taken = ran.side
        stage.got = Value(ran.got, ran.got_failure)
        stage.gave = Value(ran.gave, ran.gave_failure)
        stage.start, stage.ended = ran.start, ran.start + ran.duration
        if ran.inner is not None:
            waits = any(
                fact.stage == ran.stage
                for fact in run.of(known.Chained, number)
            )
            stage.inner = _inner(ran.inner, stage.ended, resumed, waits)
        box = stage.box(ran.side)
        if box is not None:
            box.ran = True
            box.printed = printed.get(ran.number, [])
    chain = [stages[n] for n in sorted(stages)]
    _pass_on(run, number, chain)
    return chain


def _pass_on(run: _Facts, number: int, chain: list[Stage]) -> None:
    """Let a value go on to the Deferreds that wait for it."""
    going = {
        fact.deferred
        for fact in run.all(known.Resumed)
        if fact.inner == number
    }
    value = None
    for fired in run.of(known.Fired, number):
        value = Value(fired.value, fired.failed)
    for stage in chain:
        if stage.how == 'chain' and stage.goes_to in going and value:
            stage.taken = ERRBACK if value.failed else CALLBACK
            stage.got = value
            stage.gave = Value('None')
        if stage.taken is not None:
            value = stage.comes_out


def _inner(
    number: int, start: float, resumed: list[known.Resumed], waits: bool
) -> Inner:
    for fact in resumed:
        if fact.inner == number and fact.time >= start - 1e-5:
            gave = Value(fact.value, fact.failed)
            waited = max(fact.time - start, 1e-6) if waits else 0
            return Inner(number, waited, gave)
    return Inner(number, None, None)


def _box(
    number: int, stage: int, side: str, function: Function | None
) -> Box | None:
    if function is None:
        return None
    return Box(f'd{number}-{stage}-{side}', function.name, function.at)


def _steps(
    run: _Facts, number: int, printed: Mapping[int, list[Printed]]
) -> list[Stage]:
    steps = []
    facts = run.of(known.Step, number)
    for step, following in zip(facts, [*facts[1:], None]):
        side = ERRBACK if step.got_failure else CALLBACK
        box = Box(
            f'd{number}-step-{step.step}',
            step.name,
            step.first,
            step.last[1] if step.last else None,
            ran=True,
            printed=printed.get(step.number, []),
        )
        stage = Stage(
            number=step.step,
            how='step',
            callback=box if side == CALLBACK else None,
            errback=box if side == ERRBACK else None,
            at=step.first,
            taken=side,
            got=None
            if step.got is None
            else Value(step.got, step.got_failure),
            gave=Value(step.gave, step.ends == 'raise'),
            start=step.start,
            ended=step.start + step.duration,
        )
        if step.inner is not None:
            if following is None:
                stage.inner = Inner(step.inner, None, None)
            else:
                gave = Value(following.got or '', following.got_failure)
                end = step.start + step.duration
                waits = all(
                    fired.time > end
                    for fired in run.of(known.Fired, step.inner)
                )
                waited = max(following.start - end, 1e-6) if waits else 0
                stage.inner = Inner(step.inner, waited, gave)
        steps.append(stage)
    return steps


def _events(run: _Facts, number: int) -> Iterable[Event]:
    for fired in run.of(known.Fired, number):
        value = Value(fired.value, fired.failed)
        yield Event('fired', fired.time, fired.at, fired.by, value)
    for again in run.of(known.Refused, number):
        what = 'ignored' if again.ignored else 'refused'
        yield Event(what, again.time, again.at, again.by)
    for end in run.of(known.Cancelled, number):
        yield Event(
            *('cancelled', end.time, end.at, end.by),
            effect=end.effect,
            outer=end.outer,
        )
    for pause in run.of(known.Paused, number):
        what = 'paused' if pause.on else 'unpaused'
        yield Event(what, pause.time, pause.at, before=pause.stage)
    for lost in run.of(known.Unhandled, number)[:1]:
        value = Value(lost.value, True)
        yield Event('unhandled', lost.time, value=value, at_exit=lost.at_exit)
