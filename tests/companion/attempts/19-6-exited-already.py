# The process is gone when it is to be killed. Whoever cancels need not know
# that.
"""Like getProcessOutput, but cancelling it ends the process."""

import sys

from twisted.internet.defer import Deferred
from twisted.internet.error import ProcessDone
from twisted.internet.protocol import ProcessProtocol


class OutputProtocol(ProcessProtocol):
    def __init__(self, deferred):
        self.deferred = deferred
        self.output = bytearray()

    def outReceived(self, data):
        self.output += data

    def processEnded(self, reason):
        if self.deferred is not None:
            d, self.deferred = self.deferred, None
            if reason.check(ProcessDone):
                d.callback(bytes(self.output))
            else:
                d.errback(reason)


def get_process_output(executable, args=(), reactor=None):
    """
    Run a program: the Deferred fires with its output, or with a Failure if
    its exit code isn't 0; cancelling it kills the process.
    """
    if reactor is None:
        from twisted.internet import reactor

    def canceler(d):
        # or the protocol would fire it when the process has ended
        protocol.deferred = None
        process.signalProcess('KILL')
        process.loseConnection()

    d = Deferred(canceler)
    protocol = OutputProtocol(d)
    process = reactor.spawnProcess(
        protocol, executable, [executable, *args], env=None
    )
    return d


def main():
    from twisted.internet import reactor

    def got_output(output):
        print('Output:', output.decode(errors='replace'), end='')

    def output_failed(err):
        print('No output:', err.type.__name__)

    def all_done(_):
        if reactor.running:
            reactor.stop()  # unless Ctrl-C has done it

    code = 'import time; time.sleep(60); print("A minute is over.")'
    d = get_process_output(sys.executable, ['-c', code])
    reactor.callLater(1, d.cancel)
    d.addCallbacks(got_output, output_failed)
    d.addBoth(all_done)

    reactor.run()
    d.cancel()  # a signal may have ended the reactor, but not the process


if __name__ == '__main__':
    main()
