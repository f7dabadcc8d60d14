"""Places in the source: which code is the reader's, and where it stands."""

import os
import sys
from types import CodeType, FrameType, FunctionType
from typing import Any

from tour.tracing.facts import Function, Place

_THEIRS = tuple(
    os.path.join(os.path.realpath(os.path.dirname(file)), '')
    for file in (os.__file__, os.path.dirname(__file__))
)
"""The standard library, and the tour."""

_base = os.getcwd()
_files: dict[str, str | None] = {}
_functions: dict[CodeType, Function] = {}


def own_file(filename: str) -> str | None:
    """
    Return the name of a file of the reader's, or None for any other.

    That is one of neither Python, nor an installed package, nor the tour.
    """
    try:
        return _files[filename]
    except KeyError:
        name = _files[filename] = _own_file(filename)
        return name


def _own_file(filename: str) -> str | None:
    if filename.startswith('<'):
        return None
    path = os.path.realpath(os.path.join(_base, filename))
    if path.startswith(_THEIRS) or _is_installed(path):
        return None
    inside = os.path.join(os.path.realpath(_base), '')
    return path.removeprefix(inside)


def _is_installed(path: str) -> bool:
    parts = path.split(os.sep)
    if {'site-packages', 'dist-packages'} & set(parts):
        return True
    # Twisted may be somewhere else; its plugins may be the reader's
    twisted = sys.modules.get('twisted')
    file = getattr(twisted, '__file__', None)
    if file is None:
        return False
    return path.startswith(
        os.path.join(os.path.realpath(os.path.dirname(file)), '')
    )


def place_above(frame: FrameType | None) -> Place | None:
    """
    Return the place in the reader's code that is next on the stack.

    None if the reactor is nearer: that the script has started it explains
    nothing.
    """
    while frame is not None:
        file = own_file(frame.f_code.co_filename)
        if file is not None:
            return file, frame.f_lineno
        if frame.f_code.co_name in _REACTOR:
            return None
        frame = frame.f_back
    return None


_REACTOR = ('mainLoop', 'runUntilCurrent', '_continueFiring', '_run_once')
"""The functions of a reactor that call others."""


def function_of(function: Any) -> Function:
    """Return what is to be said of a callback."""
    if type(function) is FunctionType:
        code = function.__code__
        try:
            return _functions[code]
        except KeyError:
            known = Function(name_of(function), defined(code))
            _functions[code] = known
            return known
    function = getattr(function, 'func', function)  # of a partial
    inner = getattr(function, '__func__', function)
    return Function(
        name_of(function), defined(getattr(inner, '__code__', None))
    )


def defined(code: CodeType | None) -> Place | None:
    """Return where a function is defined, if it is the reader's."""
    if code is not None and (file := own_file(code.co_filename)):
        return file, code.co_firstlineno
    return None


def name_of(function: Any) -> str:
    """Return the name of a function, with its class if it is a method."""
    function = getattr(function, 'func', function)
    bound = getattr(function, '__self__', None)
    name = getattr(function, '__name__', None)
    if name is None:
        return type(function).__name__
    if bound is not None and not isinstance(bound, type(os)):
        kind = bound if isinstance(bound, type) else type(bound)
        return f'{kind.__name__}.{name}'
    qualified = getattr(function, '__qualname__', name)
    return str(qualified.rpartition('<locals>.')[2])
