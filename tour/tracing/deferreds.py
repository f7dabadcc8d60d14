"""
The Deferreds, and every function of their chains.

Nothing is put between a Deferred and what it calls, so that no stack and no
traceback has a line more. A Deferred's attributes tell when Twisted's own
code uses them: ``called`` is set when it is fired, an item is taken out of
its list of callbacks before a function is called, and ``result`` is set
when that has returned. A generator's steps begin where its context is asked
for ``run``.
"""

import gc
import sys
from collections.abc import Iterable
from types import FrameType, ModuleType
from typing import Any

from tour.tracing import facts, seams
from tour.tracing.facts import Function, Place
from tour.tracing.places import (
    defined,
    function_of,
    name_of,
    own_file,
    place_above,
)
from tour.tracing.recorder import Recorder
from tour.tracing.values import describe, number_of

_get_frame = sys._getframe


class _Record:
    """
    What is known of a Deferred, which this must not keep alive.

    stages: the numbers of the pairs that are still in its list.
    running: the run that goes on. inner: the Deferred that it got from a
    function and waits for.
    """

    __slots__ = (
        *('number', 'fired', 'failing', 'value', 'stages', 'added'),
        *('running', 'inner', 'by', 'early', 'cancelling', 'context', 'stage'),
    )

    def __init__(self, number: int):
        self.number = number
        self.fired = False
        self.failing = False
        self.value = ''
        self.stages: list[int] = []
        self.added = 0
        self.stage = -1
        self.running: tuple[Any, ...] | None = None
        self.inner: int | None = None
        self.by: tuple[str | None, Place | None] | None = None
        self.early: tuple[Any, bool] | None = None
        self.cancelling = False
        self.context: _Context | None = None


class Deferreds:
    """Notes what Deferreds do."""

    def __init__(self, recorder: Recorder):
        self._recorder = recorder
        self.count = 0
        self._failed = False

    # the seams

    def tap(self, defer: ModuleType) -> None:
        """Tap the module ``twisted.internet.defer``; raise SeamError."""
        self._find(defer)
        self._tap_init()
        self._tap_called()
        self._tap_result()
        self._tap_pause()
        self._tap_debug_info()
        self._tap_generators()
        self._prove()

    def _find(self, defer: ModuleType) -> None:
        self._defer = defer
        seams.demand(
            defer,
            *('Deferred', 'DeferredList', 'DebugInfo', 'passthru'),
            *('_failthru', '_CONTINUE', '_copy_context', '_inlineCallbacks'),
            *('_gotResultInlineCallbacks', '_cancellableInlineCallbacks'),
        )
        self._kind = kind = defer.Deferred
        self._file = kind.__init__.__code__.co_filename
        seams.demand(
            kind,
            *('called', 'paused', '_canceller', '_suppressAlreadyCalled'),
        )
        self._list = '_callbacks'
        if '_callbacks' not in kind.__init__.__code__.co_names:
            self._list = 'callbacks'
        seams.demand_use(kind, '__init__', self._list)
        seams.demand_use(
            kind, '_runCallbacks', self._list, 'pop', 'result', 'append'
        )
        seams.demand_use(kind, '_startRunCallbacks', 'called', 'result')
        seams.demand_use(kind, 'cancel', 'called', '_canceller')
        seams.demand_use(kind, 'pause', 'paused')
        seams.demand(defer.DebugInfo, '__del__', 'failResult')
        seams.demand_use(defer, '_inlineCallbacks', 'run', 'send')
        for function, names in (
            ('_inlineCallbacks', ('result', 'gen', 'status')),
            ('_cancellableInlineCallbacks', ('gen',)),
        ):
            code = getattr(defer, function).__code__
            for name in names:
                if name not in code.co_varnames + code.co_cellvars:
                    raise seams.SeamError(
                        seams.gone(f'{name} in {defer.__name__}.{function}')
                    )
        self._firing = kind._startRunCallbacks.__code__
        self._cancelling = kind.cancel.__code__
        self._cancels = {self._cancelling, defer.DeferredList.cancel.__code__}
        self._no_function = {defer.passthru, defer._failthru}
        self._failure = sys.modules['twisted.python.failure'].Failure

    def _tap_init(self) -> None:
        init, chain = self._kind.__init__, self._list

        def traced_init(d: Any, *args: Any, **kwargs: Any) -> None:
            self.count += 1
            record = _Record(self.count)
            d.__dict__['_tour_record'] = record
            init(d, *args, **kwargs)
            setattr(d, chain, _Chain(self, record, getattr(d, chain)))
            self._made(d, record)

        self._kind.__init__ = traced_init

    def _tap_called(self) -> None:
        firing, cancels = self._firing, self._cancels

        def called(d: Any) -> Any:
            value = d.__dict__.get('called', False)
            code = _get_frame(1).f_code
            if code in cancels:
                self._cancelled(d, value, _get_frame(1))
            elif value and code is firing:
                self._refused(d, _get_frame(3))
            return value

        def set_called(d: Any, value: Any) -> None:
            d.__dict__['called'] = value
            if value:
                frame = _get_frame(1)
                if frame.f_code is firing and frame.f_back is not None:
                    frame = frame.f_back
                record = d.__dict__['_tour_record']
                record.by = self._caller(frame.f_back)
                if record.early is not None:
                    # succeed gives it a result before it says so
                    (result, failed), record.early = record.early, None
                    self._fired(record, result, failed)

        self._kind.called = property(called, set_called)

    def _tap_result(self) -> None:
        failure = self._failure

        def result(d: Any) -> Any:
            try:
                return d.__dict__['result']
            except KeyError:
                raise AttributeError('result') from None

        def set_result(d: Any, value: Any) -> None:
            d.__dict__['result'] = value
            record = d.__dict__['_tour_record']
            failed = isinstance(value, failure)
            record.failing = failed
            if failed:
                self._failed = True
                value.__dict__['_tour_deferred'] = record.number
            if record.running is not None:
                self._ran(record, value, failed)
            elif record.inner is not None:
                self._resumed(record, value, failed)
            elif record.fired:
                record.value = ''
            elif record.by is None:
                record.early = value, failed
            else:
                self._fired(record, value, failed)

        def delete_result(d: Any) -> None:
            del d.__dict__['result']

        self._kind.result = property(result, set_result, delete_result)

    def _tap_pause(self) -> None:
        methods = {
            self._kind.pause.__code__: True,
            self._kind.unpause.__code__: False,
        }

        def paused(d: Any) -> Any:
            return d.__dict__.get('paused', 0)

        def set_paused(d: Any, value: Any) -> None:
            d.__dict__['paused'] = value
            frame = _get_frame(1)
            on = methods.get(frame.f_code)
            if on is not None and frame.f_back is not None:
                at = self._own_place(frame.f_back)
                if at is not None:
                    self._paused(d.__dict__['_tour_record'], on, at)

        self._kind.paused = property(paused, set_paused)

    def _tap_debug_info(self) -> None:
        info = self._defer.DebugInfo
        delete = info.__del__

        def traced_del(info: Any) -> None:
            failed = info.failResult
            if failed is not None:
                self._unhandled(failed, at_exit=False)
            delete(info)

        info.__del__ = traced_del

    def _tap_generators(self) -> None:
        defer = self._defer
        copy_context = defer._copy_context
        self._stepping = defer._inlineCallbacks.__code__
        self._got_result = defer._gotResultInlineCallbacks

        def traced_copy() -> _Context:
            return _Context(self, copy_context())

        defer.__dict__['_copy_context'] = traced_copy
        # a cancelled generator's Deferred is given another list
        add = getattr(defer, '_addCancelCallbackToDeferred', None)
        if add is not None:

            def traced_add(it: Any, status: Any) -> None:
                record = it.__dict__['_tour_record']
                add(it, status)
                record.stages.insert(0, record.added)
                record.added += 1
                setattr(
                    it,
                    self._list,
                    _Chain(self, record, getattr(it, self._list)),
                )

            defer.__dict__['_addCancelCallbackToDeferred'] = traced_add

    def _prove(self) -> None:
        """See that all taps run; raise SeamError if one is dry."""
        recorder, count = self._recorder, self.count
        seen: list[facts.Fact] = []
        self._recorder = _Proof(seen)
        try:
            self._play()
        finally:
            self._recorder, self.count, self._failed = recorder, count, False
        have = {type(fact).__name__ for fact in seen}
        for kind in (
            *(facts.Made, facts.Added, facts.Fired, facts.Ran, facts.Chained),
            *(facts.Resumed, facts.Cancelled, facts.Refused, facts.Step),
        ):
            if kind.__name__ not in have:
                raise seams.SeamError(
                    seams.gone(
                        f'trace of "{kind.kind}" in {self._defer.__name__}'
                    )
                )

    def _play(self) -> None:
        defer = self._defer
        outer, inner = defer.Deferred(), defer.Deferred()
        outer.addCallback(lambda _: inner)
        outer.addErrback(lambda _: None)
        outer.callback(None)
        inner.cancel()
        inner.callback(None)

        def generator() -> Any:
            yield 1
            yield defer.succeed(None)

        defer.inlineCallbacks(generator)()

    # what happens

    def _made(self, d: Any, record: _Record) -> None:
        recorder = self._recorder
        frame: FrameType | None = _get_frame(2)
        how = None
        generator: Any = None
        while frame is not None and frame.f_code.co_filename == self._file:
            how = frame.f_code.co_name
            if how == '_cancellableInlineCallbacks':
                generator = frame.f_locals['gen']
            frame = frame.f_back
        # one step up the stack it may be a function of Twisted's
        own = frame is not None and _is_own(frame)
        above = frame.f_back if frame is not None else None
        if frame is not None and above is not None and not own:
            maker = frame.f_code.co_name
            if maker in _MAKERS and _is_own(above):
                own, how = True, maker
        name = frame.f_code.co_name if frame is not None and own else None
        at = place_above(frame)
        if generator is not None:
            how = 'inlineCallbacks'
            code = getattr(generator, 'gi_code', None)
            if code is None:
                how, code = 'coroutine', getattr(generator, 'cr_code', None)
            name = getattr(generator, '__name__', None)
            own = defined(code) is not None
        canceller = getattr(d, '_canceller', None)
        recorder.add(
            facts.Made(
                recorder.now(),
                record.number,
                type(d).__name__,
                None if how == '__init__' else how,
                own,
                at,
                name,
                name_of(canceller) if canceller and not generator else None,
                recorder.turn,
                recorder.run,
            )
        )

    def added(self, record: _Record, pair: Any) -> None:
        """A pair was added to the list of a Deferred."""
        recorder = self._recorder
        stage = record.added
        record.added += 1
        record.stages.append(stage)
        (callback, args, _), (errback, _, _) = pair
        frame: FrameType | None = _get_frame(2)
        how, outer = 'chain', None
        callee = errees = None
        own, at = False, None
        if callback is self._defer._CONTINUE:
            target = args[0].__dict__['_tour_record']
            outer = target.number
            recorder.add(
                facts.Chained(
                    *(recorder.now(), outer, target.stage, record.number)
                )
            )
        else:
            while frame is not None and frame.f_code.co_filename == self._file:
                how = frame.f_code.co_name
                frame = frame.f_back
            if callback is self._got_result:
                how = 'generator'
                context = args[3]
                outer = context.record.number if context.record else None
                context.stops(record.number, None)
                callee = errees = Function(context.name, context.defined)
            else:
                if how == '__init__':
                    how = 'DeferredList'
                callee = self._function(callback)
                errees = self._function(errback)
                outer = number_of(getattr(callback, '__self__', None))
            own = frame is not None and _is_own(frame)
            at = place_above(frame)
        recorder.add(
            facts.Added(
                time=recorder.now(),
                deferred=record.number,
                stage=stage,
                how=how,
                callback=callee,
                errback=errees,
                outer=outer,
                own=own,
                at=at,
                turn=recorder.turn,
                run=recorder.run,
            )
        )

    def _function(self, function: Any) -> Function | None:
        try:
            if function in self._no_function:
                return None
        except TypeError:  # it has no hash
            pass
        return function_of(function)

    def taken(self, record: _Record, pair: Any) -> None:
        """A pair was taken out of the list: one of it is called next."""
        record.stage = stage = record.stages.pop(0)
        function = pair[record.failing][0]
        if function is self._defer._CONTINUE:
            return
        recorder = self._recorder
        recorder.run_count += 1
        number = recorder.run_count
        if function is self._got_result:
            context = pair[0][1][3]
            what: Function | None = Function(context.name, context.defined)
        else:
            what = self._function(function)
        record.running = (
            *(number, stage, record.failing, what),
            *(record.value, recorder.now(), recorder.run),
        )
        recorder.runs.append(number)

    def _ran(self, record: _Record, value: Any, failed: bool) -> None:
        recorder = self._recorder
        assert record.running is not None
        number, stage, failing, what, got, start, parent = record.running
        record.running = None
        while recorder.runs and recorder.runs.pop() != number:
            pass
        record.inner = inner = number_of(value)
        record.value = got if what is None else describe(value)
        recorder.add(
            facts.Ran(
                number=number,
                deferred=record.number,
                stage=stage,
                side='errback' if failing else 'callback',
                function=what,
                got=got,
                got_failure=failing,
                gave=record.value,
                gave_failure=failed,
                inner=inner,
                start=start,
                duration=recorder.now() - start,
                turn=recorder.turn,
                parent=parent,
            )
        )

    def _resumed(self, record: _Record, value: Any, failed: bool) -> None:
        recorder = self._recorder
        inner, record.inner = record.inner, None
        record.value = describe(value)
        assert inner is not None
        recorder.add(
            facts.Resumed(
                *(recorder.now(), record.number, inner),
                *(failed, record.value, recorder.turn),
            )
        )

    def _fired(self, record: _Record, value: Any, failed: bool) -> None:
        recorder = self._recorder
        record.fired = True
        record.value = describe(value)
        by, at = record.by or (None, None)
        if record.context is not None:
            record.context.stops(None, (record.value, failed))
        recorder.add(
            facts.Fired(
                *(recorder.now(), record.number, failed, record.value),
                *(by, at, recorder.turn, recorder.run),
            )
        )

    def _refused(self, d: Any, frame: FrameType) -> None:
        recorder = self._recorder
        by, at = self._caller(frame)
        recorder.add(
            facts.Refused(
                recorder.now(),
                d.__dict__['_tour_record'].number,
                *(bool(d._suppressAlreadyCalled), by, at, recorder.turn),
            )
        )

    def _cancelled(self, d: Any, called: bool, frame: FrameType) -> None:
        record = d.__dict__['_tour_record']
        if frame.f_code is self._cancelling:
            # it looks twice: before and after a canceller had its chance
            if record.cancelling:
                record.cancelling = False
                return
            record.cancelling = not called
        recorder = self._recorder
        above = frame.f_back
        outer = None
        if above is not None and above.f_code in self._cancels:
            outer = number_of(above.f_locals.get('self'))
        if not called:
            asked = d._canceller or frame.f_code is not self._cancelling
            effect = 'canceller' if asked else 'fires'
        else:
            effect = 'none' if record.inner is None else 'inner'
        by, at = self._caller(above)
        recorder.add(
            facts.Cancelled(
                *(recorder.now(), record.number, effect, by, outer, at),
                *(recorder.turn, recorder.run),
            )
        )

    def _paused(self, record: _Record, on: bool, at: Place) -> None:
        recorder = self._recorder
        stage = record.stages[0] if record.stages else record.added
        recorder.add(
            facts.Paused(
                *(recorder.now(), record.number, on, stage),
                *(at, recorder.turn),
            )
        )

    def _unhandled(self, failure: Any, at_exit: bool) -> None:
        recorder = self._recorder
        number = failure.__dict__.get('_tour_deferred')
        if number is not None:
            recorder.add(
                facts.Unhandled(
                    *(recorder.now(), number, describe(failure)),
                    *(at_exit, recorder.turn),
                )
            )

    def end(self) -> None:
        """Note the failures that will be reported at the very end."""
        if not self._failed:
            return
        for thing in gc.get_objects():
            if type(thing) is self._defer.DebugInfo:
                failed = thing.__dict__.get('failResult')
                if failed is not None:
                    self._unhandled(failed, at_exit=True)

    # generators

    def steps_of(self, context: '_Context', frame: FrameType) -> None:
        """A generator's context is asked for ``run`` in that frame."""
        if frame.f_code is not self._stepping:
            return
        values = frame.f_locals
        generator, result = values['gen'], values['result']
        suspended = getattr(
            generator, 'gi_frame', getattr(generator, 'cr_frame', None)
        )
        if context.record is None:
            d = values['status'].deferred
            context.record = d.__dict__['_tour_record']
            context.record.context = context
            context.name = getattr(generator, '__name__', '?')
            if suspended is not None:
                context.defined = defined(suspended.f_code)
        failed = isinstance(result, self._failure)
        got = describe(result)
        place = None
        if suspended is not None and (
            file := own_file(suspended.f_code.co_filename)
        ):
            place = file, suspended.f_lineno
        if context.open is not None:
            # it yielded something that is no Deferred
            context.gave(got, 'yield', None, place)
        recorder = self._recorder
        recorder.run_count += 1
        context.open = (
            *(recorder.run_count, None if context.steps == 0 else got),
            *(failed, place, recorder.now(), recorder.run, suspended),
        )
        recorder.runs.append(recorder.run_count)

    def step(self, fact: facts.Step) -> None:
        """A generator has stopped, for the time being or for ever."""
        recorder = self._recorder
        if fact.number in recorder.runs:
            while recorder.runs.pop() != fact.number:
                pass
        recorder.add(fact)

    def now(self) -> tuple[float, int | None]:
        """Return the time, and the turn that goes on."""
        return self._recorder.now(), self._recorder.turn

    # places

    def _caller(
        self, frame: FrameType | None
    ) -> tuple[str | None, Place | None]:
        """Return the name of who called, and the place in the script."""
        if frame is None:
            return None, None
        return frame.f_code.co_name, place_above(frame)

    def _own_place(self, frame: FrameType) -> Place | None:
        file = own_file(frame.f_code.co_filename)
        return (file, frame.f_lineno) if file is not None else None


def _is_own(frame: FrameType) -> bool:
    return own_file(frame.f_code.co_filename) is not None


_MAKERS = ('deferLater', 'deferToThread', 'deferToThreadPool')
"""Functions of Twisted's that return the Deferred which they make."""


class _Chain(list[Any]):
    """The pairs of a Deferred; tells when one comes or goes."""

    __slots__ = ('_deferreds', '_record')

    def __init__(
        self, deferreds: Deferreds, record: _Record, pairs: Iterable[Any]
    ):
        super().__init__(pairs)
        self._deferreds = deferreds
        self._record = record

    def append(self, pair: Any) -> None:
        """Add a pair."""
        super().append(pair)
        self._deferreds.added(self._record, pair)

    def pop(self, index: Any = -1) -> Any:
        """Take a pair out: one of it is called next."""
        pair = super().pop(index)
        self._deferreds.taken(self._record, pair)
        return pair


class _Context:
    """
    The context of a generator; whoever asks for ``run`` goes on with it.

    open: the step that goes on, with the frame of the generator.
    """

    def __init__(self, deferreds: Deferreds, context: Any):
        self._deferreds = deferreds
        self._context = context
        self.record: _Record | None = None
        self.name = '?'
        self.defined: Place | None = None
        self.open: tuple[Any, ...] | None = None
        self.steps = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    @property
    def run(self) -> Any:
        """The context's own method, which is called next."""
        self._deferreds.steps_of(self, _get_frame(1))
        return self._context.run

    def stops(
        self, inner: int | None, outcome: tuple[str, bool] | None
    ) -> None:
        """
        The generator has stopped.

        inner: the Deferred that it yielded; outcome: what it ended with,
        and whether that is a failure.
        """
        if self.open is None:
            return
        frame = self.open[-1]
        last = None
        if outcome is None:
            if frame is not None and (
                file := own_file(frame.f_code.co_filename)
            ):
                last = file, frame.f_lineno
            self.gave(f'Deferred {inner}', 'yield', inner, last)
        else:
            value, failed = outcome
            self.gave(value, 'raise' if failed else 'return', None, None)

    def gave(
        self, value: str, ends: str, inner: int | None, last: Place | None
    ) -> None:
        """The step that goes on has ended so."""
        assert self.open is not None and self.record is not None
        number, got, failed, first, start, parent, _ = self.open
        self.open = None
        now, turn = self._deferreds.now()
        self._deferreds.step(
            facts.Step(
                number=number,
                deferred=self.record.number,
                step=self.steps,
                name=self.name,
                got=got,
                got_failure=failed,
                ends=ends,
                gave=value,
                inner=inner,
                first=first,
                last=last,
                start=start,
                duration=now - start,
                turn=turn,
                parent=parent,
            )
        )
        self.steps += 1


class _Proof(Recorder):
    """Takes the facts of a rehearsal."""

    def __init__(self, seen: list[facts.Fact]):
        self._rows = seen
        self._start = 0.0
        self.turn = None
        self.turns = 0
        self.runs = []
        self.run_count = 0

    def add(self, fact: facts.Fact) -> None:
        self._rows.append(fact)
