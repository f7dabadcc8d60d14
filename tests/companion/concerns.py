"""
Which tests concern a script: what to run between two edits of it.

``python -m tests.companion.concerns SCRIPT ...`` prints their names for
trial; without a script, those for what has changed since the last commit.
"""

import re
import subprocess
import sys
from importlib import import_module
from pathlib import PurePosixPath

from tour.book import Book
from tour.reading import BASE, read_book

HERE = 'tests.companion'

BY_SCRIPT = (
    'test_clients',
    'test_servers',
    'test_proxies',
    'test_signals',
)
"""Modules with a test case for each of their scripts, named after it."""

BY_PATH = {
    r'(basic-twisted|inline-callbacks|deferred-cancel|deferred-howto)/': [
        'test_stages.UntimedTests'
    ],
    r'twisted-deferred/defer-': ['test_stages.UntimedTests'],
    r'basic-twisted/(simple-poll|hello)|twisted-deferred/defer-block': [
        'test_stages.ReactorTests'
    ],
    r'twisted-deferred/deferred-simulator\.py': ['test_simulator'],
    r'twisted-server-1/transformedpoetry\.py': [
        'test_transform.TransformServerTests'
    ],
    r'twisted-server-1/transform-test': ['test_transform.TransformTestTests'],
    r'twisted-server-3/|twisted/plugins/fast': ['test_twistd'],
    r'twisted-client-9/get-poetry\.py': ['test_today.Client90'],
    r'twisted-client-9/get-poetry-1': ['test_today.Client91'],
    r'asyncio-client/': ['test_today.AsyncioClient'],
    r'twisted-server-5/poetry-proxy': ['test_today.SharedDownloadTests'],
    r'twisted-server-5/fast|twisted/plugins/poetry': ['test_today.TwistTests'],
    r'erlang-client-1/': [
        'test_other_languages.ProcessTests',
        'test_other_languages.CompilerTests.test_erlang',
    ],
    r'haskell-client-1/': ['test_other_languages.ThreadTests'],
    r'haskell-client-2/': ['test_other_languages.LazinessTests'],
    r'haskell-client-': ['test_other_languages.CompilerTests.test_haskell'],
}
"""What else runs scripts: tests by patterns of the scripts' paths."""

AS_TEXT = [
    f'{HERE}.test_stages.StageTests',
    f'{HERE}.test_lengths',
]
"""The tests that read every script, and run none."""


_PRACTICE = re.compile(
    r'(?:solutions/part-|/attempts/|/part-(?=\w+-exercise))(\w+)'
)
"""What belongs to the exercises of a part, and its number."""


def case_of(script: str) -> str:
    """Return the name that test cases made for a script have."""
    return re.sub(r'\W', '_', re.sub(r'\.\w+$', '', script))


def behaviour(book: Book, script: str) -> list[str]:
    """
    Return the names of the tests that run a script of the book.

    The quick ones come first, and then the transcripts of the part that
    brings the script. Later parts have it at work for other scripts.
    """
    names = []
    if re.fullmatch(r'tests/test_\w+\.py', script):
        names.append(script.removesuffix('.py').replace('/', '.'))
    for module in BY_SCRIPT:
        case = f'{HERE}.{module}', case_of(script)
        if hasattr(import_module(case[0]), case[1]):
            names.append('.'.join(case))
    for pattern, tests in BY_PATH.items():
        if re.match(pattern, script):
            names += [f'{HERE}.{test}' for test in tests]
    return names + transcripts(book, script)


def transcripts(book: Book, script: str) -> list[str]:
    """Return the tests of scenes that run a script, in its first part."""
    for part in book.parts:
        if script in part.scripts:
            return [
                test_of(scene.name)
                for scene in part.scenes
                if script in [command.script for command in scene.all]
            ]
    return []


def test_of(scene: str) -> str:
    """Return the name of the test that plays a scene."""
    name = scene.replace('-', '_')
    return f'{HERE}.test_transcripts.TranscriptTests.test_{name}'


def concerned(book: Book, path: str) -> list[str]:
    """
    Return the names of the tests that a change of a file may break.

    path: of a script, a module of tests, a file of the manifest or a
    transcript. Of any other file nothing is known, and the list is empty.
    """
    if any(path in part.scripts for part in book.parts):
        return behaviour(book, path) + AS_TEXT
    file = PurePosixPath(path)
    if match := _PRACTICE.search(path):
        return [
            f'{HERE}.test_exercises.Part{match[1].lstrip("0").title()}Tests'
        ]
    if file.parts[0] == 'tests' and file.match('test_*.py'):
        return ['.'.join(file.with_suffix('').parts)]
    if file.match('tests/transcripts/*.txt'):
        return [test_of(file.stem)]
    if file.match('chapters/*.toml'):
        part = book.part(file.stem.lstrip('0'))
        scenes = part.scenes if part else ()
        texts = [f'{HERE}.test_stages.StageTests', f'{HERE}.test_readme']
        return texts + [test_of(scene.name) for scene in scenes]
    return []


def changed() -> list[str]:
    """Return the paths of the files changed since the last commit."""
    diff = subprocess.run(
        ['git', 'diff', '--name-only', '--diff-filter=d', 'HEAD'],
        cwd=BASE,
        capture_output=True,
        text=True,
        check=True,
    )
    return diff.stdout.splitlines()


def main() -> str | None:
    """Print the names; return what is wrong, if anything is."""
    paths = sys.argv[1:] or changed()
    if not paths:
        return 'Nothing has changed: name a script, make check SCRIPT=...'
    book = read_book()
    names: list[str] = []
    for path in paths:
        found = concerned(book, path.removeprefix('./'))
        if not found:
            print(f'{path}: only make test covers it', file=sys.stderr)
        names += found
    if not names:
        return 'There is nothing to check.'
    print(*dict.fromkeys(names))
    return None


if __name__ == '__main__':
    sys.exit(main())
