"""The chains on the site: recorded, those of the scripts, and drawn."""

import functools
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

from twisted.trial.unittest import SynchronousTestCase

from tour import facts, transcript
from tour.chain_picture import picture
from tour.chain_runs import boxes_of, placed
from tour.chain_steps import steps_of
from tour.chains import CALLBACK, ERRBACK
from tour.reading import BASE, read_book

BOOK = read_book()
PARTS = [part for part in BOOK.parts if part.chains]

FOLDERS = (
    *('twisted-deferred', 'deferred-list', 'deferred-cancel'),
    *('deferred-howto', 'inline-callbacks'),
    *(f'twisted-client-{version}' for version in range(4, 9)),
)

UNSHOWN = {
    # draws its chains itself
    'twisted-deferred/deferred-simulator.py',
    # ends in the middle of a callback, and nothing is known of that
    'twisted-client-4/get-poetry-stack.py',
}

WAYS = {
    'twisted-deferred/defer-1.py': [[('got_poem', CALLBACK)]],
    'twisted-deferred/defer-2.py': [[('poem_failed', ERRBACK)]],
    'twisted-deferred/defer-9.py': [
        [('got_poem', CALLBACK), ('poem_done', CALLBACK)]
    ],
    'deferred-cancel/defer-cancel-12.py': [
        [('first_outer_callback', CALLBACK), ('outer_errback', ERRBACK)],
        [],
    ],
    'deferred-howto/4-callback-pairs.py': [
        [
            ('callback1', CALLBACK),
            ('errback1', ERRBACK),
            ('callback2', CALLBACK),
        ],
        [('callback1', CALLBACK), ('errback2', ERRBACK)],
    ],
    'deferred-list/deferred-list-7.py': [
        [],
        [('errback', ERRBACK)],
        [('got_results', CALLBACK)],
    ],
}
"""Of some scripts the functions that run, as one reads it there."""

ENDS = {
    'twisted-deferred/defer-unhandled.py': 'unhandled',
    'deferred-cancel/defer-cancel-1.py': 'unhandled',
    'deferred-howto/13-gather-results.py': 'unfired',
}
"""How a Deferred of theirs ends."""


@functools.cache
def runs():
    """Return all runs that are recorded, each with its part."""
    return [
        (part, run)
        for part in PARTS
        for run in facts.recorded_chains(BOOK, part).runs
    ]


class RecordedTests(SynchronousTestCase):
    """What is in docs/facts/."""

    def test_complete(self):
        """Every script with a Deferred is shown, but for two."""
        wanted = {
            path.relative_to(BASE).as_posix()
            for folder in FOLDERS
            for path in (BASE / folder).glob('*.py')
            if re.search(r'\bdefer\b|\bDeferred\b', path.read_text('utf-8'))
        }
        shown = {run.script for _, run in runs()}
        self.assertEqual(wanted - shown, UNSHOWN)
        self.assertEqual(shown - wanted, set())

    def test_outcomes(self):
        """A script has a run for each of its outcomes."""
        for part in PARTS:
            recorded = facts.recorded_chains(BOOK, part)
            for shown in part.chains:
                scene = part.scene_with(shown)
                outcomes = next(
                    c.outcomes for c in scene.all if c.script == shown.script
                )
                runs = recorded.of(shown.script)
                self.assertEqual(len(runs), outcomes, shown.script)
                blocks = {run.block for run in runs}
                self.assertEqual(len(blocks), outcomes, shown.script)

    def test_transcripts(self):
        """What functions printed is in the transcript, in their order."""
        for part, run in runs():
            scene = part.scenes_by_number[run.scene]
            blocks = transcript.blocks(BASE, scene)
            lines = blocks[run.block][1].split('\n')
            printed = {
                line.both
                for box in boxes_of(run.chains)
                for line in box.printed
            }
            there = placed(run.chains, lines)
            self.assertEqual(set(there), printed, run.script)
            if run.script.startswith('twisted-client'):
                # poems that come at the same time are in any order
                continue
            places = [
                there[number]
                for step in steps_of(run.chains, run.script)
                for number in step.printed
            ]
            for one, other in pairwise(places):
                self.assertLess(one, other, run.script)

    def test_ways(self):
        """The way through a chain is the one that its script takes."""
        ways = {
            run.script: [chain.way for chain in run.chains]
            for _, run in runs()
        }
        for script, way in WAYS.items():
            self.assertEqual(ways[script], way, script)

    def test_ends(self):
        """What never fires and what nobody handles is known."""
        ends = {
            run.script: {chain.ends for chain in run.chains}
            for _, run in runs()
        }
        for script, end in ENDS.items():
            self.assertIn(end, ends[script], script)

    def test_drawn(self):
        """Each step has its place in the drawing, and a sentence."""
        for _, run in runs():
            svg = picture(run.chains, run.script, 'x-', titled=False).svg()
            ids = [e.get('id') for e in ElementTree.fromstring(svg).iter()]
            ids = [id for id in ids if id and id.startswith('x-')]
            self.assertEqual(len(ids), len(set(ids)), run.script)
            steps = steps_of(run.chains, run.script)
            self.assertTrue(steps, run.script)
            for step in steps:
                self.assertIn(f'x-{step.id}', ids, run.script)
                self.assertRegex(step.says, r'[.…]$', run.script)

    def test_places(self):
        """They hold no path, no port and no address of a machine."""
        for part in PARTS:
            text = facts.chains_path(BOOK, part).read_text('utf-8')
            for found in re.findall(r'"/|/tmp|/home|site-packages', text):
                self.fail(f'{part.id}: {found}')
            for port in re.findall(r'127\.0\.0\.1:(\d+)', text):
                self.assertLess(int(port), 12000, part.id)


class ChangedTests(SynchronousTestCase):
    """The same in another place, where something was changed."""

    def setUp(self):
        self.part = BOOK.part('9')
        self.book = replace(BOOK, base=Path(self.mktemp()))
        (shown,) = self.part.chains
        self.file = facts.chains_path(self.book, self.part)
        self.script = self.book.base / shown.script
        for path in self.file, self.script:
            path.parent.mkdir(parents=True)
        self.file.write_bytes(facts.chains_path(BOOK, self.part).read_bytes())
        self.script.write_bytes((BASE / shown.script).read_bytes())

    def assert_refused(self, error):
        """They are refused with that line."""
        with self.assertRaises(facts.FactsError) as caught:
            facts.recorded_chains(self.book, self.part)
        self.assertEqual(str(caught.exception), error)

    def test_as_it_was(self):
        """Without a change they are taken."""
        facts.recorded_chains(self.book, self.part)

    def test_other_script(self):
        """A script that has changed wants them to be made anew."""
        with self.script.open('a') as script:
            script.write('# changed\n')
        self.assert_refused(
            'docs/facts/chains-09.json is of another'
            ' twisted-deferred/defer-unhandled.py than this one: make facts'
        )

    def test_no_run(self):
        """So does a script that wasn't shown before."""
        text = self.file.read_text('utf-8')
        name = 'defer-unhandled.py","scene"'
        self.file.write_text(text.replace(name, f'x{name}'), 'utf-8')
        self.assert_refused(
            'docs/facts/chains-09.json has no'
            ' twisted-deferred/defer-unhandled.py: make facts'
        )
