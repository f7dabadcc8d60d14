"""What the book, its parts, their scenes and commands are."""

import re
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


def _set(text: str) -> str:
    paragraphs = re.split(r'\n\s*\n', text.strip('\n'))
    return '\n\n'.join(
        paragraph
        if paragraph.startswith('    ')
        else ' '.join(paragraph.split())
        for paragraph in paragraphs
    )


Passage = Annotated[str, AfterValidator(_set)]
"""Paragraphs with a blank line between; those set in stay as they are."""

SCRIPT = '{script}'
"""What stands for the reader's script in a scene of an exercise."""

Link = Annotated[str, Field(pattern='^https?://')]


class Entry(BaseModel):
    """An entry of the manifest: it has these fields and no other."""

    model_config = ConfigDict(frozen=True, extra='forbid', strict=True)


E = TypeVar('E', bound=Entry)


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
        # to split takes long, and this is asked of every command of a book
        if not self.text.startswith('cd '):
            return None
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


class File(Entry):
    """
    A file that a scene needs, besides the scripts that its commands name.

    path: where it is. put: where the scene has its copy, if elsewhere (in
    the manifest: ``as``). old, new: a text that it has once, and what the
    copy has in its place.
    """

    path: str
    put: str = Field('', alias='as')
    old: str = ''
    new: str = ''

    @model_validator(mode='before')
    @classmethod
    def _of_path(cls, data: Any) -> Any:
        return {'path': data} if isinstance(data, str) else data


class Scene(Entry):
    """
    Servers to start and, when they listen, commands to run in turn.

    part, number: where it stands; scenes count from 1 in each part, and
        in each exercise.
    exercise: the number of its exercise, if it belongs to one.
    race: the first command takes the sum of its tasks, the second takes
        as long as the slowest; the tour says so with the times it took.
    daemon: the file with the process id of a daemon that it starts.
    tools: what it needs besides the tools of its part; it is left out
        where one of them is missing.
    columns: how wide it draws, if lines must not be wrapped.
    files: what it needs besides the scripts that its commands name.
    """

    part: str
    number: int
    exercise: int | None = None
    title: str
    servers: Many[Command] = ()
    commands: Many[Command]
    race: bool = False
    daemon: str | None = None
    tools: Many[Tool] = ()
    columns: int = 0
    files: Many[File] = ()

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
        of = f'-exercise-{self.exercise}' if self.exercise else ''
        return f'part-{self.part:0>2}{of}-scene-{self.number}'

    @property
    def tries(self) -> bool:
        """Whether it runs the reader's script."""
        texts = [command.text for command in self.all]
        paths = [file.path for file in self.files]
        return any(SCRIPT in text for text in [*texts, *paths])

    def of(self, script: str) -> 'Scene':
        """Return the scene with the path of a script for the reader's."""

        def named(entry: E) -> E:
            data = {
                name: value.replace(SCRIPT, script)
                if isinstance(value, str)
                else value
                for name, value in entry.model_dump(by_alias=True).items()
            }
            return type(entry).model_validate(data)

        return self.model_copy(
            update={
                'servers': tuple(map(named, self.servers)),
                'commands': tuple(map(named, self.commands)),
                'files': tuple(map(named, self.files)),
            }
        )


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


class Find(Entry):
    """
    A place in the source of the installed Twisted.

    module, name: of the function, class or method. line: a text in it.
    """

    module: str
    name: str
    line: str


class Mistake(Entry):
    """
    What is said of an attempt that fails in a certain way.

    All that is given must hold for what it does otherwise first. scene:
    the number of the scene. got: a text of what it prints there, or none if
    it prints nothing. expected: a text of what it should print there.
    never_ends: it takes too long.
    """

    scene: int | None = None
    got: str | None = None
    expected: str | None = None
    never_ends: bool = False
    say: Prose


class Exercise(Entry):
    """
    An exercise of a part.

    part, number: where it stands; exercises count from 1 in each part.
    title: what it is about, in a few words. question, hint: as they are
    shown. start: the script to begin with.
    answer: our script, if there is something to program, and why: what to
    see in it. say: the answer in words, if there isn't. notes: on the
    changes from start to answer. scenes: what an attempt must do, with
    SCRIPT in its place, and what shows that the answer is true. mistakes:
    what is said of attempts that are wrong. finds: what to read in Twisted.
    """

    part: str
    number: int
    title: str
    question: Passage
    hint: Prose
    start: str | None = None
    answer: str | None = None
    why: Prose = ''
    say: Passage = ''
    notes: Many[Note] = Field((), alias='note')
    parametrized: Many[Scene] = Field(alias='scene')
    mistakes: Many[Mistake] = Field((), alias='mistake')
    finds: Many[Find] = Field((), alias='find')

    @model_validator(mode='after')
    def _answered(self) -> 'Exercise':
        tries = any(scene.tries for scene in self.parametrized)
        if self.answer is None:
            if not self.say or self.why or self.start or tries:
                raise ValueError('without `answer` it needs just `say`')
        elif not self.why or self.say or not tries:
            raise ValueError(
                f'with `answer` it needs `why`, and a scene with {SCRIPT}'
            )
        return self

    @property
    def id(self) -> str:
        """The number of the part and its own, like ``17.5``."""
        return f'{self.part}.{self.number}'

    @property
    def change(self) -> Comparison:
        """
        The comparison of where to start and our answer.

        There must be both.
        """
        return Comparison.model_validate(
            {
                'old': self.start,
                'new': self.answer,
                'look': '',
                'note': self.notes,
            }
        )

    @property
    def scenes(self) -> tuple[Scene, ...]:
        """Its scenes, with our answer as the reader's script."""
        script = self.answer or ''
        return tuple(scene.of(script) for scene in self.parametrized)

    @property
    def checks(self) -> tuple[Scene, ...]:
        """Those of its scenes that run the reader's script, with ours."""
        pairs = zip(self.parametrized, self.scenes)
        return tuple(scene for raw, scene in pairs if raw.tries)

    @property
    def scripts(self) -> list[str]:
        """The scripts that its scenes run."""
        commands = (c for scene in self.scenes for c in scene.all)
        return list(dict.fromkeys(c.script for c in commands if c.script))


def _numbered(data: dict[str, Any], field: str, **more: Any) -> dict[str, Any]:
    """Return an entry whose entries of that field know their numbers."""
    match data.get(field):
        case [*entries] if all(isinstance(each, dict) for each in entries):
            numbered = [
                {**each, **more, 'number': number}
                for number, each in enumerate(entries, 1)
            ]
            return {**data, field: numbered}
    return data


class Chapter(Entry):
    """
    A part of the tutorial as a text, with or without scripts.

    text: where to read it. idea: what it is about, in a sentence.
    """

    id: str
    title: str
    text: Link
    idea: Prose
    exercises: Many[Exercise] = Field((), alias='exercise')

    @model_validator(mode='before')
    @classmethod
    def _with_exercises(cls, data: dict[str, Any]) -> dict[str, Any]:
        """Tell each exercise, and each scene of it, where it stands."""
        part = data.get('id')
        data = _numbered(data, 'exercise', part=part)
        match data.get('exercise'):
            case [{'number': _}, *_] as exercises:
                return {
                    **data,
                    'exercise': [
                        _numbered(e, 'scene', part=part, exercise=e['number'])
                        for e in exercises
                    ],
                }
        return data


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
        return _numbered(data, 'scene', part=data.get('id'))

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

    def exercise(self, id: str) -> Exercise | None:
        """Return the exercise of that id, or None."""
        return next((e for e in self.exercises if e.id == id), None)

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """The exercises of all parts, in order."""
        return tuple(e for c in self.chapters for e in c.exercises)

    def new_scripts(self) -> dict[str, list[str]]:
        """Return the scripts of each part that no earlier part runs."""
        seen: set[str] = set()
        new = {}
        for part in self.parts:
            new[part.id] = [s for s in part.scripts if s not in seen]
            seen.update(part.scripts)
        return new
