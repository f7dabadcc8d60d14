"""
The site that the tests look at: made once for all of them.

It stays where it is. The next run draws only pages of which something has
changed since, as a second `make site` does.
"""

import fcntl
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from twisted.trial.unittest import FailTest, SkipTest

from tests.companion.support import BASE

PLACE = BASE / 'docs' / '_build' / 'tests'
SITE = PLACE / 'html'
WHOLE = PLACE / 'whole'
"""Is there while nothing is missing, and nothing was wrong with it."""

WITHOUT_SOURCE = {'genindex.html', 'search.html'}


def built_site() -> Path:
    """
    Return the directory of the site, which is made for the first test.

    Skips the test where Sphinx is missing. Raises FailTest if there is a
    warning.
    """
    if not (find_spec('sphinx') and find_spec('furo')):
        raise SkipTest("needs Sphinx: pip install -e '.[site]'")
    # trial's workers have directories of their own, side by side
    here = Path.cwd()
    made = (here.parent if here.name.isdigit() else here) / 'site-made'
    with open(made.with_suffix('.lock'), 'w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            PLACE.mkdir(parents=True, exist_ok=True)
            # another run may be at it
            with open(PLACE.with_suffix('.lock'), 'w') as other:
                fcntl.flock(other, fcntl.LOCK_EX)
                _make()
            made.touch()
    return SITE


def _make() -> None:
    """Make what is missing or old."""
    if not WHOLE.exists():
        shutil.rmtree(PLACE)
        PLACE.mkdir()
    WHOLE.unlink(missing_ok=True)
    built = subprocess.run(
        [sys.executable, '-m', 'sphinx', '-W', '--keep-going', '-q']
        + ['-d', str(PLACE / 'read')]
        + [str(BASE / 'docs'), str(SITE)],
        capture_output=True,
        text=True,
    )
    if built.returncode != 0:
        raise FailTest(built.stdout + built.stderr)
    for page in SITE.glob('**/*.html'):
        name = page.relative_to(SITE)
        source = BASE / 'docs' / name.with_suffix('.rst')
        if not source.exists() and str(name) not in WITHOUT_SOURCE:
            page.unlink()
    WHOLE.touch()
