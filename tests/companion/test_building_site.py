"""The site is built. The tests that look at it come later."""

from twisted.trial.unittest import SynchronousTestCase

from tests.companion.site import built_site


class BuildTests(SynchronousTestCase):
    """Sphinx does it, with warnings as errors."""

    def test_without_warnings(self):
        """There are none, and there is a first page."""
        self.assertTrue((built_site() / 'index.html').exists())
