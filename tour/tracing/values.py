"""Values in few words: what functions get and return, as a reader sees it."""

from typing import Any

LENGTH = 120
"""No value has more characters."""

_ITEMS = 6
_DEPTH = 3
_TEXT = 60


def describe(value: Any, depth: int = _DEPTH) -> str:
    """
    Return a value in a few words.

    No code of the value's own class is run: what it does, or prints, or how
    long it takes, is no business of ours. A big value costs no more than a
    small one.
    """
    text = _describe(value, depth)
    return text if len(text) <= LENGTH else text[: LENGTH - 1] + '…'


def _describe(value: Any, depth: int) -> str:
    kind = type(value)
    if value is None or kind in (int, float, bool):
        return repr(value)
    if kind in (str, bytes, bytearray):
        return _cut(value)
    if kind in (list, tuple, set, frozenset, dict):
        return _items(value, kind, depth)
    number = number_of(value)
    if number is not None:
        return f'{kind.__name__} {number}'
    if isinstance(value, type):
        return str(value.__name__)
    error = getattr(value, 'value', None)
    if kind.__name__ == 'Failure' and isinstance(error, BaseException):
        return _exception(error, depth)
    if isinstance(value, BaseException):
        return _exception(value, depth)
    name = getattr(value, '__qualname__', None)
    if isinstance(name, str) and callable(value):
        return str(name.rpartition('<locals>.')[2])
    return f'<{kind.__name__}>'


def number_of(value: Any) -> int | None:
    """Return the number of a Deferred that is traced; None if it is none."""
    record = getattr(value, '__dict__', {}).get('_tour_record')
    return None if record is None else int(record.number)


def _cut(value: Any) -> str:
    if len(value) <= _TEXT:
        return repr(value)
    return f'{value[:_TEXT]!r}…'


def _items(value: Any, kind: type, depth: int) -> str:
    brackets = _BRACKETS.get(kind)
    opening, closing = brackets or (f'{kind.__name__}(', ')')
    if depth == 0 and value:
        return f'{opening}…{closing}'
    if kind is dict:
        parts = [
            f'{_describe(k, depth - 1)}: {_describe(v, depth - 1)}'
            for k, v in list(value.items())[:_ITEMS]
        ]
    else:
        parts = []
        for item in value:
            parts.append(_describe(item, depth - 1))
            if len(parts) == _ITEMS:
                break
    if len(value) > _ITEMS:
        parts.append('…')
    elif kind is tuple and len(value) == 1:
        return f'({parts[0]},)'
    return opening + ', '.join(parts) + closing


_BRACKETS: dict[Any, tuple[str, str]] = {
    list: ('[', ']'),
    tuple: ('(', ')'),
    dict: ('{', '}'),
    set: ('{', '}'),
}


def _exception(error: BaseException, depth: int) -> str:
    name = type(error).__name__
    args = ', '.join(_describe(arg, max(depth - 1, 0)) for arg in error.args)
    return f'{name}({args})'
