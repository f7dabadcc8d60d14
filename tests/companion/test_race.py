"""What is said of the times of two clients."""

import random
import re
from datetime import timedelta
from decimal import Decimal

from twisted.trial.unittest import SynchronousTestCase

from tour import race
from tour.book import Command
from tour.playing import Played


def outcome(tasks, asynchronous):
    """Return what is said of a blocking and an asynchronous client."""
    blocking = [
        f'Task {number}: got 3 bytes of poetry from 127.0.0.1:10000'
        f' in {timedelta(seconds=seconds)}'
        for number, seconds in enumerate(tasks, 1)
    ]
    total = timedelta()
    for seconds in tasks:
        total += timedelta(seconds=seconds)
    return race.outcome(
        Played(Command(text='a'), [*blocking, f'Got 3 poems in {total}'], 0),
        Played(
            Command(text='b'),
            [f'Got 3 poems in {timedelta(seconds=asynchronous)}'],
            0,
        ),
    )


class RaceTests(SynchronousTestCase):
    """The clients' own numbers, put into words."""

    def test_tutorial(self):
        """The tutorial's 23 seconds are the sum, 10 the slowest task."""
        self.assertEqual(
            outcome([10.126361, 6.321777, 6.617523], 10.133169),
            [
                'Blocking took 23.07 s, the sum of its tasks:'
                ' 10.13 + 6.32 + 6.62.',
                'Asynchronous took 10.13 s; the slowest task alone takes'
                ' 10.13 s.',
                'So blocking took 2.3 times as long.',
            ],
        )

    def test_few_digits(self):
        """There are no more digits than it takes."""
        self.assertEqual(
            outcome([1.5, 1, 0.5], 1.5)[0],
            'Blocking took 3.0 s, the sum of its tasks: 1.5 + 1.0 + 0.5.',
        )

    def test_adds_up(self):
        """What is printed adds up, and every number is rounded truly."""
        dice = random.Random(3)
        for _ in range(300):
            tasks = [round(dice.uniform(0.01, 9), 6) for _ in range(3)]
            fast = round(dice.uniform(0.01, 9), 6)
            said = '\n'.join(outcome(tasks, fast))
            numbers = [Decimal(n) for n in re.findall(r'\d+\.\d+', said)]
            whole, *parts, other, slowest, ratio = numbers
            self.assertEqual(sum(parts), whole, said)
            digits = -whole.as_tuple().exponent
            self.assertEqual(
                [str(part) for part in parts],
                [f'{task:.{digits}f}' for task in tasks],
            )
            self.assertEqual(slowest, max(parts))
            self.assertEqual(f'{whole / other:.1f}', str(ratio), said)
