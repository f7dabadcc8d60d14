"""What the book, its parts, their scenes and commands are."""

import shlex
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from posixpath import normpath
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationInfo,
    field_validator,
    model_validator,
)

T = TypeVar('T')

# TOML has lists, and strictly a list is no tuple
Many = Annotated[tuple[T, ...], Field(strict=False)]

Prose = Annotated[str, AfterValidator(lambda text: ' '.join(text.split()))]
"""Text to be wrapped by whoever shows it, so in one line."""

Link = Annotated[str, Field(pattern='^https?://')]


class Entry(BaseModel):
    """An entry of the manifest: it has these fields and no other."""

    model_config = ConfigDict(frozen=True, extra='forbid', strict=True)


class Command(Entry):
    """
    One command, as a reader types it.

    text: the command line.
    exit: the exit code it must end with, unless it is interrupted.
    stop_after: a piece of the output line after which Ctrl-C is typed.
    stop_waiting: Ctrl-C is typed when the reactor runs and waits.
    stop_after_server: a piece of a server's output line after which Ctrl-C
        is typed.
    stop_servers_after: a piece of its output line after which Ctrl-C is
        typed at the servers, while it runs on.
    types: lines that are typed, each when the program asks for one.
    outcomes: how many different outcomes it has, by chance; it is run again
        until each of them was seen.
    runs: the script that it runs, where the line doesn't name it.
    directory: where it is typed, relative to the base directory; a scene
        knows that from the commands before it.
    """

    text: str
    exit: int = 0
    stop_after: str | None = None
    stop_waiting: bool = False
    stop_after_server: str | None = None
    stop_servers_after: str | None = None
    types: Many[str] = ()
    outcomes: int = Field(1, ge=1)
    runs: str | None = None
    directory: str = ''

    @model_validator(mode='before')
    @classmethod
    def _of_line(cls, data: Any) -> Any:
        return {'text': data} if isinstance(data, str) else data

    @cached_property
    def goes_to(self) -> str | None:
        """The directory in which the next commands are typed, after cd."""
        match shlex.split(self.text):
            case 'cd', directory:
                return normpath(f'{self.directory or "."}/{directory}')
        return None

    @property
    def words(self) -> list[str]:
        """The command line, split as the shell would, or for the shell."""
        if {'|', '`'} & set(self.text):
            return ['sh', '-c', self.text]
        return shlex.split(self.text)

    @cached_property
    def script(self) -> str | None:
        """The path of the script that it runs, if it runs one."""
        if self.runs is not None or self.goes_to is not None:
            return self.runs
        for word in shlex.split(self.text):
            if '/' in word and not word.startswith('poetry/'):
                return word.removeprefix('./')
        return None

    @property
    def ends(self) -> bool:
        """Whether it ends by itself, and not by Ctrl-C."""
        return not (
            self.stop_after or self.stop_waiting or self.stop_after_server
        )

    @property
    def builds(self) -> bool:
        """Whether it leaves files where it is typed, for others to run."""
        return self.words[0] == 'ghc'

    @property
    def is_client(self) -> bool:
        """Whether it gets poems and prints them, or how they come."""
        return Path(self.script or '').name.startswith('get-poetry')


class Tool(Entry):
    """
    What a part or a scene needs besides Python and Twisted.

    They have just its name in the book, which is looked up in the context
    of the validation. name: what it is. check: a command that succeeds
    where it is there. package: the Debian packages that have it.
    """

    name: str
    check: str
    package: str

    @model_validator(mode='wrap')
    @classmethod
    def _of_name(
        cls,
        data: Any,
        handler: ModelWrapValidatorHandler['Tool'],
        info: ValidationInfo,
    ) -> 'Tool':
        if not isinstance(data, str):
            return handler(data)
        tools: dict[str, Tool] = info.context or {}
        if data not in tools:
            raise ValueError(f'book.toml has no tool {data}')
        return tools[data]


class Scene(Entry):
    """
    Servers to start and, when they listen, commands to run in turn.

    part, number: where it stands; scenes count from 1 in each part.
    race: the first command takes the sum of its tasks, the second takes
        as long as the slowest; the tour says so with the times it took.
    daemon: the file with the process id of a daemon that it starts.
    tools: what it needs besides the tools of its part; it is left out
        where one of them is missing.
    columns: how wide it draws, if lines must not be wrapped.
    """

    part: str
    number: int
    title: str
    servers: Many[Command] = ()
    commands: Many[Command]
    race: bool = False
    daemon: str | None = None
    tools: Many[Tool] = ()
    columns: int = 0

    @field_validator('commands')
    @classmethod
    def _in_their_places(cls, commands: tuple[Command, ...]) -> Any:
        """Return the commands, each where the ones before it lead."""
        directory = ''
        placed = []
        for command in commands:
            command = command.model_copy(update={'directory': directory})
            directory = command.goes_to or directory
            placed.append(command)
        return tuple(placed)

    @property
    def all(self) -> tuple[Command, ...]:
        """The commands that start servers, and then the others."""
        return self.servers + self.commands

    @property
    def scripts(self) -> set[str]:
        """The scripts that it runs."""
        return {c.script for c in self.all if c.script is not None}

    @property
    def name(self) -> str:
        """A name for files and tests, like ``part-02-scene-1``."""
        return f'part-{self.part:0>2}-scene-{self.number}'


class Note(Entry):
    """
    Why a change was made.

    at: a text that exactly one changed line has. say: the reason.
    """

    at: str
    say: Prose


class Comparison(Entry):
    """
    Two versions to read side by side.

    look: what to look for, on the whole. notes: why, change by change.
    """

    old: str
    new: str
    look: Prose
    notes: Many[Note] = Field((), alias='note')


class LoopShown(Entry):
    """
    What the site shows of the turns of a part's reactors.

    scenes: in which scenes. scripts: of which scripts. finding: what is to
    be seen there, as a title. look: how one sees it.
    """

    scenes: Many[int]
    scripts: Many[str]
    finding: Prose
    look: Prose


class ChainShown(Entry):
    """
    A script whose chains the site shows, as they were in a real run.

    scene: in which one of the part, by number; None is the first that runs
    the script. look: what to see there.
    """

    script: str
    look: Prose
    scene: int | None = None


class Question(Entry):
    """
    What to think about before one looks at what is printed.

    scene: the number of the scene that it is about: what this prints is the
    answer, or the reader has to go on from there. script: the script that
    it is about, or None for the whole scene. ask: the question. answer: the
    answer, and why. shows: texts of the scene's transcript that show it.
    """

    scene: int = Field(ge=1)
    script: str | None = None
    ask: Prose
    answer: Prose
    shows: Many[str] = ()


class Chapter(Entry):
    """
    A part of the tutorial as a text, with or without scripts.

    text: where to read it. idea: what it is about, in a sentence.
    """

    id: str
    title: str
    text: Link
    idea: Prose


class Part(Chapter):
    """
    A part of the tutorial that has scripts: its scenes and versions.

    watch: what to watch for. questions: what to think about, scene by
    scene. tools: what it needs besides Python and Twisted. timeline: the
    site shows its clients in time. finding: what one sees there. loop: the
    site shows whom their reactors called. chains: of which scripts it shows
    the chains. pages: others of the site that belong to it, by the names of
    their documents.
    """

    watch: Prose
    scenes: Many[Scene] = Field(alias='scene')
    comparisons: Many[Comparison] = Field((), alias='compare')
    questions: Many[Question] = Field((), alias='question')
    tools: Many[Tool] = ()
    timeline: bool = False
    finding: Prose = ''
    loop: LoopShown | None = None
    chains: Many[ChainShown] = Field((), alias='chain')
    pages: Many[str] = ()

    @model_validator(mode='before')
    @classmethod
    def _with_numbers(cls, data: dict[str, Any]) -> dict[str, Any]:
        """Tell each scene where it stands."""
        match data:
            case {'id': id, 'scene': [*scenes]} if all(
                isinstance(scene, dict) for scene in scenes
            ):
                numbered = [
                    {**scene, 'part': id, 'number': number}
                    for number, scene in enumerate(scenes, 1)
                ]
                return {**data, 'scene': numbered}
        return data

    @model_validator(mode='after')
    def _with_true_questions(self) -> 'Part':
        """Refuse questions about a scene or script that isn't there."""
        for number, question in enumerate(self.questions, 1):
            where = f'question {number}: '
            if question.scene > len(self.scenes):
                raise ValueError(f'{where}no scene {question.scene}')
            scene = self.scene_of(question)
            scripts = {command.script for command in scene.all}
            if question.script not in {None, *scripts}:
                raise ValueError(
                    f'{where}scene {scene.number} runs no {question.script}'
                )
        return self

    @model_validator(mode='after')
    def _with_true_chains(self) -> 'Part':
        """Refuse chains of a script that doesn't run there."""
        for number, chain in enumerate(self.chains, 1):
            scenes = [
                scene
                for scene in self.scenes
                if chain.scene in (None, scene.number)
            ]
            if not any(chain.script in scene.scripts for scene in scenes):
                raise ValueError(
                    f'chain {number}: no such scene runs {chain.script}'
                )
        return self

    def scene_with(self, chain: ChainShown) -> Scene:
        """Return the scene in which a script runs whose chains are shown."""
        return next(
            scene
            for scene in self.scenes
            if chain.scene in (None, scene.number)
            and chain.script in scene.scripts
        )

    def scene_of(self, question: Question) -> Scene:
        """Return the scene that a question is about."""
        return self.scenes[question.scene - 1]

    def questions_about(self, script: str) -> list[Question]:
        """Return the questions on a script, and on the scenes that run it."""
        return [
            question
            for question in self.questions
            if script == question.script
            or not question.script
            and script in {c.script for c in self.scene_of(question).all}
        ]

    @property
    def scenes_by_number(self) -> dict[int, Scene]:
        """Its scenes, as they are numbered."""
        return {scene.number: scene for scene in self.scenes}

    @property
    def scripts(self) -> list[str]:
        """The scripts that its scenes run for the first time, in order."""
        commands = (c for scene in self.scenes for c in scene.all)
        return list(dict.fromkeys(c.script for c in commands if c.script))


class WhyNot(Entry):
    """Why a version isn't compared with the one before it in a trail."""

    version: str
    say: Prose


class Trail(Entry):
    """
    A line of versions to read one after the other.

    title: what each of them is a version of. versions: the scripts.
    why_not: for those that aren't compared with the one before.
    """

    id: str
    title: str
    versions: Many[str]
    why_not: Many[WhyNot] = ()

    @field_validator('why_not')
    @classmethod
    def _of_its_versions(
        cls, reasons: tuple[WhyNot, ...], info: ValidationInfo
    ) -> tuple[WhyNot, ...]:
        """Refuse a reason for a version that has none before it here."""
        for reason in reasons:
            if reason.version not in info.data.get('versions', ())[1:]:
                raise ValueError(f'no version is before {reason.version}')
        return reasons

    def before(self, version: str) -> str | None:
        """Return the version before one, or None if there is none."""
        pairs = zip(self.versions[1:], self.versions)
        return dict(pairs).get(version)

    def reason(self, version: str) -> str | None:
        """Return why a version isn't compared with the one before it."""
        return {why.version: why.say for why in self.why_not}.get(version)


class SlowServer(Entry):
    """The script that ``--speed`` makes wait less, and how."""

    script: str
    option: str
    default: float


class Contents(Entry):
    """What holds for all parts: the ids of these in order, and the rest."""

    parts: Many[str]
    slow_server: SlowServer = Field(alias='slow-server')
    trails: Many[Trail] = Field((), alias='trail')
    tools: dict[str, Tool] = Field({}, alias='tool')


@dataclass(frozen=True)
class Book:
    """
    The whole manifest.

    base: the directory that its paths start from. chapters: all parts of
    the tutorial in order, those without scripts, too.
    """

    base: Path
    slow_server: SlowServer
    chapters: tuple[Chapter, ...]
    trails: tuple[Trail, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts that have scripts, in order."""
        return tuple(c for c in self.chapters if isinstance(c, Part))

    def chapter(self, id: str) -> Chapter | None:
        """Return the part of that id, with or without scripts, or None."""
        return next((c for c in self.chapters if c.id == id), None)

    def part(self, id: str) -> Part | None:
        """Return the part of that id if it has scripts, or None."""
        chapter = self.chapter(id)
        return chapter if isinstance(chapter, Part) else None

    def gap(self, version: str) -> tuple[str, str] | None:
        """
        Return what a version isn't compared with, though it comes next.

        That is the version before it in its trail, and why not; or None.
        """
        for trail in self.trails:
            before, reason = trail.before(version), trail.reason(version)
            if before is not None and reason is not None:
                return before, reason
        return None

    def new_scripts(self) -> dict[str, list[str]]:
        """Return the scripts of each part that no earlier part runs."""
        seen: set[str] = set()
        new = {}
        for part in self.parts:
            new[part.id] = [s for s in part.scripts if s not in seen]
            seen.update(part.scripts)
        return new
