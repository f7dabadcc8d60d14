"""
Checks the links between files in Markdown: `python .ci/links.py [FILE ...]`.

Without arguments, in all pages of the checkout. A link to a file must find
it, and one to a heading must find that. Links to other sites are not tried.
"""

import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

BASE = Path(__file__).resolve().parent.parent


def pages() -> list[Path]:
    """Return the Markdown files of the checkout, none of hidden places."""
    return [
        path
        for path in sorted(BASE.rglob('*.md'))
        if not any(
            part.startswith(('.', '_trial_temp', '_build'))
            for part in path.relative_to(BASE).parts
        )
    ]


@cache
def tokens(page: Path) -> list[Token]:
    """Return what a page consists of."""
    markdown = MarkdownIt('commonmark').enable('table')
    return markdown.parse(page.read_text('utf-8'))


@cache
def anchors(page: Path) -> frozenset[str]:
    """Return the names that the headings of a page have on GitHub."""
    found: dict[str, int] = {}
    names = set()
    for before, token in zip(tokens(page), tokens(page)[1:]):
        if before.type == 'heading_open':
            text = ''.join(part.content for part in token.children or ())
            name = re.sub(r'[^\w\- ]', '', text.lower()).replace(' ', '-')
            count = found[name] = found.get(name, -1) + 1
            names.add(f'{name}-{count}' if count else name)
    return frozenset(names)


def links(page: Path) -> Iterator[tuple[int, str]]:
    """Yield the links and pictures of a page, with the lines they are in."""
    for token in tokens(page):
        for part in token.children or ():
            target = part.attrs.get('href') or part.attrs.get('src')
            if target:
                yield (token.map or [0])[0] + 1, str(target)


def error_of(page: Path, target: str) -> str | None:
    """Return what is wrong with a link of a page, if anything is."""
    link = urlsplit(target)
    if link.scheme or link.netloc:
        return None
    path = (page.parent / unquote(link.path)) if link.path else page
    if not path.exists():
        return f'no such file: {target}'
    if (
        link.fragment
        and path.suffix == '.md'
        and unquote(link.fragment) not in anchors(path.resolve())
    ):
        return f'no such heading: {target}'
    return None


def main() -> None:
    """Print every link that leads nowhere; exit with 1 if there is one."""
    is_good = True
    for page in [Path(name).resolve() for name in sys.argv[1:]] or pages():
        for line, target in links(page):
            if error := error_of(page, target):
                print(f'{page.relative_to(BASE)}:{line}: {error}')
                is_good = False
    sys.exit(not is_good)


if __name__ == '__main__':
    main()
