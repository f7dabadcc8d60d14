"""
The suite on every Python that is here, with the oldest and newest Twisted,
and what ``make lint`` does with the oldest of its tools.

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
nox.options.sessions = ['lint', 'tests']

PYTHONS = ['3.11', '3.12', '3.13', '3.14']


def lowest(*names: str) -> list[str]:
    """
    Return requirements of pyproject.toml, at their lower bounds.

    names: the extras that have them, or ``dependencies``.
    """
    project = tomllib.loads(Path('pyproject.toml').read_text())['project']
    groups = project['optional-dependencies'] | {
        'dependencies': project['dependencies']
    }
    pins = []
    for text in [text for name in names for text in groups[name]]:
        if match := re.fullmatch(r'([\w.-]+)>=([\w.]+)', text):
            name, version = match.groups()
            # stubs have the date at the end of their version
            end = '.*' if name.startswith('types-') else ''
            pins.append(f'{name}=={version}{end}')
    return pins


@nox.session(python=PYTHONS[0])
def lint(session: nox.Session) -> None:
    """Check types, style and words, with the oldest tools."""
    session.install('--editable', '.[dev]', *lowest('lint'))
    session.run(
        *('make', '--assume-old=.venv/made-dev', f'BIN={session.bin}', 'lint'),
        external=True,
    )


@nox.session(python=PYTHONS)
@nox.parametrize('versions', ['newest', 'lowest'], ids=['newest', 'lowest'])
def tests(session: nox.Session, versions: str) -> None:
    """Run the suite, or what is named after ``--``."""
    is_lowest = versions == 'lowest'
    pins = lowest('dependencies', 'site', 'test') if is_lowest else []
    upgrade = [] if pins else ['--upgrade', '--upgrade-strategy', 'eager']
    session.install(*upgrade, '--editable', '.[test]', *pins)
    session.run('python', '-m', 'pip', 'list', silent=False)
    session.run(
        *('trial', '-j10', '--temp-directory'),
        f'{session.create_tmp()}/trial',
        *(session.posargs or ['tests']),
        # with it Python may lose what a pipe doesn't take at once
        env={'PYTHONUNBUFFERED': None},
    )
