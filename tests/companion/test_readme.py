"""The README tells the truth."""

import re
import shlex

from twisted.trial.unittest import SynchronousTestCase

from tour.reading import read_book
from tour.table import table

BOOK = read_book()
DRAWN = {'diff', 'timeline'}
README = (BOOK.base / 'README.md').read_text('utf-8')


class ReadmeTests(SynchronousTestCase):
    """What it names exists, and what it says of the parts is current."""

    def test_table(self):
        """The table of parts is the one that the manifest makes."""
        self.assertIn(
            table(BOOK), README, 'put what `make table` prints into README.md'
        )

    def test_links(self):
        """Every file that is linked exists."""
        links = re.findall(r'\]\(([^)]+)\)', README)
        local = [link for link in links if '://' not in link]
        self.assertTrue(local)
        for link in local:
            self.assertTrue((BOOK.base / link).exists(), link)

    def test_paths(self):
        """Every script and poem that a command names exists."""
        blocks = re.findall(r'(?ms)^```\n(.*?)^```', README)
        paths = [
            word
            for block in blocks
            for line in block.splitlines()
            if re.match(r'(\$ )?python ', line)
            for word in shlex.split(line)
            if '/' in word
        ]
        self.assertTrue(paths)
        for path in paths:
            self.assertTrue((BOOK.base / path).exists(), path)

    def test_targets(self):
        """Every target of make that is named exists."""
        makefile = (BOOK.base / 'Makefile').read_text()
        for target in re.findall(r'(?m)^make ([a-z]+)', README):
            self.assertIn(f'\n{target}:', makefile)

    def test_commands(self):
        """Every part that `tour` is told to play exists."""
        told = re.findall(r'(?m)^tour (?:(diff|timeline) ?)?(\S*)', README)
        self.assertEqual({command for command, _ in told}, {*DRAWN, ''})
        for _, what in told:
            if '/' in what:
                self.assertTrue((BOOK.base / what).exists(), what)
            elif what not in ('', '#'):
                self.assertIsNotNone(BOOK.part(what), what)
