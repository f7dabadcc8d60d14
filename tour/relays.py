"""Who stands between clients and servers, and tells how much passes."""

from collections.abc import Callable

from twisted.internet.interfaces import IListeningPort
from twisted.protocols.portforward import (
    ProxyClient,
    ProxyClientFactory,
    ProxyFactory,
    ProxyServer,
)


class _ToServer(ProxyClient):
    """The side of a relay on which the server is."""

    def dataReceived(self, data):
        self.peer.factory.passed(len(data))
        super().dataReceived(data)


class _ToServerFactory(ProxyClientFactory):
    noisy = False
    protocol = _ToServer


class _ToClient(ProxyServer):
    """The side of a relay on which the client is."""

    clientProtocolFactory = _ToServerFactory


class _Relay(ProxyFactory):
    """
    What stands between a server and its clients.

    passed: called with the number of bytes whenever some pass.
    """

    noisy = False
    protocol = _ToClient
    passed: Callable[[int], None]


class Relays:
    """
    More ports of a scene, each between a server and its clients.

    Whatever passes there is told. A port without a relay is as before: a
    client whose server refuses is refused. They are gone when the
    asynchronous context is left.

    passed: called with the port and the number of bytes when some pass to
    a client. detours: the ports of the relays, by those they stand for.
    """

    def __init__(self, reactor, passed: Callable[[str, int], None]):
        self.detours: dict[str, str] = {}
        self._reactor = reactor
        self._passed = passed
        self._listening: list[IListeningPort] = []

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
        relay = _Relay('127.0.0.1', server)
        relay.passed = lambda size: self._passed(port, size)
        listening = self._reactor.listenTCP(0, relay, interface='127.0.0.1')
        self._listening.append(listening)
        self.detours[port] = str(listening.getHost().port)
