"""Does something with a module as soon as it is imported."""

import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any


class OnImport:
    """
    Calls functions with modules, after these have been executed.

    A script that doesn't import them doesn't pay for them, and what it
    imports first, such as another reactor, is up to it.
    """

    def __init__(self, wanted: dict[str, Callable[[ModuleType], None]]):
        """Wait for the modules of these names, or use those there are."""
        self._wanted = wanted
        for name in list(wanted):
            if name in sys.modules:
                wanted.pop(name)(sys.modules[name])
        sys.meta_path.insert(0, self)

    def find_spec(
        self,
        name: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Find a module as ever, and see to it that we hear of it."""
        then = self._wanted.pop(name, None)
        if then is None:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None:
            spec.loader = _Telling(spec.loader, then)  # type: ignore[assignment]
        return spec


class _Telling:
    """A loader that tells when it has loaded."""

    def __init__(self, loader: Any, then: Callable[[ModuleType], None]):
        self._loader = loader
        self._then = then

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Make a module as ever."""
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Run a module as ever, and tell."""
        # from now on it is as if we had never been here
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        self._then(module)
