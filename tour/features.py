"""
What a version has: sockets of its own, a factory, a Deferred, and so on.

A script in Python tells it by itself; of one in another language
chapters/features.toml says it. The ids of the features are those there.
"""

import ast
import builtins
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from pydantic import Field

from tour.book import Entry, Many, Prose
from tour.errors import TourError

ADDERS = {'addCallback', 'addCallbacks', 'addErrback', 'addBoth'}
"""The methods of a Deferred that take a callback or an errback."""

Handler = ast.FunctionDef | ast.Lambda | ast.Attribute


class FeatureError(TourError):
    """A script can't be read as Python, so nobody knows what it has."""


class Feature(Entry):
    """
    What a version may have, such as a factory.

    title: what it is called, in a word or two. say: what it is, in a
    sentence. scripts: those in other languages than Python that have it.
    """

    id: str
    title: str
    say: Prose
    scripts: Many[str] = Field((), alias='in')


class Features(Entry):
    """All of them, in the order of the map's columns."""

    features: Many[Feature] = Field(alias='feature')

    def of(self, base: Path, script: str) -> list[Feature]:
        """
        Return what a version has.

        script: its path, from base. Raises FeatureError.
        """
        found: frozenset[str] = frozenset()
        if script.endswith('.py'):
            found = found_in(base / script)
        return [
            feature
            for feature in self.features
            if feature.id in found or script in feature.scripts
        ]


@cache
def found_in(path: Path) -> frozenset[str]:
    """
    Return the ids of the features that a script in Python has.

    Raises FeatureError if it is missing, or not Python.
    """
    try:
        source = Source(ast.parse(path.read_bytes()))
    except OSError as error:
        raise FeatureError(f'Cannot read {path}: {error.strerror}') from error
    except (SyntaxError, ValueError) as error:
        raise FeatureError(f'{path} is no Python: {error}') from error
    return frozenset(id for id, has in SIGNS.items() if has(source))


class Source:
    """
    A script, as its signs need it.

    imports: what it imports, by full names. calls: each call, by the full
    name of what is called; a method of something unknown is just a dot and
    its name. bases: the full names that its classes inherit. parameters:
    the names of its functions' parameters. nodes: all of its syntax tree.
    """

    def __init__(self, tree: ast.Module):
        self.nodes = list(ast.walk(tree))
        self._names = dict(self._imported())
        self.imports = set(self._names.values())
        self.calls = [
            (self.name_of(node.func), node)
            for node in self.nodes
            if isinstance(node, ast.Call)
        ]
        self.bases = {
            self.name_of(base)
            for node in self.nodes
            if isinstance(node, ast.ClassDef)
            for base in node.bases
        }
        self.parameters = {
            node.arg for node in self.nodes if isinstance(node, ast.arg)
        }

    def _imported(self) -> Iterator[tuple[str, str]]:
        """Return the local names of what is imported, and the full ones."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield alias.asname or alias.name, alias.name
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    full = f'{node.module}.{alias.name}'
                    yield alias.asname or alias.name, full

    def name_of(self, node: ast.expr) -> str:
        """Return the full name of an expression, as far as it is known."""
        match node:
            case ast.Name(id=name):
                return self._names.get(name, name)
            case ast.Attribute(value=value, attr=attr):
                whole = self.name_of(value)
                known = whole.split('.')[0] in {
                    name.split('.')[0] for name in self.imports
                }
                return f'{whole}.{attr}' if known else f'.{attr}'
        return ''

    def calls_any(self, *names: str) -> bool:
        """Return whether it calls something of one of these names."""
        return any(name in names for name, _ in self.calls)

    def imports_from(self, *packages: str) -> bool:
        """Return whether it imports one of these modules, or of them."""
        return any(
            f'{name}.'.startswith(f'{package}.')
            for name in self.imports
            for package in packages
        )

    def handlers(self, kind: str) -> Iterator[Handler]:
        """
        Return what it adds to Deferreds, as far as it is in the script.

        kind: ``callback`` or ``errback``; addBoth adds one of each.
        """
        adds = {'callback': 'addCallback', 'errback': 'addErrback'}[kind]
        for name, call in self.calls:
            method = name.rpartition('.')[2]
            if method in {adds, 'addBoth'}:
                yield from self._defined(call.args[0])
            elif method == 'addCallbacks':
                place = ['callback', 'errback'].index(kind)
                for handler in call.args[place : place + 1]:
                    yield from self._defined(handler)

    def _defined(self, handler: ast.expr) -> Iterator[Handler]:
        match handler:
            case ast.Lambda():
                yield handler
            case ast.Name(id=name) | ast.Attribute(attr=name):
                for node in self.nodes:
                    if isinstance(node, ast.FunctionDef) and node.name == name:
                        yield node
                if isinstance(handler, ast.Attribute):
                    yield handler


def _returned(handler: Handler) -> Iterator[ast.expr]:
    """Return what a handler returns: the expressions, but not its input."""
    match handler:
        case ast.FunctionDef(args=args):
            inner = {
                node
                for function in ast.walk(handler)
                if isinstance(function, ast.FunctionDef | ast.Lambda)
                and function is not handler
                for node in ast.walk(function)
            }
            given = [arg.arg for arg in args.args if arg.arg != 'self'][:1]
            for node in ast.walk(handler):
                match node:
                    case ast.Return(value=ast.Name(id=name)) if name in given:
                        continue
                    case ast.Return(value=ast.expr() as value):
                        if node not in inner:
                            yield value
        case ast.Attribute(value=ast.Name(id=name)) if hasattr(builtins, name):
            yield handler  # like bytes.decode


def _adds(value: ast.expr) -> bool:
    """Return whether an expression is a Deferred to which more is added."""
    match value:
        case ast.Call(func=ast.Attribute(attr=attr)):
            return attr in ADDERS
    return False


def _changes_results(source: Source) -> bool:
    return any(
        True
        for handler in source.handlers('callback')
        for _ in _returned(handler)
    )


def _recovers(source: Source) -> bool:
    return any(
        True
        for handler in source.handlers('errback')
        for _ in _returned(handler)
    )


def _returns_deferred(source: Source) -> bool:
    return any(
        _adds(value)
        for handler in source.handlers('callback')
        for value in _returned(handler)
    )


def _cancels(source: Source) -> bool:
    return '.cancel' in dict(source.calls) or any(
        name == 'twisted.internet.defer.Deferred' and call.args
        for name, call in source.calls
    )


def _is_protocol(base: str) -> bool:
    package = base.startswith(('twisted.internet.protocol.', PROTOCOLS))
    return package and not base.endswith('Factory')


DEFER = 'twisted.internet.defer'
PROTOCOLS = 'twisted.protocols.'

SIGNS: dict[str, Callable[[Source], bool]] = {
    'sockets': lambda s: s.imports_from('socket'),
    'select': lambda s: s.calls_any('select.select'),
    'reactor': lambda s: s.imports_from(
        'twisted.internet', 'twisted.application'
    ),
    'protocol': lambda s: any(map(_is_protocol, s.bases)),
    'factory': lambda s: any(base.endswith('Factory') for base in s.bases),
    'callback': lambda s: 'callback' in s.parameters,
    'errback': lambda s: 'errback' in s.parameters,
    'deferred': lambda s: s.calls_any(
        f'{DEFER}.Deferred',
        f'{DEFER}.Deferred.fromCoroutine',
        f'{DEFER}.succeed',
    ),
    'changed-result': _changes_results,
    'recovery': _recovers,
    'netstrings': lambda s: (
        f'{PROTOCOLS}basic.NetstringReceiver' in s.bases
        or s.calls_any('write_netstring')
    ),
    'inner-deferred': _returns_deferred,
    'maybe-deferred': lambda s: s.calls_any(f'{DEFER}.maybeDeferred'),
    'fired-deferred': lambda s: s.calls_any(f'{DEFER}.succeed'),
    'service': lambda s: any(
        base.startswith('twisted.application.service.') for base in s.bases
    ),
    'plugin': lambda s: s.imports_from('twisted.plugin'),
    'inline-callbacks': lambda s: any(
        s.name_of(decorator) == f'{DEFER}.inlineCallbacks'
        for node in s.nodes
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
    ),
    'deferred-list': lambda s: s.calls_any(
        f'{DEFER}.DeferredList', f'{DEFER}.gatherResults'
    ),
    'cancellation': _cancels,
    'asyncio': lambda s: s.imports_from('asyncio'),
    'endpoint': lambda s: s.imports_from(
        'twisted.internet.endpoints', 'twisted.application.strports'
    ),
    'coroutine': lambda s: any(
        isinstance(node, ast.AsyncFunctionDef) for node in s.nodes
    ),
    'time-limit': lambda s: (
        '.addTimeout' in dict(s.calls)
        or s.calls_any('asyncio.timeout', 'asyncio.wait_for')
    ),
}
"""By which signs a feature is found in a script, by its id."""
