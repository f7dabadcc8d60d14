"""Who stands between clients and servers, and tells what passes."""

from collections.abc import Callable
from enum import StrEnum
from itertools import count
from typing import Any

from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IConnector
from twisted.protocols.portforward import (
    ProxyClient,
    ProxyClientFactory,
    ProxyFactory,
    ProxyServer,
)
from twisted.python.failure import Failure


class Link(StrEnum):
    """What happens to the connection of a client, besides data."""

    MADE = 'made'
    ENDED = 'ended'
    """The server ended it in order: that's the end of a poem."""
    BROKEN = 'broken'
    """The server ended it in another way, or never accepted it."""
    LEFT = 'left'
    """The client ended it before the server did."""


Passed = Callable[[str, int, Link | int], None]
"""
Told of a port, which connection, and what happened to it.

The port is as it is written; connections are numbered over all relays, and
a number of bytes means that so many passed to the client.
"""


class _ToServer(ProxyClient):
    """The side of a relay on which the server is."""

    peer: '_ToClient'

    def dataReceived(self, data: bytes) -> None:
        self.peer.tell(len(data))
        super().dataReceived(data)  # type: ignore[no-untyped-call]

    def connectionLost(self, reason: Failure) -> None:  # type: ignore
        in_order = reason.check(ConnectionDone)  # type: ignore
        self.peer.end(Link.ENDED if in_order else Link.BROKEN)
        if in_order:
            super().connectionLost(reason)  # type: ignore[no-untyped-call]
        else:
            # the client has to see it, too
            self.peer.transport.abortConnection()  # type: ignore


class _ToServerFactory(ProxyClientFactory):
    noisy = False
    protocol = _ToServer

    def clientConnectionFailed(
        self, connector: IConnector, reason: Failure
    ) -> None:
        self.server.end(Link.BROKEN)
        self.server.transport.abortConnection()


class _ToClient(ProxyServer):
    """The side of a relay on which the client is."""

    clientProtocolFactory = _ToServerFactory

    def connectionMade(self) -> None:
        relay = self.factory
        assert isinstance(relay, _Relay)
        number = next(relay.numbers)

        def tell(what: Link | int) -> None:
            relay.passed(relay.written, number, what)

        self._over = False
        self.tell = tell
        tell(Link.MADE)
        super().connectionMade()

    def end(self, how: Link) -> None:
        """Tell how it ended, once."""
        if not self._over:
            self._over = True
            self.tell(how)

    def connectionLost(self, reason: Failure) -> None:  # type: ignore
        self.end(Link.LEFT)
        super().connectionLost(reason)  # type: ignore[no-untyped-call]


class _Relay(ProxyFactory):
    """
    What stands between a server and its clients.

    server: the port that it uses. written: the same in the commands. numbers:
    those of the connections.
    """

    noisy = False
    protocol = _ToClient

    def __init__(
        self, server: int, written: str, numbers: 'count[int]', passed: Passed
    ):
        super().__init__('127.0.0.1', server)
        self.written = written
        self.numbers = numbers
        self.passed = passed


class Relays:
    """
    More ports of a scene, each between a server and its clients.

    Whatever passes there is told. A port without a relay is as before: a
    client whose server refuses is refused. They are gone when the
    asynchronous context is left.

    passed: told what happens. detours: the ports of the relays, by those
    they stand for.
    """

    def __init__(self, reactor: Any, passed: Passed):
        self.detours: dict[str, str] = {}
        self._reactor = reactor
        self._passed = passed
        self._numbers = count()
        self._listening: list[Any] = []  # of IListeningPort

    async def __aenter__(self) -> 'Relays':
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        for listening in self._listening:
            await listening.stopListening()

    def add(self, port: str, server: int) -> None:
        """
        Relay what a server sends.

        port: the server's, as it is written. server: the one it uses.
        """
        relay = _Relay(server, port, self._numbers, self._passed)
        listening = self._reactor.listenTCP(0, relay, interface='127.0.0.1')
        self._listening.append(listening)
        self.detours[port] = str(listening.getHost().port)
