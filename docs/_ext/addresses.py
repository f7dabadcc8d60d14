"""Where the pages on parts and versions are: the names of their documents."""

import re

from scripts import label_of

from tour.book import Part, Trail


def slug(text: str) -> str:
    """Return the text as a part of an address."""
    return re.sub(r'\W+', '-', text).strip('-').lower()


def page_of(part: Part) -> str:
    """Return the name of the document on a part."""
    return f'parts/{part.id:0>2}'


def step_of(trail: Trail, script: str) -> str:
    """Return the name of the document on a version of a trail."""
    number = 1 + trail.versions.index(script)
    return f'{trail.id}/{number:02}-{slug(label_of(script))}'
