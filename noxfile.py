"""
The suite on every Python that is here, with the oldest and newest Twisted.

    nox                       # all of it
    nox --list
    nox -s 'tests-3.13(newest)' -- tests.companion.test_stages

Pythons that aren't installed are left out. The oldest Twisted comes with the
oldest of all that pyproject.toml allows, so its lower bounds are tested.
"""

import re
import tomllib
from pathlib import Path

import nox

nox.needs_version = '>=2024.4.15'
nox.options.default_venv_backend = 'venv'
nox.options.error_on_missing_interpreters = False
nox.options.sessions = ['tests']

PYTHONS = ['3.11', '3.12', '3.13', '3.14']


def lowest() -> list[str]:
    """Return the requirements of pyproject.toml, at their lower bounds."""
    project = tomllib.loads(Path('pyproject.toml').read_text())['project']
    extras = project['optional-dependencies']
    pins = []
    for text in [
        *project['dependencies'],
        *extras['site'],
        *extras['test'],
    ]:
        if match := re.fullmatch(r'([\w.-]+)>=([\w.]+)', text):
            pins.append('=='.join(match.groups()))
    return pins


@nox.session(python=PYTHONS)
@nox.parametrize('versions', ['newest', 'lowest'], ids=['newest', 'lowest'])
def tests(session: nox.Session, versions: str) -> None:
    """Run the suite, or what is named after ``--``."""
    pins = lowest() if versions == 'lowest' else []
    upgrade = [] if pins else ['--upgrade', '--upgrade-strategy', 'eager']
    session.install(*upgrade, '--editable', '.[test]', *pins)
    session.run('python', '-m', 'pip', 'list', silent=False)
    session.run(
        *('trial', '-j4', '--temp-directory'),
        f'{session.create_tmp()}/trial',
        *(session.posargs or ['tests']),
        # with it Python may lose what a pipe doesn't take at once
        env={'PYTHONUNBUFFERED': None},
    )
