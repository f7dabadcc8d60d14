"""Exercises: answers pass their checks, and what is wrong is told."""

import re
from pathlib import Path

from twisted.internet.defer import (
    Deferred,
    DeferredList,
    DeferredSemaphore,
)
from twisted.trial.unittest import SkipTest, TestCase

from tests.companion.forking import FORKING
from tests.companion.support import PATIENCE, need
from tour import transcript
from tour.book import Exercise
from tour.checking import Attempt, check, mistake_of
from tour.place import Pace
from tour.reading import read_book
from tour.recording import SPEED, made

BOOK = read_book()

ATTEMPTS = Path(__file__).with_name('attempts')
"""What is wrong, each with what is said of it in its first comment."""

AT_ONCE = 12
"""How many scenes are played at the same time: most of them just wait."""

NEVER_END = {'4.2', '5.1', '8.1', '11.2', '19.4', '19.5'}
"""Exercises whose starting points never end, or take very long."""

SOON = 6
"""Seconds after which those are given up, where nothing else goes wrong."""

_COMMENT = re.compile(r'\A(?:#!.*\n|%%!.*\n|\n)*((?:(?:#|--|%%) .*\n)+)')


def attempts(exercise: Exercise) -> list[Path]:
    """Return the files of attempts at an exercise."""
    name = f'{exercise.part:0>2}-{exercise.number}-*'
    return sorted(ATTEMPTS.glob(name))


def said_of(file: Path) -> str:
    """Return what the first comment of an attempt says."""
    comment = _COMMENT.match(file.read_text('utf-8'))[1]
    return ' '.join(re.sub(r'(?m)^\S+ ', '', comment).split())


class PartTests(TestCase):
    """What must hold for the exercises of ``self.part``."""

    timeout = PATIENCE
    part: str

    def setUp(self):
        self.exercises = [e for e in BOOK.exercises if e.part == self.part]
        if part := BOOK.part(self.part):
            need(part.tools)
        self.turns = DeferredSemaphore(AT_ONCE)

    async def for_each(self, function, things):
        """Call a coroutine function with each of things, several at once."""
        if not things:
            raise SkipTest(f'Part {self.part} has nothing of that kind')
        results = await DeferredList(
            [
                self.turns.run(
                    lambda t=thing: Deferred.fromCoroutine(function(*t))
                )
                for thing in things
            ],
            consumeErrors=True,
        )
        failures = [result for success, result in results if not success]
        if failures:
            told = [failure.getErrorMessage() for failure in failures]
            self.fail('\n\n'.join(told))

    async def check(self, exercise, scene, file, never_ends=False):
        """Return what a script does otherwise in a scene."""
        attempt = Attempt(exercise, file, f'my{file.suffix}')
        pace = Pace(SPEED, patience=PATIENCE, limit=PATIENCE)
        if never_ends:
            pace = Pace(SPEED, patience=2 * SOON, limit=SOON)
        return await check(FORKING, BOOK, attempt, scene, pace)

    async def test_scenes(self):
        """Every scene prints what its transcript says, with our answer."""
        await self.for_each(
            self.assert_prints,
            [(s,) for e in self.exercises for s in e.scenes],
        )

    async def assert_prints(self, scene):
        need(scene.tools)
        text = await made(FORKING, BOOK, scene, Pace(SPEED))
        recorded = transcript.path(BOOK.base, scene).read_text('utf-8')
        self.assertEqual(recorded, text, scene.name)

    async def test_starts(self):
        """No starting point passes its check."""
        await self.for_each(
            self.assert_fails, [(e,) for e in self.exercises if e.start]
        )

    async def assert_fails(self, exercise):
        never_ends = exercise.id in NEVER_END
        start = BOOK.base / exercise.start
        for scene in exercise.checks:
            found = await self.check(exercise, scene, start, never_ends)
            if found is not None:
                self.assertEqual(found.never_ends, never_ends, exercise.id)
                return
        self.fail(f'{exercise.id}: {exercise.start} passes')

    async def test_attempts(self):
        """What is wrong is told in the words that are meant for it."""
        await self.for_each(
            self.assert_told,
            [(e, file) for e in self.exercises for file in attempts(e)],
        )

    async def assert_told(self, exercise, file):
        said = said_of(file)
        (mistake,) = (m for m in exercise.mistakes if m.say == said)
        (scene,) = (s for s in exercise.checks if s.number == mistake.scene)
        found = await self.check(exercise, scene, file, mistake.never_ends)
        self.assertIsNotNone(found, f'{file.name} passes')
        self.assertEqual(mistake_of(exercise, found), mistake, found)


for _part in dict.fromkeys(e.part for e in BOOK.exercises):
    _name = f'Part{_part.title()}Tests'
    vars()[_name] = type(_name, (PartTests,), {'part': _part})
del PartTests
