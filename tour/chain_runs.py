"""Runs of the scripts whose chains the site shows, played for that."""

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tour import transcript
from tour.book import Book, Command, Part, Scene
from tour.chains import Box, Chain, Stage, Value, chains_of
from tour.errors import TourError
from tour.pace import Pace
from tour.place import Place, apart
from tour.playing import play
from tour.ports import Ports
from tour.tracing import facts
from tour.tracing.launching import traced


class ChainsError(TourError):
    """A script has no chains to draw."""


@dataclass(frozen=True)
class Run:
    """
    The chains of a script in a scene of that number.

    block: which block of the scene's transcript is of this run, from 0.
    digest: that of the script as it was then.
    """

    script: str
    scene: int
    block: int
    digest: str
    chains: list[Chain]


def digest_of(path: Path) -> str:
    """Return what tells whether a script has changed; raise OSError."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


async def runs_of(
    reactor: Any,
    book: Book,
    part: Part,
    pace: Pace,
    on_scene: Callable[[Scene], None] = lambda scene: None,
) -> list[Run]:
    """
    Play the scenes whose chains the site shows, and return these.

    Each script has one run, or one for each of its outcomes. on_scene:
    called with each scene before it is played. Raises SceneError, and
    ChainsError if a script has no chains.
    """
    wanted: dict[int, list[str]] = {}
    for shown in part.chains:
        number = part.scene_with(shown).number
        wanted.setdefault(number, []).append(shown.script)
    runs: list[Run] = []
    for number, scripts in wanted.items():
        scene = part.scenes_by_number[number]
        on_scene(scene)
        runs += await _play(reactor, book, scene, pace, scripts)
    return runs


async def _play(
    reactor: Any, book: Book, scene: Scene, pace: Pace, scripts: list[str]
) -> list[Run]:
    with tempfile.TemporaryDirectory() as name, apart(book, scene, pace) as at:
        files: list[tuple[Command, Path]] = []

        def environment(
            command: Command, env: dict[str, str]
        ) -> dict[str, str]:
            if command.script not in scripts:
                return env
            file = Path(name, str(len(files)))
            files.append((command, file))
            return traced(env, str(file))

        await play(reactor, replace(at, environment=environment))
        runs: dict[tuple[str, int], Run] = {}
        for command, file in files:
            run = _run(book, at, command, facts.read(file))
            if command.outcomes > 1:
                runs.setdefault((run.script, run.block), run)
            else:
                runs.setdefault((run.script, 0), run)
    return list(runs.values())


def _run(
    book: Book, place: Place, command: Command, found: list[facts.Fact]
) -> Run:
    assert command.script is not None
    source = (place.directory / command.script).read_text('utf-8')
    chains = chains_of(found, {command.script: source})
    if not chains:
        raise ChainsError(f'{command.script} has no chains to draw.')
    plain = _Plain(place.directory, place.ports)
    chains = [plain.chain(chain) for chain in chains]
    blocks = [
        (number, text.split('\n'))
        for number, (of, text) in enumerate(
            transcript.blocks(book.base, place.scene)
        )
        if of == command
    ]
    number, lines = max(
        blocks,
        key=lambda block: (len(placed(chains, block[1])), -len(block[1])),
    )
    # frames of other people's code are in no transcript
    there = placed(chains, lines)
    for box in boxes_of(chains):
        box.printed = [line for line in box.printed if line.both in there]
    return Run(
        command.script,
        place.scene.number,
        number,
        digest_of(book.base / command.script),
        chains,
    )


def boxes_of(chains: Iterable[Chain]) -> Iterator[Box]:
    """Return the boxes of chains that ran."""
    for chain in chains:
        for stage in (*chain.steps, *chain.stages):
            if stage.taken and (box := stage.box(stage.taken)):
                yield box


def placed(chains: Iterable[Chain], lines: list[str]) -> dict[int, int]:
    """
    Return where lines that functions printed stand in a transcript.

    lines: of a block of the transcript. By the numbers of what was printed
    they are places in it, from 0. What isn't there is left out.
    """
    printed = {
        line.both: line.text
        for box in boxes_of(chains)
        for line in box.printed
    }
    there: dict[int, int] = {}
    free = dict.fromkeys(range(1, len(lines)))
    last = 0
    for both, text in sorted(printed.items()):
        same = [n for n in free if _is_same(lines[n], text)]
        # poems that came at about the same time may be in another order
        at = next((n for n in same if n > last), same[0] if same else None)
        if at is not None:
            there[both] = last = at
            del free[at]
    return there


def _is_same(line: str, text: str) -> bool:
    return line == text or (len(text) >= 200 and line.startswith(text))


@dataclass(frozen=True)
class _Plain:
    """Makes plain what was chance in a run: ports, addresses, directories."""

    directory: Path
    ports: Ports

    def text(self, text: str) -> str:
        return transcript.plain(text, self.directory, self.ports)

    def value(self, value: Value | None) -> Value | None:
        return value and replace(value, text=self.text(value.text))

    def chain(self, chain: Chain) -> Chain:
        for box in boxes_of([chain]):
            box.printed = [
                replace(line, text=self.text(line.text))
                for line in box.printed
            ]
        return replace(
            chain,
            fired=self.value(chain.fired),
            events=[
                replace(
                    event,
                    value=self.value(event.value),
                    time=round(event.time, 7),
                )
                for event in chain.events
            ],
            steps=[self.stage(stage) for stage in chain.steps],
            stages=[self.stage(stage) for stage in chain.stages],
        )

    def stage(self, stage: Stage) -> Stage:
        inner = stage.inner
        if inner is not None:
            waited = inner.waited and float(f'{inner.waited:.2g}')
            gave = self.value(inner.gave)
            inner = replace(inner, gave=gave, waited=waited)
        return replace(
            stage,
            got=self.value(stage.got),
            gave=self.value(stage.gave),
            inner=inner,
            start=_rounded(stage.start),
            ended=_rounded(stage.ended),
        )


def _rounded(time: float | None) -> float | None:
    return None if time is None else round(time, 7)
