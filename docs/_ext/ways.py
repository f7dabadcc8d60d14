"""
Where a page leads, at its top: what belongs to it, and what is on it.

A part's page leads to its versions on the trails, that of a version to its
part; both to the tutorial's text and to the map. Exercises and their part
lead to each other. On a page with many sections they are listed.
"""

import html
import re
from typing import Any

from addresses import (
    exercises_of,
    exercises_title_of,
    has_page,
    page_of,
    step_of,
    text_of,
    title_of,
)
from docutils import nodes
from scripts import named
from sphinx.application import Sphinx

from tour.book import Book

MANY = 4
"""So many sections want contents."""


def ways_from(book: Book) -> dict[str, list[tuple[str, str]]]:
    """
    Return for each page what belongs to it: texts, and where they lead.

    They lead to other pages, by their names, or to another site.
    """
    parts = {
        script: book.part(id)
        for id, scripts in book.new_scripts().items()
        for script in scripts
    }
    ways: dict[str, list[tuple[str, str]]] = {
        page_of(part): [] for part in book.chapters if has_page(part)
    }
    for trail in book.trails:
        for script in trail.versions:
            part, step = parts[script], step_of(trail, script)
            name = named(script)
            title = name[0].upper() + name[1:]
            ways[page_of(part)].append((title, step))
            ways[step] = [
                (title_of(part), page_of(part)),
                (text_of(part), part.text),
            ]
    for part in book.chapters:
        if not has_page(part):
            continue
        text = (text_of(part), part.text)
        if part.exercises:
            exercises = exercises_of(part)
            ways[page_of(part)].append((exercises_title_of(part), exercises))
            ways[exercises] = [
                (title_of(part), page_of(part)),
                text,
                ('All exercises', 'exercises/index'),
            ]
        ways[page_of(part)].append(text)
    for links in ways.values():
        links.append(('Map of all versions', 'map'))
    return ways


def lead_on(
    app: Sphinx, name: str, template: str, context: dict[str, Any], tree: Any
) -> None:
    """Put the links below the heading of a page."""
    below = ''
    if ways := ways_from(app.companion_book).get(name):
        links = [
            f'<li><a class="reference" href="{_href(app, name, to)}">'
            f'{html.escape(text)}</a></li>'
            for text, to in ways
        ]
        below += _navigation('ways', 'What belongs to this page', links)
    sections = _sections(app, name) if tree else []
    if len(sections) >= MANY:
        links = [f'<li>{section}</li>' for section in sections]
        below += _navigation('contents-here', 'On this page', links)
    if below and context.get('body'):
        context['body'] = context['body'].replace('</h1>', f'</h1>{below}', 1)


def _sections(app: Sphinx, name: str) -> list[str]:
    """
    Return links to the sections of a page.

    Pages have `:tocdepth: 1`, since Sphinx copies the sections of all of them
    for the side bar of each; so it doesn't hand them out, either.
    """
    contents = app.env.tocs[name].deepcopy()
    for link in contents.findall(nodes.reference):
        link['refuri'] = link['anchorname'] or '#'
    return re.findall(
        r'<a class="reference internal" href="#[^"]+">.*?</a>',
        app.builder.render_partial(contents)['fragment'],
        re.S,
    )


def _href(app: Sphinx, name: str, to: str) -> str:
    if to.startswith('http'):
        return html.escape(to)
    return app.builder.get_relative_uri(name, to)


def _navigation(kind: str, label: str, links: list[str]) -> str:
    title = f'<p>{label}</p>' if kind == 'contents-here' else ''
    return (
        f'<nav class="{kind}" aria-label="{label}">{title}'
        f'<ul>{"".join(links)}</ul></nav>'
    )


def setup(app: Sphinx) -> dict:
    """Do it for each page that is written."""
    app.connect('html-page-context', lead_on)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
