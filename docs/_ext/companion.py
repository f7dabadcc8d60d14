"""
Makes the pages of the site of chapters/, the scripts and transcripts.

Each directive has a module beside this one that adds it; here is what they
share, and what is done before Sphinx reads its sources.
"""

from pages import write_pages
from sphinx.application import Sphinx

from tour.reading import read_book

DIRECTIVES = (
    'benchmark',
    'chains',
    'comparisons',
    'exercises',
    'listings',
    'scenes',
    'simulator',
    'timelines',
    'trails',
    'words',
)
"""The modules that each add a directive."""


def read_manifest(app: Sphinx) -> None:
    """Keep the manifest where the directives find it."""
    app.companion_book = read_book()


def setup(app: Sphinx) -> dict:
    """Add the directives, and what is to be done before they are read."""
    app.connect('builder-inited', read_manifest, priority=100)
    app.connect('builder-inited', write_pages, priority=200)
    for module in DIRECTIVES:
        app.setup_extension(module)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
