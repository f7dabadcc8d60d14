"""Listings stay short, and two versions of one differ in few lines."""

import re
import subprocess

from twisted.trial.unittest import SynchronousTestCase

from tests.companion.support import BASE

BLOCKING_SERVER = 'blocking-server/slowpoetry.py'
FAST_SERVER = 'twisted-server-1/fastpoetry.py'
TWISTD_SERVER = 'twisted-server-3/fastpoetry.py'
TRANSFORM_SERVER = 'twisted-server-1/transformedpoetry.py'
PLUGIN = 'twisted/plugins/fastpoetry_plugin.py'
BLOCKING_CLIENT = 'blocking-client/get-poetry.py'
ASYNC_CLIENT = 'async-client/get-poetry.py'


def client(number: int, variant: str = '') -> str:
    """Return the path of a client, by the number of its directory."""
    return f'twisted-client-{number}/get-poetry{variant}.py'


def proxy(number: int) -> str:
    """Return the path of a proxy, by the number of its directory."""
    return f'twisted-server-{number}/poetry-proxy.py'


MOST_CHANGES = {
    (BLOCKING_SERVER, FAST_SERVER): 72,
    (BLOCKING_CLIENT, ASYNC_CLIENT): 90,
    (ASYNC_CLIENT, client(1)): 140,
    (client(1), client(1, '-broken')): 10,
    (client(1), client(2)): 112,
    (client(2), client(2, '-simple')): 37,
    (client(2), client(2, '-stack')): 12,
    (client(2, '-simple'), client(3)): 51,
    (client(3), client(3, '-1')): 39,
    (client(3, '-1'), client(4)): 36,
    (client(4), client(4, '-stack')): 10,
    (client(4), client(5)): 41,
    (client(5), client(5, '-1')): 24,
    (client(5), client(6)): 90,
    (client(6), client(7)): 33,
    (client(7), client(8)): 20,
    (FAST_SERVER, TRANSFORM_SERVER): 80,
    (FAST_SERVER, TWISTD_SERVER): 78,
    (TWISTD_SERVER, PLUGIN): 65,
    (proxy(1), proxy(2)): 11,
    (proxy(2), proxy(4)): 30,
}
"""The most lines, added and removed, between an old and a new listing."""

MOST_LINES = {
    ASYNC_CLIENT: 124,
    client(1): 131,
    client(2): 113,
    client(3): 98,
    client(4): 125,
    client(5): 153,
    client(6): 197,
    client(7): 200,
    client(8): 200,
    TRANSFORM_SERVER: 104,
    proxy(1): 154,
    proxy(2): 155,
    proxy(4): 168,
    'erlang-client-1/get-poetry': 90,
    'haskell-client-1/get-poetry.hs': 90,
    'haskell-client-2/get-poetry.hs': 60,
}
"""The most lines of a listing."""


def changes(old: str, new: str) -> int:
    """Return how many lines differ, as ``diff -u`` shows them to readers."""
    # difflib counts otherwise, and readers type diff
    diff = subprocess.run(
        ['diff', '-u', old, new], cwd=BASE, capture_output=True, text=True
    )
    if diff.returncode > 1:
        raise OSError(diff.stderr)
    _, _, *lines = diff.stdout.splitlines()
    return len([line for line in lines if re.match('[-+]', line)])


class LengthTests(SynchronousTestCase):
    """What keeps listings easy to read, alone and side by side."""

    def assert_bounds(self, found, most):
        """Nothing found is more than the most there may be."""
        over = {
            what: f'{count} lines, not {most[what]}'
            for what, count in found.items()
            if count > most[what]
        }
        self.assertEqual(over, {})

    def test_versions_differ_in_few_lines(self):
        """What changes is the idea of the chapter, and little else."""
        found = {pair: changes(*pair) for pair in MOST_CHANGES}
        self.assert_bounds(found, MOST_CHANGES)

    def test_listings_are_short(self):
        """A listing is read from its first to its last line."""
        found = {
            script: len((BASE / script).read_text().splitlines())
            for script in MOST_LINES
        }
        self.assert_bounds(found, MOST_LINES)
