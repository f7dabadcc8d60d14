"""The seams: what of Twisted the tracing needs, and whether it is there."""

from typing import Any


class SeamError(Exception):
    """A seam is gone: nothing can be recorded there."""


def demand(owner: Any, *names: str) -> None:
    """
    Raise SeamError unless a class or module has all of these attributes.

    Attributes that are set only in instances count by their name in the
    code of ``__init__``.
    """
    for name in names:
        if not hasattr(owner, name) and name not in _used(owner, '__init__'):
            raise SeamError(gone(f'{_path(owner)}.{name}'))


def demand_use(owner: Any, method: str, *names: str) -> None:
    """Raise SeamError unless a function exists and uses these names."""
    demand(owner, method)
    for name in names:
        if name not in _used(owner, method):
            raise SeamError(gone(f'{name} in {_path(owner)}.{method}'))


def gone(seam: str) -> str:
    """Return what is to be said of a seam that is gone."""
    import twisted

    return (
        f"Can't trace Twisted {twisted.__version__}: there is no {seam}"
        ' any more.'
    )


def _path(owner: Any) -> str:
    if isinstance(owner, type):
        return f'{owner.__module__}.{owner.__qualname__}'
    return str(owner.__name__)


def _used(owner: Any, method: str) -> tuple[str, ...]:
    code = getattr(getattr(owner, method, None), '__code__', None)
    return code.co_names + code.co_freevars if code else ()
