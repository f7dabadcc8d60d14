"""
The turns of the reactor.

Nothing is put between the reactor and whom it calls: no stack that a script
prints shows us. The reactor is given things that tell when it uses them: a
poller whose events are made while they are asked for, lists that know when
an item is taken, and a ``timeout`` that is called after every round of
timed calls.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from types import ModuleType
from typing import Any

from tour.tracing import seams
from tour.tracing.facts import Reactor, Turn, Wait
from tour.tracing.places import name_of
from tour.tracing.recorder import Recorder


class Turns:
    """
    Notes when the reactor calls somebody, and when it waits.

    peer: a function from the number of a file to the port at its other end.
    """

    def __init__(self, recorder: Recorder):
        self._recorder = recorder
        self._begun: tuple[Any, ...] | None = None
        self._selectable: Any = None
        self.received = 0
        self.waits = 0
        self.rounds = 0
        self.reactor: Any = None

    # what happens

    def begin(self, what: str, target: Any, method: str | None = None) -> None:
        """A turn begins: something is called."""
        self.end()
        recorder = self._recorder
        if method is None:
            owner = getattr(target, '__self__', None)
            looping = getattr(owner, 'f', None)
            if callable(looping) and type(owner).__name__ == 'LoopingCall':
                target, owner = looping, getattr(looping, '__self__', None)
            name, _, method = name_of(target).rpartition('.')
            kind, subject = name or None, owner
        else:
            subject = getattr(target, 'protocol', None)
            if subject is None or isinstance(subject, type):
                subject = target
            kind = type(subject).__name__
        recorder.turns += 1
        recorder.turn = recorder.turns
        self.received = 0
        self._selectable = target
        self._begun = (
            *(recorder.turns, what, kind, method),
            *(task_of(subject), port_of(target), recorder.now()),
        )

    def end(self) -> None:
        """A turn is over, if there was one."""
        if self._begun is None:
            return
        recorder = self._recorder
        number, what, kind, method, task, port, start = self._begun
        target, self._selectable, self._begun = self._selectable, None, None
        recorder.turn = None
        if what in ('read', 'write'):
            kind, method = _named(target, kind, method, self.received)
            if task is None:
                task = task_of(getattr(target, 'protocol', None))
        recorder.add(
            Turn(
                *(number, what, kind, method, task, port, start),
                recorder.now() - start,
                self.received,
            )
        )

    def waited(self, start: float, ready: int | None) -> None:
        """The reactor has waited."""
        self.waits += 1
        recorder = self._recorder
        recorder.add(Wait(start, recorder.now() - start, ready))

    @property
    def task(self) -> int | None:
        """The task of the turn that goes on."""
        if self._begun is None:
            return None
        number: int | None = self._begun[4]
        if number is None:
            number = task_of(getattr(self._selectable, 'protocol', None))
        return number

    @property
    def port(self) -> int | None:
        """The port of the turn that goes on."""
        port: int | None = self._begun[5] if self._begun else None
        return port

    def name_of_event(self, phase: Any) -> str:
        """Return the name of the event that a list of triggers is of."""
        events = getattr(self.reactor, '_eventTriggers', {})
        for name, event in events.items():
            if phase in (event.before, event.during, event.after):
                return str(name)
        return 'startup'

    def trouble(self) -> str | None:
        """Return what is to be said if the reactor ran, but wasn't seen."""
        # where asyncio waits, there is nothing to see of that
        asyncio = hasattr(self.reactor, '_readOrWrite')
        if self.rounds and not self.waits and not asyncio:
            return seams.gone('call of the poller by the reactor')
        return None

    # the seams

    def tap_base(self, base: ModuleType) -> None:
        """Tap what all reactors have in common; raise SeamError."""
        seams.demand(base, 'DelayedCall', 'ReactorBase', '_ThreePhaseEvent')
        seams.demand(base.DelayedCall, 'called', 'func')
        seams.demand_use(base._ThreePhaseEvent, 'fireEvent', 'pop')
        seams.demand_use(base._ThreePhaseEvent, '_continueFiring', 'pop')
        seams.demand(base._ThreePhaseEvent, 'before', 'during', 'after')
        seams.demand_use(
            base.ReactorBase, 'runUntilCurrent', 'called', 'threadCallQueue'
        )
        seams.demand_use(base.ReactorBase, 'mainLoop', 'timeout')
        self._tap_delayed_calls(base)
        self._tap_events(base)

    def _tap_delayed_calls(self, base: ModuleType) -> None:
        running = base.ReactorBase.runUntilCurrent.__code__
        get_frame = sys._getframe

        def called(call: Any) -> Any:
            return call.__dict__['called']

        def set_called(call: Any, value: Any) -> None:
            call.__dict__['called'] = value
            # not those of a Clock
            if value and get_frame(1).f_code is running:
                self.begin('timed', call.func)

        base.DelayedCall.called = property(called, set_called)

    def _tap_events(self, base: ModuleType) -> None:
        turns = self
        init = base._ThreePhaseEvent.__init__

        def traced_init(event: Any) -> None:
            init(event)
            for phase in 'before', 'during', 'after':
                setattr(event, phase, _Triggers(turns, getattr(event, phase)))

        base._ThreePhaseEvent.__init__ = traced_init

    def tap_main(self, main: ModuleType) -> None:
        """Tap the reactor, as soon as one is installed."""
        seams.demand(main, 'installReactor')
        module: Any = main
        install = module.installReactor

        def traced_install(reactor: Any) -> Any:
            self._tap_reactor(reactor)
            return install(reactor)

        module.installReactor = traced_install

    def _tap_reactor(self, reactor: Any) -> None:
        import twisted

        kind = type(reactor)
        if hasattr(reactor, '_poller'):
            seams.demand_use(kind, 'doPoll', '_poller', 'poll', '_selectables')
            reactor._poller = _Poller(self, reactor, reactor._poller)
        elif kind.__name__ == 'SelectReactor':
            seams.demand_use(kind, 'doSelect', '_select')
            self._tap_select(sys.modules[kind.__module__])
        elif hasattr(kind, '_readOrWrite'):
            self._tap_asyncio(reactor)
        else:
            raise seams.SeamError(
                f"Can't trace the reactor {kind.__module__}.{kind.__name__}:"
                ' it has neither _poller nor _readOrWrite.'
            )
        if not isinstance(getattr(reactor, 'threadCallQueue', None), list):
            raise seams.SeamError(seams.gone('ReactorBase.threadCallQueue'))
        reactor.threadCallQueue = _Calls(self, reactor.threadCallQueue)
        timeout = reactor.timeout

        def traced_timeout() -> Any:
            self.rounds += 1
            self.end()
            return timeout()

        reactor.timeout = traced_timeout
        self.reactor = reactor
        self._recorder.add(
            Reactor(self._recorder.now(), kind.__name__, twisted.__version__)
        )

    def _tap_select(self, module: ModuleType) -> None:
        select = module._select

        def traced_select(
            reads: Any, writes: Any, errors: Any, *timeout: Any
        ) -> Any:
            start = self._recorder.now()
            r, w, e = select(reads, writes, errors, *timeout)
            self.waited(start, len(r) + len(w))
            return (
                self.each(r, lambda item: ('read', item, 'doRead')),
                self.each(w, lambda item: ('write', item, 'doWrite')),
                e,
            )

        module.__dict__['_select'] = traced_select

    def _tap_asyncio(self, reactor: Any) -> None:
        # here asyncio calls, and there is nothing to ask for: a call more
        read_or_write = reactor._readOrWrite

        def traced(selectable: Any, read: bool) -> None:
            what, method = ('read', 'doRead') if read else ('write', 'doWrite')
            self.begin(_what(selectable, what), selectable, method)
            read_or_write(selectable, read)
            self.end()

        reactor._readOrWrite = traced
        selector: Any = getattr(reactor._asyncioEventloop, '_selector', None)
        if not hasattr(selector, 'select'):
            raise seams.SeamError(seams.gone('_selector of asyncio'))
        select = selector.select

        def traced_select(timeout: float | None = None) -> Any:
            self.end()
            self._recorder.idle()
            start = self._recorder.now()
            ready = select(timeout)
            self.waited(start, len(ready))
            return ready

        selector.select = traced_select

    def each(
        self, items: Iterable[Any], turn: Callable[[Any], tuple[str, Any, str]]
    ) -> Iterator[Any]:
        """Hand out items: between one and the next there is a turn."""
        for item in items:
            what, target, method = turn(item)
            self.begin(_what(target, what), target, method)
            yield item
            self.end()


class _Poller:
    """A poller that tells when it waits, and when its events are handled."""

    def __init__(self, turns: Turns, reactor: Any, poller: Any):
        self._turns = turns
        self._reactor = reactor
        self._poller = poller

    def __getattr__(self, name: str) -> Any:
        return getattr(self._poller, name)

    def poll(self, *args: Any) -> Iterator[tuple[int, int]]:
        """Wait; return the events."""
        turns = self._turns
        recorder = turns._recorder
        turns.end()
        if self._reactor.running:
            recorder.idle()
        else:
            # the last round: whoever is killed now has told it all
            recorder.write()
        start = recorder.now()
        events = self._poller.poll(*args)
        turns.waited(start, len(events))
        return turns.each(events, self._turn)

    def _turn(self, event: tuple[int, int]) -> tuple[str, Any, str]:
        file, mask = event
        reactor = self._reactor
        target = reactor._selectables.get(file)
        if mask & reactor._POLL_OUT and not mask & reactor._POLL_IN:
            return 'write', target, 'doWrite'
        return 'read', target, 'doRead'


class _Calls(list[Any]):
    """Calls from threads: between one and the next there is a turn."""

    def __init__(self, turns: Turns, items: Iterable[Any]):
        super().__init__(items)
        self._turns = turns

    def __iter__(self) -> Iterator[Any]:
        for item in super().__iter__():
            self._turns.begin('thread', item[0])
            yield item
            self._turns.end()


class _Triggers(list[Any]):
    """What is called at an event: whoever is taken out is called."""

    def __init__(self, turns: Turns, items: Iterable[Any]):
        super().__init__(items)
        self._turns = turns

    def __bool__(self) -> bool:
        self._turns.end()
        return len(self) > 0

    def pop(self, index: Any = -1) -> Any:
        """Take one out: it is called next."""
        item = super().pop(index)
        if index == 0:
            self._turns.begin(self._turns.name_of_event(self), item[0])
        return item

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = None


def task_of(thing: Any) -> int | None:
    """Return the number of the task that an object is busy with."""
    number = getattr(thing, 'task_num', None)
    if number is None:
        number = getattr(getattr(thing, 'factory', None), 'task_num', None)
    return number if isinstance(number, int) else None


def port_of(selectable: Any) -> int | None:
    """
    Return the port that a selectable is about.

    For the client's end of a connection that is the server's, for the
    server's end and for a listening port its own.
    """
    try:
        address = getattr(selectable, 'realAddress', None)
        if address is None and hasattr(selectable, 'getHost'):
            address = selectable.getHost()
        if address is None:
            sock = getattr(selectable, 'sock', None)
            if sock is None:
                return None
            address = sock.getpeername()
        if isinstance(address, tuple):
            return int(address[1])
        port = getattr(address, 'port', None)
        return port if isinstance(port, int) else None
    except (OSError, AttributeError, TypeError, ValueError, IndexError):
        return None


def _what(target: Any, what: str) -> str:
    """Return what a turn is: some files are there to wake the reactor."""
    return 'wake' if type(target).__name__ in _WAKERS else what


_WAKERS = ('_UnixWaker', '_SIGCHLDWaker', '_SocketWaker', '_FDWaker', 'Waker')


def _named(
    target: Any, kind: str | None, method: str, received: int
) -> tuple[str | None, str]:
    """Return class and method that were called in the end."""
    name = type(target).__name__
    if name == 'Port':
        return type(target.factory).__name__, 'buildProtocol'
    protocol = getattr(target, 'protocol', None)
    if protocol is None or isinstance(protocol, type):
        # when its connection is lost, a transport forgets its protocol
        lost = getattr(target, 'disconnected', False) and kind != name
        if lost and method == 'doRead':
            return kind, 'connectionLost'
        return kind, method
    kind = type(protocol).__name__
    made = not getattr(target, '_tour_connected', False)
    target._tour_connected = True
    if received:
        return kind, 'dataReceived'
    if getattr(target, 'disconnected', False):
        return kind, 'connectionLost'
    if made and name == 'Client':
        return kind, 'connectionMade'
    return kind, method
