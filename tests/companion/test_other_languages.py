"""Erlang and Haskell: no compiler has anything to say, with all warnings."""

from pathlib import Path

from twisted.trial.unittest import TestCase

from tests.companion.support import (
    BASE,
    PATIENCE,
    Server,
    begin_program,
    need,
    program_of,
    run_program,
)
from tour.reading import read_book

BOOK = read_book()


class CompilerTests(TestCase):
    """Each script is compiled in a directory of its own."""

    timeout = PATIENCE

    def setUp(self):
        self.place = Path(self.mktemp()).absolute()
        self.place.mkdir()

    async def assert_quiet(self, *words):
        """A compiler has nothing to say, and is content."""
        result = await run_program(*words)
        self.assertEqual((result.err, result.status), ('', 0), result)

    async def test_haskell(self):
        """ghc has no warnings."""
        part = BOOK.part('21')
        need(part.tools)
        self.assertEqual(len(part.scripts), 3)
        for script in part.scripts[1:]:
            await self.assert_quiet(
                *('ghc', '-v0', '-Wall', '-Werror', '-fno-code'),
                *('-outputdir', str(self.place), str(BASE / script)),
            )

    async def test_erlang(self):
        """erlc has no warnings, once the line for escript is gone."""
        need(BOOK.part('20').tools)
        script = BASE / 'erlang-client-1' / 'get-poetry'
        first, rest = script.read_text().split('\n', 1)
        self.assertEqual(first, '#!/usr/bin/env escript')
        module = self.place / 'get_poetry.erl'
        module.write_text(rest)
        await self.assert_quiet(
            *('erlc', '-Wall', '-Werror', '-o', str(self.place)),
            *('+warn_export_all', '+warn_missing_spec'),
            *('+warn_shadow_vars', '+warn_unused_import', str(module)),
        )


class LazinessTests(TestCase):
    """What Haskell client 2.0 is about."""

    timeout = PATIENCE

    async def begin(self):
        """
        Begin two poems.

        Returns the program, the connection of the poem that is printed
        while it comes, and that of the one that is printed after it.
        """
        start = program_of('haskell-client-2/get-poetry.hs')
        first, second = Server(self), Server(self)
        program = begin_program(self, *start, first.port, second.port)
        one, other = await first.connection(), await second.connection()
        await one.send(b'Roses\n')
        await other.send(b'Violets\n')
        await program.when_printed('Roses', 'Violets')
        self.assertEqual(len(program.lines), 1)
        if program.lines == ['Roses']:
            return program, one, other
        return program, other, one

    async def test_prints_what_has_come(self):
        """Lines are printed while the rest of the poem still comes."""
        program, printed, waiting = await self.begin()
        await printed.send(b'are red,\n')
        await program.when_printed('are red,')
        await printed.finish(b'and sweet.')
        await waiting.finish(b'are blue.')
        await program.when_ended()
        self.assertEqual(program.status, 0)
        self.assertEqual(program.lines[1:3], ['are red,', 'and sweet.'])
        self.assertEqual(program.lines[4:], ['are blue.'])

    async def test_reads_what_is_not_printed_yet(self):
        """A poem that has to wait is read, and be it longer than buffers."""
        program, printed, waiting = await self.begin()
        poem = [b'p' * 100_000] * 200
        # this returns when the client has read everything
        await waiting.finish(b'\n'.join(poem))
        self.assertEqual(len(program.lines), 1)
        await printed.finish()
        await program.when_ended()
        self.assertEqual(len(program.lines), 203)
