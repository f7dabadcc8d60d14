"""What is imported before a reader sees anything."""

import ast
import functools

from twisted.trial.unittest import SynchronousTestCase

from tour.commands import COMMANDS
from tour.reading import BASE

AT_ONCE = 'contents', 'diff', 'exercises', 'exercise', 'answer', 'table'
"""The commands that play nothing, and so need no Twisted."""


@functools.cache
def imported(module: str) -> set[str]:
    """Return what a module of the tour imports whenever it is imported."""
    path = BASE / f'{module.replace(".", "/")}.py'
    if not path.exists():
        path = path.with_suffix('') / '__init__.py'
    names = set()
    for node in ast.parse(path.read_text('utf-8')).body:
        match node:
            case ast.Import(names=aliases):
                names |= {alias.name for alias in aliases}
            case ast.ImportFrom(module='tour', names=aliases):
                names |= {f'tour.{alias.name}' for alias in aliases}
            case ast.ImportFrom(module=name):
                names.add(name)
    return names


class ImportTests(SynchronousTestCase):
    """Who waits for an import needs it."""

    def reached(self, *modules):
        """Return all modules that these import, each with who does."""
        found = dict.fromkeys(modules, '')
        waiting = list(modules)
        while waiting:
            module = waiting.pop()
            for name in imported(module) - found.keys():
                found[name] = module
                if name.startswith('tour.'):
                    waiting.append(name)
        return found

    def test_no_twisted(self):
        """What shows texts only doesn't import the reactor's modules."""
        for command in AT_ONCE:
            self.assertIn(command, COMMANDS)
            found = self.reached('tour.cli', f'tour.commands.{command}')
            self.assertIn('pydantic', found)
            twisted = {n: w for n, w in found.items() if 'twisted.' in n}
            self.assertEqual(twisted, {}, command)

    def test_one_command(self):
        """The other commands are not imported."""
        found = self.reached('tour.cli')
        self.assertEqual([n for n in found if 'tour.commands.' in n], [])
