"""
Python imports this at its start, if the environment of a run says so.

It begins the tracing, and leaves everything as if it had not been here.
"""

import os
import sys
from importlib.machinery import PathFinder


def begin() -> None:
    """Trace this process; take us out of its path and environment."""
    here = os.path.dirname(os.path.abspath(__file__))
    base = os.path.dirname(os.path.dirname(os.path.dirname(here)))
    path = os.environ.pop('TOUR_PYTHONPATH', None)
    if path is None:
        os.environ.pop('PYTHONPATH', None)
    else:
        os.environ['PYTHONPATH'] = path
    facts = os.environ.pop('TOUR_FACTS', None)
    sys.path[:] = [p for p in sys.path if os.path.abspath(p) != here]
    _become_the_other()
    if facts is None:
        return
    sys.path.insert(0, base)
    try:
        from tour.tracing.tracer import Tracer
    finally:
        sys.path.remove(base)
    words = sys.orig_argv[1:]
    try:
        Tracer(facts, words[0], words[1:]).start()
    except OSError as error:
        print(f'Cannot write {facts}: {error.strerror}', file=sys.stderr)
        os._exit(1)


def _become_the_other() -> None:
    """Run the sitecustomize that would have been imported, if any."""
    spec = PathFinder.find_spec('sitecustomize', sys.path)
    if spec is not None and spec.loader is not None:
        from importlib.util import module_from_spec

        module = module_from_spec(spec)
        sys.modules['sitecustomize'] = module
        spec.loader.exec_module(module)


begin()
