"""How transcripts are recorded: scenes are played, and written down."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tour.book import Book, Scene
from tour.pace import Pace
from tour.place import apart
from tour.playing import play
from tour.transcript import path, transcript

SPEED = 5
"""How much the slow servers are hurried when transcripts are made."""


async def made(
    reactor: Any,
    book: Book,
    scene: Scene,
    pace: Pace,
    instead: Mapping[str, Path] | None = None,
) -> str:
    """
    Play the scene in a place of its own, and return the transcript.

    instead: other files that take the place of some scripts. Raises
    SceneError.
    """
    with apart(book, scene, pace, instead) as place:
        played = await play(reactor, place)
        return transcript(place.directory, place.ports, played)


async def record(reactor: Any, book: Book, scene: Scene, pace: Pace) -> bool:
    """
    Write the transcript of a scene; return whether it is another one.

    Raises SceneError.
    """
    text = await made(reactor, book, scene, pace)
    file = path(book.base, scene)
    file.parent.mkdir(parents=True, exist_ok=True)
    before = file.read_text('utf-8') if file.exists() else None
    file.write_text(text, 'utf-8')
    return text != before
