"""Erlang and Haskell: what each of these clients is about, and compilers."""

import re
from pathlib import Path

from twisted.trial.unittest import TestCase

from tests.companion.support import (
    BASE,
    PATIENCE,
    Server,
    begin_program,
    lines_of,
    need,
    program_of,
    refused_port,
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
            *('erlc', '-Wall', '-Werror', '-o', str(self.place), str(module)),
        )


class ProcessTests(TestCase):
    """What the Erlang client is about."""

    timeout = PATIENCE

    def run_client(self, *ports):
        return run_program(*program_of('erlang-client-1/get-poetry'), *ports)

    async def test_crashes_are_reported(self):
        """The runtime reports each crash, also if the script ends at once."""
        refused = [refused_port(self) for _ in range(5)]
        for _ in range(3):
            result = await self.run_client(*refused)
            reports = re.findall(
                r'(?m)^=ERROR REPORT==== .* ===\n'
                r'Error in process <[\d.]+> with exit value:\n'
                r'{{badmatch,{error,econnrefused}},\n(?: .*\n)+\n',
                result.out,
            )
            self.assertEqual(len(reports), 5, result)
            self.assertEqual(''.join(reports), result.out)
            self.assertEqual((result.err, result.status), ('', 0))

    async def test_ways_to_end(self):
        """
        A process crashes when its connection is reset.

        No report is waited for when a process ends without one.
        """
        server = Server(self)
        poem = b'Violets are blue.'
        ended = run_program(
            *program_of('erlang-client-1/get-poetry'),
            *('é:10000', server.port, Server(self, poem).port),
            LC_ALL='C.UTF-8',
        )
        connection = await server.connection()
        await connection.send(b'Roses ')
        await connection.reset()
        result = await ended
        self.assertIn('{{case_clause,{error,econnreset}},\n', result.out)
        self.assertIn('Violets are blue.\n', result.out)
        self.assertEqual((result.err, result.status), ('', 0))

    async def test_large_pieces(self):
        """It takes up to 64 kB at once of what has come."""
        poem = b'Poetry, more poetry\n' * 100_000
        result = await self.run_client(Server(self, poem).port)
        got = re.findall(r'(?m)^Task 1: got (\d+) bytes', result.out)
        sizes = [int(size) for size in got]
        self.assertEqual(sum(sizes), len(poem))
        self.assertLessEqual(max(sizes), 65536)
        # a piece has 1460 bytes at most unless the buffer is larger
        self.assertGreater(max(sizes), 1460)


class ThreadTests(TestCase):
    """What Haskell client 1.0 is about."""

    timeout = PATIENCE

    async def test_lines(self):
        """Each line is told as it comes, with the size of all its bytes."""
        server = Server(self)
        start = program_of('haskell-client-1/get-poetry.hs')
        program = begin_program(self, *start, server.port)
        connection = await server.connection()
        where = f'bytes of poetry from localhost:{server.port}'
        told = []
        for line in b'Roses\n', b'\n', '静夜思\n'.encode():
            await connection.send(line)
            told.append(f'Task 1: got {len(line)} {where}')
            self.assertEqual(await lines_of(program, len(told)), told)
        await connection.finish(b'and sweet')
        await program.when_ended()
        self.assertEqual(program.lines[3], f'Task 1: got 9 {where}')


class LazinessTests(TestCase):
    """What Haskell client 2.0 is about."""

    timeout = PATIENCE

    async def test_prints_what_has_come(self):
        """A poem is printed while it comes, and the next one after it."""
        first, second = Server(self), Server(self)
        start = program_of('haskell-client-2/get-poetry.hs')
        program = begin_program(self, *start, first.port, second.port)
        # both are connected before either has sent anything
        one, other = await first.connection(), await second.connection()
        other.transport.write(b'Violets are blue.')
        other.transport.loseConnection()
        for count, line in enumerate([b'Roses\n', b'are red,\n'], 1):
            await one.send(line)
            await lines_of(program, count)
        self.assertEqual(program.lines, ['Roses', 'are red,'])
        await one.finish(b'and sweet.')
        await program.when_ended()
        self.assertEqual(program.status, 0)
        self.assertEqual(
            program.lines[2:], ['and sweet.', 'Violets are blue.']
        )
