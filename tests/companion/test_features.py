"""What each version has, as chapters/features.toml and its script say."""

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tour.features import SIGNS, FeatureError, found_in
from tour.reading import read_book, read_features

BOOK = read_book()
FEATURES = read_features()

VERSIONS = {script for trail in BOOK.trails for script in trail.versions}

ONLY = {
    # what the chapters are about, and who has it
    'select': ['async-client/get-poetry.py'],
    'callback': [
        'haskell-client-1/get-poetry.hs',
        'twisted-client-3/get-poetry-1.py',
        'twisted-client-3/get-poetry.py',
    ],
    'errback': ['twisted-client-3/get-poetry-1.py'],
    'recovery': [
        'twisted-client-5/get-poetry-1.py',
        'twisted-client-6/get-poetry.py',
    ],
    'inner-deferred': ['twisted-client-6/get-poetry.py'],
    'inline-callbacks': [
        'twisted-client-7/get-poetry.py',
        'twisted-client-8/get-poetry.py',
    ],
    'maybe-deferred': ['twisted-server-1/poetry-proxy.py'],
    'fired-deferred': [
        'twisted-server-2/poetry-proxy.py',
        'twisted-server-4/poetry-proxy.py',
    ],
    'plugin': ['twisted/plugins/fastpoetry_plugin.py'],
    'processes': ['erlang-client-1/get-poetry'],
    'threads': ['haskell-client-1/get-poetry.hs'],
}

BY_HAND = {
    'blocking-client/get-poetry.py': 'sockets',
    'twisted-client-1/get-poetry.py': 'sockets reactor',
    'twisted-client-2/get-poetry.py': 'reactor protocol factory',
    'twisted-client-4/get-poetry.py': 'reactor protocol factory deferred',
    'twisted-client-5/get-poetry.py': (
        'reactor protocol factory deferred changed-result'
    ),
    'twisted-server-1/fastpoetry.py': 'reactor protocol factory',
    'twisted-server-3/fastpoetry.py': 'reactor protocol factory service',
    'twisted-server-4/poetry-proxy.py': (
        'reactor protocol factory deferred fired-deferred cancellation'
    ),
    'asyncio-client/get-poetry.py': 'asyncio coroutine netstrings time-limit',
}


class FeatureTests(SynchronousTestCase):
    """Features of the tutorial's versions, and of small sources."""

    def ids(self, script):
        return [feature.id for feature in FEATURES.of(BOOK.base, script)]

    def test_ids(self):
        """Each feature is found by a sign, or says who has it; or both."""
        ids = [feature.id for feature in FEATURES.features]
        self.assertEqual(len(ids), len(set(ids)))
        named = {f.id for f in FEATURES.features if f.scripts}
        self.assertEqual(set(ids), set(SIGNS) | named)

    def test_scripts(self):
        """Scripts that are named are versions in other languages."""
        for feature in FEATURES.features:
            for script in feature.scripts:
                self.assertIn(script, VERSIONS)
                self.assertFalse(script.endswith('.py'), script)

    def test_every_version(self):
        """Every version has something, and everything some version."""
        had = set()
        for script in VERSIONS:
            self.assertTrue(self.ids(script), script)
            had.update(self.ids(script))
        self.assertEqual(had, {feature.id for feature in FEATURES.features})

    def test_only(self):
        """What a chapter brings is found where the chapter says."""
        for id, scripts in ONLY.items():
            found = sorted(s for s in VERSIONS if id in self.ids(s))
            self.assertEqual(found, scripts, id)

    def test_by_hand(self):
        """Versions have what a reader finds in them, and nothing else."""
        for script, ids in BY_HAND.items():
            self.assertEqual(sorted(self.ids(script)), sorted(ids.split()))

    def found(self, source):
        path = Path(self.mktemp())
        path.write_text(source, 'utf-8')
        return found_in(path)

    def test_imported_otherwise(self):
        """A name is followed to where it was imported from."""
        source = 'from twisted.internet.defer import Deferred as D\nD()\n'
        self.assertEqual(self.found(source), {'reactor', 'deferred'})
        source = 'class Deferred: pass\nDeferred()\n'
        self.assertEqual(self.found(source), set())

    def test_results(self):
        """A callback that returns what it got makes no new result."""
        start = 'def f(result):\n    return '
        for end, found in (
            ('result\nd.addBoth(f)\n', set()),
            ('1\nd.addBoth(f)\n', {'changed-result', 'recovery'}),
            ('1\nd.addCallback(f)\n', {'changed-result'}),
            ('1\nd.addErrback(f)\n', {'recovery'}),
            ('1\nd.addCallbacks(g, f)\n', {'recovery'}),
        ):
            self.assertEqual(self.found(start + end), found, end)

    def test_unreadable(self):
        """A script that is missing, or not Python, is an error in a line."""
        for path in Path(self.mktemp()), BOOK.base / 'poetry/ecstasy.txt':
            error = self.assertRaises(FeatureError, found_in, path)
            self.assertEqual(len(error.lines), 1)
