"""Whether a reader's script does what an exercise asks for."""

import re
import warnings
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tour.book import Book, Exercise, Mistake, Scene
from tour.errors import TourError
from tour.pace import Pace
from tour.place import Place, apart
from tour.playing import LISTENING, ProgramError, play
from tour.recording import SPEED
from tour.transcript import path, transcript

LIMIT = 30
"""Seconds that a program may take in a check."""

PACE = Pace(SPEED, patience=LIMIT, limit=LIMIT)
"""How scenes are played to check an attempt."""

LAST = 12
"""How many lines are shown of a program that went wrong."""


class AttemptError(TourError):
    """A file is no attempt yet that could be checked."""


@dataclass(frozen=True)
class Attempt:
    """
    A reader's script for an exercise.

    file: where it is. name: its path, as it is shown to the reader.
    """

    exercise: Exercise
    file: Path
    name: str

    def named(self, text: str) -> str:
        """Return a text with its name in place of our answer's."""
        answer = Path(self.exercise.answer or '')
        text = text.replace(str(answer), self.name)
        # trial names a test after the file
        stem = rf'(?<![\w-]){re.escape(answer.stem)}(?![\w-])'
        return re.sub(stem, lambda _: Path(self.name).stem, text)


@dataclass(frozen=True)
class Otherwise:
    """
    The first thing that an attempt does otherwise.

    scene: where. typed: the command line whose program does it. said: what
    happens, in a sentence. before: the line before, if there is one, which
    is as it should be. expected: what our answer prints then; got: what the
    attempt prints: a line, none if there is none, or, if a program went
    wrong, the last lines. never_ends: it took too long.
    """

    scene: Scene
    typed: str
    said: str
    before: str | None
    expected: tuple[str, ...]
    got: tuple[str, ...]
    never_ends: bool = False


def attempt_of(book: Book, exercise: Exercise, name: str) -> Attempt:
    """
    Return the attempt in a file.

    name: its path as the reader gave it, from the current directory. Raises
    AttemptError if there can't be anything to check.
    """
    file = Path(name)
    text = _text_of(exercise, file)
    if not text.strip():
        raise AttemptError(f'{name} is empty.')
    if exercise.start is not None:
        start = (book.base / exercise.start).read_text('utf-8')
        if text.split() == start.split():
            raise AttemptError(
                f'{name} is still as {exercise.start} is, where the exercise'
                ' begins. Change it, and check it again.'
            )
    if exercise.answer is not None and exercise.answer.endswith('.py'):
        _check_syntax(text, name)
    return Attempt(exercise, file.absolute(), name)


def _text_of(exercise: Exercise, file: Path) -> str:
    try:
        return file.read_text('utf-8')
    except FileNotFoundError:
        begin = f'cp {exercise.start} {file}' if exercise.start else ''
        raise AttemptError(
            f'There is no file {file}.',
            help=[f'To begin with: {begin}'] if begin else [],
        ) from None
    except OSError as error:
        raise AttemptError(f'Cannot read {file}: {error.strerror}') from error
    except ValueError as error:
        raise AttemptError(f'{file} is no text.') from error


def _check_syntax(text: str, name: str) -> None:
    """Raise AttemptError if a text is no Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            compile(text, name, 'exec', dont_inherit=True)
    except SyntaxError as error:
        if error.lineno is None:
            raise AttemptError(f'{name} is no Python: {error.msg}') from error
        line = (error.text or '').strip()
        raise AttemptError(
            f'{name}, line {error.lineno}: {error.msg}',
            help=[f'    {line}'] if line else [],
        ) from error
    except ValueError as error:
        raise AttemptError(f'{name} is no Python: {error}') from error


async def check(
    reactor: Any,
    book: Book,
    attempt: Attempt,
    scene: Scene,
    pace: Pace = PACE,
) -> Otherwise | None:
    """
    Play a scene with an attempt, and compare it with our answer.

    scene: one of the checks of its exercise. Returns the first thing that
    the attempt does otherwise, or None. Raises SceneError if the scene
    can't be played for reasons of its own, and OSError if our answer has
    no transcript.
    """
    expected = path(book.base, scene).read_text('utf-8')
    answer = attempt.exercise.answer or ''
    with apart(book, scene, pace, {answer: attempt.file}) as place:
        try:
            played = await play(reactor, place)
        except ProgramError as error:
            return _went_wrong(attempt, place, error, expected)
        got = transcript(place.directory, place.ports, played)
    return first_difference(attempt, scene, expected, got)


def _went_wrong(
    attempt: Attempt, place: Place, error: ProgramError, expected: str
) -> Otherwise:
    """Return what is to be told of a program that went wrong."""
    lines = [
        place.ports.written(line.replace(f'{place.directory}/', ''))
        for line in error.printed
    ]
    typed = error.command.text
    wanted = next(
        (found for line, *found in _blocks(expected) if line == f'$ {typed}'),
        [],
    )
    return Otherwise(
        place.scene,
        attempt.named(typed),
        _what_went_wrong(place.scene, error),
        before=None,
        expected=tuple(map(attempt.named, wanted[-LAST:])),
        got=tuple(map(attempt.named, lines[-LAST:])),
        never_ends=error.is_late,
    )


def _what_went_wrong(scene: Scene, error: ProgramError) -> str:
    """Return what went wrong, in sentences."""
    said = f'It {error.did[0].lower()}{error.did[1:]}.'
    if not error.is_late:
        return said
    if error.command in scene.servers:
        listening = ', '.join(f'`{text.strip()}`' for text in LISTENING)
        return f'{said} A server says that it listens by one of {listening}.'
    if error.command.exit:
        return f'{said} It should end with exit code {error.command.exit}.'
    return said


def first_difference(
    attempt: Attempt, scene: Scene, expected: str, got: str
) -> Otherwise | None:
    """
    Return the first difference of two transcripts of a scene, if any.

    What the attempt prints itself comes before what others print: they may
    do so because of it.
    """
    answer = attempt.exercise.answer or ''
    pairs = list(zip(_blocks(expected), _blocks(got)))
    pairs.sort(key=lambda pair: answer not in pair[0][0])
    for (line, *wanted), (_, *lines) in pairs:
        if wanted == lines:
            continue
        at = 0
        while wanted[at : at + 1] == lines[at : at + 1]:
            at += 1
        wanted, lines = (
            [attempt.named(text) for text in texts]
            for texts in (wanted, lines)
        )
        return Otherwise(
            scene,
            attempt.named(line.removeprefix('$ ')),
            _kind(wanted, lines, at),
            before=wanted[at - 1] if at else None,
            expected=tuple(wanted[at : at + 1]),
            got=tuple(lines[at : at + 1]),
        )
    return None


def _blocks(text: str) -> list[list[str]]:
    """Return the commands of a transcript, each with its lines."""
    blocks = re.split(r'\n\n(?=\$ )', text.removesuffix('\n'))
    return [block.split('\n') for block in blocks]


def _kind(wanted: list[str], lines: list[str], at: int) -> str:
    """Return what kind of difference starts at a line, in a sentence."""
    expected, got = wanted[at : at + 1], lines[at : at + 1]
    if not expected:
        return 'It prints more than our answer does.'
    if not got or got[0].startswith('[exit code '):
        return 'It prints less than our answer does.'
    if Counter(wanted) == Counter(lines):
        return 'It prints the same lines, in another order.'
    if expected[0] in lines[at:] and got[0] not in wanted[at:]:
        return 'It prints a line that our answer does not print.'
    if got[0] in wanted[at:] and expected[0] not in lines[at:]:
        return 'It does not print a line that our answer prints.'
    return 'It prints another line than our answer does.'


def mistake_of(exercise: Exercise, found: Otherwise) -> Mistake | None:
    """Return the mistake of an exercise that explains a difference."""
    expected, got = '\n'.join(found.expected), '\n'.join(found.got)
    for mistake in exercise.mistakes:
        if (
            mistake.scene in (None, found.scene.number)
            and (mistake.got or '') in got
            and not (mistake.got == '' and found.got)
            and (mistake.expected or '') in expected
            and mistake.never_ends in (False, found.never_ends)
        ):
            return mistake
    return None
