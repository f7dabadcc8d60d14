"""Exercises: answers pass their checks, and what is wrong is told."""

import re
from collections.abc import Iterable
from pathlib import Path

from twisted.internet.defer import Deferred, DeferredSemaphore, gatherResults
from twisted.trial.unittest import SkipTest, SynchronousTestCase, TestCase

from tests.companion.forking import FORKING
from tests.companion.support import PATIENCE
from tour import tools, transcript
from tour.book import Exercise, Scene
from tour.checking import Attempt, Otherwise, check
from tour.citing import cited
from tour.place import Pace
from tour.reading import read_book
from tour.recording import SPEED, made

BOOK = read_book()
CODED = [exercise for exercise in BOOK.exercises if exercise.answer]

AT_ONCE = 12
"""How many scenes are played at the same time: most of them just wait."""

NEVER_END = {'4.2', '5.1', '11.2', '19.4', '19.5'}
"""Where even the starting point waits for ever, or just too long."""

SOON = 5
"""Seconds after which those are given up."""


def are_here(exercise: Exercise) -> bool:
    """Return whether all tools are here that an exercise needs."""
    part = BOOK.part(exercise.part)
    needed = part.tools if part else ()
    needed += tuple(t for s in exercise.scenes for t in s.tools)
    return all(map(tools.is_here, needed))


async def first_difference(
    exercise: Exercise, file: Path, limit: float
) -> Otherwise | None:
    """Return what a script does otherwise first, or None."""
    attempt = Attempt(exercise, file, f'my{file.suffix}')
    pace = Pace(SPEED, patience=limit, limit=limit)
    for scene in exercise.checks:
        if found := await check(FORKING, BOOK, attempt, scene, pace):
            return found
    return None


class PartTests(TestCase):
    """What must hold for the exercises of ``self.part``."""

    timeout = PATIENCE
    part: str

    def setUp(self):
        self.exercises = [
            e for e in BOOK.exercises if e.part == self.part and are_here(e)
        ]
        if not self.exercises:
            raise SkipTest('needs what `make record` of this part needs')
        self.turns = DeferredSemaphore(AT_ONCE)

    async def for_each(self, function, things):
        """Call a coroutine function for each thing, several at a time."""
        await gatherResults([
            self.turns.run(lambda t=t: Deferred.fromCoroutine(function(t)))
            for t in things
        ])

    async def test_scenes(self):
        """Every scene prints what its transcript says, with our answer."""
        await self.for_each(
            self.assert_prints,
            [s for e in self.exercises for s in e.scenes],
        )

    async def assert_prints(self, scene):
        text = await made(FORKING, BOOK, scene, Pace(SPEED))
        recorded = transcript.path(BOOK.base, scene).read_text('utf-8')
        self.assertEqual(recorded, text, scene.name)


for _part in dict.fromkeys(e.part for e in BOOK.exercises):
    _name = f'Part{_part.title()}Tests'
    globals()[_name] = type(_name, (PartTests,), {'part': _part})
del PartTests
