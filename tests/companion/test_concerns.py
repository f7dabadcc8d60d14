"""Every script has tests that concern it, and they exist."""

import re
from importlib import import_module
from pathlib import Path

from twisted.trial.runner import TestLoader
from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests.companion.concerns import (
    BY_PATH,
    BY_SCRIPT,
    HERE,
    behaviour,
    concerned,
)
from tour.reading import read_book

BOOK = read_book()
SCRIPTS = sorted({s for part in BOOK.parts for s in part.scripts})


class ConcernTests(SynchronousTestCase):
    """What `make check` runs is what a change may break."""

    def test_every_script(self):
        """No script is without a transcript and tests of its text."""
        for script in SCRIPTS:
            names = behaviour(BOOK, script)
            self.assertIn('.test_transcripts.', names[-1], script)
            self.assertGreater(len(concerned(BOOK, script)), len(names))

    def test_names(self):
        """Every name that is given to trial is that of a test."""
        names = {n for s in SCRIPTS for n in concerned(BOOK, s)}
        loader = TestLoader()
        for name in sorted(names):
            tests = loader.loadByName(name)
            self.assertGreater(tests.countTestCases(), 0, name)
            self.assertNotIn('ErrorHolder', repr(tests), name)

    def test_every_case(self):
        """Every test case that is made for a script concerns it."""
        named = {n for s in SCRIPTS for n in behaviour(BOOK, s)}
        for module in BY_SCRIPT:
            found = vars(import_module(f'{HERE}.{module}'))
            for name in found.keys() - {'TestCase'}:
                case = found[name]
                if isinstance(case, type) and issubclass(case, TestCase):
                    self.assertIn(f'{HERE}.{module}.{name}', named)

    def test_every_module(self):
        """Every module that makes test cases for scripts is known."""
        makers = {
            path.stem
            for path in Path(__file__).parent.glob('test_*.py')
            if re.search(r'(?m)^    globals\(\)\[', path.read_text('utf-8'))
        }
        self.assertEqual(makers, set(BY_SCRIPT))

    def test_every_pattern(self):
        """Every pattern is that of a script."""
        named = {n for s in SCRIPTS for n in behaviour(BOOK, s)}
        for tests in BY_PATH.values():
            self.assertLessEqual({f'{HERE}.{t}' for t in tests}, named)

    def test_other_files(self):
        """Tests, transcripts and the manifest concern themselves."""
        for path, name in (
            ('tests/companion/test_diff.py', f'{HERE}.test_diff'),
            ('tests/transcripts/part-08-scene-1.txt', 'test_part_08_scene_1'),
            ('chapters/08.toml', 'test_part_08_scene_1'),
            ('chapters/howto.toml', 'test_part_howto_scene_1'),
        ):
            names = concerned(BOOK, path)
            self.assertTrue(any(n.endswith(name) for n in names), path)
        self.assertEqual(concerned(BOOK, 'README.md'), [])
