"""What a check of an exercise found, as it is told."""

from collections.abc import Iterable, Iterator

from rich.text import Text

from tour.checking import Attempt, Otherwise, mistake_of
from tour.exercises import INDENT
from tour.screen import Screen


def told(attempt: Attempt, found: Otherwise, screen: Screen) -> Iterator[Text]:
    """Yield what an attempt does otherwise than our answer."""
    for command in found.scene.all:
        line = attempt.named(f'$ {command.text}')
        yield screen.wrapped(line, 'typed', before=INDENT)
    yield Text('')
    if len(found.scene.all) > 1:
        yield screen.wrapped(f'Look at this command: {found.typed}')
    yield screen.wrapped(found.said)
    if mistake := mistake_of(attempt.exercise, found):
        yield screen.wrapped(mistake.say, 'note')
    if found.expected == found.got:
        # it went wrong in another way: it never ended, or crashed
        if found.got:
            yield Text('The last lines that it printed are right.')
        return
    if found.before is not None:
        yield Text('After this line, which is right:')
        yield from _quoted([found.before], screen, '')
    yield Text('With our answer it prints:')
    yield from _quoted(found.expected, screen, 'new')
    yield screen.wrapped(f'With {attempt.name} it prints:')
    yield from _quoted(found.got, screen, 'old')


def _quoted(
    lines: Iterable[str], screen: Screen, style: str
) -> Iterator[Text]:
    """Yield lines that a program has printed."""
    lines = list(lines)
    if not lines:
        yield Text(f'{INDENT}(nothing more)', 'remark')
    for line in lines:
        if line.strip():
            yield screen.wrapped(line, style, before=INDENT)
        else:
            yield Text(f'{INDENT}(an empty line)', 'remark')
