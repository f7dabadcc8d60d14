"""
The commands of the tour, a module each.

A module has
  SUMMARY               what it does, for the reader's help, or None if it is
                        for those who work on this
  USAGE                 how it is typed
  add_arguments(parser) adds what it takes to an argparse parser
  run(args, book, screen) does it; raises TourError
"""

from tour.commands import (
    answer,
    chain,
    check,
    diff,
    exercise,
    exercises,
    facts,
    loop,
    play,
    record,
    table,
    timeline,
)

COMMANDS = {
    'play': play,
    'diff': diff,
    'timeline': timeline,
    'loop': loop,
    'chain': chain,
    'exercises': exercises,
    'exercise': exercise,
    'check': check,
    'answer': answer,
    'record': record,
    'facts': facts,
    'table': table,
}
"""The commands, by the word that is typed after ``tour``."""
