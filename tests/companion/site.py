"""The site that the tests look at: built once for all of them."""

import fcntl
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from twisted.trial.unittest import FailTest, SkipTest

from tests.companion.support import BASE

HURRY = '20'
"""So many times less do the slow servers of the pictures wait."""


def built_site() -> Path:
    """
    Return the directory of the site, which is built for the first test.

    Skips the test where Sphinx is missing.
    """
    if not (find_spec('sphinx') and find_spec('furo')):
        raise SkipTest("needs Sphinx: pip install -e '.[site]'")
    # trial's workers have directories of their own, side by side
    here = Path.cwd()
    place = (here.parent if here.name.isdigit() else here) / 'site'
    with open(f'{place}.lock', 'w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            made = Path(f'{place}-made')
            built = subprocess.run(
                [sys.executable, '-m', 'sphinx', '-W', '--keep-going', '-q']
                + ['-D', f'timeline_speed={HURRY}', '-d', f'{place}-read']
                + [str(BASE / 'docs'), str(made)],
                capture_output=True,
                text=True,
            )
            if built.returncode != 0:
                raise FailTest(built.stdout + built.stderr)
            made.rename(place)
    return place
