"""The chains: which way a result takes, and how that is drawn."""

from argparse import ArgumentParser
from itertools import pairwise
from xml.etree import ElementTree

from twisted.trial.unittest import TestCase

from tests.companion.support import POEMS, Server, refused_port, run
from tests.companion.traced import traced, traced_code
from tour.chain_picture import describe, picture
from tour.chain_rows import shown
from tour.chain_text import drawn
from tour.chains import CALLBACK, ERRBACK, Chain, chains_of
from tour.commands import chain as command
from tour.errors import TourError
from tour.reading import BASE

HEADER = """
from twisted.internet import defer
from twisted.internet.defer import Deferred, inlineCallbacks

def ok(_):
    return 1

def fail(_):
    raise ValueError('no')

def trap(err):
    return 2

d = Deferred()
"""


class WayTest(TestCase):
    """Which functions ran, with what."""

    async def _chains(self, code: str) -> list[Chain]:
        return chains_of(await traced_code(self, HEADER + code))

    async def test_crossing(self):
        """A failure goes to the next errback, and a result back again."""
        chain, *_ = await self._chains("""
d.addCallbacks(ok, trap)
d.addCallback(fail)
d.addCallback(ok)
d.addErrback(trap)
d.addBoth(ok)
d.callback('go')
""")
        self.assertEqual(
            chain.way,
            [
                ('ok', CALLBACK),
                ('fail', CALLBACK),
                ('trap', ERRBACK),
                ('ok', CALLBACK),
            ],
        )
        self.assertEqual(
            [str(stage.gave) for stage in chain.stages],
            [
                'r 1',
                "F ValueError('no')",
                "F ValueError('no')",
                'r 2',
                'r 1',
            ],
        )
        self.assertEqual(chain.stages[2].taken, ERRBACK)
        self.assertIsNone(chain.stages[2].errback)
        self.assertEqual((str(chain.fired), chain.ends), ("r 'go'", 'result'))
        self.assertFalse(chain.stages[0].errback.ran)

    async def test_ends(self):
        """Every way in which a Deferred can end is told apart."""
        chains = await self._chains("""
inner = Deferred()
d.addCallback(lambda _: inner)
d.addCallback(ok)
d.callback(None)
paused = Deferred()
paused.callback(None)
paused.pause()
paused.addCallback(ok)
lost = Deferred()
lost.addCallback(fail)
lost.callback(None)
fine = defer.succeed(3)
""")
        self.assertEqual(
            [chain.ends for chain in chains],
            ['waiting', 'unfired', 'paused', 'unhandled', 'result'],
        )
        self.assertIsNone(chains[0].stages[0].inner.waited)
        self.assertTrue(chains[3].events[-1].at_exit)

    async def test_inner(self):
        """The result of an inner Deferred goes on, after a wait or none."""
        waits, inner, at_once, _ = await self._chains("""
inner = Deferred()
d.addCallback(lambda _: inner)
d.addCallbacks(ok, trap)
d.callback(None)
inner.errback(ValueError('late'))
e = Deferred()
e.addCallback(lambda _: defer.succeed(5))
e.callback(None)
""")
        stage = waits.stages[0]
        self.assertEqual(stage.inner.number, inner.number)
        self.assertGreater(stage.inner.waited, 0)
        self.assertEqual(str(stage.comes_out), "F ValueError('late')")
        self.assertEqual(waits.way[-1], ('trap', ERRBACK))
        self.assertEqual(inner.ends, 'handed')
        self.assertEqual(at_once.stages[0].inner.waited, 0)
        self.assertEqual(str(at_once.last), 'r 5')

    async def test_cancelled(self):
        """A cancellation says what came of it, and so does a late result."""
        chains = await self._chains("""
def canceller(d):
    pass

d.addErrback(trap)
d.cancel()
d.callback('late')
e = Deferred(canceller)
e.addErrback(trap)
e.cancel()
e.cancel()
f = Deferred()
f.addErrback(trap)
f.addCallback(lambda _: Deferred())
f.callback(None)
f.cancel()
""")
        happened = [
            [(event.what, event.effect) for event in chain.events]
            for chain in chains
        ]
        self.assertEqual(
            happened[:3],
            [
                [('cancelled', 'fires'), ('fired', ''), ('ignored', '')],
                [
                    ('cancelled', 'canceller'),
                    ('fired', ''),
                    ('cancelled', 'none'),
                ],
                [('fired', ''), ('cancelled', 'inner'), ('unhandled', '')],
            ],
        )
        self.assertEqual(chains[1].canceller, 'canceller')

    async def test_by_reactor(self):
        """What the reactor does isn't blamed on the line that started it."""
        (chain,) = await self._chains("""
from twisted.internet import reactor
reactor.callLater(0, d.callback, 1)
d.addCallback(lambda _: reactor.stop())
reactor.run()
""")
        (fired,) = chain.events
        self.assertEqual((fired.what, fired.at), ('fired', None))

    async def test_generator(self):
        """A generator's steps are a chain, with its waits."""
        found = await self._chains("""
@inlineCallbacks
def steps():
    got = yield 1
    try:
        yield d
    except ValueError:
        print('caught')
    yield defer.succeed(2)
    return 3

result = steps()
d.errback(ValueError('no'))
""")
        chain = next(chain for chain in found if chain.steps)
        self.assertEqual(
            [(step.taken, str(step.comes_out)) for step in chain.steps],
            [
                (CALLBACK, 'r 1'),
                (CALLBACK, "F ValueError('no')"),
                (ERRBACK, 'r 2'),
                (CALLBACK, 'r 3'),
            ],
        )
        self.assertGreater(chain.steps[1].inner.waited, 0)
        self.assertEqual(chain.steps[2].inner.waited, 0)
        box = chain.steps[2].errback
        self.assertEqual([line.text for line in box.printed], ['caught'])
        self.assertEqual(str(chain.fired), 'r 3')

    async def test_list(self):
        """A DeferredList is a chain; its Deferreds say that they go there."""
        one, two, both = await self._chains("""
e = Deferred()
both = defer.DeferredList([d, e], consumeErrors=True)
both.addCallback(ok)
d.callback('x')
e.errback(ValueError('y'))
""")
        self.assertEqual(both.kind, 'DeferredList')
        for chain in one, two:
            self.assertEqual(chain.stages[0].goes_to, both.number)
        self.assertEqual(
            str(both.fired), "r [(True, 'x'), (False, ValueError('y'))]"
        )

    async def test_client(self):
        """A client shows its own Deferreds, and none of Twisted's."""
        server = Server(self, POEMS['science'])
        script = 'twisted-client-4/get-poetry.py'
        _, found = await traced(self, script, server.port, refused_port(self))
        sources = {script: (BASE / script).read_text()}
        good, bad = chains_of(found, sources)
        self.assertEqual((good.name, good.maker), ('d', 'get_poetry'))
        self.assertEqual(
            good.way, [('got_poem', CALLBACK), ('poem_done', CALLBACK)]
        )
        self.assertEqual(
            bad.way, [('poem_failed', ERRBACK), ('poem_done', CALLBACK)]
        )
        printed = bad.stages[0].errback.printed
        self.assertIn('Poem failed: ', printed[0].text)
        self.assertEqual((printed[0].stream, printed[0].line), ('err', 1))


class DrawingTest(TestCase):
    """The drawings, by what they say."""

    async def _chains(self, script: str) -> list[Chain]:
        _, found = await traced(self, script)
        return chains_of(found, {script: (BASE / script).read_text()})

    async def test_text(self):
        """The text has all functions in their order, and fits."""
        script = 'deferred-cancel/defer-cancel-12.py'
        chains = await self._chains(script)
        for columns in 80, 50, 10:
            lines = drawn(chains, script, columns)
            self.assertLessEqual(max(map(len, lines)), max(columns, 40))
        text = '\n'.join(drawn(chains, script, 80))
        marks = [
            *("r 'result'", 'first_outer_callback', 'waits for Deferred 2'),
            *('Cancelled in line 37', 'F CancelledError', 'outer_errback'),
        ]
        places = [text.index(mark) for mark in marks]
        self.assertEqual(places, sorted(places))
        # the inner one has no functions: it is set in, and no more
        self.assertEqual([chain.number for chain in shown(chains)], [1])

    async def test_path(self):
        """A double line is a result, a dotted one a failure."""
        script = 'twisted-deferred/defer-unhandled.py'
        lines = drawn(await self._chains(script), script)
        self.assertIn('     ║ r None', lines)
        failed = [line for line in lines if "F Exception('oops')" in line]
        self.assertTrue(failed[0].strip().startswith('┊'))
        self.assertIn('Nobody handles this failure', '\n'.join(lines))

    async def test_picture(self):
        """In the picture, each box knows its place, order and output."""
        script = 'twisted-deferred/defer-10.py'
        chains = await self._chains(script)
        drawing = picture(chains, script, 'x-')
        root = ElementTree.fromstring(drawing.svg())
        boxes = [
            group
            for group in root.iter('{http://www.w3.org/2000/svg}g')
            if group.get('class') == 'box ran'
        ]
        boxes.sort(key=lambda box: int(box.get('data-order')))
        self.assertEqual(
            [
                (box.get('id'), box.get('data-line'), box.get('data-printed'))
                for box in boxes
            ],
            [
                ('x-d1-0-callback', '6', '2'),
                ('x-d1-1-callback', '11', '3'),
                ('x-d1-2-callback', '16', '4'),
                ('x-d3-0-callback', '6', '7'),
                ('x-d3-1-callback', '21', '8'),
                ('x-d3-2-callback', '16', '10'),
            ],
        )
        self.assertEqual(boxes[1].get('data-got'), 'r 1')
        for before, after in pairwise(boxes):
            self.assertLess(
                int(before.get('data-order')), int(after.get('data-order'))
            )
        self.assertIn('callback_2 as callback', describe(chains, script))


class CommandTest(TestCase):
    """``tour chain``."""

    async def test_shown(self):
        """The script's own output comes first, then its chains."""
        result = await run(
            *('-m', 'tour', 'chain', 'twisted-deferred/defer-1.py')
        )
        self.assertEqual(result.status, 0, result.err)
        output, _, drawing = result.out.partition('Finished\n')
        self.assertIn('This poem is short.', output)
        self.assertIn('║ got_poem', drawing)

    def test_refused(self):
        """What can't be drawn is said in a line, and nothing is run."""
        for words, said in (
            (['none.py'], 'There is no script none.py'),
            (
                ['--output', 'x.gif', 'twisted-deferred/defer-1.py'],
                'Not the name of an .svg or .png file: x.gif',
            ),
        ):
            parser = ArgumentParser()
            command.add_arguments(parser)
            args = parser.parse_args(words)
            self.patch(command, 'read_traced', None)
            args.script = str(BASE / args.script)
            said = said.replace('none.py', str(BASE / 'none.py'))
            error = self.assertRaises(TourError, command.run, args, None, None)
            self.assertEqual(str(error), said)
