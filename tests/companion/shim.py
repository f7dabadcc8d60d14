"""
What a shell finds as python, trial and twistd: a zygote does the work.

It may have no options. Started with an interpreter that imports next to
nothing, and with the path of the zygote's socket in ZYGOTE.
"""

import json
import os
import signal
import socket
import sys


def main() -> None:
    """Ask the zygote for a process, and end as that does."""
    words = sys.argv[1:]
    name = os.path.basename(sys.argv[0])
    env = dict(os.environ)
    real = os.path.join(os.path.dirname(sys.executable), name)
    forkable = name != 'python'
    if name == 'python':
        if words[:1] == ['-u']:
            words = words[1:]
            env['PYTHONUNBUFFERED'] = '1'
        forkable = bool(words) and os.path.isfile(words[0])
    if not forkable:
        os.execv(real, [real, *sys.argv[1:]])
    if name != 'python':
        words = [real, *words]
    directory, path = os.path.split(env.pop('ZYGOTE'))
    env['PATH'] = env['PATH'].partition(os.pathsep)[2]
    request = {
        'argv': words,
        'code': None,
        'tour': False,
        'env': env,
        'path': os.getcwd(),
        'terminal': False,
        'closed': [],
    }
    with socket.socket(socket.AF_UNIX) as zygote:
        # an absolute path may be too long
        os.chdir(directory)
        zygote.connect(path)
        ends, tell = os.pipe()
        socket.send_fds(zygote, [b'\n'], [tell])
        os.close(tell)
        data = json.dumps(request).encode() + b'\n'
        socket.send_fds(zygote, [data], [0, 1, 2])
        pid = int(zygote.recv(64))
        for signum in signal.SIGINT, signal.SIGTERM:
            signal.signal(signum, lambda signum, _: os.kill(pid, signum))
        for number in 0, 1:
            os.close(number)
        _, status, _ = os.read(ends, 64).split()
    code = os.waitstatus_to_exitcode(int(status))
    os._exit(code if code >= 0 else 128 - code)


main()
