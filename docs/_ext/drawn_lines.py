"""How lines of code become HTML: in colours, numbered, with changes marked."""

from collections.abc import Iterable, Iterator
from functools import cache
from html import escape

from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES
from scripts import language_of

from tour.book import Note
from tour.comparing import Line, Row, lines_of
from tour.reading import BASE

Tokens = tuple[tuple[str, str], ...]
"""A line of code: pieces of text, each after the CSS class of its colour."""

SIGNS = {'old': '−', 'new': '+', 'same': ' ', 'moved': '→'}
"""What stands before a line, by kind."""


@cache
def tokens_of(script: str) -> tuple[Tokens, ...]:
    """Return the lines of a script, from the first one on."""
    text = '\n'.join(lines_of(BASE / script)) + '\n'
    lexer = get_lexer_by_name(language_of(script), stripnl=False)
    lines: list[list[tuple[str, str]]] = [[]]
    for kind, piece in lexer.get_tokens(text):
        while kind not in STANDARD_TYPES:
            kind = kind.parent
        for number, part in enumerate(piece.split('\n')):
            if number:
                lines.append([])
            if part:
                lines[-1].append((STANDARD_TYPES[kind], part))
    return tuple(tuple(line) for line in lines[:-1])


def listing(script: str) -> str:
    """Return a whole script."""
    lines = (
        f'<span class="line"{_hanging(tokens)}>'
        f'<span class="number">{number}</span>'
        f'{_code(_coloured(tokens))}</span>'
        for number, tokens in enumerate(tokens_of(script), 1)
    )
    return f'<pre class="code highlight listing">{"".join(lines)}</pre>'


def rows(
    old: str,
    new: str,
    some: Iterable[Row],
    notes: Iterable[tuple[int, Note]] = (),
    twins: bool = True,
) -> str:
    """
    Return rows of the difference of two scripts.

    notes: those on the rows, each with its number. twins: whether the rows
    are to stand in two columns, too.

    Old lines stand before the new ones, except where nothing but their
    indentation changed. For two columns each line says in which row it is;
    what is the same in both is there once more for the left one, which
    nobody has to hear or find twice.
    """
    number_of = {id(note): number for number, note in notes}
    html = []
    top = 1
    for kind, run in _runs(some):
        if kind == 'change':
            html += [
                _line('old', old, row.old, None, at, row, number_of)
                for at, row in enumerate(run, top)
                if row.old
            ]
            html += [
                _line('new', new, None, row.new, at, row, number_of)
                for at, row in enumerate(run, top)
                if row.new
            ]
        else:
            for at, row in enumerate(run, top):
                html.append(
                    _line(kind, new, row.old, row.new, at, row, number_of)
                )
                if twins:
                    html.append(_twin(kind, old, row.old, at))
        top += len(run)
    return f'<pre class="code highlight rows">{"".join(html)}</pre>'


def _runs(some: Iterable[Row]) -> Iterator[tuple[str, list[Row]]]:
    """Return rows in runs of one kind: ``same``, ``moved``, ``change``."""
    last = ''
    run: list[Row] = []
    for row in some:
        kind = 'change'
        if row.is_indentation:
            kind = 'moved'
        elif row.old and row.new and row.old.text == row.new.text:
            kind = 'same'
        if kind != last and run:
            yield last, run
            run = []
        last = kind
        run.append(row)
    if run:
        yield last, run


def _line(
    kind: str,
    script: str,
    old: Line | None,
    new: Line | None,
    at: int,
    row: Row,
    number_of: dict[int, int],
) -> str:
    """Return a line with its numbers; at: in which row of two columns."""
    line = new or old
    assert line is not None
    tokens = tokens_of(script)[line.number - 1]
    whole = row.old is None or row.new is None
    pieces = () if whole or kind == 'same' else line.pieces
    code = _coloured(tokens, pieces)
    tag = {'old': 'del', 'new': 'ins'}.get(kind, 'span')
    notes = ' '.join(
        str(number_of[id(note)]) for note in row.notes if note.at in line.text
    )
    noted = f' data-note="{notes}"' if notes else ''
    return (
        f'<{tag} class="line {kind}"{noted}{_hanging(tokens, at)}>'
        f'<span class="number before">{old.number if old else ""}</span>'
        f'<span class="number after">{new.number if new else ""}</span>'
        f'<span class="sign">{SIGNS[kind]}</span>{_code(code)}</{tag}>'
    )


def _twin(kind: str, script: str, line: Line | None, at: int) -> str:
    """Return what a line of both versions is in the left column."""
    assert line is not None
    tokens = tokens_of(script)[line.number - 1]
    pieces = line.pieces if kind == 'moved' else ()
    return (
        f'<span class="line {kind} twin" aria-hidden="true"'
        f'{_hanging(tokens, at)}>'
        f'<span class="number before">{line.number}</span>'
        f'<span class="sign"> </span>{_code(_coloured(tokens, pieces))}</span>'
    )


def _hanging(tokens: Tokens, at: int = 0) -> str:
    """Return a style: where a line that is too long goes on, and its row."""
    text = ''.join(text for _, text in tokens)
    indent = len(text) - len(text.lstrip())
    style = [f'--indent:{indent}'] if indent else []
    style += [f'--row:{at}'] if at else []
    return f' style="{";".join(style)}"' if style else ''


def _code(html: str) -> str:
    return f'<code>{html}\n</code>'


def _coloured(
    tokens: Tokens, pieces: tuple[tuple[str, bool], ...] = ()
) -> str:
    """Return a line in colours; pieces: the same text, in others' pieces."""
    html = []
    for changed, run in _marked(tokens, pieces):
        text = ''.join(
            f'<span class="{kind}">{escape(piece, quote=False)}</span>'
            if kind and not piece.isspace()
            else escape(piece, quote=False)
            for kind, piece in run
        )
        html.append(f'<mark>{text}</mark>' if changed else text)
    return ''.join(html)


def _marked(
    tokens: Tokens, pieces: tuple[tuple[str, bool], ...]
) -> Iterator[tuple[bool, list[tuple[str, str]]]]:
    """Return for each piece whether it changed, and the tokens in it."""
    if not pieces:
        yield False, list(tokens)
        return
    rest = list(tokens)
    for text, changed in pieces:
        run = []
        length = len(text)
        while length:
            kind, token = rest.pop(0)
            if len(token) > length:
                rest.insert(0, (kind, token[length:]))
                token = token[:length]
            run.append((kind, token))
            length -= len(token)
        yield changed, run
