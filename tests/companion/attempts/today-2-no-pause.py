# The three attempts are over at once. A server that refuses now will hardly
# serve a moment later: wait for a second between two attempts.
"""Client 9.0, trying a server again that refuses."""

import argparse
import sys

from twisted.internet import defer, task
from twisted.internet.endpoints import (
    TCP4ClientEndpoint,
    clientFromString,
    connectProtocol,
)
from twisted.internet.error import ConnectError, ConnectionDone
from twisted.internet.protocol import Protocol
from twisted.protocols.basic import NetstringReceiver


def parse_args(reactor):
    parser = argparse.ArgumentParser(
        prog=sys.argv[0],
        usage='%(prog)s [-h] [--timeout S] [host:]port [host:]port ...',
        description='Get a poem from every poetry server named, and have'
        ' them transformed by the transform server, which comes first.',
    )
    parser.add_argument(
        '--timeout',
        type=float,
        metavar='S',
        help='seconds that a server may take (default: any number)',
    )
    parser.add_argument(
        'addresses',
        nargs='*',
        metavar='[host:]port',
        help='where a server listens (default host: 127.0.0.1);'
        ' or an endpoint, such as tcp:HOST:PORT or unix:PATH',
    )
    args = parser.parse_args()

    if not args.addresses:
        parser.print_help()
        parser.exit()
    if len(args.addresses) < 2:
        parser.error('Name the transform server and a poetry server.')
    if args.timeout is not None and args.timeout <= 0:
        parser.error('--timeout must be more than 0.')

    def parse_address(address):
        if address.startswith(('tcp:', 'unix:')):
            try:
                return clientFromString(reactor, address)
            except (TypeError, ValueError):
                parser.error(f'Not an endpoint: {address}')
        host, _, port = address.rpartition(':')
        if not port.isdecimal():
            parser.error('Ports must be integers.')
        if int(port) > 65535:
            parser.error('Ports must be between 0 and 65535.')
        return TCP4ClientEndpoint(reactor, host or '127.0.0.1', int(port))

    args.addresses = [parse_address(address) for address in args.addresses]
    return args


class PoetryProtocol(Protocol):
    def __init__(self):
        self.poem = bytearray()
        self.deferred = defer.Deferred()

    def dataReceived(self, data):
        self.poem += data

    def connectionLost(self, reason):
        if reason.check(ConnectionDone):
            # decoded once, here: a piece may end inside a character
            self.deferred.callback(self.poem.decode(errors='replace'))
        else:
            # cut off: an error, not a shorter poem
            self.deferred.errback(reason)


async def get_poetry(endpoint):
    """Fetch a poem: return the text, or raise what went wrong."""
    protocol = await connectProtocol(endpoint, PoetryProtocol())
    try:
        return await protocol.deferred
    finally:
        # still open if we were cancelled
        protocol.transport.loseConnection()


class TransformClientProtocol(NetstringReceiver):
    MAX_LENGTH = 10 * 1024 * 1024  # bytes

    def __init__(self):
        self.deferred = defer.Deferred()

    def sendRequest(self, xform_name, poem):
        self.sendString(xform_name + b'.' + poem)

    def stringReceived(self, s):
        if not self.deferred.called:  # the first answer counts
            self.deferred.callback(s)

    def connectionLost(self, reason):
        if not self.deferred.called:
            self.deferred.errback(reason)


class TransformProxy:
    """The transform server at the given endpoint."""

    def __init__(self, endpoint):
        self.endpoint = endpoint

    async def xform(self, xform_name, poem):
        """Return the new text, or raise what went wrong."""
        protocol = TransformClientProtocol()
        await connectProtocol(self.endpoint, protocol)
        try:
            protocol.sendRequest(xform_name.encode(), poem.encode())
            poem = await protocol.deferred
            return poem.decode()
        finally:
            protocol.transport.loseConnection()


async def poetry_main(reactor):
    args = parse_args(reactor)

    xform_addr = args.addresses.pop(0)
    proxy = TransformProxy(xform_addr)

    def in_time(coroutine):
        """Return a Deferred that is cancelled when its time is over."""
        d = defer.Deferred.fromCoroutine(coroutine)
        if args.timeout is not None:
            d.addTimeout(args.timeout, reactor, too_slow)
        return d

    def too_slow(result, seconds):
        raise TimeoutError(f'It took more than {seconds} seconds.')

    async def try_again(endpoint):
        """Return the poem; the third time that nobody answers counts."""
        for _ in range(2):
            try:
                return await get_poetry(endpoint)
            except ConnectError:
                print('Trying again.')
        return await get_poetry(endpoint)

    async def print_poem(endpoint):
        try:
            poem = await in_time(try_again(endpoint))
        except Exception as e:
            print('The poem download failed:', e, file=sys.stderr)
            return

        try:
            poem = await in_time(proxy.xform('cummingsify', poem))
        except Exception:
            print('Cummingsify failed!', file=sys.stderr)

        print(poem)

    ds = []

    for endpoint in args.addresses:
        d = defer.Deferred.fromCoroutine(print_poem(endpoint))
        ds.append(d)

    await defer.gatherResults(ds)


if __name__ == '__main__':
    task.react(poetry_main)
