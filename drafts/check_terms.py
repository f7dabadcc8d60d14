"""
Run both samples of every term in today.toml, and compare what they print.

Usage: python drafts/check_terms.py [FILE]

Each sample has two lines. It is the body of a coroutine main, run by react on
asyncio's loop or by asyncio.run; one that starts a main itself is run as it
stands. Exits with 1 and a line for every sample that does anything else than
the term says.
"""

import subprocess
import sys
import textwrap
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).parent

LIBRARIES = {
    'twisted': """
if __name__ == '__main__':
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        asyncioreactor.install(loop)
        from twisted.internet import reactor
{}
""",
    'asyncio': '{}',
}
"""What surrounds the lines that start a sample."""

STARTS = {'twisted': 'task.react(main)', 'asyncio': 'asyncio.run(main())'}

HEADS = {
    'twisted': 'async def main(reactor):\n',
    'asyncio': ('async def main():\n    loop = asyncio.get_running_loop()\n'),
}


WARNINGS = ['-W', 'error', '-W', 'ignore:unclosed file:ResourceWarning']
"""All but one of Twisted's own: a port keeps a spare file open."""


def script_of(library: str, setup: str, code: str) -> str:
    """
    Return a sample as a script.

    library: ``twisted`` or ``asyncio``; setup: what comes first; code: the
    two lines of the sample.
    """
    start = STARTS[library]
    if start not in code:
        code = f'{HEADS[library]}{textwrap.indent(code, "    ")}{start}\n'
    if library == 'twisted':
        code = textwrap.indent(code, ' ' * 8)
    return setup + LIBRARIES[library].format(code)


def samples(data: dict) -> Iterator[tuple[str, str, str]]:
    """
    Go through the samples of a part.

    data: what is in its file. Gives the name of each sample, its script, and
    the words that it has to print.
    """
    for term in data['term']:
        for library in LIBRARIES:
            setup = data['terms'][f'{library}_setup']
            code = term[f'{library}_code'].lstrip('\n')
            prints = term.get('prints') or term[f'{library}_prints']
            name = f'{term["twisted"]} ({library})'
            yield name, script_of(library, setup, code), prints


def errors_of(name: str, script: str, prints: str) -> list[str]:
    """Run a sample; return what is wrong with it, in lines."""
    ran = subprocess.run(
        [sys.executable, *WARNINGS, '-c', script],
        capture_output=True,
        text=True,
    )
    said = ran.stdout.split()
    errors = []
    if said != prints.split():
        errors.append(f'{name}: prints {" ".join(said)!r}, not {prints!r}')
    if ran.stderr or ran.returncode:
        errors.append(f'{name}: exit code {ran.returncode}\n{ran.stderr}')
    return errors


def lengths(data: dict) -> list[str]:
    """Return an error for every sample that is more or wider."""
    return [
        f'{term["twisted"]}: {key} has not two lines of up to 79 characters'
        for term in data['term']
        for key in ('twisted_code', 'asyncio_code')
        if len(lines := term[key].strip('\n').split('\n')) != 2
        or max(map(len, lines)) > 79
    ]


def main() -> None:
    path = Path(sys.argv[1] if len(sys.argv) > 1 else HERE / 'today.toml')
    data = tomllib.loads(path.read_text('utf-8'))
    errors = lengths(data)
    with ThreadPoolExecutor(2) as pool:
        for found in pool.map(lambda s: errors_of(*s), samples(data)):
            errors += found
    if errors:
        sys.exit('\n'.join(errors))
    print(f'{len(data["term"])} terms: both samples of each do as they say.')


if __name__ == '__main__':
    main()
