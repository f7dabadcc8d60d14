"""Starts scripts in a moment, by forking a process that has Twisted."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from twisted.internet import reactor
from twisted.internet.abstract import FileDescriptor
from twisted.internet.error import (
    ProcessDone,
    ProcessExitedAlready,
    ProcessTerminated,
)
from twisted.internet.fdesc import readFromFD, setNonBlocking
from twisted.internet.protocol import ProcessProtocol
from twisted.python.failure import Failure

PLAIN = ('PYTHONWARNINGS', 'PYTHONDEVMODE', 'COVERAGE_RUN')
"""With one of these in its environment Python has to start by itself."""


class ForkingReactor:
    """
    The reactor, but for spawnProcess: Python scripts are forked.

    Everything else is started as ever: other programs, Python with options
    of its own, and with variables that it minds when it starts.
    """

    def __init__(self):
        self._zygote: _Zygote | None = None

    def __getattr__(self, name: str):
        return getattr(reactor, name)

    def spawnProcess(
        self,
        proto: ProcessProtocol,
        executable: str,
        args=(),
        env=None,
        path=None,
        usePTY=False,
        childFDs=None,
    ):
        """
        Start a process; the arguments are those of IReactorProcess.

        childFDs: of the files 0, 1 and 2, those that are not pipes to us.
        """
        files = {0: 'w', 1: 'r', 2: 'r', **(childFDs or {})}
        words = list(args)
        code = None
        if words[1:2] == ['-c']:
            code = words[2]
            argv = ['-c', *words[3:]]
        else:
            argv = words[1:]
        if (
            executable != sys.executable
            or not argv
            or argv[0].startswith('-') != (code is not None)
            or not (code or Path(path, argv[0]).is_file())
            or any(name in env for name in PLAIN)
            or env.get('PYTHONPATH') != os.environ.get('PYTHONPATH')
        ):
            return reactor.spawnProcess(
                *(proto, executable, args, env, path),
                usePTY=usePTY,
                childFDs=None if usePTY else files,
            )
        if self._zygote is None:
            self._zygote = _Zygote()
        request = {
            'argv': argv,
            'code': code,
            'env': dict(env),
            'path': os.fspath(path),
            'terminal': bool(usePTY),
        }
        return self._zygote.start(proto, request, usePTY, files)


class _Zygote:
    """The process that forks, and the processes that it has forked."""

    def __init__(self):
        self._socket, theirs = socket.socketpair()
        ends, tell = os.pipe()
        script = Path(__file__).with_name('zygote.py')
        # it ends when our end of the socket is closed
        self._process = subprocess.Popen(
            [sys.executable, script, str(theirs.fileno()), str(tell)],
            pass_fds=[theirs.fileno(), tell],
            stdin=subprocess.DEVNULL,
        )
        theirs.close()
        os.close(tell)
        self._running: dict[int, ForkedProcess] = {}
        self._rest = b''
        self._ends = _Reader(ends, self._ended, lambda: None)
        self._ends.stopReading()

    def start(self, proto: ProcessProtocol, request: dict, pty, files: dict):
        """Fork; return the transport of the process."""
        opened = []  # by us, for it
        outputs = {}
        stdin = None
        if pty:
            stdin, slave, _ = pty
            theirs = [slave] * 3
            opened = [slave]
            outputs[1] = stdin
        else:
            theirs = []
            for number, file in files.items():
                if isinstance(file, str):
                    ends = os.pipe()
                    file, our_end = ends if number == 0 else ends[::-1]
                    opened.append(file)
                    if number == 0:
                        stdin = our_end
                    else:
                        outputs[number] = our_end
                theirs.append(file)
        data = json.dumps(request).encode()
        socket.send_fds(self._socket, [data], theirs)
        pid = int(self._socket.recv(64))
        for file in opened:
            os.close(file)
        process = ForkedProcess(proto, pid, stdin, outputs)
        self._running[pid] = process
        # only while it is needed: what trial finds in the reactor at the
        # end of a test case, it takes for a mistake
        self._ends.startReading()
        proto.makeConnection(process)
        return process

    def _ended(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b'\n')
        for line in lines:
            pid, status = map(int, line.split())
            self._running.pop(pid).ended(status)
        if not self._running:
            self._ends.stopReading()


class ForkedProcess:
    """
    The transport of a forked process, as far as the tests need one.

    pid: its process id. stdin: the file that leads to its input, if there
    is one; outputs: the files that its output comes from, by its own
    numbers.
    """

    def __init__(
        self,
        proto: ProcessProtocol,
        pid: int,
        stdin: int | None,
        outputs: dict[int, int],
    ):
        self.pid = pid
        self._proto = proto
        self._stdin = stdin
        self._open = set(outputs)
        self._status: int | None = None
        for number, file in outputs.items():
            _Reader(
                file,
                lambda data, number=number: proto.childDataReceived(
                    number, data
                ),
                lambda number=number: self._lost(number),
            )
        self._closes_stdin = stdin not in (None, *outputs.values())

    def write(self, data: bytes) -> None:
        """Write a little to its input, or type it at its terminal."""
        os.write(self._stdin, data)

    def closeStdin(self) -> None:
        """Close its input."""
        if self._closes_stdin:
            os.close(self._stdin)
            self._closes_stdin = False

    def loseConnection(self) -> None:
        """Close its input; its output is read to the end."""
        self.closeStdin()

    def signalProcess(self, name: str) -> None:
        """Send a signal. Raises ProcessExitedAlready."""
        if self._status is not None:
            raise ProcessExitedAlready()
        os.kill(self.pid, getattr(signal, f'SIG{name}'))

    def ended(self, status: int) -> None:
        """Note how it ended."""
        self._status = status
        self.closeStdin()
        self._maybe_tell()

    def _lost(self, number: int) -> None:
        self._open.discard(number)
        self._maybe_tell()

    def _maybe_tell(self) -> None:
        if self._open or self._status is None:
            return
        status = self._status
        if status == 0:
            error = ProcessDone(status)
        elif os.WIFSIGNALED(status):
            error = ProcessTerminated(None, os.WTERMSIG(status), status)
        else:
            error = ProcessTerminated(os.WEXITSTATUS(status), None, status)
        self._proto.processEnded(Failure(error))


class _Reader(FileDescriptor):
    """Hands over what comes from a file, and says when it has ended."""

    def __init__(self, file: int, received, lost):
        super().__init__(reactor)
        setNonBlocking(file)
        self._file = file
        self._received = received
        self._lost = lost
        self.connected = 1
        self.startReading()

    def fileno(self) -> int:
        return self._file

    def doRead(self):
        return readFromFD(self._file, self._received)

    def connectionLost(self, reason):
        super().connectionLost(reason)
        os.close(self._file)
        self._lost()


FORKING = ForkingReactor()
"""Where tests start scripts, unless the start itself is what they test."""
