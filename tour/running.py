"""How a coroutine runs in the reactor, to its end or until Ctrl-C."""

import signal
from collections.abc import Callable, Coroutine
from typing import Any

from twisted.internet import task
from twisted.internet.defer import CancelledError, Deferred

from tour.errors import Interrupted, TourError

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(function: Callable[[Any], Coroutine[Any, Any, None]]) -> None:
    """
    Run a coroutine function in the reactor, which it is given.

    Can be done once, as the reactor can't be started again. On Ctrl-C,
    SIGTERM and SIGHUP the coroutine is cancelled and may end its processes;
    until it has, nothing else interrupts it. Raises the TourError that it
    raises, and Interrupted.
    """
    # whoever started the tour by nohup or the like has SIGHUP ignored
    before = {signum: signal.getsignal(signum) for signum in _SIGNALS}
    minded = [s for s in _SIGNALS if before[s] != signal.SIG_IGN]
    came: list[int] = []
    told: list[TourError] = []

    async def main(reactor: Any) -> None:
        # when this goes on, the reactor has installed its own handlers
        await task.deferLater(reactor, 0)

        def interrupt(signum: int) -> None:
            came.append(signum)
            if len(came) == 1:
                running.cancel()

        for signum in minded:
            signal.signal(
                signum, lambda s, _: reactor.callFromThread(interrupt, s)
            )
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        running = Deferred.fromCoroutine(function(reactor))
        try:
            await running
        except TourError as error:
            told.append(error)
        except CancelledError:
            if not came:
                raise

    # until somebody minds them, signals wait
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        task.react(main)
    except SystemExit as end:
        # 0 unless something unforeseen was raised, and told with traceback
        if end.code != 0:
            raise
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
    if came:
        raise Interrupted(came[0])
    if told:
        raise told[0]
