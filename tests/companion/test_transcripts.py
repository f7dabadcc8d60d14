"""Every scene still prints what its transcript says."""

import difflib
import sys
import textwrap
from pathlib import Path

from twisted.internet import reactor
from twisted.trial.unittest import TestCase

from tests.companion.forking import EXACTLY, FORKING
from tests.companion.support import PATIENCE, need
from tests.companion.thorough import THOROUGH
from tour import transcript
from tour.book import Scene
from tour.pace import Pace
from tour.reading import read_book
from tour.recording import SPEED, made

BOOK = read_book()
SCENES = [scene for part in BOOK.parts for scene in part.scenes]

# scripts are found by their place: these directories hold no stages
NO_STAGES = {'tour', 'tests', 'docs', 'benchmarks', 'solutions'}


def started_first(scene: Scene) -> set[str]:
    """
    Return the scripts that are to be started as a reader starts them.

    Each script is, in the first scene that has it. And so are those in
    whose process the tour looks for what was typed.
    """
    before = SCENES[: SCENES.index(scene)]
    known = {command.script for each in before for command in each.all}
    return {
        command.script
        for command in scene.all
        if command.script and command.script not in known
    }


class RealOnce:
    """
    A reactor that starts scripts exactly, in their first scene, and once.

    After that they find more imported than they import themselves: that
    costs less, and it is the same script on the same terminal. For
    `make thorough` whatever a scene starts is started as a reader does.
    """

    def __init__(self, scene: Scene):
        self._first = started_first(scene)
        self._asked = {c.script for c in scene.all if c.stop_waiting}

    def __getattr__(self, name: str):
        return getattr(reactor, name)

    def spawnProcess(self, proto, executable, args, *others, **options):
        script = next((word for word in args[1:] if word in self._first), '')
        self._first.discard(script)
        spawner = EXACTLY if script else FORKING
        if THOROUGH or self._asked.intersection(args):
            spawner = reactor
        return spawner.spawnProcess(
            proto, executable, args, *others, **options
        )


def is_script(path: Path) -> bool:
    """Return whether it has a script's suffix, or tells its interpreter."""
    if path.suffix in ('.py', '.hs'):
        return True
    return path.is_file() and path.read_bytes()[:2] == b'#!'


class TranscriptTests(TestCase):
    """Each scene is played, and what it prints is compared."""

    timeout = PATIENCE

    async def check(self, scene: Scene) -> None:
        """The scene prints what its transcript says."""
        need(BOOK.part(scene.part).tools + scene.tools)
        path = transcript.path(BOOK.base, scene)
        self.assertTrue(
            path.exists(), f'{path.name} is missing: run `make record`'
        )
        text = await made(RealOnce(scene), BOOK, scene, Pace(SPEED))
        recorded = path.read_text('utf-8')
        if text == recorded:
            return
        diff = difflib.unified_diff(
            recorded.splitlines(),
            text.splitlines(),
            'transcript',
            'now',
            lineterm='',
        )
        self.fail('\n'.join(diff))


def _test_of(scene: Scene):
    async def test(self):
        await self.check(scene)

    test.__doc__ = f'{scene.name}: {scene.title}'
    return test


for _scene in SCENES:
    _name = f'test_{_scene.name.replace("-", "_")}'
    setattr(TranscriptTests, _name, _test_of(_scene))


class CompletenessTests(TestCase):
    """No scene, script or transcript stands alone."""

    def test_transcripts(self):
        """There is a transcript for every scene, and no other."""
        directory = BOOK.base / transcript.DIRECTORY
        scenes = [*SCENES, *(s for e in BOOK.exercises for s in e.scenes)]
        self.assertEqual(
            sorted(path.name for path in directory.iterdir()),
            sorted(transcript.path(BOOK.base, s).name for s in scenes),
        )

    def test_scripts(self):
        """Every script on the disk is in a scene, and the other way round."""
        on_disk = {
            path.relative_to(BOOK.base).as_posix()
            for path in BOOK.base.glob('[a-z]*/**/*')
            if is_script(path)
        }
        in_scenes = {s for part in BOOK.parts for s in part.scripts}
        on_disk = {s for s in on_disk if s.split('/')[0] not in NO_STAGES}
        in_scenes = {s for s in in_scenes if not s.startswith('tests/')}
        self.assertEqual(on_disk, in_scenes)

    def test_names(self):
        """No script hides a module of Python from those beside it."""
        stems = {Path(s).stem for part in BOOK.parts for s in part.scripts}
        self.assertEqual(stems & {*sys.stdlib_module_names}, set())

    def test_screen(self):
        """What is said before a scene leaves room for it: 24 x 80 is all."""
        for part in BOOK.parts:
            self.assertLessEqual(len(textwrap.wrap(part.idea, 80)), 2)
            self.assertLessEqual(len(textwrap.wrap(part.watch, 80)), 5)
            for scene in part.scenes:
                title = f'Scene 1 of 9: {scene.title}'
                self.assertLessEqual(len(title), 80, title)

    def test_poems(self):
        """The tutorial's sizes can be read in the transcripts."""
        directory = BOOK.base / transcript.DIRECTORY
        text = '\n'.join(p.read_text('utf-8') for p in directory.iterdir())
        for size in 3003, 623, 653:
            self.assertIn(f'{size} bytes of poetry', text)
