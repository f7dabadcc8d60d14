# A signal is told as a positive number, which looks like an exit code.
"""Like getProcessValue, but it tells which signal killed the process."""

import sys

from twisted.internet.defer import Deferred, inlineCallbacks
from twisted.internet.protocol import ProcessProtocol
from twisted.internet.utils import getProcessValue


class ValueProtocol(ProcessProtocol):
    def __init__(self, deferred):
        self.deferred = deferred

    def processEnded(self, reason):
        # ProcessDone and ProcessTerminated have both, and one of them is None
        code, signal = reason.value.exitCode, reason.value.signal
        self.deferred.callback(code if signal is None else signal)


def get_process_value(executable, args=(), reactor=None):
    """
    Run a program: the Deferred fires with its exit code, or, as in the
    module subprocess, with the negative number of the signal that killed it.
    """
    if reactor is None:
        from twisted.internet import reactor

    d = Deferred()
    protocol = ValueProtocol(d)
    reactor.spawnProcess(protocol, executable, [executable, *args], env=None)
    return d


@inlineCallbacks
def main():
    from twisted.internet import reactor

    code = 'import os; os.kill(os.getpid(), 9)'
    value = yield getProcessValue(sys.executable, ['-c', code])
    print('getProcessValue:', value)
    value = yield get_process_value(sys.executable, ['-c', code])
    print('get_process_value:', value)

    if reactor.running:
        reactor.stop()  # unless Ctrl-C has done it


if __name__ == '__main__':
    from twisted.internet import reactor

    reactor.callWhenRunning(main)
    reactor.run()
