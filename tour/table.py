"""The table of parts in the README, made of the manifest."""

from tour.book import Book, Command, Part, Scene


def table(book: Book) -> str:
    """
    Return a Markdown table of all parts, without a line end.

    For each script it names the first command that runs it, and the
    versions to compare it with.
    """
    new = book.new_scripts()
    rows = [
        ['Part', 'Script', 'Run', 'Compare with'],
        ['---'] * 4,
        *(row for part in book.parts for row in _rows(part, new[part.id])),
    ]
    return '\n'.join(f'| {" | ".join(row)} |' for row in rows)


def _rows(part: Part, scripts: list[str]) -> list[list[str]]:
    rows = [[f'**{part.id}**', f'**{part.title}**', f'`tour {part.id}`', '']]
    for script in scripts:
        command = next(
            _typed(scene, command)
            for scene in part.scenes
            for command in scene.all
            if command.script == script
        )
        old = [_link(c.old) for c in part.comparisons if c.new == script]
        rows.append(['', _link(script), f'`{command}`', ', '.join(old)])
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
