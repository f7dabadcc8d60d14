"""Scripts that are run traced, in a moment: forked, as all scripts here."""

import sys
from pathlib import Path

from twisted.trial.unittest import TestCase

from tests.companion.support import Result, run_program
from tour.tracing import facts

TRACED = """
import sys
import types

BEFORE
from tour.tracing.tracer import Tracer

path, *sys.argv[:] = sys.argv[1:]
tracer = Tracer(path, sys.argv[0], sys.argv[1:])
tracer.start()
module = sys.modules['__main__'] = types.ModuleType('__main__')
with open(sys.argv[0]) as script:
    source = compile(script.read(), sys.argv[0], 'exec')
try:
    exec(source, module.__dict__)
finally:
    tracer.end()
"""
"""What the process does that is forked; it has Twisted already."""


def words(path: Path, *script: str, before: str = '') -> list[str]:
    """
    Return the words that run a script traced, in a process that is forked.

    path: where its facts go. before: what to do before the tracing starts.
    """
    code = TRACED.replace('BEFORE', before)
    return [sys.executable, '-c', code, str(path), *script]


async def traced(
    test: TestCase, *script: str, before: str = ''
) -> tuple[Result, list[facts.Fact]]:
    """Run a script with its arguments; return how it ended, and its facts."""
    path = Path(test.mktemp()).absolute()
    result = await run_program(*words(path, *script, before=before))
    return result, facts.read(path)


async def traced_code(test: TestCase, code: str) -> list[facts.Fact]:
    """Run code that is in no file yet; return its facts."""
    script = Path(test.mktemp()).absolute()
    script.write_text(code)
    result, found = await traced(test, str(script))
    if result.status:
        test.fail(result.err)
    return found
