"""How a transcript becomes HTML: commands in colour, and poems folded."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from html import escape

from tour.reading import BASE

_PROMPT = re.compile(r'(\$ |ghci> )(.*)')
_KEY = re.compile(r'\^[A-Z]')
_EXIT = re.compile(r'\[exit code \d+\]')
_TRACEBACK = 'Traceback (most recent call last):'
_UNHANDLED = re.compile(r'Unhandled error in Deferred:.*')


def html(
    text: str, wide: bool = False, named: Mapping[int, str] | None = None
) -> str:
    """
    Return a transcript, of which nothing is lost.

    wide: it has drawings whose lines must not be wrapped. named: what lines
    are called (data-out), by their numbers from 0.
    """
    lines = text.rstrip('\n').split('\n')
    drawn = ''.join(_pieces(lines, named or {}))
    if wide:
        return (
            '<div class="transcript wide" role="region" tabindex="0"'
            f' aria-label="What is printed">{drawn}</div>'
        )
    return f'<div class="transcript">{drawn}</div>'


def commands(text: str) -> str:
    """Return only what is typed at a shell."""
    lines = [line for line in text.split('\n') if line.startswith('$ ')]
    return f'<div class="transcript typed">{_block(lines, 0, {})}</div>'


def _pieces(lines: list[str], named: Mapping[int, str]) -> Iterator[str]:
    """Return the lines in pieces: each a poem, or what is between two."""
    shown: list[str] = []
    at = 0
    while at < len(lines):
        poem = _poem_at(lines, at)
        if not poem:
            shown.append(lines[at])
            at += 1
            continue
        yield _block(shown, at - len(shown), named)
        shown = []
        title, whole = poem[0], '\n'.join(poem)
        size = len(f'{whole}\n'.encode())
        yield (
            '<details class="poem"><summary>'
            f'<span class="title">{escape(title, quote=False)}</span> … '
            f'{size} bytes</summary>{_block(list(poem), at, named)}</details>'
        )
        at += len(poem)
    yield _block(shown, at - len(shown), named)


def _poem_at(lines: list[str], at: int) -> tuple[str, ...]:
    """Return the lines of the poem that starts there, if one does."""
    for poem in _poems():
        if tuple(lines[at : at + len(poem)]) == poem:
            return poem
    return ()


@cache
def _poems() -> list[tuple[str, ...]]:
    """Return the lines of all poems, and of what cummingsify makes of them."""
    texts = [
        path.read_text('utf-8') for path in sorted(BASE.glob('poetry/*.txt'))
    ]
    texts += [text.lower() for text in texts]
    return [tuple(text.rstrip('\n').split('\n')) for text in texts]


def _block(lines: list[str], start: int, named: Mapping[int, str]) -> str:
    if not lines:
        return ''
    drawn = ''.join(
        f'<span class="out" data-out="{named[n]}">{line}</span>\n'
        if n in named
        else f'{line}\n'
        for n, line in enumerate(_drawn(lines), start)
    )
    # without an element a line break at the start would be dropped
    return f'<pre><samp>{drawn}</samp></pre>'


def _drawn(lines: list[str]) -> Iterator[str]:
    """Return lines with what was typed, and errors, told from the rest."""
    in_traceback = False
    for line in lines:
        text = escape(line, quote=False)
        # Twisted's log sets tracebacks in by a tab
        plain = line.removeprefix('\t')
        in_traceback = in_traceback or plain == _TRACEBACK
        if match := _PROMPT.fullmatch(line):
            yield (
                f'<span class="prompt">{match[1]}</span>'
                f'<kbd>{escape(match[2], quote=False)}</kbd>'
            )
        elif _KEY.fullmatch(line):
            yield f'<kbd class="key">{text}</kbd>'
        elif _EXIT.fullmatch(line):
            yield f'<span class="exit">{text}</span>'
        elif in_traceback or _UNHANDLED.fullmatch(plain):
            yield f'<span class="error">{text}</span>'
        else:
            yield text
        # it ends with the exception, which is not set in
        if plain != _TRACEBACK and not plain.startswith(' '):
            in_traceback = False
