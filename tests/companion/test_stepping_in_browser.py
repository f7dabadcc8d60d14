"""Chains to step through, and the simulator: in a real browser."""

import importlib.util
import random

from tests.companion.browser import PHONE, InBrowser
from tour.reading import BASE

PAGE = 'parts/13.html'
SCRIPT = 'twisted-deferred/defer-10.py'

LIT = """
const lit = (selector) => [...document.querySelectorAll(selector)].map(
    (element) => element.textContent.trim());
const figure = document.querySelector('figure.chain');
return {
    boxes: [...figure.querySelectorAll('.lit')].map((e) => e.id),
    listing: [...document.querySelectorAll('.listing .lit')].map((e) =>
        [e.closest('[data-script]').dataset.script,
         Number(e.querySelector('.number').textContent)]),
    output: lit('.transcript .lit'),
    says: figure.querySelector('.says').textContent,
    focus: document.activeElement.className,
    top: document.querySelector('.scene').offsetTop,
};
"""

OPEN = """
for (const fold of document.querySelectorAll(arguments[0])) {
    fold.open = true;
}
"""

MODEL = """
return arguments[0].map((text) => {
    const { pairs, errors } = window.chainSimulator.parseChain(text);
    if (errors.length) {
        return errors.map(({ says }) => says);
    }
    return ['callback', 'errback'].map((start) =>
        window.chainSimulator.fire(pairs, start).map(
            ({ side, value }) => [side, value]));
});
"""
"""All chains at once: what is wrong with each, or both of its ways."""


class StepTests(InBrowser):
    """A chain that one steps through."""

    def setUp(self):
        super().setUp()
        self.go(PAGE)

    def lit(self):
        """Return what is lit, and what is said."""
        return self.script(LIT)

    def focus(self):
        """Come to the first drawing by the tab key alone."""
        self.script("document.querySelector('details.chains').focus()")
        self.script("document.querySelector('details.chains summary').focus()")
        self.press(self.keys.ENTER, self.keys.TAB)
        self.assertEqual(self.lit()['focus'], 'chain-drawing')

    def test_keys(self):
        """With keys alone a box, its lines and its output light up."""
        self.focus()
        before = self.lit()
        self.assertEqual(before['boxes'], [])
        self.press('n')
        fired = self.lit()
        self.assertEqual(fired['listing'], [[SCRIPT, 34]])
        self.assertEqual(
            fired['says'], 'Deferred 1: Fired in line 34, with 0.'
        )
        self.press('n')
        first = self.lit()
        self.assertEqual(
            first['boxes'],
            ['twisted-deferred-defer-10-py-1-d1-0-callback'],
        )
        self.assertEqual(first['listing'], [[SCRIPT, n] for n in (6, 7, 8)])
        self.assertEqual(first['output'], ['callback_1 got 0'])
        self.assertEqual(
            first['says'], 'Deferred 1: callback_1 gets 0 and returns 1.'
        )
        self.press('n')
        self.assertEqual(self.lit()['output'], ['callback_2 got 1'])
        self.press('p')
        self.assertEqual(self.lit(), first)
        self.press('p', 'p', 'p')
        self.assertEqual(self.lit(), before)
        self.press('n', *[self.keys.TAB] * 2, self.keys.ENTER)
        self.assertEqual(self.lit()['boxes'], first['boxes'])
        self.press(*'nnnnnnnnnnnn')
        self.assertIn('callback_3 gets 2', self.lit()['says'])
        # and nothing has moved
        self.assertEqual(self.lit()['top'], before['top'])
        self.assertEqual(self.page(), PAGE)

    def test_for_everybody(self):
        """Nothing that is lit breaks a rule of accessibility."""
        self.script(OPEN, 'details.chains:first-of-type, details.printed')
        self.script("document.querySelector('.chain-drawing').focus()")
        self.press('n', 'n')
        self.assert_for_everybody(
            'details.chains[open]', '.listing-box .lit', '.transcript .lit'
        )

    def test_narrow(self):
        """On a phone the box and what is said of it are in sight, too."""
        self.size(PHONE)
        self.focus()
        self.press(*'nnnnnnnnn')
        seen = self.script("""
            const box = document.querySelector('.box.lit');
            const panel = document.querySelector('.chain-steps');
            const [a, b] = [box, panel].map((e) => e.getBoundingClientRect());
            return [a.top > 0, a.bottom <= b.top, b.bottom <= innerHeight,
                    document.documentElement.scrollWidth <= innerWidth];
        """)
        self.assertEqual(seen, [True] * 4)


class SimulatorTests(InBrowser):
    """A chain that is typed."""

    def setUp(self):
        super().setUp()
        self.go('simulator.html')

    def said(self):
        """Return what both drawings say."""
        return self.texts('.in-words')

    def test_same_way(self):
        """The page goes the way of real Deferreds, and errs as the script."""
        simulator = _simulator()
        chains = list(_chains(random.Random(9), 300))
        wanted = []
        for chain in chains:
            pairs, errors = [], []
            for line in chain.split('\n'):
                try:
                    pairs.append(simulator.parse_pair(line))
                except ValueError as error:
                    errors.append(str(error))
            ways = [
                [
                    [side, value.removesuffix('*')]
                    for side, value in simulator.fire(pairs, start)
                ]
                for start in ('callback', 'errback')
            ]
            wanted.append(errors or ways)
        found = self.script(MODEL, chains)
        for chain, way, wish in zip(chains, found, wanted):
            self.assertEqual(way, wish, chain)

    def test_typed(self):
        """What is typed is drawn at once, and errors are told in words."""
        field = self.one('#chain')
        field.clear()
        field.send_keys('r good f bad\nf oops r back')
        callback, errback = self.said()
        self.assertTrue(callback.endswith('an unhandled error, oops.'))
        self.assertTrue(errback.endswith('the result back.'))
        labels = [
            e.get_attribute('aria-label') for e in self.all('.drawn svg')
        ]
        self.assertEqual(labels, [callback, errback])
        self.assertEqual(self.one('#chain-errors').text, '')
        field.send_keys('\nr toolong p')
        self.assertEqual(
            self.one('#chain-errors').text,
            'Line 3: return needs a value of one to six letters or digits.',
        )
        self.assertEqual(field.get_attribute('aria-invalid'), 'true')
        # what was right before is still there
        self.assertEqual(self.said(), [callback, errback])

    def test_examples(self):
        """A button has each example, and it is drawn."""
        buttons = self.all('.examples button')
        self.assertGreater(len(buttons), 2)
        seen = set()
        for button in buttons:
            button.send_keys(self.keys.ENTER)
            self.assertEqual(self.one('#chain-errors').text, '')
            seen.add((*self.said(), self.one('.simulator .look').text))
        self.assertEqual(len(seen), len(buttons))

    def test_for_everybody(self):
        """It breaks no rule of accessibility."""
        self.assert_for_everybody('.simulator')


def _simulator():
    """Return deferred-simulator.py as a module, whose name is none."""
    path = BASE / 'twisted-deferred' / 'deferred-simulator.py'
    spec = importlib.util.spec_from_file_location('deferred_simulator', path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _chains(dice, count):
    """Yield chains, a few of them with something wrong in a line."""
    words = [
        *('r', 'ret', 'return', 'f', 'fail', 'p', 'passthru', 'pass'),
        *('r', 'f', 'p', 'r', 'f', 'p'),
    ]

    def action():
        word = dice.choice(words)
        value = ''.join(dice.choices('ab12XY', k=dice.randint(1, 6)))
        return word if word[0] == 'p' else f'{word} {value}'

    for _ in range(count):
        lines = [f'{action()} {action()}' for _ in range(dice.randint(1, 7))]
        if dice.random() < 0.15:
            at = dice.randrange(len(lines))
            bad = 'x', 'r', 'r 1', 'r toolong p', 'p p p', 'f - p', 'returns 1'
            lines[at] = dice.choice(bad)
        yield '\n'.join(lines)
