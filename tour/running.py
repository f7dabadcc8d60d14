"""How a coroutine runs in the reactor, to its end or until Ctrl-C."""

import signal
from collections.abc import Callable, Coroutine

from twisted.internet import task
from twisted.internet.defer import CancelledError, Deferred

from tour.errors import Interrupted, TourError


def run(function: Callable[..., Coroutine]) -> None:
    """
    Run a coroutine function in the reactor, which it is given.

    Can be done once, as the reactor can't be started again. On Ctrl-C,
    SIGTERM and SIGHUP the coroutine is cancelled and may end its processes;
    until it has, nothing else interrupts it. Raises the TourError that it
    raises, and Interrupted.
    """
    told: list[TourError] = []

    async def main(reactor) -> None:
        # from here on the reactor minds signals
        await task.deferLater(reactor, 0)
        cleaned_up: Deferred = Deferred()
        running = Deferred.fromCoroutine(function(reactor))

        def interrupt() -> Deferred:
            for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(signum, signal.SIG_IGN)
            running.cancel()
            return cleaned_up

        trigger = reactor.addSystemEventTrigger(
            'before', 'shutdown', interrupt
        )
        signal.signal(
            signal.SIGHUP, lambda *_: reactor.callFromThread(reactor.stop)
        )
        try:
            await running
            reactor.removeSystemEventTrigger(trigger)
        except TourError as error:
            told.append(error)
            reactor.removeSystemEventTrigger(trigger)
        except CancelledError:
            told.append(Interrupted('Interrupted.'))
        finally:
            cleaned_up.callback(None)

    try:
        task.react(main)
    except SystemExit as end:
        # 0 unless something unforeseen was raised, and told with traceback
        if end.code != 0:
            raise
    if told:
        raise told[0]
