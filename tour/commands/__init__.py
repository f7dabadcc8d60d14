"""
The commands of the tour, a module each.

A module has
  add_arguments(parser) adds what it takes to an argparse parser
  run(args, book, screen) does it; raises TourError
It is imported when its command was typed: what the others need takes long
to import, most of all Twisted.
"""

from dataclasses import dataclass
from importlib import import_module
from types import ModuleType


@dataclass(frozen=True)
class Command:
    """
    What is known of a command before it is typed.

    usage: how it is typed. summary: what it does, for the reader's help, or
    None if it isn't told there.
    """

    usage: str
    summary: str | None = None


COMMANDS = {
    'play': Command(
        'tour [PART [--scene N] [--dry-run] [--speed X] [--no-pause]'
        ' [--every-line]]',
        'play a part of the tutorial (the word play may be left out)',
    ),
    'diff': Command(
        'tour diff [PART | OLD NEW]',
        'show what changes from one version to the next, or list the versions'
        ' to compare',
    ),
    'timeline': Command(
        'tour timeline PART [--scene N] [--speed X] [--output FILE]',
        'run the clients of a part and draw what they receive, and when',
    ),
    'loop': Command(
        'tour loop PART [--scene N] [--speed X] [--output FILE]',
        'run the scripts of a part and draw who held the reactor, and when',
    ),
    'chain': Command(
        'tour chain [--output FILE] SCRIPT [ARGUMENT …]',
        'run a script and draw which callbacks and errbacks ran, with what',
    ),
    'exercises': Command(
        'tour exercises [PART]',
        'list the exercises, of all parts or of one',
    ),
    'exercise': Command(
        'tour exercise EXERCISE',
        'show an exercise: the question, where to start, and a hint',
    ),
    'check': Command(
        'tour check EXERCISE FILE',
        'see whether your script does what an exercise asks for',
    ),
    'answer': Command(
        'tour answer EXERCISE',
        'show our answer to an exercise: what changes, why, and what it'
        ' prints',
    ),
    'contents': Command('tour'),
    'record': Command('tour record [PART | EXERCISE [--scene N]]'),
    'facts': Command('tour facts [PART] [--speed X]'),
    'table': Command('tour table'),
}
"""The commands, by the word that is typed after ``tour``."""


def module_of(name: str) -> ModuleType:
    """Return the module of a command."""
    return import_module(f'tour.commands.{name}')
