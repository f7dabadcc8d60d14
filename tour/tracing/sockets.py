"""What comes in by sockets, and what a script does with ``select``."""

import select
import socket
from collections.abc import Iterable, Iterator
from typing import Any

from tour.tracing.facts import Piece, Reactor
from tour.tracing.recorder import Recorder
from tour.tracing.turns import Turns


class Sockets:
    """Notes pieces as they come, and the turns of a loop round ``select``."""

    def __init__(self, recorder: Recorder, turns: Turns):
        self._recorder = recorder
        self._turns = turns
        self._ports: dict[Any, int] = {}
        self.selects = 0
        self.blocked = 0

    def tap(self) -> None:
        """Tap recv of all sockets, and select.select."""
        recorder, turns = self._recorder, self._turns
        plain = socket.socket.recv
        now, piece = recorder.now, self._piece

        def recv(sock: socket.socket, *args: Any) -> bytes:
            alone = turns.reactor is None and recorder.turn is None
            start = now()
            data = plain(sock, *args)
            if alone and sock.gettimeout() is None:
                self.blocked += 1
                turns.waited(start, None)
                recorder.idle()
            if data:
                piece(sock, len(data))
            return data

        socket.socket.recv = recv  # type: ignore[method-assign,assignment]
        selecting = select.select

        def traced_select(
            reads: Any, writes: Any, errors: Any, *timeout: Any
        ) -> Any:
            if turns.reactor is not None:
                return selecting(reads, writes, errors, *timeout)
            if not self.selects:
                recorder.add(Reactor(now(), 'select', None))
            self.selects += 1
            turns.end()
            recorder.idle()
            start = now()
            r, w, e = selecting(reads, writes, errors, *timeout)
            turns.waited(start, len(r) + len(w))
            return (_Ready(self, 'read', r), _Ready(self, 'write', w), e)

        select.select = traced_select

    def _piece(self, sock: socket.socket, size: int) -> None:
        turns, recorder = self._turns, self._recorder
        turns.received += size
        port = turns.port
        if port is None:
            port = self._port(sock)
        recorder.add(
            Piece(recorder.now(), size, turns.task, port, recorder.turn)
        )

    def _port(self, sock: socket.socket) -> int | None:
        try:
            address = sock.getpeername()
        except OSError:
            return None
        return address[1] if isinstance(address, tuple) else None

    def turns_of(self, what: str, items: Iterable[Any]) -> Iterator[Any]:
        """Hand out sockets: between one and the next there is a turn."""
        method = 'recv' if what == 'read' else 'send'
        for item in items:
            self._turns.begin(what, _Selected(item), method)
            yield item
            self._turns.end()


class _Selected:
    """A socket as something that a reactor would call."""

    def __init__(self, sock: Any):
        self.sock = sock


# what a turn says that it has called
_Selected.__name__ = 'socket'


class _Ready(list[Any]):
    """What select returns: between one and the next there is a turn."""

    def __init__(self, sockets: Sockets, what: str, items: Iterable[Any]):
        super().__init__(items)
        self._sockets = sockets
        self._what = what

    def __iter__(self) -> Iterator[Any]:
        return self._sockets.turns_of(self._what, super().__iter__())
