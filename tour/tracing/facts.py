"""
The facts of a traced run: what they are, and how they stand in a file.

A file has one JSON object a line, in the order in which the facts became
known: what takes time is written when it is over. ``kind`` is the name of
the class below in small letters, everything else is its fields:

  {"kind": "turn", "number": 7, "what": "read", "object": "PoetryProtocol", …}

Times are seconds since the run was started, durations are seconds. ``turn``
is the number of the turn of the reactor in which something happened, and
``run`` that of the function of a chain. A place in the source is
``[file, line]``; the file is given relative to the directory in which the
script was started, where that is possible. Values are shortened.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar, TypeVar

Place = tuple[str, int]
"""A file of the reader's, and a line in it."""


@dataclass(slots=True, eq=False, repr=False)
class Fact:
    """
    Something that happened in a traced run.

    Facts are made while a script waits, and so are their classes: those
    have no methods of their own that one for all can be.
    """

    kind: ClassVar[str] = 'fact'

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Fact)
            and self.kind == other.kind
            and asdict(self) == asdict(other)
        )

    def __repr__(self) -> str:
        return f'{type(self).__name__}({asdict(self)})'


@dataclass(slots=True, eq=False, repr=False)
class Run(Fact):
    """
    The run itself; always the first fact.

    started: when, in seconds since 1970. python: its version.
    """

    kind: ClassVar[str] = 'run'
    script: str
    arguments: list[str]
    started: float
    python: str


@dataclass(slots=True, eq=False, repr=False)
class Reactor(Fact):
    """
    A reactor was made.

    name: of its class, or ``select`` where a script calls that itself.
    version: that of Twisted, or None.
    """

    kind: ClassVar[str] = 'reactor'
    time: float
    name: str
    version: str | None


@dataclass(slots=True, eq=False, repr=False)
class Wait(Fact):
    """
    The reactor waited for something to happen.

    ready: how many files had something to read or could be written to. A
    script without a reactor waits in recv, and ready is None.
    """

    kind: ClassVar[str] = 'wait'
    start: float
    duration: float
    ready: int | None


@dataclass(slots=True, eq=False, repr=False)
class Turn(Fact):
    """
    The reactor called somebody, and it took that long.

    what: ``read`` or ``write`` (a file is ready), ``timed`` (callLater),
    ``thread`` (callFromThread), ``startup`` (callWhenRunning) or
    ``shutdown``, or ``wake`` (the reactor woke itself).
    object: the class of what was called, that of the protocol rather than
    of its transport; None for a plain function. method: the method or the
    function. task: the task_num of the object, where it has one. port: that
    of the server that a client is connected to, or on which a server
    listens. size: bytes that were received in this turn.
    """

    kind: ClassVar[str] = 'turn'
    number: int
    what: str
    object: str | None
    method: str
    task: int | None
    port: int | None
    start: float
    duration: float
    size: int

    @property
    def is_internal(self) -> bool:
        """Whether this is the reactor's own affair: starting, waking up."""
        return self.what == 'wake' or (self.object or '').endswith(
            ('Reactor', 'ThreadPool')
        )


@dataclass(slots=True, eq=False, repr=False)
class Piece(Fact):
    """
    Bytes were received from a socket.

    port: that of the other end, or the own one if that is a server's.
    """

    kind: ClassVar[str] = 'piece'
    time: float
    size: int
    task: int | None
    port: int | None
    turn: int | None


@dataclass(slots=True, eq=False, repr=False)
class Printed(Fact):
    """
    A line was printed.

    stream: ``out`` or ``err``. line: its number in that stream, from 1;
    both: its number among the lines of both. run: the function of a chain
    that was running then. at: the place that printed it.
    """

    kind: ClassVar[str] = 'printed'
    time: float
    stream: str
    line: int
    both: int
    text: str
    turn: int | None
    run: int | None
    at: Place | None


@dataclass(slots=True, frozen=True)
class Function:
    """
    A callback or errback, as it was added.

    at: where it is defined, if it is the reader's.
    """

    name: str
    at: Place | None


@dataclass(slots=True, eq=False, repr=False)
class Made(Fact):
    """
    A Deferred was made.

    deferred: its number. type: its class. how: the function of Twisted's
    that made it, such as ``succeed``, ``inlineCallbacks`` or
    ``deferLater``; None if the script did itself. own: whether the script
    asked for it, and it is none of Twisted's own. at: from where. name:
    the function that made it, or the one that is written with
    inlineCallbacks. canceller: its name.
    """

    kind: ClassVar[str] = 'made'
    time: float
    deferred: int
    type: str
    how: str | None
    own: bool
    at: Place | None
    name: str | None
    canceller: str | None
    turn: int | None
    run: int | None


@dataclass(slots=True, eq=False, repr=False)
class Added(Fact):
    """
    A pair was added to a chain.

    stage: its place in the chain, from 0. how: ``addCallback`` and so on,
    ``chain`` for an outer Deferred that waits for this one (outer: its
    number), ``generator`` for one that does. callback and errback: None
    is one that just hands on what it gets. own: whether the script did it.
    """

    kind: ClassVar[str] = 'added'
    time: float
    deferred: int
    stage: int
    how: str
    callback: Function | None
    errback: Function | None
    outer: int | None
    own: bool
    at: Place | None
    turn: int | None
    run: int | None


@dataclass(slots=True, eq=False, repr=False)
class Fired(Fact):
    """
    A Deferred was fired, by a call of ``callback`` or ``errback``.

    failed: with a failure. by: the function that did it, ``cancel`` if it
    had no canceller that did. at: the place in the script that did it,
    or None if the reactor did. run: the function of a chain that did.
    """

    kind: ClassVar[str] = 'fired'
    time: float
    deferred: int
    failed: bool
    value: str
    by: str | None
    at: Place | None
    turn: int | None
    run: int | None


@dataclass(slots=True, eq=False, repr=False)
class Refused(Fact):
    """
    A Deferred that had been fired was fired once more.

    ignored: nothing came of it, since it had been cancelled; otherwise
    AlreadyCalledError was raised.
    """

    kind: ClassVar[str] = 'refused'
    time: float
    deferred: int
    ignored: bool
    by: str | None
    at: Place | None
    turn: int | None


@dataclass(slots=True, eq=False, repr=False)
class Ran(Fact):
    """
    A function of a chain ran, or handed on what it got.

    number: of the run. side: ``callback`` or ``errback``. function: None
    if it just handed on. got and gave: what it was given and returned;
    got_failure and gave_failure: that was a failure. inner: the number of
    the Deferred that it returned. start and duration: when.
    parent: the run in which this one took place.
    """

    kind: ClassVar[str] = 'ran'
    number: int
    deferred: int
    stage: int
    side: str
    function: Function | None
    got: str
    got_failure: bool
    gave: str
    gave_failure: bool
    inner: int | None
    start: float
    duration: float
    turn: int | None
    parent: int | None


@dataclass(slots=True, eq=False, repr=False)
class Chained(Fact):
    """
    A Deferred waits for another one that was returned to it.

    deferred: the outer one, stage: the one whose function returned inner.
    """

    kind: ClassVar[str] = 'chained'
    time: float
    deferred: int
    stage: int
    inner: int


@dataclass(slots=True, eq=False, repr=False)
class Resumed(Fact):
    """A Deferred goes on with the value of an inner one."""

    kind: ClassVar[str] = 'resumed'
    time: float
    deferred: int
    inner: int
    failed: bool
    value: str
    turn: int | None


@dataclass(slots=True, eq=False, repr=False)
class Paused(Fact):
    """
    A script has paused a Deferred, or lets it go on.

    on: whether it is paused now. stage: the next that would run.
    """

    kind: ClassVar[str] = 'paused'
    time: float
    deferred: int
    on: bool
    stage: int
    at: Place | None
    turn: int | None


@dataclass(slots=True, eq=False, repr=False)
class Cancelled(Fact):
    """
    Somebody called cancel.

    effect: ``fires`` (there is no canceller), ``canceller`` (it is asked),
    ``inner`` (the inner Deferred is cancelled in its place) or ``none``
    (there was nothing to cancel any more). outer: the Deferred
    that has handed it on to this one.
    """

    kind: ClassVar[str] = 'cancelled'
    time: float
    deferred: int
    effect: str
    by: str | None
    outer: int | None
    at: Place | None
    turn: int | None
    run: int | None


@dataclass(slots=True, eq=False, repr=False)
class Unhandled(Fact):
    """
    A failure at the end of a chain was reported, as nobody handled it.

    at_exit: that was when the script had ended.
    """

    kind: ClassVar[str] = 'unhandled'
    time: float
    deferred: int
    value: str
    at_exit: bool
    turn: int | None


@dataclass(slots=True, eq=False, repr=False)
class Step(Fact):
    """
    A generator of inlineCallbacks, or a coroutine, ran from one yield to
    the next.

    deferred: the one that its caller got. number: the step, from 0.
    got and got_failure: what was sent or thrown into it, None at first.
    gave: what it yielded, returned or raised; ends: ``yield``,
    ``return`` or ``raise``. inner: the Deferred that it yielded.
    line: the line where it stopped; first: the one where it went on.
    """

    kind: ClassVar[str] = 'step'
    number: int
    deferred: int
    step: int
    name: str
    got: str | None
    got_failure: bool
    ends: str
    gave: str
    inner: int | None
    first: Place | None
    last: Place | None
    start: float
    duration: float
    turn: int | None
    parent: int | None


@dataclass(slots=True, eq=False, repr=False)
class End(Fact):
    """
    The run is over; always the last fact, unless it was killed.

    status: what it ended with, as far as that is known: a signal counts
    negative.
    """

    kind: ClassVar[str] = 'end'
    time: float
    status: int | None


KINDS: dict[str, type[Fact]] = {
    kind.kind: kind
    for kind in (
        *(Run, Reactor, Wait, Turn, Piece, Printed),
        *(Made, Added, Fired, Refused, Ran, Chained, Resumed, Paused),
        *(Cancelled, Unhandled, Step, End),
    )
}
"""The classes of facts, by the word that stands in a file."""

_F = TypeVar('_F', bound=Fact)
_T = TypeVar('_T')


class NoFacts(ValueError):
    """A file has no facts, or not such as are known here."""


def line_of(fact: Fact) -> str:
    """Return the line of a file that a fact stands in, with its end."""
    row = {'kind': fact.kind, **asdict(fact)}
    return json.dumps(row, ensure_ascii=False) + '\n'


def fact_of(line: str) -> Fact:
    """Return the fact of a line; raise NoFacts if there is none."""
    try:
        row = json.loads(line)
        return _made(KINDS[row.pop('kind')], row)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoFacts(f'This is no fact: {line.strip()[:70]}') from error


def _made(kind: type[_T], row: dict[str, Any]) -> _T:
    for name in 'at', 'first', 'last':
        if row.get(name) is not None:
            row[name] = tuple(row[name])
    for name in 'callback', 'errback', 'function':
        if isinstance(row.get(name), dict):
            row[name] = _made(Function, row[name])
    return kind(**row)


def read(path: Path) -> list[Fact]:
    """
    Return the facts of a file.

    Raises OSError, and NoFacts if the file holds something else. A last
    line that was cut off, as that of a run which was killed, is left out.
    """
    text = path.read_text('utf-8')
    return list(facts_of(text[: text.rfind('\n') + 1].splitlines()))


def facts_of(lines: Iterable[str]) -> Iterator[Fact]:
    """Return the facts of lines; raise NoFacts if one holds none."""
    return map(fact_of, lines)


def only(facts: Iterable[Fact], kind: type[_F]) -> list[_F]:
    """Return the facts of one kind."""
    return [fact for fact in facts if isinstance(fact, kind)]
