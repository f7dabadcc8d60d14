"""What was measured once and is drawn elsewhere: the files of docs/facts/."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from tour.book import Book, Part, Scene
from tour.errors import TourError
from tour.place import Pace
from tour.timeline import Client, clients_of


class FactsError(TourError):
    """Facts are missing, or they are not those of the manifest."""


class Timeline(BaseModel):
    """
    What the clients of a part received in time.

    typed: the command lines of each scene that was played, by its number.
    speed: that of the slow servers. clients: what they received, to the
    millisecond.
    """

    model_config = ConfigDict(extra='forbid')

    typed: dict[int, list[str]]
    speed: float
    clients: list[Client]


def path(book: Book, part: Part) -> Path:
    """Return where the timeline of a part is recorded."""
    return book.base / 'docs' / 'facts' / f'timeline-{part.id:0>2}.json'


def typed(part: Part) -> dict[int, list[str]]:
    """Return the command lines of the scenes with clients, by number."""
    return {
        scene.number: [command.text for command in scene.all]
        for scene in part.scenes
        if any(command.is_client for command in scene.commands)
    }


async def record(
    reactor: Any,
    book: Book,
    part: Part,
    pace: Pace,
    on_scene: Callable[[Scene], None] = lambda scene: None,
) -> None:
    """
    Play the clients of a part, and write down what they receive.

    on_scene: called with each scene before it is played. Raises SceneError
    and TimelineError.
    """
    clients = await clients_of(reactor, book, part, pace, on_scene)
    facts = Timeline(
        typed=typed(part),
        speed=pace.speed,
        clients=[_rounded(client) for client in clients],
    )
    file = path(book, part)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(facts.model_dump_json(indent=1) + '\n', 'utf-8')


def _rounded(client: Client) -> Client:
    tasks = [
        replace(
            task,
            times=[round(time, 3) for time in task.times],
            connected=task.connected and round(task.connected, 3),
            ended=round(task.ended, 3),
        )
        for task in client.tasks
    ]
    return replace(client, tasks=tasks, ready=round(client.ready, 3))


def recorded(book: Book, part: Part) -> Timeline:
    """
    Return what the clients of a part received when that was recorded.

    Raises FactsError if it was not, or if other commands were typed then.
    """
    file = path(book, part)
    name = file.relative_to(book.base)
    try:
        facts = Timeline.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        raise FactsError(f'There is no {name}: make facts') from None
    except ValidationError as error:
        raise FactsError(f'{name} is no timeline: make facts') from error
    if facts.typed != typed(part):
        raise FactsError(
            f'{name} is of other commands than those of the chapter:'
            ' make facts'
        )
    return facts
