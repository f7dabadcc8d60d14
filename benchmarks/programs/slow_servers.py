"""
Many slow poetry servers, and a transform server, in one process.

Usage: python slow_servers.py COUNT SECONDS PIECES

Each server has a port of its own and sends a poem of so many pieces in so
many seconds, by a clock of its own. Prints a line of JSON when all listen
(`ports`, `transform`) and another one when its input ends: how many poems
were read to their end (`served`), and what the slowest server took for one
(`slowest`, seconds).
"""

import asyncio
import json
import resource
import socket
import sys

LINE = b'Poetry is made one piece after the other.\n'


class Tally:
    """What the servers have done."""

    served = 0
    slowest = 0.0


class SlowPoetry(asyncio.Protocol):
    """Sends a piece when somebody comes, and the next ones by and by."""

    def __init__(self, tally: Tally, pieces: int, delay: float):
        self.tally = tally
        self.left = pieces
        self.delay = delay

    def connection_made(self, transport):
        self.transport = transport
        self.loop = asyncio.get_running_loop()
        self.start = self.loop.time()
        self.send()

    def send(self):
        if self.left == 0:
            self.transport.close()
            return
        self.transport.write(LINE)
        self.left -= 1
        self.timer = self.loop.call_later(self.delay, self.send)

    def connection_lost(self, error):
        self.timer.cancel()
        if self.left == 0 and error is None:
            self.tally.served += 1
            took = self.loop.time() - self.start
            self.tally.slowest = max(self.tally.slowest, took)


class Transform(asyncio.Protocol):
    """Sends the poem of a request back in lower case."""

    def connection_made(self, transport):
        self.transport = transport
        self.data = bytearray()

    def data_received(self, data):
        self.data += data
        length, colon, rest = self.data.partition(b':')
        if colon and len(rest) > int(length):
            _, _, poem = rest[:-1].partition(b'.')
            self.transport.write(b'%d:%b,' % (len(poem), poem.lower()))
            self.transport.close()


async def serve(count: int, seconds: float, pieces: int) -> None:
    """Serve until the input ends."""
    loop = asyncio.get_running_loop()
    tally = Tally()

    async def listen(protocol) -> int:
        # asyncio would set SO_REUSEADDR, with which the kernel looks long
        # for a port that is free
        sock = socket.socket()
        sock.bind(('127.0.0.1', 0))
        await loop.create_server(protocol, sock=sock, backlog=4096)
        return sock.getsockname()[1]

    transform = await listen(Transform)
    ports = [
        await listen(lambda: SlowPoetry(tally, pieces, seconds / pieces))
        for _ in range(count)
    ]
    print(json.dumps({'ports': ports, 'transform': transform}), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    print(json.dumps({'served': tally.served, 'slowest': tally.slowest}))


def main() -> None:
    count, seconds, pieces = sys.argv[1:]
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run(serve(int(count), float(seconds), int(pieces)))


if __name__ == '__main__':
    main()
