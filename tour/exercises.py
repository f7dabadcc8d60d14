"""What is shown of exercises: questions and answers."""

from collections.abc import Iterable, Iterator

from rich.text import Text

from tour import arguments
from tour.book import Book, Chapter, Exercise
from tour.citing import cited
from tour.comparing import compare, lines_of, patch
from tour.difference import difference
from tour.screen import Screen
from tour.transcript import blocks

INDENT = '    '


def listed(chapters: Iterable[Chapter], screen: Screen) -> Iterator[Text]:
    """Yield the exercises of parts: their numbers and titles."""
    for chapter in chapters:
        if chapter.exercises:
            title = arguments.title_of(chapter)
            yield screen.wrapped(title, 'heading')
        for exercise in chapter.exercises:
            yield screen.wrapped(exercise.title, before=f'{exercise.id:>9}  ')


def asked(exercise: Exercise, screen: Screen) -> list[Text]:
    """Return the question of an exercise, where to start, and a hint."""
    texts = [
        screen.wrapped(f'Exercise {exercise.id}: {exercise.title}', 'heading'),
        Text(''),
        *_paragraphs(exercise.question, screen),
        Text(''),
    ]
    if exercise.answer is None:
        texts += [
            Text('When you have an answer', 'heading'),
            Text(f'tour answer {exercise.id}', 'typed'),
        ]
    else:
        file = file_for(exercise)
        begin = 'Where to start' if exercise.start else 'In a file of your own'
        texts.append(Text(begin, 'heading'))
        if exercise.start:
            texts.append(Text(f'cp {exercise.start} {file}', 'typed'))
        texts.append(Text(f'tour check {exercise.id} {file}', 'typed'))
    return [
        *texts,
        Text(''),
        Text('Hint', 'heading'),
        screen.wrapped(exercise.hint),
    ]


def file_for(exercise: Exercise) -> str:
    """Return a name for the file of an attempt."""
    name = (exercise.answer or '').split('/')[-1]
    return 'my' + (f'.{name.split(".")[-1]}' if '.' in name else '')


def answered(book: Book, exercise: Exercise, screen: Screen) -> list[Text]:
    """Return our answer: what changes, why, and what it prints."""
    return [
        screen.wrapped(
            f'Our answer to exercise {exercise.id}: {exercise.title}',
            'heading',
        ),
        Text(''),
        *_what_changes(book, exercise, screen),
        *_paragraphs(exercise.say or exercise.why, screen),
        *_citations(exercise, screen),
        *_what_it_prints(book, exercise),
    ]


def _what_changes(
    book: Book, exercise: Exercise, screen: Screen
) -> Iterator[Text]:
    """Yield what changes from the start to our answer, or all of it."""
    if exercise.answer is None:
        return
    if exercise.start is None:
        yield Text(exercise.answer)
        yield Text('')
        yield from map(Text, lines_of(book.base / exercise.answer))
    else:
        yield screen.wrapped(f'{exercise.start} -> {exercise.answer}')
        yield Text('')
        if screen.is_terminal:
            yield from difference(screen, compare(book.base, exercise.change))
        else:
            old, new = exercise.start, exercise.answer
            yield from map(Text, patch(book.base, old, new))
    yield Text('')
    yield Text('Why', 'heading')


def _citations(exercise: Exercise, screen: Screen) -> Iterator[Text]:
    """Yield where the answer is found in the installed Twisted."""
    if exercise.finds:
        yield Text('')
        yield Text('Where to see it in Twisted', 'heading')
    for find in exercise.finds:
        place = cited(find)
        yield Text(f'{place.file}:{place.number}  {find.name}')
        yield screen.wrapped(place.text, 'typed', before=INDENT)


def _what_it_prints(book: Book, exercise: Exercise) -> Iterator[Text]:
    """Yield the scenes of our answer, and what is printed there."""
    for scene in exercise.scenes:
        yield Text('')
        yield Text(scene.title, 'heading')
        for _, text in blocks(book.base, scene):
            command, *lines = text.split('\n')
            yield Text(command, 'typed')
            yield from map(Text, lines)


def _paragraphs(text: str, screen: Screen) -> Iterator[Text]:
    """Yield paragraphs, with a blank line between two."""
    for number, paragraph in enumerate(text.split('\n\n')):
        if number:
            yield Text('')
        if paragraph.startswith(INDENT):
            yield Text(paragraph)
        else:
            yield screen.wrapped(paragraph)
