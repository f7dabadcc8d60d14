"""The README and the pages beside it tell the truth."""

import argparse
import re
import shlex
from functools import cached_property
from pathlib import Path
from xml.etree import ElementTree

from twisted.trial.unittest import SynchronousTestCase

from tour.commands import COMMANDS, module_of
from tour.reading import read_book
from tour.table import PAGE, renewed, table

BOOK = read_book()

LINES = 75
"""As many as three screens have; the picture is not counted."""

NOT_HERE = re.compile(
    r"""
    \.venv/ | docs/_build/ |  # made by make
    defer4\.py$ |             # the tutorial's misspelling
    /get-poetry$ |            # this one, too
    tcp\.py$ |                # Twisted's
    my\.py$ |                 # the reader's
    twistd\.pid$              # there while a daemon runs
    """,
    re.VERBOSE,
)
"""Paths that the pages name though they needn't exist."""

_FENCE = re.compile(r'(?ms)^```\n(.*?)^```$')
_CODE = re.compile(r'(?s)(`+)(.+?)\1')
_FILE = re.compile(r'\S+\.(?:hs|md|py|svg|toml|txt)')
_IMAGE = re.compile(r'(?s)!\[([^]]+)\]\(([^)]+)\)\n+')


class Page:
    """One of the pages."""

    def __init__(self, path: Path):
        self.name = path.name
        self.text = path.read_text('utf-8')

    @cached_property
    def links(self) -> list[str]:
        """What its links lead to."""
        return re.findall(r'\]\(([^)]+)\)', self.text)

    @cached_property
    def code(self) -> list[str]:
        """Its lines of code: those of blocks, and those within sentences."""
        lines = [
            line
            for block in _FENCE.findall(self.text)
            for line in block.splitlines()
        ]
        within = _CODE.findall(_FENCE.sub('', self.text))
        return [*lines, *(' '.join(code.split()) for _, code in within)]

    def typed(self, program: str) -> list[list[str]]:
        """Return what a reader is told to type after that program's name."""
        return [
            shlex.split(line, comments=True)[1:]
            for line in self.code
            if line.split()[:1] == [program]
        ]


PAGES = [Page(path) for path in sorted(BOOK.base.glob('*.md'))]
README = next(page for page in PAGES if page.name == 'README.md')


def exists(path: str) -> bool:
    """Return whether a path exists, or a file of that name anywhere."""
    if '*' in path:
        return any(BOOK.base.glob(path))
    if '/' in path or (BOOK.base / path).exists():
        return (BOOK.base / path).exists()
    return any(BOOK.base.glob(f'*/{path}')) or any(
        BOOK.base.glob(f'tests/*/{path}')
    )


class PagesTests(SynchronousTestCase):
    """What the pages name exists, and what they tell to type works."""

    def test_links(self):
        """Every file that is linked exists."""
        for page in PAGES:
            local = [link for link in page.links if '://' not in link]
            for link in local:
                path = BOOK.base / link
                self.assertTrue(path.exists(), f'{page.name}: {link}')
        self.assertTrue(README.links)

    def test_paths(self):
        """Every path in code exists."""
        seen = 0
        for page in PAGES:
            for word in (word for line in page.code for word in line.split()):
                path = word.strip('\'",;()').rstrip('.:').removeprefix('./')
                if (
                    re.search('://|^unix:|[\\\\<>|+$=]', path)
                    or path.strip('/') == ''
                ):
                    continue
                named = _FILE.fullmatch(path) or '/' in path
                if named and not NOT_HERE.match(path):
                    seen += 1
                    self.assertTrue(exists(path), f'{page.name}: {word}')
        self.assertGreater(seen, 100)

    def test_targets(self):
        """Every target of make that is named exists."""
        makefile = (BOOK.base / 'Makefile').read_text()
        told = [
            (page.name, word)
            for page in PAGES
            for words in page.typed('make')
            for word in words
            if '=' not in word
        ]
        self.assertTrue({'demo', 'test'} <= {target for _, target in told})
        for page, target in told:
            self.assertIn(f'\n{target}:', makefile, page)

    def test_commands(self):
        """The tour knows every command and option, and every part."""
        named = [[command] for command in COMMANDS]
        told = [
            (page.name, words)
            for page in PAGES
            for words in page.typed('tour')
            if words not in named
        ]
        self.assertTrue(told)
        for page, words in told:
            line = f'{page}: tour {shlex.join(words)}'
            command = words[0] if words and words[0] in COMMANDS else 'play'
            parser = argparse.ArgumentParser(exit_on_error=False)
            module_of(command).add_arguments(parser)
            try:
                args = parser.parse_args(words[words[:1] == [command] :])
            except (argparse.ArgumentError, SystemExit) as error:
                self.fail(f'{line}: {error}')
            for what in [
                getattr(args, 'part', None),
                *getattr(args, 'versions', []),
            ]:
                if what is not None:
                    found = BOOK.chapter(what) or BOOK.exercise(what)
                    self.assertTrue(found or exists(what), line)
            if exercise := getattr(args, 'exercise', None):
                self.assertIsNotNone(BOOK.exercise(exercise), line)

    def test_texts(self):
        """What is linked as the tutorial's text is that of a part."""
        texts = {chapter.text for chapter in BOOK.chapters}
        for page in PAGES:
            for link in page.links:
                if 'krondo.com' in link:
                    self.assertIn(link, texts, page.name)

    def test_table(self):
        """The table of parts is the one that the manifest makes."""
        page = (BOOK.base / PAGE).read_text('utf-8')
        self.assertIn(table(BOOK), page, 'type `make table`')
        self.assertEqual(renewed(page, table(BOOK)), page)

    def test_cells(self):
        """Every row of every table has as many cells as the others."""
        for page in PAGES:
            for rows in re.findall(r'(?m)(?:^\|.*\n)+', page.text):
                cells = {
                    len(re.findall(r'(?<!\\)\|', row))
                    for row in rows.splitlines()
                }
                self.assertEqual(len(cells), 1, page.name)


class ReadmeTests(SynchronousTestCase):
    """The README is short, and begins with where to go."""

    def test_length(self):
        """It has three screens of 80 columns, the picture apart."""
        lines = _IMAGE.sub('', README.text).splitlines()
        self.assertLessEqual(len(lines), LINES)
        for line in README.text.splitlines():
            self.assertLessEqual(len(line), 80, line)

    def test_text_first(self):
        """The first link to a text is Part 1's, before any command."""
        first = README.text.index(f']({BOOK.chapters[0].text})')
        self.assertLess(first, README.text.index('```'))

    def test_pages(self):
        """It links all other pages."""
        for page in PAGES:
            if page is not README:
                self.assertIn(page.name, README.links)

    def test_picture(self):
        """What is said of the picture is what it shows."""
        ((said, path),) = _IMAGE.findall(README.text)
        picture = ElementTree.parse(BOOK.base / path)
        text = '\n'.join(picture.getroot().itertext())
        shown = dict(re.findall(r'(\w+)-client/get-poetry\.py, (\S+) s', text))
        self.assertEqual(set(shown), {'blocking', 'async'})
        self.assertEqual(
            re.findall(r'\b\d+(?=\s+seconds)', said),
            [f'{float(shown[name]):.0f}' for name in ('blocking', 'async')],
        )
