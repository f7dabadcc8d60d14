"""What is said before and after the scenes of a part."""

from rich.text import Text

from tour.book import Book, Chapter, Part
from tour.screen import Screen


def name_of(book: Book, chapter: Chapter) -> str:
    """Return the number of a part, of how many, and its title."""
    numbered = [c.id for c in book.chapters if c.id.isdigit()]
    if chapter.id not in numbered:
        return chapter.title
    return f'Part {chapter.id} of {len(numbered)}: {chapter.title}'


def opening(book: Book, chapter: Chapter, screen: Screen) -> list[Text]:
    """Return what to know before the scenes of a part."""
    part = chapter if isinstance(chapter, Part) else None
    where = f'To be read at {chapter.text}'
    texts = [
        screen.wrapped(name_of(book, chapter), 'heading'),
        screen.wrapped(where if part else without_scripts(chapter), 'remark'),
        Text(''),
        screen.wrapped(chapter.idea),
    ]
    if part:
        texts += [
            Text(''),
            screen.wrapped('What to watch for', 'heading'),
            screen.wrapped(part.watch),
        ]
    return texts


def closing(book: Book, part: Part, screen: Screen) -> list[Text]:
    """Return what to do after the scenes of a part."""
    texts = []
    if part.comparisons:
        texts += [Text(''), Text('What changed in the code', 'heading')]
    for comparison in part.comparisons:
        texts += [
            Text(f'tour diff {comparison.old} {comparison.new}', 'typed'),
            screen.wrapped(comparison.look, before='    '),
        ]
    if part.timeline:
        texts += [
            Text(''),
            Text('Who received what, and when', 'heading'),
            Text(f'tour timeline {part.id}', 'typed'),
        ]
    if part.loop:
        texts += [
            Text(''),
            Text('Who held the reactor, turn by turn', 'heading'),
            Text(f'tour loop {part.id}', 'typed'),
        ]
    return texts + practice(part) + onwards(book, part, screen)


def practice(chapter: Chapter) -> list[Text]:
    """Return where the exercises of a part are, if it has any."""
    if not chapter.exercises:
        return []
    return [
        Text(''),
        Text('Exercises', 'heading'),
        Text(f'tour exercises {chapter.id}', 'typed'),
    ]


def onwards(book: Book, chapter: Chapter, screen: Screen) -> list[Text]:
    """Return where to go after a part, scripts or not."""
    texts = []
    for follower in book.chapters[book.chapters.index(chapter) + 1 :]:
        name = f'Next: {name_of(book, follower)}'
        texts += [Text(''), screen.wrapped(name, 'heading')]
        if isinstance(follower, Part):
            return [*texts, Text(f'tour {follower.id}', 'typed')]
        texts.append(screen.wrapped(without_scripts(follower)))
    return texts or [Text(''), Text('This was the last one.')]


def without_scripts(chapter: Chapter) -> str:
    """Return what to do with a part that has no scripts."""
    return f'It has no scripts. It is to be read at {chapter.text}'


def contents(book: Book, screen: Screen) -> list[Text]:
    """Return the parts, which one to begin with, and what else there is."""
    first, some = book.parts[0], book.parts[len(book.parts) // 4]
    return [
        Text('tour N plays Part N of the tutorial', 'heading'),
        *_in_columns([f'{p.id:>2} {p.title}' for p in book.parts], screen),
        Text(''),
        _command(f'tour {first.id}', 'begin with this one'),
        _command(f'tour {some.id} --dry-run', 'its commands, to type them'),
        _command(f'tour diff {some.id}', 'what changed in the code'),
        _command('tour timeline 2', 'who received what, and when'),
        _command(f'tour exercises {some.id}', 'what to do by yourself'),
        _command('tour help', 'everything that can be typed'),
        screen.wrapped(
            f'The tutorial itself begins at {book.chapters[0].text}', 'remark'
        ),
    ]


def _command(command: str, what: str) -> Text:
    return Text.assemble((command.ljust(20), 'typed'), what)


def _in_columns(entries: list[str], screen: Screen) -> list[Text]:
    """Return lines: on a terminal that is wide enough, two columns."""
    half = -(-len(entries) // 2)
    left, right = entries[:half], entries[half:]
    width = max(map(len, left)) + 2
    if not screen.is_terminal or screen.console.width < width + max(
        map(len, right), default=0
    ):
        return [Text(entry) for entry in entries]
    right += [''] * (half - len(right))
    return [
        Text((one.ljust(width) + other).rstrip())
        for one, other in zip(left, right)
    ]
