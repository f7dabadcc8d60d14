"""
A process that has imported Twisted, and becomes any script at once.

Importing Twisted is nearly all that the run of a short script costs. This
process has done it, without the reactor, which must not be shared. For
every request it forks, and the child runs the script as the interpreter
does: with its own arguments, environment, directory and files, and with an
ordinary end. Started by forking.py, with what it is to import and the number
of its socket.
"""

import atexit
import contextlib
import fcntl
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import sys
import termios
import threading
import types
import warnings

PRELOADED = {
    'script': (
        'argparse',
        'curses',
        'datetime',
        'encodings.ascii',
        'encodings.idna',
        'encodings.latin_1',
        'pkgutil',
        'random',
        'traceback',
        'twisted.application.internet',
        'twisted.application.service',
        'twisted.application.strports',
        'twisted.application.twist._twist',
        'twisted.internet.asyncioreactor',
        'twisted.internet.defer',
        'twisted.internet.endpoints',
        'twisted.internet.default',
        'twisted.internet.error',
        'twisted.internet.protocol',
        'twisted.internet.task',
        'twisted.internet.tcp',
        'twisted.logger',
        'twisted.plugin',
        'twisted.protocols.basic',
        'twisted.protocols.policies',
        'twisted.python.log',
        'twisted.scripts.trial',
        'twisted.scripts.twistd',
        'twisted.trial.reporter',
        'twisted.trial.unittest',
    ),
    'defer': ('twisted.internet.defer',),
    'reactor': ('twisted.internet.default',),
    'trial': ('twisted.scripts.trial',),
    'twistd': ('twisted.scripts.twistd',),
    'tour': (
        'tour.cli',
        'twisted.internet.default',
        'twisted.internet.endpoints',
        'twisted.internet.tcp',
        'twisted.internet.process',
    ),
}
"""
What is imported, by the kind of what is started.

That is what scripts and tours import, and what the reactor imports for
them. ``defer`` and ``reactor`` are for scripts that import just that, or more:
they find nothing that they wouldn't find without a zygote. So it is with
what ``trial`` and ``twistd`` run.
"""

EXACT = 'defer', 'reactor', 'trial', 'twistd'
"""The kinds whose scripts end as they do without a zygote, too."""

HERE = os.path.dirname(os.path.abspath(__file__))

SIZE = 1 << 20
"""How many bytes are read at once."""


def serve(listener: socket.socket) -> tuple[dict, list[int]]:
    """
    Answer requests for ever; return in each child, with its request.

    listener: where those connect who have requests. First of all each
    sends a file: a line with a child's process id, its status, as waitpid
    has it, and its CPU time in seconds goes there when that has ended. A
    request is a line of JSON and comes with the files of the child; the
    answer is the process id of the child.
    """
    wakeup, trigger = os.pipe()
    os.set_blocking(trigger, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(trigger, warn_on_full_buffer=False)
    ends: dict[socket.socket, int] = {}
    children: dict[int, int] = {}
    while True:
        readable, _, _ = select.select([listener, wakeup, *ends], [], [])
        if wakeup in readable:
            os.read(wakeup, 4096)
            _reap(children)
        if listener in readable:
            connection, _ = listener.accept()
            _, (file,), _, _ = socket.recv_fds(connection, 1, 1)
            ends[connection] = file
        for connection in ends.keys() & set(readable):
            data, files = _read_line(connection)
            if not data:
                connection.close()
                _kill(
                    [p for p, e in children.items() if e == ends[connection]]
                )
                os.close(ends.pop(connection))
                continue
            pid = os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for each in listener, *ends:
                    each.detach()
                return json.loads(data), files
            children[pid] = ends[connection]
            for file in files:
                os.close(file)
            connection.sendall(str(pid).encode())
        if not ends:
            os._exit(0)  # those who asked are gone


def _read_line(connection: socket.socket) -> tuple[bytes, list[int]]:
    """Return a line that was sent, and the files that came with it."""
    data, files, _, _ = socket.recv_fds(connection, SIZE, 3)
    while data and not data.endswith(b'\n'):
        data += connection.recv(SIZE)
    return data, list(files)


def _kill(pids: list[int]) -> None:
    """End the processes of somebody who is gone."""
    for pid in pids:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)


def _reap(children: dict[int, int]) -> None:
    while True:
        try:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        line = f'{pid} {status} {usage.ru_utime + usage.ru_stime}\n'
        # who asked may be gone
        with contextlib.suppress(OSError):
            os.write(children.pop(pid), line.encode())


def _change_environ(env: dict[str, str]) -> None:
    # nearly all of it is there: writing it anew costs half a millisecond
    for name in os.environ.keys() - env.keys():
        del os.environ[name]
    for name, text in env.items():
        if os.environ.get(name) != text:
            os.environ[name] = text


def become(request: dict, files: list[int]) -> None:
    """Take over the files, the directory and the environment asked for."""
    os.setsid()
    if request['terminal']:
        fcntl.ioctl(files[0], termios.TIOCSCTTY, 0)
    for number, file in enumerate(files):
        os.dup2(file, number)
    os.closerange(3, 256)
    os.chdir(request['path'])
    path = os.environ.get('PYTHONPATH')
    _change_environ(request['env'])
    given = os.environ.get('PYTHONPATH')
    if given not in (None, path):
        sys.path[1:1] = map(os.path.abspath, given.split(os.pathsep))
    unbuffered = 'PYTHONUNBUFFERED' in os.environ
    encoding, _, errors = os.environ.get('PYTHONIOENCODING', '').partition(':')
    for name, number, mode, how in (
        ('stdin', 0, 'r', errors or 'surrogateescape'),
        ('stdout', 1, 'w', errors or 'strict'),
        ('stderr', 2, 'w', 'backslashreplace'),
    ):
        line_by_line = number == 2 or os.isatty(number) or unbuffered
        stream = open(  # noqa: SIM115
            number,
            mode,
            buffering=1 if line_by_line else -1,
            encoding=encoding or 'utf-8',
            errors=how,
            closefd=False,
        )
        setattr(sys, name, stream)
        setattr(sys, f'__{name}__', stream)
    for number in request['closed']:
        os.close(number)
        name = ('stdin', 'stdout', 'stderr')[number]
        setattr(sys, name, None)
        setattr(sys, f'__{name}__', None)
    if action := os.environ.get('PYTHONWARNINGS'):
        sys.warnoptions.append(action)
        warnings.simplefilter(action)


def main() -> None:
    """Serve; in a child, run its script."""
    _, kind, file = sys.argv
    # as it is for modules that are started by -m
    sys.path.insert(0, os.path.dirname(os.path.dirname(HERE)))
    # pdb of Python 3.13 imports it, and then it is readline that input() asks
    sys.modules['readline'] = None
    for name in PRELOADED[kind]:
        importlib.import_module(name)
    if kind == 'tour':
        from tour.commands import COMMANDS, module_of
        from tour.reading import read_book

        for name in COMMANDS:
            module_of(name)
        # if it is broken, each tour shall say so
        with contextlib.suppress(Exception):
            read_book()
    del sys.modules['readline']
    del sys.path[0]
    # where plugins are is decided at the import, by the path of each script
    for name in [n for n in sys.modules if n.startswith('twisted.plugins')]:
        del sys.modules[name]
    sys.modules['twisted'].__dict__.pop('plugins', None)
    assert 'twisted.internet.reactor' not in sys.modules
    listener = socket.socket(fileno=int(file))
    listener.set_inheritable(False)
    gc.collect()
    gc.freeze()
    request, files = serve(listener)
    become(request, files)
    status = run(request['argv'], request['code'], request['tour'])
    if kind not in EXACT or status < 0:
        end(status)
    sys.exit(status)


def run(argv: list[str], code: str | None, tour: bool) -> int:
    """
    Run a script, or the code that was given to ``-c``, or the tour.

    Returns the status that it ends with, and -2 for a Ctrl-C that it
    didn't catch.
    """
    sys.argv[:] = argv
    module = types.ModuleType('__main__')
    sys.modules['__main__'] = module
    try:
        if tour:
            sys.path[0] = os.getcwd()
            runpy.run_module('tour', run_name='__main__', alter_sys=True)
            return 0
        if code is None:
            module.__file__ = os.path.abspath(argv[0])
            sys.path[0] = os.path.dirname(module.__file__)
            with open(module.__file__, 'rb') as script:
                source = compile(script.read(), module.__file__, 'exec')
        else:
            sys.path[0] = ''
            source = compile(code, '<string>', 'exec')
        exec(source, module.__dict__)
    except SystemExit as error:
        if error.code is None or isinstance(error.code, int):
            return error.code or 0
        print(error.code, file=sys.stderr)
        return 1
    except BaseException as error:
        # without the frame of this function
        error = error.with_traceback(error.__traceback__.tb_next)
        sys.excepthook(type(error), error, error.__traceback__)
        interrupted = isinstance(error, KeyboardInterrupt)
        return -signal.SIGINT if interrupted else 1
    return 0


def end(status: int) -> None:
    """End as the interpreter does, but leave its objects to the system."""
    # what nobody has any more is collected, and says what it has to say
    sys.modules['__main__'].__dict__.clear()
    gc.collect()
    # those that are no daemons are waited for
    threading._shutdown()
    atexit._run_exitfuncs()
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except Exception as error:
        print(f'Exception ignored in: {sys.stdout}', file=sys.stderr)
        print(f'{type(error).__name__}: {error}', file=sys.stderr)
        status = 120
    if status < 0:
        signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    os._exit(status)


if __name__ == '__main__':
    main()
