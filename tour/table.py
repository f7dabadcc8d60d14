"""The table of parts and scripts in SCRIPTS.md, made of the manifest."""

import re
from pathlib import Path

from tour.book import Book, Chapter, Command, Part, Scene

PAGE = Path('SCRIPTS.md')
"""The page that has the table, below the base directory."""


def table(book: Book) -> str:
    """
    Return a Markdown table of all parts, with a line end.

    For each part it names the tutorial's text, and for each script the
    first command that runs it and the versions to compare it with.
    """
    new = book.new_scripts()
    rows = [['Part', 'Script', 'Run', 'Compare with'], ['---'] * 4]
    for chapter in book.chapters:
        rows.append(_head(chapter))
        if isinstance(chapter, Part):
            rows += _rows(chapter, new[chapter.id])
    return ''.join(f'| {" | ".join(row)} |\n' for row in rows)


def renewed(page: str, new: str) -> str:
    """Return the text of a page with its only table replaced."""
    return re.sub(r'(?m)(^\|.*\n)+', lambda _: new, page)


def _head(chapter: Chapter) -> list[str]:
    title = f'**{chapter.title}** ([text]({chapter.text}))'
    play = f'`tour {chapter.id}`' if isinstance(chapter, Part) else ''
    return [f'**{chapter.id}**', title, play, '']


def _rows(part: Part, scripts: list[str]) -> list[list[str]]:
    rows = []
    for script in scripts:
        command = next(
            _typed(scene, command)
            for scene in part.scenes
            for command in scene.all
            if command.script == script
        )
        old = [_link(c.old) for c in part.comparisons if c.new == script]
        # a bar would end the cell, even in code
        run = command.replace('|', r'\|')
        rows.append(['', _link(script), f'`{run}`', ', '.join(old)])
    return rows


def _typed(scene: Scene, command: Command) -> str:
    """Return what to type for a command, including the way there."""
    if not command.directory:
        return command.text
    number = scene.commands.index(command)
    texts = [c.text for c in scene.commands[: number + 1]]
    return f'({" && ".join(texts)})'


def _link(script: str) -> str:
    return f'[{script}]({script})'
