"""Exercises: answers pass their checks, and what is wrong is told."""

import re
import sys
from pathlib import Path
from signal import SIGINT, SIGTERM

from twisted.internet.defer import (
    Deferred,
    DeferredList,
    DeferredSemaphore,
)
from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests.companion.forking import FORKING
from tests.companion.support import (
    PATIENCE,
    Redirected,
    Server,
    need,
    own_port,
    refused_port,
)
from tests.companion.thorough import THOROUGH
from tour import transcript
from tour.book import Exercise, Find, Scene
from tour.checking import Attempt, check, mistake_of
from tour.citing import cited
from tour.comparing import Change, compare
from tour.errors import TourError
from tour.pace import Pace
from tour.reading import read_book
from tour.recording import SPEED, made

BOOK = read_book()

ATTEMPTS = Path(__file__).with_name('attempts')
"""What is wrong, each with what is said of it in its first comment."""

QUICK = {'3', '7', '8', '17'}
"""The parts whose exercises `make test` tries out, too."""

AT_ONCE = 12
"""How many scenes are played at the same time: most of them just wait."""

NEVER_END = {'4.2', '5.1', '8.1', '11.2', '19.4', '19.5'}
"""Exercises whose starting points never end, or take very long."""

SOON = 3
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


def played(scene: Scene) -> tuple:
    """Return all that decides what a scene prints."""
    return scene.servers, scene.commands, scene.files


PLAYED = {played(s): s for part in BOOK.parts for s in part.scenes}
"""The scenes whose transcripts are compared in test_transcripts.py."""


class PartTests:
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
        recorded = transcript.path(BOOK.base, scene).read_text('utf-8')
        if same := PLAYED.get(played(scene)):
            text = transcript.path(BOOK.base, same).read_text('utf-8')
        else:
            text = await made(FORKING, BOOK, scene, Pace(SPEED))
        self.assertEqual(recorded, text, scene.name)

    async def starts(self):
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

    async def attempts(self):
        """What is wrong is told in the words that are meant for it."""
        await self.for_each(
            self.assert_told,
            [(e, file) for e in self.exercises for file in attempts(e)],
        )

    async def assert_told(self, exercise, file):
        said = said_of(file)
        # one and the same mistake may show in several ways
        mistake, *others = (m for m in exercise.mistakes if m.say == said)
        (scene,) = (s for s in exercise.checks if s.number == mistake.scene)
        found = await self.check(exercise, scene, file, mistake.never_ends)
        self.assertIsNotNone(found, f'{file.name} passes')
        self.assertIn(mistake_of(exercise, found), [mistake, *others], found)


def case_of(part: str) -> type[TestCase]:
    """Return the test case for a part: with the tests that it needs."""
    exercises = [e for e in BOOK.exercises if e.part == part]
    own: dict[str, object] = {'part': part}
    if any(e.start for e in exercises):
        own['test_starts'] = PartTests.starts
    if any(map(attempts, exercises)):
        own['test_attempts'] = PartTests.attempts
    return type(f'Part{part.title()}Tests', (PartTests, TestCase), own)


for _part in dict.fromkeys(e.part for e in BOOK.exercises):
    if THOROUGH or _part in QUICK:
        _case = case_of(_part)
        vars()[_case.__name__] = _case
del _case


class BookTests(SynchronousTestCase):
    """What must hold for what the manifest has of exercises."""

    def test_count(self):
        """There are sixty, and the tutorial's own have its numbers."""
        self.assertGreaterEqual(len(BOOK.exercises), 60)
        for part, count in (
            *(('15', 4), ('16', 4), ('17', 7), ('18', 5), ('19', 6)),
            *(('20', 6), ('21', 3), ('22', 3)),
        ):
            found = BOOK.chapter(part).exercises
            self.assertGreaterEqual(len(found), count, part)

    def test_files(self):
        """Every file of the answers and attempts belongs to an exercise."""
        solutions = {
            path.relative_to(BOOK.base).as_posix()
            for path in BOOK.base.glob('solutions/**/*')
            if path.is_file() and path.suffix not in ('.pyc', '.hi', '.o')
        }
        named = {e.answer for e in BOOK.exercises}
        named |= {e.start for e in BOOK.exercises}
        named |= {s for e in BOOK.exercises for s in e.scripts}
        self.assertEqual(solutions - named, set())
        known = {f for e in BOOK.exercises for f in attempts(e)}
        files = {f for f in ATTEMPTS.iterdir() if f.is_file()}
        self.assertEqual(files, known)

    def test_names(self):
        """An answer is named after its exercise."""
        for exercise in BOOK.exercises:
            if exercise.answer:
                start = f'part-{exercise.part:0>2}/{exercise.number}-'
                self.assertIn(start, exercise.answer)

    def test_changes(self):
        """Answers differ from the starts, with notes in the lines' order."""
        for exercise in BOOK.exercises:
            if exercise.start:
                found = compare(BOOK.base, exercise.change)
                changes = [b for b in found.blocks if isinstance(b, Change)]
                notes = [note for block in changes for note in block.notes]
                self.assertNotEqual(notes, [], exercise.id)
                self.assertEqual(notes, list(exercise.notes), exercise.id)

    def test_attempts(self):
        """What is said of mistakes is tried out, but for a few."""
        said = {said_of(f) for e in BOOK.exercises for f in attempts(e)}
        mistakes = [m.say for e in BOOK.exercises for m in e.mistakes]
        self.assertLessEqual(len(set(mistakes) - said), 3)
        self.assertLessEqual(said, set(mistakes))

    def test_citations(self):
        """What the answers cite is found in this Twisted."""
        finds = [find for e in BOOK.exercises for find in e.finds]
        self.assertGreater(len(finds), 30)
        for find in finds:
            self.assertIn(find.line, cited(find).text)

    def test_no_such_place(self):
        """It is an error to cite what Twisted doesn't have."""
        for name, line in ('race', 'no such line'), ('no_such_name', ''):
            find = Find(module='twisted.internet.defer', name=name, line=line)
            self.assertRaises(TourError, cited, find)


# with the addresses of two servers
CLIENTS = {
    '02/1-going-on': 'python',
    '02/2-threads': 'python',
    '04/1-refused': 'twisted',
    '04/2-time-limit': 'twisted',
    '05/1-time-limit': 'twisted',
    '06/1-which-server': 'twisted',
    '08/1-time-limit': 'twisted',
    '08/2-which-server': 'twisted',
    '12/6-netstring-client': 'twisted',
    '13/1-in-a-row': 'twisted',
    '17/5-got-poem-in-the-generator': 'twisted',
    '17/6-poem-done-in-the-generator': 'twisted',
    '18/4-print-at-the-end': 'twisted',
    '18/6-fastest-server': 'twisted',
    '19/4-cancel-get-poetry': 'twisted',
    '19/7-timeout': 'twisted',
    '22/1-count-words': 'twisted',
    'today/1-in-order': 'twisted',
    'today/2-try-again': 'twisted',
    'today/3-unix-sockets': 'python',
}
"""Answers that are clients, and how signals end them."""

SERVERS = {
    '11/1-asyncio': 'python --port {} poetry/science.txt',
    '11/2-bare-sockets': 'python --port {} poetry/science.txt',
    '11/3-slow-in-twisted': 'twisted --port {} poetry/science.txt',
    '11/4-several-ports': 'twisted {}:poetry/science.txt',
    '12/1-another-transform': 'twisted --port {}',
    '12/2-line-by-line': 'twisted --port {}',
    '12/3-deferred-transforms': 'twisted --port {}',
    '12/5-netstring-server': 'twisted --port {} poetry/science.txt',
    '14/1-fetched-once': 'twisted --port {} 1',
    '14/2-expiring-poem': 'twisted --port {} 1',
    '14/3-several-servers': 'twisted --port {} 1',
    '22/2-port-forwarder': 'twisted --port {} 1',
}
"""Answers that are servers: how signals end them, and their arguments."""

ENDINGS = {'python': (0, -SIGTERM), 'twisted': (0, 0)}
"""The exit codes after SIGINT and SIGTERM."""


class AnswerTests(TestCase):
    """Answers keep the rules that hold for the scripts of the tutorial."""

    timeout = PATIENCE

    async def assert_ends(self, program, kind, signum):
        """A signal ends a program without many words."""
        await program.until_asleep(*[SIGTERM] * (kind == 'twisted'))
        program.send(signum)
        result = await program.ended
        self.assertEqual(
            result.status, ENDINGS[kind][signum == SIGTERM], result
        )
        self.assertNotIn('Traceback (most', result.err)

    def start(self, name, *words):
        script = f'solutions/part-{name}.py'
        return Redirected(self, sys.executable, script, *words)

    async def test_clients(self):
        """SIGINT and SIGTERM end a client that waits for poems."""
        for name, kind in CLIENTS.items():
            for signum in SIGINT, SIGTERM:
                server = Server(self)
                is_second = name.startswith(('13', '17', '18/4', 'today'))
                first = [refused_port(self)] if is_second else []
                program = self.start(name, *first, server.port)
                await server.connection()
                await self.assert_ends(program, kind, signum)

    async def test_servers(self):
        """SIGINT and SIGTERM end a server that waits for clients."""
        for name, line in SERVERS.items():
            kind, *words = line.split()
            for signum in SIGINT, SIGTERM:
                port = own_port(self)
                program = self.start(name, *(w.format(port) for w in words))
                await program.until_listening(port)
                await self.assert_ends(program, kind, signum)

    async def assert_refused(self, status, said, name, *words):
        """Bad input ends a script with a clear line."""
        program = self.start(name, *words)
        result = await program.ended
        self.assertEqual(result.status, status, (name, result))
        self.assertIn(said, result.err.splitlines()[-1], name)
        self.assertNotIn('Traceback', result.err)

    async def test_bad_input(self):
        """Bad addresses, ports, options and poems are told in a line."""
        for name in [*CLIENTS, '14/1-fetched-once', '22/2-port-forwarder']:
            said = 'Ports must be integers.'
            addresses = 'nowhere', '10001'
            if not name.startswith(('14', '22/2')):
                await self.assert_refused(2, said, name, *addresses)
            else:
                await self.assert_refused(2, said, name, addresses[0])
        for name, line in SERVERS.items():
            await self.assert_refused(2, 'error: ', name, '--no-such-option')
            if line.endswith('{} poetry/science.txt'):
                said = 'Cannot read poetry: Is a directory'
                words = ('--port', '0', 'poetry')
                await self.assert_refused(1, said, name, *words)
        said = 'No such file or directory'
        for name in '21/half-a-poem', '14/leaping-clock':
            await self.assert_refused(1, said, name, 'poetry/none')

    async def test_port_in_use(self):
        """A port that is taken is told in a line."""
        taken = Server(self).port
        for name, line in SERVERS.items():
            words = [word.format(taken) for word in line.split()[1:]]
            await self.assert_refused(1, 'ddress already in use', name, *words)
