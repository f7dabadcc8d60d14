"""What holds for all scripts of the tutorial as texts, and for the poems."""

import ast
import re
import sys

from twisted.trial.unittest import SynchronousTestCase

from tests.companion.support import POEMS
from tour.reading import read_book

BOOK = read_book()
SCRIPTS = sorted({s for part in BOOK.parts for s in part.scripts})
PYTHON = [s for s in SCRIPTS if s.endswith(('.py', 'transform-test'))]
FREE = {*sys.stdlib_module_names, 'twisted', 'zope'}


def text_of(script: str) -> str:
    """Return the source of a script."""
    return (BOOK.base / script).read_text('utf-8')


class StageTests(SynchronousTestCase):
    """Scripts stand alone, and differ only in what their chapter is about."""

    def test_standalone(self):
        """They import the standard library, twisted and zope.interface."""
        for script in PYTHON:
            for node in ast.walk(ast.parse(text_of(script))):
                if isinstance(node, ast.ImportFrom):
                    self.assertEqual(node.level, 0, script)
                    names = [node.module]
                elif isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                else:
                    continue
                for name in names:
                    self.assertIn(name.split('.')[0], FREE, script)

    def test_docstring(self):
        """They open with a docstring of one line."""
        for script in PYTHON:
            source = text_of(script)
            docstring = ast.get_docstring(ast.parse(source), clean=False)
            self.assertRegex(docstring, r'^.+[.?!]$', script)
            opening = source.removeprefix('#!/usr/bin/env python3\n')
            self.assertTrue(opening.startswith('"""'), script)

    def test_other_languages(self):
        """Those in other languages open with a comment of one line."""
        others = [script for script in SCRIPTS if script not in PYTHON]
        self.assertEqual(len(others), 3)
        for script in others:
            self.assertRegex(
                text_of(script),
                r'^(#!.*\n%%!.*\n\n)?(%%|-- \|) '
                r'\w+ poetry client \d.0: .*\.\n',
            )

    def test_version_in_one_line(self):
        """The version stands in the opening line and nowhere else."""
        for script in SCRIPTS:
            source = re.sub(r'^(#!|%%!).*\n+', '', text_of(script))
            first, *rest = source.splitlines()
            for version in re.findall(r'\b\d\.\d\b', first):
                again = rf'(?<![\d.]){re.escape(version)}(?![\d.])'
                self.assertNotRegex('\n'.join(rest), again, script)

    def test_same_arguments_same_text(self):
        """parse_args is the same to the letter where the arguments are."""
        for pattern, count in (
            (r'(blocking|async)-client/|twisted-client-[1-5]/', 13),
            (r'twisted-client-[6-8]/', 3),
            (r'.*/poetry-proxy.py', 3),
        ):
            scripts = [s for s in SCRIPTS if re.match(pattern, s)]
            self.assertEqual(len(scripts), count)
            self.assertEqual(
                len({self.function(s, 'parse_args') for s in scripts}), 1
            )

    def test_same_arguments_same_text_in_haskell(self):
        """So are the Haskell functions up to connecting."""
        one, two = (
            text_of(f'haskell-client-{n}/get-poetry.hs').split('\nusage ::')[1]
            for n in (1, 2)
        )
        heads = {
            text.split('\n-- | Lines')[0].split('\ngetPoetry')[0]
            for text in (one, two)
        }
        self.assertEqual(len(heads), 1)
        self.assertIn('parseAddress', heads.pop())

    def test_same_protocol_same_text(self):
        """PoetryProtocol is the same to the letter from 3.1 on."""
        scripts = [
            s for s in SCRIPTS if re.match(r'twisted-client-([4-8]/|3.*-1)', s)
        ]
        self.assertEqual(len(scripts), 8)
        self.assertEqual(
            len({self.function(s, 'PoetryProtocol') for s in scripts}), 1
        )

    def function(self, script, name):
        """Return the source of a function or class of a script."""
        source = text_of(script)
        return next(
            ast.get_source_segment(source, node)
            for node in ast.parse(source).body
            if getattr(node, 'name', '') == name
        )

    def test_comparisons(self):
        """What is to be compared exists and differs."""
        for part in BOOK.parts:
            for pair in part.comparisons:
                self.assertNotEqual(text_of(pair.old), text_of(pair.new))
                self.assertTrue(pair.look)


class PoemTests(SynchronousTestCase):
    """The poems have the sizes that the tutorial prints."""

    def test_sizes(self):
        """The sizes are those of the tutorial."""
        sizes = {name: len(poem) for name, poem in POEMS.items()}
        self.assertEqual(sizes['ecstasy'], 3003)
        self.assertEqual(sizes['fascination'], 623)
        self.assertEqual(sizes['science'], 653)

    def test_layout(self):
        """Title, verses and poet are set apart by blank lines."""
        for name, verses in (
            ('ecstasy', 76),
            ('fascination', 13),
            ('science', 14),
            ('jingyesi', 4),
        ):
            poem = POEMS[name].decode('utf-8')
            self.assertNotIn('\r', poem)
            lines = poem.split('\n')
            self.assertEqual(len(lines), verses + 5, name)
            self.assertEqual([lines[1], lines[-3], lines[-1]], [''] * 3)
            self.assertTrue(lines[-2].startswith('    -- '))

    def test_indentation(self):
        """Every second verse of The Ecstasy is set in by nine blanks."""
        verses = POEMS['ecstasy'].decode().split('\n')[2:78]
        indents = [re.match(' *', verse)[0] for verse in verses]
        self.assertEqual(indents, ['', ' ' * 9] * 38)

    def test_characters(self):
        """Two poems have more bytes than characters."""
        fascination = POEMS['fascination'].decode()
        self.assertEqual(fascination.count('\u2019'), 4)
        self.assertTrue(fascination.startswith("The Fascination of What's"))
        for letter in '静夜思床前明月光':
            self.assertIn(letter, POEMS['jingyesi'].decode())
        self.assertTrue(POEMS['ecstasy'].isascii())
        self.assertTrue(POEMS['science'].isascii())
