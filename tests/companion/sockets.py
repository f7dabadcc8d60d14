"""
What Linux tells of sockets on 127.0.0.1: who listens, and who has read.

It is asked by netlink, as ``ss`` does: what /proc/net/tcp tells is the same,
but costs some milliseconds each time, and this is asked again and again.
"""

import re
import socket
import struct
from pathlib import Path

from twisted.trial.unittest import SkipTest

_SOCK_DIAG = 4  # the family of netlink
_BY_FAMILY = 20  # the type of a request, and of its answer
_LISTENING = 1 << 10
_ANY_STATE = 0xFFF
_HERE = socket.inet_aton('127.0.0.1')
_HEADER = 16


def queued(local: int, remote: int) -> bool:
    """
    Return whether one end of a connection has bytes to send or to be read.

    local, remote: the ports of this end and of the other one.
    """
    answer = _asked(local, remote, _ANY_STATE)
    if answer is None:
        return _in_table(
            rb':%04X [0-9A-F]+:%04X [0-9A-F]+ (?!0+:0+ )' % (local, remote)
        )
    # it may be gone, which is an answer, too
    return bool(answer) and any(struct.unpack_from('=II', answer, 56))


def listens(port: int) -> bool:
    """Return whether somebody listens on a port of 127.0.0.1."""
    answer = _asked(port, 0, _LISTENING)
    if answer is None:
        return _in_table(rb': 0100007F:%04X [0-9A-F:]+ 0A ' % port)
    return len(answer) > 1 and answer[1] == 10


def _asked(local: int, remote: int, states: int) -> bytes | None:
    """
    Return what Linux has on a socket: a ``struct inet_diag_msg``.

    It is empty if there is no such socket. Returns None where Linux can't be
    asked like this.
    """
    if not hasattr(socket, 'AF_NETLINK'):
        return None
    # struct inet_diag_sockid: ports, addresses, interface, cookie
    sock_id = struct.pack(
        '>HH16s16s4x8s', local, remote, _HERE, _HERE, b'\xff' * 8
    )
    request = struct.pack('=BBxxI', socket.AF_INET, socket.IPPROTO_TCP, states)
    body = request + sock_id
    header = struct.pack('=IHHII', _HEADER + len(body), _BY_FAMILY, 1, 1, 0)
    try:
        with socket.socket(
            socket.AF_NETLINK, socket.SOCK_DGRAM, _SOCK_DIAG
        ) as asking:
            asking.send(header + body)
            answer = asking.recv(8192)
    except OSError:
        return None
    (kind,) = struct.unpack_from('=H', answer, 4)
    if kind == _BY_FAMILY:
        return answer[_HEADER:]
    (error,) = struct.unpack_from('=i', answer, _HEADER)
    return b'' if error == -2 else None


def _in_table(row: bytes) -> bool:
    """Return whether /proc/net/tcp has a row like this."""
    table = Path('/proc/net/tcp')
    if not table.exists():
        raise SkipTest('needs /proc/net/tcp, which only Linux has')
    return re.search(row, table.read_bytes()) is not None
