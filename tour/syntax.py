"""The syntax of scripts, in the colours that every terminal has."""

from collections.abc import Sequence
from pathlib import Path

from pygments.token import (
    Comment,
    Keyword,
    Name,
    Number,
    Operator,
    String,
)
from rich.style import Style
from rich.syntax import ANSISyntaxTheme, Syntax
from rich.text import Text

_LANGUAGES = {'.py': 'python', '.hs': 'haskell', '.erl': 'erlang'}

# no red and no green: these say what is old and new
_THEME = ANSISyntaxTheme(
    {
        Comment: Style(italic=True, dim=True),
        Keyword: Style(color='magenta'),
        Keyword.Type: Style(color='cyan'),
        Name.Class: Style(bold=True),
        Name.Decorator: Style(color='magenta'),
        Name.Function: Style(bold=True),
        Number: Style(color='cyan'),
        Operator.Word: Style(color='magenta'),
        String: Style(color='yellow'),
    }
)


def language_of(path: str, first: str = '') -> str:
    """
    Return what Pygments calls the language of a script.

    path: its path. first: its first line, which may name an interpreter.
    """
    if 'escript' in first:
        return 'erlang'
    if 'python' in first:
        return 'python'
    return _LANGUAGES.get(Path(path).suffix, 'text')


def highlighted(path: str, lines: Sequence[str]) -> list[Text]:
    """
    Return the lines of a script, each with its syntax in colours.

    path: the path of the script. The lines are read as a whole, as a string
    may go on for several of them.
    """
    code = '\n'.join(lines)
    syntax = Syntax(code, language_of(path, code[:99]), theme=_THEME)
    texts = syntax.highlight(code).split('\n', allow_blank=True)
    return [
        Text(line, spans=text.spans) if text.plain == line else Text(line)
        for line, text in zip(lines, [*texts, *map(Text, lines[len(texts) :])])
    ]
