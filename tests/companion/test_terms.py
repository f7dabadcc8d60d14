"""The words of Twisted and asyncio: every sample runs, and does as is said."""

from twisted.internet.defer import gatherResults
from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests.companion.support import PATIENCE, run
from tour.reading import read_terms
from tour.terms import SIDES, samples

TERMS = read_terms()

# one of Twisted's own is none of ours: a port keeps a spare file open
WARNINGS = """
import warnings
warnings.simplefilter('error')
warnings.filterwarnings('ignore', 'unclosed file', ResourceWarning)
"""

WORDS = {
    'reactor', 'transport', 'protocol', 'factory', 'addCallback', 'addErrback',
    'Deferred', 'canceller', 'client endpoint', 'server endpoint', 'service',
    'inlineCallbacks', 'DeferredList', 'maybeDeferred, succeed', 'Failure',
    'deferToThread', 'Deferred.cancel', 'task.react', 'addTimeout',
}  # fmt: skip
"""What somebody who comes from asyncio meets in this tutorial."""

AT_ONCE = 8
"""How many samples run at the same time."""

# those of asyncio need no process each, as a loop can follow another one
IN_TURN = """
import gc
for script in SCRIPTS:
    exec(script, {'__name__': '__main__'})
    gc.collect()
    print('end of the sample')
"""


class TermsTests(SynchronousTestCase):
    """What is on the page."""

    def test_words(self):
        """No word of Twisted's is missing, and none is there twice."""
        words = [term.twisted for term in TERMS.terms]
        self.assertEqual(len(words), len(set(words)))
        self.assertEqual(WORDS - set(words), set())

    def test_two_lines(self):
        """A sample has two lines that fit."""
        for term in TERMS.terms:
            for side in SIDES:
                lines = term.code(side).split('\n')
                self.assertEqual(len(lines), 2, term)
                self.assertLess(max(map(len, lines)), 80, term)


class SampleTests(TestCase):
    """The samples run."""

    timeout = PATIENCE

    async def test_twisted(self):
        """Every sample of Twisted prints what is said, and nothing else."""
        waiting = [s for s in samples(TERMS) if s.side == 'twisted']
        while waiting:
            now, waiting = waiting[:AT_ONCE], waiting[AT_ONCE:]
            results = await gatherResults(
                [run('-c', WARNINGS + sample.script) for sample in now]
            )
            for sample, result in zip(now, results):
                said = result.out.split(), result.err, result.status
                expected = sample.prints.split(), '', 0
                self.assertEqual(said, expected, sample.name)

    async def test_asyncio(self):
        """So does every sample of asyncio."""
        found = [s for s in samples(TERMS) if s.side == 'asyncio']
        scripts = repr([sample.script for sample in found])
        result = await run(
            '-c', WARNINGS + IN_TURN.replace('SCRIPTS', scripts)
        )
        *printed, rest = result.out.split('end of the sample\n')
        if len(printed) < len(found):
            self.fail(f'{found[len(printed)].name}: {result.err}')
        for sample, out in zip(found, printed):
            self.assertEqual(out.split(), sample.prints.split(), sample.name)
        self.assertEqual((rest, result.err, result.status), ('', '', 0))
