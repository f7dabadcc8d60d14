"""What a DeferredDict must do, as tests of the script that SCRIPT names."""

import contextlib
import io
import os
from importlib.util import module_from_spec, spec_from_file_location

from twisted.internet.defer import CancelledError, Deferred
from twisted.trial.unittest import SynchronousTestCase


def load(path):
    """Return the script as a module; what it prints is of no interest."""
    spec = spec_from_file_location('script', path)
    module = module_from_spec(spec)
    with contextlib.redirect_stdout(io.StringIO()):
        spec.loader.exec_module(module)
    return module


script = load(os.environ['SCRIPT'])


class DeferredDictTests(SynchronousTestCase):
    def setUp(self):
        self.deferreds = {'one': Deferred(), 'two': Deferred()}
        self.d = script.DeferredDict(self.deferreds, consumeErrors=True)

    def test_waits(self):
        """It does not fire before the last of its Deferreds has."""
        self.deferreds['two'].callback(2)
        self.assertNoResult(self.d)

    def test_keys(self):
        """Every result has the key of its Deferred."""
        self.deferreds['two'].callback(2)
        self.deferreds['one'].callback(1)
        self.assertEqual(
            self.successResultOf(self.d), {'one': (True, 1), 'two': (True, 2)}
        )

    def test_order(self):
        """The keys come in the order of the dict, whichever fires first."""
        self.deferreds['two'].callback(2)
        self.deferreds['one'].callback(1)
        self.assertEqual(list(self.successResultOf(self.d)), ['one', 'two'])

    def test_failure(self):
        """A failure is a result, too: False and the Failure."""
        self.deferreds['two'].callback(2)
        self.deferreds['one'].errback(Exception('no one'))
        success, failure = self.successResultOf(self.d)['one']
        self.assertIs(success, False)
        self.assertEqual(failure.getErrorMessage(), 'no one')

    def test_changed(self):
        """What happens to the dict later does not matter."""
        one, two = self.deferreds.values()
        self.deferreds.clear()
        one.callback(1)
        two.callback(2)
        self.assertEqual(
            self.successResultOf(self.d), {'one': (True, 1), 'two': (True, 2)}
        )

    def test_empty(self):
        """An empty dict fires it at once, with an empty dict."""
        d = script.DeferredDict({}, consumeErrors=True)
        self.assertEqual(self.successResultOf(d), {})

    def test_cancel(self):
        """Cancelling it cancels the Deferreds that have not fired."""
        self.deferreds['one'].callback(1)
        self.d.cancel()
        results = self.successResultOf(self.d)
        self.assertEqual(results['one'], (True, 1))
        self.assertIs(results['two'][1].check(CancelledError), CancelledError)
