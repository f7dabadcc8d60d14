"""Which pager is started, and what it is told."""

import os
from pathlib import Path
from unittest import mock

from twisted.trial.unittest import SynchronousTestCase

from tour import paging

PAGER = """#!/bin/sh
for word; do printf '%s\\n' "<$word>"; done > "$0.args"
cat > "$0.text"
"""


class PagingTests(SynchronousTestCase):
    """A pager of paper takes the place of less."""

    def setUp(self):
        self.directory = Path(self.mktemp()).absolute()
        self.directory.mkdir()
        self.less = self.program('less')

    def program(self, name):
        """Return the path of a pager of that name."""
        path = self.directory / name
        path.write_text(PAGER)
        path.chmod(0o755)
        return path

    def page(self, stops=None, **env):
        """Page a text; return whether that was possible."""
        path = f'{self.directory}:{os.environ["PATH"]}'
        with mock.patch.dict(os.environ, {'PATH': path, **env}, clear=True):
            return paging.page('A text.\n', 'utf-8', stops)

    def told(self, path=None):
        """Return the arguments of the pager, which has got the text."""
        path = path or self.less
        text = path.with_name(f'{path.name}.text')
        self.assertEqual(text.read_text(), 'A text.\n')
        args = path.with_name(f'{path.name}.args').read_text()
        return args.removeprefix('<').removesuffix('>\n').split('>\n<')

    def test_default(self):
        """Without PAGER it is less, which keeps the colours."""
        self.assertTrue(self.page())
        self.assertEqual(self.told(), ['-R'])

    def test_stops(self):
        """It is told what n and N look for, and its prompt says so."""
        self.assertTrue(self.page('^Change'))
        colours, prompt, search = self.told()
        self.assertEqual(search, '+/^Change\ng')
        self.assertTrue(prompt.startswith(r'-Psn\: next change'), prompt)

    def test_own_options(self):
        """Options of the reader's own come first, and the prompt stays."""
        self.assertTrue(self.page('x', PAGER='less -i', LESS='-FX'))
        words = [word.partition('s')[0] for word in self.told()]
        self.assertEqual(words, ['-i', '-R', '-P', '+/x\ng'])
        for env in (
            {'LESS': '-R -M'},
            {'LESS': '--prompt=mine'},
            {'PAGER': f'{self.less} -PMine'},
        ):
            self.assertTrue(self.page('x', **env))
            self.assertNotIn('next change', ''.join(self.told()))
            self.assertEqual(self.told()[-1], '+/x\ng')

    def test_other_pager(self):
        """Another pager is told nothing; nor is what only begins with less."""
        other = self.program('other')
        self.assertTrue(self.page('x', PAGER=str(other)))
        self.assertEqual(self.told(other), [''])
        for command in 'less | cat', "less '", 'lesser', '':
            self.assertFalse(paging._is_less(command), command)

    def test_no_pager(self):
        """Of a pager that can't be started it is said so."""
        self.assertFalse(self.page(PAGER='no-such-pager 2>/dev/null'))

    def test_early_end(self):
        """A pager may end before it has read all."""
        with mock.patch.dict(os.environ, {'PAGER': 'true'}):
            self.assertTrue(paging.page('A text.\n' * 10**5, 'utf-8'))
