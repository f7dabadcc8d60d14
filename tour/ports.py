"""Ports: what the commands name, and what is free on this machine."""

import re
import socket
import sys
from collections.abc import Iterable

# The tutorial's ports all lie between 10000 and 11999, and nothing else in
# its commands does.
PORT = re.compile(r'(?<![\w.])1[01]\d{3}(?![\w.])')


class Ports:
    """
    The ports that a scene's commands name, each mapped to one that is free.

    commands: the commands as they are written.
    keep: use a port as it is written if nobody listens there and no other
        tour uses it; otherwise every port is replaced, so that scenes can
        run side by side.

    All of them stay reserved, as far as the system allows, until release()
    is called or the context is left: no other tour uses them, nobody else
    is given a replacement, and a connection to one is refused until one of
    the scene's servers listens.
    """

    def __init__(self, commands: Iterable[str], keep: bool = True):
        self._reserved: list[socket.socket] = []
        self.replaced: dict[str, str] = {}
        found = [port for text in commands for port in PORT.findall(text)]
        for port in dict.fromkeys(found):
            if not (keep and self._claim(int(port))):
                self.replaced[port] = self._reserve()

    def __enter__(self) -> 'Ports':
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.release()

    def _claim(self, port: int) -> bool:
        """Reserve a port as it is; return False if somebody uses it."""
        # Tours tell each other by the UDP port of that number, which no
        # server of theirs uses, and which is free when a tour has ended.
        claim = socket.socket(type=socket.SOCK_DGRAM)
        with _socket() as sock:
            try:
                claim.bind(('127.0.0.1', port))
                sock.bind(('127.0.0.1', port))
                sock.listen()
            except OSError:
                claim.close()
                return False
        self._reserved.append(claim)
        return True

    def _reserve(self) -> str:
        sock = _socket()
        sock.bind(('127.0.0.1', 0))
        port = sock.getsockname()[1]
        # On Linux another socket may listen where this one is only bound.
        if sys.platform == 'linux':
            self._reserved.append(sock)
        else:
            sock.close()
        return str(port)

    def actual(self, text: str) -> str:
        """Return the text with the ports that are really used."""
        return PORT.sub(lambda m: self.replaced.get(m[0], m[0]), text)

    def written(self, text: str) -> str:
        """Return the text with the ports that the commands were given."""
        for port, replacement in self.replaced.items():
            text = re.sub(rf'(?<!\d){replacement}(?!\d)', port, text)
        return text

    def release(self) -> None:
        """Give the reserved ports back."""
        while self._reserved:
            self._reserved.pop().close()


def _socket() -> socket.socket:
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return sock
