"""The tracing: what it sees of a script, and that nobody sees the tracing."""

import json
import signal
import sys
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests.companion.support import (
    POEMS,
    Redirected,
    Server,
    run_program,
)
from tests.companion.traced import traced, traced_code, words
from tour.tracing import chrome, facts
from tour.tracing.facts import only
from tour.tracing.values import LENGTH, describe


class TurnsTest(TestCase):
    """What is known of the reactor."""

    async def test_turns(self):
        """Each call of the reactor is a turn, with its reason and order."""
        found = await traced_code(
            self,
            """
from twisted.internet import reactor

class Countdown:
    def count(self):
        reactor.callLater(0, tick)

def tick():
    reactor.callFromThread(last)

def last():
    reactor.stop()

reactor.callWhenRunning(Countdown().count)
reactor.run()
""",
        )
        turns = [t for t in only(found, facts.Turn) if not t.is_internal]
        self.assertEqual(
            [(turn.what, turn.object, turn.method) for turn in turns],
            [
                ('startup', 'Countdown', 'count'),
                ('timed', None, 'tick'),
                ('thread', None, 'last'),
            ],
        )
        self.assertTrue(only(found, facts.Wait))
        self.assertTrue(all(turn.duration >= 0 for turn in turns))

    async def test_pieces(self):
        """What a client receives is told with its turn, task and port."""
        server = Server(self, POEMS['science'])
        client = 'twisted-client-2/get-poetry.py'
        result, found = await traced(self, client, server.port)
        self.assertIn('Got 1 poems', result.out)
        pieces = only(found, facts.Piece)
        self.assertEqual(sum(piece.size for piece in pieces), 653)
        reads = {
            turn.number: turn
            for turn in only(found, facts.Turn)
            if turn.method == 'dataReceived'
        }
        for piece in pieces:
            self.assertEqual(piece.port, int(server.port))
            turn = reads[piece.turn]
            self.assertEqual((turn.object, turn.task), ('PoetryProtocol', 1))
        self.assertEqual(
            [t.method for t in only(found, facts.Turn)].count(
                'connectionLost'
            ),
            1,
        )

    async def test_select(self):
        """A loop round select has turns, too, and needs no Twisted."""
        server = Server(self, POEMS['science'])
        result, found = await traced(
            self, 'async-client/get-poetry.py', server.port
        )
        self.assertEqual(result.status, 0)
        self.assertEqual(only(found, facts.Reactor)[0].name, 'select')
        turns = only(found, facts.Turn)
        self.assertEqual(sum(turn.size for turn in turns), 653)
        self.assertEqual(
            {(turn.object, turn.port) for turn in turns},
            {('socket', int(server.port))},
        )

    async def test_blocking(self):
        """A script that blocks in recv has waits and pieces, but no turn."""
        server = Server(self, POEMS['science'])
        result, found = await traced(
            self, 'blocking-client/get-poetry.py', server.port
        )
        self.assertEqual(result.status, 0)
        self.assertFalse(only(found, facts.Turn))
        self.assertTrue(only(found, facts.Wait))
        self.assertEqual(sum(p.size for p in only(found, facts.Piece)), 653)

    async def test_chosen_reactor(self):
        """A script may install another reactor, and that one is traced."""
        for name in 'poll', 'select', 'asyncio':
            found = await traced_code(
                self,
                f"""
from twisted.internet import {name}reactor
{name}reactor.install()
from twisted.internet import reactor
from twisted.internet.protocol import Protocol, ServerFactory, ClientFactory

class Ends(Protocol):
    def connectionMade(self):
        self.transport.write(b'x')

    def dataReceived(self, data):
        if reactor.running:
            reactor.stop()

served = ServerFactory.forProtocol(Ends)
port = reactor.listenTCP(0, served, interface='127.0.0.1')
client = ClientFactory.forProtocol(Ends)
reactor.connectTCP('127.0.0.1', port.getHost().port, client)
reactor.run()
""",
            )
            methods = [turn.method for turn in only(found, facts.Turn)]
            self.assertIn('buildProtocol', methods, name)
            self.assertIn('dataReceived', methods, name)


class UnseenTest(TestCase):
    """That a script doesn't notice."""

    async def _compare(self, *script: str, plainly=()) -> None:
        """
        Run a script really traced, and plainly; compare all of it.

        plainly: options of Python with which it isn't forked then.
        """
        path = Path(self.mktemp()).absolute()
        plain = await run_program(sys.executable, *plainly, *script)
        with_facts = await run_program(
            *(sys.executable, '-m', 'tour.tracing', '--facts', str(path)),
            *script,
        )
        self.assertEqual(with_facts, plain)
        printed = only(facts.read(path), facts.Printed)
        for stream in 'out', 'err':
            self.assertEqual(
                [line.text for line in printed if line.stream == stream],
                [line[:200] for line in getattr(plain, stream).splitlines()],
            )

    async def test_uncaught(self):
        """A script that crashes shows its own stack, and only that."""
        await self._compare('twisted-deferred/defer-5.py')

    async def test_usage(self):
        """A script's usage line has its own name."""
        await self._compare('twisted-client-4/get-poetry.py', 'x:y')

    async def test_stack(self):
        """A stack that a callback prints has no frame of ours."""
        # who is forked has a stack of its own
        script = 'inline-callbacks/inline-callbacks-tb.py'
        await self._compare(script, plainly=['-B'])

    async def test_signal(self):
        """A script that is terminated leaves its facts, and dies of it."""
        script = Path(self.mktemp()).absolute()
        script.write_text('import time\nprint("x")\ntime.sleep(1000)\n')
        path = Path(self.mktemp()).absolute()
        process = Redirected(self, *words(path, str(script)))
        await process.until_asleep(signal.SIGTERM)
        process.send(signal.SIGTERM)
        result = await process.ended
        self.assertEqual(result.status, -signal.SIGTERM)
        last = facts.read(path)[-1]
        self.assertEqual(last.status, -signal.SIGTERM)


class TroubleTest(TestCase):
    """What can't be traced says so."""

    async def test_no_reactor(self):
        """A script that isn't Twisted's is said to have no reactor."""
        result, _ = await traced(self, 'inline-callbacks/gen-1.py')
        self.assertIn('gen-1.py has no reactor: ', result.err)
        self.assertNotEqual(result.status, 0)
        self.assertIn('done', result.out)

    async def _demand(self, seam: str, before: str) -> None:
        result, _ = await traced(
            self, 'twisted-deferred/defer-8.py', before=before
        )
        self.assertIn("Can't trace Twisted ", result.err)
        self.assertIn(f'there is no {seam} any more.', result.err)
        self.assertNotEqual(result.status, 0)
        self.assertEqual(result.out, '')

    async def test_seams(self):
        """A seam that is gone is named, and the script isn't run on."""
        defer = 'twisted.internet.defer'
        await self._demand(
            f'{defer}.Deferred._startRunCallbacks',
            f'import {defer} as d; del d.Deferred._startRunCallbacks',
        )
        await self._demand(
            'twisted.internet.main.installReactor',
            'import twisted.internet.main as m; del m.installReactor',
        )
        await self._demand(
            'pop in twisted.internet.base._ThreePhaseEvent.fireEvent',
            'import twisted.internet.base as b\n'
            'b._ThreePhaseEvent.fireEvent = lambda self: None',
        )

    async def test_dry(self):
        """A seam that is there, but that Twisted passes by, is named, too."""
        await self._demand(
            'trace of "refused" in twisted.internet.defer',
            'import twisted.internet.defer as d\n'
            'start = d.Deferred._startRunCallbacks\n'
            'def other(self, result):\n'
            '    if not self.__dict__.get("called"):\n'
            '        self.called = True\n'
            '        self.result = result\n'
            '        self._runCallbacks()\n'
            'd.Deferred._startRunCallbacks = other',
        )


class FactsTest(SynchronousTestCase):
    """Facts and values, as they are written."""

    def test_round(self):
        """A fact is read as it was written."""
        fact = facts.Added(
            *(1.5, 2, 0, 'addCallback'),
            facts.Function('f', ('a.py', 3)),
            *(None, None, True, ('a.py', 9), 4, None),
        )
        self.assertEqual(facts.fact_of(facts.line_of(fact)), fact)

    def test_nonsense(self):
        """What is no fact is refused; a line that was cut off is left out."""
        for line in 'x', '[]', '{"kind": "cat"}', '{"kind": "end"}':
            self.assertRaises(facts.NoFacts, facts.fact_of, line)
        path = Path(self.mktemp())
        path.write_text(facts.line_of(facts.End(1.0, None)) + '{"kind"')
        self.assertEqual(facts.read(path), [facts.End(1.0, None)])

    def test_values(self):
        """Values are short, and none of their own code is run."""

        class Loud:
            def __repr__(self):
                raise AssertionError

        self.assertEqual(describe([1, 'a', None]), "[1, 'a', None]")
        self.assertEqual(describe(Loud()), '<Loud>')
        self.assertEqual(describe(ValueError('no', 1)), "ValueError('no', 1)")
        self.assertLessEqual(len(describe(b'x' * 10**6)), LENGTH)
        self.assertLessEqual(len(describe([['x' * 50] * 50] * 50)), LENGTH)

    def test_chrome(self):
        """Chrome's trace events have all turns and functions, in µs."""
        turn = facts.Turn(
            *(1, 'read', 'P', 'dataReceived', 1, 2), *(0.5, 0.25, 10)
        )
        events = json.loads(chrome.trace_events([turn]))['traceEvents']
        (event,) = (event for event in events if event['ph'] == 'X')
        self.assertEqual(
            (event['name'], event['ts'], event['dur']),
            ('P.dataReceived', 500000, 250000),
        )
