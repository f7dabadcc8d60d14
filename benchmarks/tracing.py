"""
What tracing costs: ``python -m benchmarks.tracing``.

Client 4.0 fetches poems from a fast server, in turn plainly and traced, and
the processor time of both is compared: a ratio, so that it says the same on
a machine that is busy with other things. The first line is a short run,
which is mostly Python's and Twisted's start; the second one has several
thousand turns of the reactor.
"""

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from tour.reading import BASE
from tour.tracing.launching import traced

SERVER = """
import sys
from twisted.internet import reactor
from twisted.internet.protocol import Protocol, ServerFactory

size, pieces = map(int, sys.argv[1:])

class Pieces(Protocol):
    def connectionMade(self):
        self.transport.setTcpNoDelay(True)
        self.left = pieces
        self.send()

    def send(self):
        if self.left and self.connected:
            self.left -= 1
            self.transport.write(b'x' * size)
            reactor.callLater(0, self.send)
        else:
            self.transport.loseConnection()

factory = ServerFactory.forProtocol(Pieces)
port = reactor.listenTCP(0, factory, interface='127.0.0.1')
print(port.getHost().port, flush=True)
reactor.run()
"""


def main() -> None:
    """Measure, and print a line for each load."""
    for title, size, pieces, times in (
        ('three short poems', 600, 1, 9),
        ('three poems of 2000 pieces', 100, 2000, 5),
    ):
        with subprocess.Popen(
            [sys.executable, '-c', SERVER, str(size), str(pieces)],
            stdout=subprocess.PIPE,
            text=True,
        ) as server:
            assert server.stdout is not None
            port = server.stdout.readline().strip()
            ratio, turns = _measure(port, times)
            server.terminate()
        print(f'{title}: {ratio:.2f} times the plain run, {turns} turns')


def _measure(port: str, times: int) -> tuple[float, int]:
    """Return how many times as much a traced run costs, and its turns."""
    script = 'twisted-client-4/get-poetry.py'
    words = [sys.executable, script, port, port, port]
    ratios = []
    with tempfile.TemporaryDirectory() as directory:
        facts = Path(directory, 'facts')
        environment = traced(dict(os.environ), str(facts))
        for _ in range(times):
            plain = _cost(words, dict(os.environ))
            ratios.append(_cost(words, environment) / plain)
        turns = facts.read_text('utf-8').count('{"kind": "turn", ')
    return median(ratios), turns


def _cost(words: list[str], environment: dict[str, str]) -> float:
    """Run a program; return the seconds of processor time that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        words,
        env=environment,
        cwd=BASE,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


if __name__ == '__main__':
    main()
