"""
Facts as trace events, which Perfetto and chrome://tracing show.

The format is Chrome's: a list of events with times in microseconds. There
are three threads: the reactor (waits and turns), the chains (functions and
the steps of generators), and what comes in and is printed (instants).
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from tour.tracing import facts

_REACTOR, _CHAINS, _EVENTS = 1, 2, 3
_THREADS = {_REACTOR: 'reactor', _CHAINS: 'chains', _EVENTS: 'events'}


def trace_events(run: Iterable[facts.Fact]) -> str:
    """Return the facts of a run as JSON that a viewer of traces opens."""
    events = [*_threads(), *filter(None, map(_event, run))]
    return json.dumps({'traceEvents': events, 'displayTimeUnit': 'ms'})


def _threads() -> Iterator[dict[str, Any]]:
    for thread, name in _THREADS.items():
        yield {
            'ph': 'M',
            'pid': 1,
            'tid': thread,
            'name': 'thread_name',
            'args': {'name': name},
        }


def _event(fact: facts.Fact) -> dict[str, Any] | None:
    match fact:
        case facts.Wait():
            return _span(_REACTOR, 'wait', fact, ready=fact.ready)
        case facts.Turn():
            name = '.'.join(filter(None, (fact.object, fact.method)))
            args = {'task': fact.task, 'port': fact.port}
            return _span(_REACTOR, name, fact, what=fact.what, **args)
        case facts.Ran() if fact.function is not None:
            return _span(
                _CHAINS,
                fact.function.name,
                fact,
                deferred=fact.deferred,
                side=fact.side,
                got=fact.got,
                gave=fact.gave,
            )
        case facts.Step():
            name = f'{fact.name}, step {fact.step}'
            number = fact.deferred
            return _span(_CHAINS, name, fact, deferred=number, gave=fact.gave)
        case facts.Piece():
            return _instant(f'{fact.size} bytes', fact.time, port=fact.port)
        case facts.Fired():
            name = f'Deferred {fact.deferred} fires'
            return _instant(name, fact.time, value=fact.value)
        case facts.Printed():
            return _instant(fact.text or '(empty line)', fact.time)
    return None


def _span(
    thread: int,
    name: str,
    fact: facts.Wait | facts.Turn | facts.Ran | facts.Step,
    **args: Any,
) -> dict[str, Any]:
    return {
        'ph': 'X',
        'pid': 1,
        'tid': thread,
        'name': name,
        'ts': fact.start * 1e6,
        'dur': fact.duration * 1e6,
        'args': {k: v for k, v in args.items() if v is not None},
    }


def _instant(name: str, time: float, **args: Any) -> dict[str, Any]:
    return {
        'ph': 'i',
        's': 't',
        'pid': 1,
        'tid': _EVENTS,
        'name': name,
        'ts': time * 1e6,
        'args': args,
    }
