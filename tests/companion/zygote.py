"""
A process that has imported Twisted, and becomes any script at once.

Importing Twisted is nearly all that the run of a short script costs. This
process has done it, without the reactor, which must not be shared. For
every request it forks, and the child runs the script as the interpreter
does: with its own arguments, environment, directory and files, and with an
ordinary end. Started by forking.py, with the number of its socket.
"""

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import types

PRELOADED = (
    'argparse',
    'datetime',
    'random',
    'traceback',
    'twisted.application.internet',
    'twisted.application.service',
    'twisted.internet.defer',
    'twisted.internet.endpoints',
    'twisted.internet.default',
    'twisted.internet.error',
    'twisted.internet.protocol',
    'twisted.internet.task',
    'twisted.internet.tcp',
    'twisted.logger',
    'twisted.protocols.basic',
    'twisted.protocols.policies',
    'twisted.python.log',
)
"""What the scripts import, and what the reactor imports for them."""

SIZE = 1 << 20
"""How many bytes a request may have."""


def serve(sock: socket.socket, ends: int) -> tuple[dict, list[int]]:
    """
    Answer requests for ever; return in each child, with its request.

    sock: where a request comes from, as JSON and with the files of the
    child; the answer is the process id of the child. ends: the file that
    a line with that and its status, as waitpid has it, goes to when it has
    ended.
    """
    wakeup, trigger = os.pipe()
    os.set_blocking(trigger, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(trigger, warn_on_full_buffer=False)
    while True:
        readable, _, _ = select.select([sock, wakeup], [], [])
        if wakeup in readable:
            os.read(wakeup, 4096)
            _reap(ends)
        if sock not in readable:
            continue
        data, files, _, _ = socket.recv_fds(sock, SIZE, 3)
        if not data:
            os._exit(0)  # those who asked are gone
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.close(wakeup)
            os.close(trigger)
            os.close(ends)
            sock.close()
            return json.loads(data), list(files)
        for file in files:
            os.close(file)
        sock.sendall(str(pid).encode())


def _reap(ends: int) -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        os.write(ends, f'{pid} {status}\n'.encode())


def become(request: dict, files: list[int]) -> None:
    """Take over the files, the directory and the environment asked for."""
    os.setsid()
    if request['terminal']:
        import fcntl
        import termios

        fcntl.ioctl(files[0], termios.TIOCSCTTY, 0)
    for number, file in enumerate(files):
        os.dup2(file, number)
    os.closerange(3, 64)
    os.chdir(request['path'])
    os.environ.clear()
    os.environ.update(request['env'])
    encoding, _, errors = os.environ.get('PYTHONIOENCODING', '').partition(':')
    for name, number, mode, how in (
        ('stdin', 0, 'r', errors or 'surrogateescape'),
        ('stdout', 1, 'w', errors or 'strict'),
        ('stderr', 2, 'w', 'backslashreplace'),
    ):
        line_by_line = number == 2 or os.isatty(number)
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


def main() -> None:
    """Serve; in a child, run its script."""
    for name in PRELOADED:
        importlib.import_module(name)
    assert 'twisted.internet.reactor' not in sys.modules
    sock = socket.socket(fileno=int(sys.argv[1]))
    sock.set_inheritable(False)
    gc.collect()
    gc.freeze()
    request, files = serve(sock, int(sys.argv[2]))
    become(request, files)
    end(run(request['argv'], request['code']))


def run(argv: list[str], code: str | None) -> int:
    """
    Run a script, or the code that was given to ``-c``.

    Returns the status that it ends with, and -2 for a Ctrl-C that it
    didn't catch.
    """
    sys.argv[:] = argv
    module = types.ModuleType('__main__')
    sys.modules['__main__'] = module
    try:
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
    finally:
        module.__dict__.clear()
    return 0


def end(status: int) -> None:
    """End as the interpreter does, but leave its objects to the system."""
    # what nobody has any more is collected, and says what it has to say
    gc.collect()
    try:
        sys.stdout.flush()
    except OSError as error:
        print(f'Exception ignored in: {sys.stdout}', file=sys.stderr)
        print(f'{type(error).__name__}: {error}', file=sys.stderr)
        status = 120
    if status < 0:
        signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    os._exit(status)


if __name__ == '__main__':
    main()
