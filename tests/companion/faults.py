"""Faults on purpose: a script, each time with one thing wrong in it."""

import ast
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

DELETED = 'deleted'
TURNED = 'turned'

SIMPLE = (
    ast.Expr,
    ast.Assign,
    ast.AugAssign,
    ast.AnnAssign,
    ast.Return,
    ast.Raise,
    ast.Delete,
    ast.Assert,
    ast.Break,
    ast.Continue,
)
"""Statements that are deleted: no definition, no import, no block."""


@dataclass(frozen=True)
class Fault:
    """
    A fault in a script.

    kind: a statement is deleted, or a condition turned. number: that of
    its line. line: the text of this line, without its indentation.
    source: the script with the fault.
    """

    kind: str
    number: int
    line: str
    source: bytes


def faults_of(source: bytes) -> list[Fault]:
    """
    Return all faults of a Python script, in the order of their lines.

    All that is not the fault stays where it is.
    """
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))

    def place(node: ast.AST) -> tuple[int, int]:
        return (
            starts[node.lineno - 1] + node.col_offset,
            starts[node.end_lineno - 1] + node.end_col_offset,
        )

    faults = []
    for kind, node in _nodes(ast.parse(source)):
        start, end = place(node)
        old = source[start:end]
        if kind == DELETED:
            new = b'pass' + b'\n' * old.count(b'\n')
        else:
            new = b'(not (' + old + b'))'
        faults.append(
            Fault(
                kind,
                node.lineno,
                lines[node.lineno - 1].decode().strip(),
                source[:start] + new + source[end:],
            )
        )
    return sorted(faults, key=lambda fault: (fault.number, fault.kind))


def _nodes(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    for node in ast.walk(tree):
        match node:
            case ast.If(test=ast.Compare(left=ast.Name(id='__name__'))):
                pass
            case ast.If() | ast.While() | ast.IfExp():
                yield TURNED, node.test
            case ast.comprehension(ifs=conditions):
                yield from ((TURNED, condition) for condition in conditions)
            # a docstring, or dots in place of a body
            case ast.Expr(value=ast.Constant()):
                pass
            case _ if isinstance(node, SIMPLE):
                yield DELETED, node


def sample(script: str, faults: list[Fault], count: int = 2) -> list[Fault]:
    """
    Return so many faults: always the same, and from all over the script.

    script: its path, so that versions of a script have different samples.
    """
    count = min(count, len(faults))
    chosen = []
    for part in range(count):
        first = len(faults) * part // count
        some = faults[first : len(faults) * (part + 1) // count]
        chosen.append(
            some[zlib.crc32(f'{script} {part}'.encode()) % len(some)]
        )
    return chosen
