"""Does something with a module as soon as it is imported."""

import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType


class OnImport(MetaPathFinder):
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
        spec = find_spec(name)
        if spec is not None and spec.loader is not None:
            spec.loader = _Telling(spec.loader, then)
        return spec


class _Telling(Loader):
    """A loader that tells when it has loaded."""

    def __init__(self, loader: Loader, then: Callable[[ModuleType], None]):
        self._loader = loader
        self._then = then

    def __getattr__(self, name: str) -> object:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        # from now on it is as if we had never been here
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        self._then(module)
