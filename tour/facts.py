"""What was measured once and is drawn elsewhere: the files of docs/facts/."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from tour.book import Book, Command, Part, Scene
from tour.chain_runs import Run, digest_of, runs_of
from tour.errors import TourError
from tour.pace import Pace
from tour.timeline import Client, Task, clients_of
from tour.turns import Loop, loops_of


class FactsError(TourError):
    """Facts are missing, or they are not those of the manifest."""


class Facts(BaseModel):
    """
    What was measured of a part.

    typed: the command lines of each scene that was played, by its number.
    speed: that of the slow servers.
    """

    model_config = ConfigDict(extra='forbid')

    typed: dict[int, list[str]]
    speed: float


class Timeline(Facts):
    """What the clients of a part received, to the millisecond."""

    clients: list[Client]


class Turns(Facts):
    """Whom the reactors of a part called, to the microsecond."""

    loops: list[Loop]


class Chains(Facts):
    """The chains of a part's scripts."""

    runs: list[Run]

    def of(self, script: str) -> list[Run]:
        """Return the runs of a script: its outcomes, in the printed order."""
        runs = [run for run in self.runs if run.script == script]
        return sorted(runs, key=lambda run: run.block)


_Facts = TypeVar('_Facts', bound=Facts)


def path(book: Book, part: Part) -> Path:
    """Return where the timeline of a part is recorded."""
    return _file(book, 'timeline', part)


def loop_path(book: Book, part: Part) -> Path:
    """Return where the turns of a part are recorded."""
    return _file(book, 'loop', part)


def chains_path(book: Book, part: Part) -> Path:
    """Return where the chains of a part are recorded."""
    return _file(book, 'chains', part)


def _file(book: Book, kind: str, part: Part) -> Path:
    return book.base / 'docs' / 'facts' / f'{kind}-{part.id:0>2}.json'


def typed(part: Part) -> dict[int, list[str]]:
    """Return the command lines of the scenes with clients, by number."""
    return _commands(
        scene
        for scene in part.scenes
        if any(command.is_client for command in scene.commands)
    )


def loops_typed(part: Part) -> dict[int, list[str]]:
    """Return the command lines of the scenes whose turns are shown."""
    return _commands(shown(part).scenes)


def chains_typed(part: Part) -> dict[int, list[str]]:
    """Return the command lines of the scenes whose chains are shown."""
    return _commands(part.scene_with(chain) for chain in part.chains)


def _commands(scenes: Iterable[Scene]) -> dict[int, list[str]]:
    return {
        scene.number: [command.text for command in scene.all]
        for scene in scenes
    }


def shown(part: Part) -> Part:
    """Return the part with the scenes only whose turns the site shows."""
    numbers = part.loop.scenes if part.loop else ()
    scenes = tuple(part.scenes_by_number[number] for number in numbers)
    return part.model_copy(update={'scenes': scenes})


async def record(
    reactor: Any,
    book: Book,
    part: Part,
    pace: Pace,
    on_scene: Callable[[Scene], None] = lambda scene: None,
) -> Path:
    """
    Play the clients of a part, and write down what they receive.

    on_scene: called with each scene before it is played. Returns the file.
    Raises SceneError and TimelineError.
    """
    clients = await clients_of(reactor, book, part, pace, on_scene)
    facts = Timeline(
        typed=typed(part),
        speed=pace.speed,
        clients=[
            replace(
                client,
                ready=round(client.ready, 3),
                tasks=[_rounded(task) for task in client.tasks],
            )
            for client in clients
        ],
    )
    return _write(path(book, part), facts.model_dump_json(indent=1))


async def record_loops(
    reactor: Any,
    book: Book,
    part: Part,
    pace: Pace,
    on_scene: Callable[[Scene], None] = lambda scene: None,
) -> Path:
    """
    Play what the site shows of a part's turns, and write those down.

    on_scene: called with each scene before it is played. Returns the file.
    Raises SceneError and TurnsError.
    """
    wanted = part.loop.scripts if part.loop else ()

    def is_wanted(command: Command) -> bool:
        return command.script in wanted

    loops = await loops_of(
        reactor, book, shown(part), pace, on_scene, is_wanted
    )
    facts = Turns(
        typed=loops_typed(part),
        speed=pace.speed,
        loops=[
            replace(
                loop,
                begun=round(loop.begun, 6),
                ended=round(loop.ended, 6),
                tasks=[_rounded(task, 4) for task in loop.tasks],
            )
            for loop in loops
        ],
    )
    return _write(loop_path(book, part), facts.model_dump_json(indent=1))


async def record_chains(
    reactor: Any,
    book: Book,
    part: Part,
    pace: Pace,
    on_scene: Callable[[Scene], None] = lambda scene: None,
) -> Path:
    """
    Play the scripts whose chains the site shows, and write those down.

    on_scene: called with each scene before it is played. Returns the file.
    Raises SceneError and ChainsError.
    """
    runs = await runs_of(reactor, book, part, pace, on_scene)
    facts = Chains(typed=chains_typed(part), speed=pace.speed, runs=runs)
    # what isn't there needs no room; a run, or a chain, is a line
    text = facts.model_dump_json(exclude_defaults=True)
    for start in '{"script"', '{"number"':
        text = text.replace(f',{start}', f',\n{start}')
    return _write(chains_path(book, part), text)


def _write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'{text}\n', 'utf-8')
    return file


def _rounded(task: Task, digits: int = 3) -> Task:
    return replace(
        task,
        times=[round(time, digits) for time in task.times],
        connected=task.connected and round(task.connected, digits),
        ended=round(task.ended, digits),
    )


def recorded(book: Book, part: Part) -> Timeline:
    """
    Return what the clients of a part received when that was recorded.

    Raises FactsError if it was not, or if other commands were typed then.
    """
    return _read(book, path(book, part), Timeline, typed(part))


def recorded_loops(book: Book, part: Part) -> Turns:
    """
    Return whom a part's reactors called when that was recorded.

    Raises FactsError if it was not, or if other commands were typed then.
    """
    return _read(book, loop_path(book, part), Turns, loops_typed(part))


def recorded_chains(book: Book, part: Part) -> Chains:
    """
    Return the chains of a part's scripts when they were recorded.

    Raises FactsError if they were not, if other commands were typed then,
    or if a script has changed since.
    """
    file = chains_path(book, part)
    chains = _read(book, file, Chains, chains_typed(part))
    name = file.relative_to(book.base)
    for script in (shown.script for shown in part.chains):
        runs = chains.of(script)
        if not runs:
            raise FactsError(f'{name} has no {script}: make facts')
        if {run.digest for run in runs} != {digest_of(book.base / script)}:
            raise FactsError(
                f'{name} is of another {script} than this one: make facts'
            )
    return chains


def _read(
    book: Book, file: Path, kind: type[_Facts], typed: dict[int, list[str]]
) -> _Facts:
    name = file.relative_to(book.base)
    try:
        facts = kind.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        raise FactsError(f'There is no {name}: make facts') from None
    except ValidationError as error:
        what = _NOTHING[kind]
        raise FactsError(f'{name} holds {what}: make facts') from error
    if facts.typed != typed:
        raise FactsError(
            f'{name} is of other commands than those of the chapter:'
            ' make facts'
        )
    return facts


_NOTHING: dict[type[Facts], str] = {
    Timeline: 'no timeline',
    Turns: 'no turns',
    Chains: 'no chains',
}
