"""Begins and ends the tracing of the process that this runs in."""

import atexit
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType, FunctionType, ModuleType

from tour.tracing import facts
from tour.tracing.deferreds import Deferreds
from tour.tracing.imports import OnImport
from tour.tracing.printing import Printing
from tour.tracing.recorder import NOT_RECORDED, Recorder
from tour.tracing.seams import SeamError
from tour.tracing.sockets import Sockets
from tour.tracing.turns import Turns


class Tracer:
    """Traces this process, from now on to its end."""

    def __init__(self, path: str, script: str, arguments: list[str]):
        """
        Write facts to a file; script and arguments are those of the run.

        Raises OSError if the file can't be written.
        """
        self._recorder = recorder = Recorder(path)
        recorder.add(
            facts.Run(script, arguments, recorder.started, sys.version)
        )
        self._turns = turns = Turns(recorder)
        self._sockets = Sockets(recorder, turns)
        self._deferreds = Deferreds(recorder)
        self._process = os.getpid()
        self._ended = False
        self._name = script

    def start(self) -> None:
        """Tap everything."""
        self._sockets.tap()
        Printing(self._recorder).tap()
        taps = {
            'twisted.internet.base': self._turns.tap_base,
            'twisted.internet.main': self._turns.tap_main,
            'twisted.internet.defer': self._deferreds.tap,
        }
        OnImport({name: self._safely(tap) for name, tap in taps.items()})
        atexit.register(self.end)
        if signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
            signal.signal(signal.SIGTERM, self._killed)

    def _safely(
        self, tap: Callable[[ModuleType], None]
    ) -> Callable[[ModuleType], None]:
        def safe_tap(module: ModuleType) -> None:
            try:
                tap(module)
            except SeamError as error:
                self._give_up(str(error))

        return safe_tap

    def _give_up(self, why: str) -> None:
        self._recorder.write()
        print(why, file=sys.stderr, flush=True)
        os._exit(NOT_RECORDED)

    def _killed(self, signum: int, frame: FrameType | None) -> None:
        self.end(-signum)
        signal.signal(signum, signal.SIG_DFL)
        os.kill(os.getpid(), signum)

    def end(self, status: int | None = None) -> None:
        """Write what there is; say so, and exit, if that isn't all."""
        if self._ended:
            return
        self._ended = True
        recorder = self._recorder
        self._turns.end()
        self._deferreds.end()
        recorder.add(facts.End(recorder.now(), status))
        recorder.write()
        trouble = self._turns.trouble()
        if status is None and trouble is None and not self._is_something():
            trouble = (
                f'{self._name} has no reactor: it never imports one, nor does'
                ' it call select or use a Deferred.'
            )
        if trouble is not None:
            sys.stdout.flush()
            self._give_up(trouble)

    def _is_something(self) -> bool:
        """Return whether there was something to trace, or might have been."""
        seen = (
            self._turns.reactor,
            self._deferreds.count,
            self._sockets.selects,
            self._sockets.blocked,
        )
        return any(seen) or _uses_twisted()


def _uses_twisted() -> bool:
    """Return whether the script has imported anything of Twisted's."""
    names = vars(sys.modules['__main__']).values()
    return any(
        str(getattr(thing, '__module__', None) or '').startswith('twisted.')
        or str(getattr(thing, '__name__', '')).startswith('twisted')
        for thing in list(names)
        if isinstance(thing, type | ModuleType | FunctionType)
    )
