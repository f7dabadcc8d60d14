"""Where the pages on parts and versions are, and what is said on them."""

import re
from pathlib import Path

from scripts import label_of

from tour.book import Chapter, Exercise, Part, Trail
from tour.reading import CHAPTERS

HEADER = (':hide-toc:', ':tocdepth: 1', '')
"""How the sources of pages begin: docs/_ext/ways.py lists the sections."""


def slug(text: str) -> str:
    """Return the text as a part of an address."""
    return re.sub(r'\W+', '-', text).strip('-').lower()


def has_page(chapter: Chapter) -> bool:
    """Return whether there is more to say of a part than where its text is."""
    return isinstance(chapter, Part) or bool(chapter.exercises)


def page_of(part: Chapter) -> str:
    """Return the name of the document on a part."""
    return f'parts/{part.id:0>2}'


def exercises_of(part: Chapter) -> str:
    """Return the name of the document with the exercises of a part."""
    return f'exercises/{part.id:0>2}'


def anchor_of(exercise: Exercise) -> str:
    """Return the name of the place where an exercise stands."""
    return slug(f'exercise {exercise.id}')


def title_of(part: Chapter) -> str:
    """Return the title of the page on a part."""
    if part.id.isdigit():
        return f'Part {part.id}: {part.title}'
    if part.id == 'howto':
        return f'Article: {part.title}'
    return part.title


def exercises_title_of(part: Chapter) -> str:
    """Return the title of the page with the exercises of a part."""
    if part.id.isdigit():
        return f'Exercises of Part {part.id}'
    return f'Exercises: {part.title}'


def text_of(part: Chapter) -> str:
    """Return what the text of a part is called."""
    if part.id.isdigit():
        return "The tutorial's text"
    if part.id == 'howto':
        return "The article's text"
    return "Twisted's own documentation"


def manifest_of(part: Chapter) -> Path:
    """Return the file of the manifest that is about a part."""
    return CHAPTERS / f'{part.id:0>2}.toml'


def step_of(trail: Trail, script: str) -> str:
    """Return the name of the document on a version of a trail."""
    number = 1 + trail.versions.index(script)
    return f'{trail.id}/{number:02}-{slug(label_of(script))}'
