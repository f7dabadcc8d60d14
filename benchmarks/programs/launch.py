"""
Run a program and print what it took.

Usage: python -I -S launch.py PROGRAM [ARGUMENT ...]

Prints its exit code (negative: the signal that ended it), the seconds until
it ended, its CPU seconds and its peak memory in bytes. What it prints itself
is dropped; its errors go to stderr.

The kernel counts a program's memory from the fork on, so this one is as small
as it can be: no site, and no module that it can do without. Less than its own
memory, some 10 MB, can't be told.
"""

import os
import resource
import sys
import time

FILES = 20_000
"""As many files and connections as any program here needs."""


def main():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = FILES if hard == resource.RLIM_INFINITY else min(hard, FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))

    start = time.monotonic()
    pid = os.posix_spawnp(
        sys.argv[1],
        sys.argv[1:],
        os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    _, status, usage = os.wait4(pid, 0)
    wall = time.monotonic() - start

    cpu = usage.ru_utime + usage.ru_stime
    # kilobytes, but for macOS
    unit = 1 if sys.platform == 'darwin' else 1024
    code = os.waitstatus_to_exitcode(status)
    print(code, wall, cpu, usage.ru_maxrss * unit)


if __name__ == '__main__':
    main()
