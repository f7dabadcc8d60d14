"""
Starts scripts in a moment, by forking a process that has Twisted.

That goes for ``python``, ``trial`` and ``twistd``, also where a shell runs
them: it finds shims of these names first on its path.
"""

import fcntl
import json
import os
import re
import shutil
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

PLAIN = ('PYTHONDEVMODE', 'COVERAGE_RUN')
"""With one of these in its environment Python has to start by itself."""

TOUR = ['-m', 'tour']

ENVIRON = dict(os.environ)
"""Our environment, before any test has touched it."""


def shared() -> str:
    """Return a directory that is the same for all of trial's workers."""
    # theirs are numbers, side by side
    return '..' if Path.cwd().name.isdigit() else '.'


class ForkingReactor:
    """
    The reactor, but for spawnProcess: Python scripts and tours are forked.

    Everything else is started as ever: other programs, Python with most of
    its options, and with variables that it minds when it starts.

    exactly: a script is forked only where it finds nothing imported but what
    it imports itself; it ends as it does when it is started, too.
    """

    def __init__(self, exactly: bool = False):
        self._zygotes: dict[str, _Zygote] = {}
        self._exactly = exactly

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

        childFDs: of the files 0, 1 and 2, those that are not pipes to us;
        None stands for a file that is closed.
        """
        files = {0: 'w', 1: 'r', 2: 'r', **(childFDs or {})}
        executable, args, env = _without_env(executable, list(args), env)
        request = None
        changed = env.get('PYTHONPATH') != os.environ.get('PYTHONPATH')
        # what plugins there are is decided later than what is imported
        if not changed or executable in SCRIPTS:
            request = _request(executable, args, env, path)
        kind = request and _kind(request, self._exactly)
        if request is None or kind is None:
            if Path(executable).name == 'sh':
                env = {**env, **self._zygote('script').shims()}
            files = {n: file for n, file in files.items() if file is not None}
            return reactor.spawnProcess(
                *(proto, executable, args, env, path),
                usePTY=usePTY,
                childFDs=None if usePTY else files,
            )
        request['terminal'] = bool(usePTY)
        return self._zygote(kind).start(proto, request, usePTY, files)

    def _zygote(self, kind: str) -> '_Zygote':
        if kind not in self._zygotes:
            self._zygotes[kind] = _Zygote(kind)
        return self._zygotes[kind]


def _without_env(executable: str, words: list, env: dict) -> tuple:
    """Return what to start instead of ``env NAME=VALUE ... COMMAND``."""
    env = dict(env)
    if words[0] != 'env' or words[1].startswith('-'):
        return executable, words, env
    words = words[1:]
    while '=' in words[0]:
        name, value = words.pop(0).split('=', 1)
        env[name] = value
    if words[0] == 'python':
        return sys.executable, words, env
    return shutil.which(words[0], path=env['PATH']), words, env


def _request(executable: str, words: list, env: dict, path) -> dict | None:
    """Return what to ask a zygote for, or None if it can't do it."""
    if any(name in env for name in PLAIN):
        return None
    executable, *argv = map(os.fspath, [executable, *words[1:]])
    if executable == sys.executable and argv[:2] == ['-W', 'error']:
        env['PYTHONWARNINGS'] = 'error'
        argv = argv[2:]
    if env.get('PYTHONWARNINGS') not in (None, 'error'):
        return None
    code = None
    tour = argv[:2] == TOUR
    if executable in SCRIPTS:
        argv = [executable, *argv]
    elif executable != sys.executable or not argv:
        return None
    elif tour:
        argv = argv[1:]
    elif argv[0] == '-c':
        code = argv.pop(1)
    elif not Path(path, argv[0]).is_file():
        return None
    return {
        'argv': argv,
        'code': code,
        'tour': tour,
        'env': env,
        'path': os.fspath(path),
    }


def _kind(request: dict, exactly: bool) -> str | None:
    """Return the kind of zygote to ask, or None if none is as exact."""
    if request['tour'] or 'from tour' in (request['code'] or ''):
        return 'tour'
    if not exactly:
        return 'script'
    script = Path(request['path'], request['argv'][0])
    if script.name in ('trial', 'twistd'):
        return script.name
    source = request['code'] or script.read_text('utf-8')
    if 'print_stack' in source:
        return None  # it would show our frames, too
    for kind in 'reactor', 'defer':
        start = r'(?m)^ *from twisted\.internet'
        if re.search(rf'{start}( import (.*, )?|\.){kind}\b', source):
            return kind
    return None


SCRIPTS = [
    str(Path(sys.executable).with_name(name))
    for name in ('trial', 'twist', 'twistd')
]
"""Scripts that are started by their own names."""


class _Zygote:
    """
    A process that forks, and those of its processes that are ours.

    The first to need one of a kind starts it, for all of trial's workers.
    """

    def __init__(self, kind: str):
        # an absolute path would be too long for a socket
        path = f'{shared()}/{kind}'
        self._path = Path(path).resolve()
        self._socket = socket.socket(socket.AF_UNIX)
        with open(f'{path}.lock', 'w') as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            try:
                self._socket.connect(path)
            except OSError:
                _start_zygote(kind, path)
                self._socket.connect(path)
        ends, tell = os.pipe()
        socket.send_fds(self._socket, [b'\n'], [tell])
        os.close(tell)
        self._running: dict[int, ForkedProcess] = {}
        self._rest = b''
        self._ends = _Reader(ends, self._ended, lambda: None)
        self._ends.stopReading()

    def shims(self) -> dict[str, str]:
        """Return the variables with which a shell finds the shims."""
        directory = self._path.with_name('shims')
        with open(f'{self._path}.lock', 'w') as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not directory.exists():
                directory.mkdir()
                source = Path(__file__).with_name('shim.py').read_text()
                for name in 'python', 'trial', 'twistd':
                    shim = directory / name
                    shim.write_text(f'#!{sys.executable} -IS\n{source}')
                    shim.chmod(0o755)
        own = str(Path(sys.executable).parent)
        path = [str(directory), own, os.environ.get('PATH', os.defpath)]
        return {'PATH': os.pathsep.join(path), 'ZYGOTE': str(self._path)}

    def start(self, proto: ProcessProtocol, request: dict, pty, files: dict):
        """Fork; return the transport of the process."""
        opened = []  # by us, for it
        outputs = {}
        stdin = None
        request['closed'] = []
        if pty:
            stdin, slave, _ = pty
            theirs = [slave] * 3
            opened = [slave]
            outputs[1] = stdin
        else:
            theirs = []
            for number, file in files.items():
                if file is None:
                    request['closed'].append(number)
                    file = _NULL
                elif isinstance(file, str):
                    ends = os.pipe()
                    file, our_end = ends if number == 0 else ends[::-1]
                    opened.append(file)
                    if number == 0:
                        stdin = our_end
                    else:
                        outputs[number] = our_end
                theirs.append(file)
        data = json.dumps(request).encode() + b'\n'
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
            pid, status, cpu_time = line.split()
            process = self._running.pop(int(pid))
            process.ended(int(status), float(cpu_time))
        if not self._running:
            self._ends.stopReading()


def _start_zygote(kind: str, path: str) -> None:
    """Start a process that listens on a socket of that path."""
    Path(path).unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(64)
        # it ends when nobody is connected any more
        subprocess.Popen(
            [
                sys.executable,
                Path(__file__).with_name('zygote.py'),
                kind,
                str(listener.fileno()),
            ],
            env=ENVIRON,
            pass_fds=[listener.fileno()],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )


_NULL = os.open(os.devnull, os.O_RDWR)


class ForkedProcess:
    """
    The transport of a forked process, as far as the tests need one.

    pid: its process id. cpu_time: seconds that it was busy, when it has
    ended. stdin: the file that leads to its input, if there
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
        self.cpu_time: float | None = None
        self._proto = proto
        self._stdin = stdin
        self._open = set(outputs)
        self._status: int | None = None
        self._readers = [
            _Reader(
                file,
                lambda data, number=number: proto.childDataReceived(
                    number, data
                ),
                lambda number=number: self._lost(number),
            )
            for number, file in outputs.items()
        ]
        self._is_terminal = stdin in outputs.values()
        self._closes_stdin = stdin is not None and not self._is_terminal

    def fileno(self) -> int | None:
        """Return the file that leads to its input, or is its terminal."""
        return self._stdin

    def doRead(self) -> None:
        """Hand over what is to be read at once."""
        for reader in self._readers:
            if not reader.disconnected:
                reader.doRead()

    def write(self, data: bytes) -> None:
        """Write a little to its input, or type it at its terminal."""
        os.write(self._stdin, data)

    def closeStdin(self) -> None:
        """Close its input."""
        if self._closes_stdin:
            os.close(self._stdin)
            self._closes_stdin = False

    def loseConnection(self) -> None:
        """Close its terminal, or its input: then output is read on."""
        if self._is_terminal:
            for reader in self._readers:
                reader.close()
        self.closeStdin()

    def signalProcess(self, signum: str | int) -> None:
        """Send a signal, by number or name. Raises ProcessExitedAlready."""
        if self._status is not None:
            raise ProcessExitedAlready()
        if isinstance(signum, str):
            signum = getattr(signal, f'SIG{signum}')
        try:
            os.kill(self.pid, signum)
        except ProcessLookupError:
            # we are about to hear of it
            raise ProcessExitedAlready() from None

    def ended(self, status: int, cpu_time: float) -> None:
        """Note how it ended, and how long it was busy, in seconds."""
        self._status = status
        self.cpu_time = cpu_time
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

    def close(self) -> None:
        """Read no more."""
        if not self.disconnected:
            self.connectionLost(None)


FORKING = ForkingReactor()
"""Where tests start scripts, unless the start itself is what they test."""

EXACTLY = ForkingReactor(exactly=True)
"""Where scripts are started that must have imported what they need."""
