"""
Starts scripts so that they are traced.

The interpreter is started with ``inject`` on its path: Python imports a
``sitecustomize`` from there before it does anything else. So the script is
run by Python itself, with its own name, arguments, stack, signals and end.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

INJECT = Path(__file__).with_name('inject')


def traced(environment: dict[str, str], facts: str) -> dict[str, str]:
    """
    Return the environment in which a Python is traced from its start.

    facts: the file that the facts go to; it is written over.
    """
    path = environment.get('PYTHONPATH')
    environment = {
        **environment,
        'TOUR_FACTS': os.path.abspath(facts),
        'PYTHONPATH': os.pathsep.join(filter(None, [str(INJECT), path])),
    }
    if path is not None:
        environment['TOUR_PYTHONPATH'] = path
    return environment


def become(words: list[str], facts: str) -> NoReturn:
    """Become ``python`` with these words, traced."""
    os.execve(
        sys.executable,
        [sys.executable, *words],
        traced(dict(os.environ), facts),
    )


def run(words: list[str], facts: str) -> int:
    """
    Run ``python`` with these words, traced, on our own files.

    Ctrl-C and SIGTERM are for the script, so that there are facts to use
    then, too. Returns what it ended with, negative if that is a signal.
    """
    interrupted = signal.signal(signal.SIGINT, signal.SIG_IGN)
    process = subprocess.Popen(
        [sys.executable, *words],
        env=traced(dict(os.environ), facts),
        preexec_fn=lambda: signal.signal(
            signal.SIGINT, signal.default_int_handler
        ),
    )
    terminated = signal.signal(
        signal.SIGTERM, lambda signum, _: process.send_signal(signum)
    )
    try:
        return process.wait()
    finally:
        signal.signal(signal.SIGINT, interrupted)
        signal.signal(signal.SIGTERM, terminated)
