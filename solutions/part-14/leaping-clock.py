"""Run a server on a clock that leaps an hour whenever a reader has gone."""

import argparse
import runpy
import sys
import time

from twisted.internet import reactor

LEAP = 3600  # seconds


def parse_args():
    parser = argparse.ArgumentParser(sys.argv[0], description=__doc__)
    parser.add_argument('script', help='the server')
    parser.add_argument(
        'arguments', nargs=argparse.REMAINDER, help='what it is given'
    )
    return parser.parse_args()


class LeapingClock:
    """Takes the place of all clocks that the server may look at."""

    def __init__(self):
        self.ahead = 0
        for module, name in (
            (time, 'time'),
            (time, 'monotonic'),
            (reactor, 'seconds'),
        ):
            setattr(module, name, self.leaping(getattr(module, name)))

    def leaping(self, clock):
        return lambda: clock() + self.ahead

    def leap(self):
        self.ahead += LEAP


def watch(factory, gone):
    """Call gone whenever a connection of the factory has ended."""
    build_protocol = factory.buildProtocol

    def build_watched(address):
        protocol = build_protocol(address)
        connection_lost = protocol.connectionLost

        def watched(reason):
            connection_lost(reason)
            gone()

        protocol.connectionLost = watched
        return protocol

    factory.buildProtocol = build_watched


def main():
    args = parse_args()
    clock = LeapingClock()
    listen = reactor.listenTCP

    def listen_and_watch(port, factory, *more, **named):
        watch(factory, clock.leap)
        return listen(port, factory, *more, **named)

    reactor.listenTCP = listen_and_watch
    sys.argv = [args.script, *args.arguments]
    try:
        runpy.run_path(args.script, run_name='__main__')
    except OSError as error:
        sys.exit(f'Cannot read {args.script}: {error.strerror}')


if __name__ == '__main__':
    main()
