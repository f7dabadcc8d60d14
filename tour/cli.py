"""The command line of the tour."""

import argparse
import signal
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path

from twisted.internet import task
from twisted.internet.defer import CancelledError, Deferred

from tour import chapters, race, timeline, tools, transcript
from tour.chapters import Chapters, Comparison, Part, Scene
from tour.diff import DiffError, folded, patch
from tour.ports import Ports
from tour.scene import (
    Played,
    SceneError,
    Staging,
    command_lines,
    label,
    play,
)
from tour.screen import Screen
from tour.table import table

COMMANDS = ('play', 'diff', 'timeline', 'record', 'table')
"""The words that ``tour`` understands, besides the number of a part."""

INTERRUPTED = 128 + signal.SIGINT
"""The exit code after Ctrl-C."""


def main() -> None:
    """Run the tour as the command line says, and exit."""
    try:
        _main(_parse_args(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _main(args: argparse.Namespace) -> None:
    screen = Screen(sys.stdout)
    try:
        book = chapters.load(args.chapters)
    except chapters.ChaptersError as error:
        sys.exit(str(error))

    if args.command == 'table':
        screen.text(table(book))
        return
    if args.command == 'diff':
        _diff(book, args.versions, screen)
        return
    if args.command == 'timeline':
        part = _part(book, args.part)
        _demand_tools([part])
        path = args.output or Path(f'timeline-{part.id}.svg')
        _run(
            lambda reactor: _timeline(
                reactor, book, part, args.speed, path, screen
            )
        )
    if args.part is None and args.command == 'play':
        _list(book, screen)
        return

    scenes = _scenes(book, args)
    speed = transcript.SPEED if args.command == 'record' else 1
    staging = Staging(
        book.base,
        book.slow_server,
        args.speed or speed,
        args.patience,
        screen.command,
        screen.line,
    )
    if args.command == 'record' or not args.dry_run:
        parts = {scene.part for scene in scenes}
        _demand_tools([part for part in book.parts if part.id in parts])
    if args.command == 'record':
        _run(lambda reactor: _record(reactor, book, scenes, staging, screen))
    elif args.dry_run:
        _dry_run(scenes, staging, screen)
    else:
        part = book.part(args.part)
        screen.heading(_title(part))
        _run(lambda reactor: _play(reactor, scenes, staging, screen))


def _parse_args(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog='tour',
        usage='%(prog)s [PART [--scene N] [--dry-run] [--speed X]]\n'
        '       %(prog)s diff [PART | OLD NEW]\n'
        '       %(prog)s timeline PART [--speed X] [--output FILE]\n'
        '       %(prog)s record [PART [--scene N]]\n'
        '       %(prog)s table',
        description='Play the scripts of a part of the tutorial, or list'
        ' the parts.',
    )
    subparsers = parser.add_subparsers(
        prog='tour', dest='command', metavar='COMMAND'
    )

    manifest = argparse.ArgumentParser(add_help=False)
    manifest.add_argument(
        '--chapters',
        type=Path,
        default=chapters.BASE / 'chapters.toml',
        metavar='FILE',
        help='another manifest than chapters.toml',
    )

    common = argparse.ArgumentParser(add_help=False, parents=[manifest])
    common.add_argument(
        'part', nargs='?', metavar='PART', help='the part of the tutorial'
    )
    common.add_argument(
        '--scene', type=_positive(int), metavar='N', help='just this scene'
    )
    common.add_argument(
        '--speed',
        type=_positive(float),
        metavar='X',
        help='the slow servers wait X times less',
    )
    common.add_argument(
        '--patience',
        type=_positive(float),
        default=Staging.patience,
        metavar='S',
        help='seconds that a server may take to listen, and a program to'
        ' end after Ctrl-C (default: %(default)s)',
    )

    play_parser = subparsers.add_parser(
        'play',
        parents=[common],
        usage='tour PART [--scene N] [--dry-run] [--speed X]',
        help='run the scenes of a part (the word play may be left out)',
    )
    play_parser.add_argument(
        '--dry-run', action='store_true', help='just print the commands'
    )

    diff_parser = subparsers.add_parser(
        'diff',
        parents=[manifest],
        usage='tour diff [PART | OLD NEW]',
        help='show what changes from one version to the next, or list the'
        ' versions to compare',
    )
    diff_parser.add_argument(
        'versions',
        nargs='*',
        metavar='PART | OLD NEW',
        help='the part of the tutorial, or the paths of two scripts',
    )

    timeline_parser = subparsers.add_parser(
        'timeline',
        parents=[manifest],
        usage='tour timeline PART [--speed X] [--output FILE]',
        help='run the clients of a part and draw what they receive, and when',
    )
    timeline_parser.add_argument(
        'part', metavar='PART', help='the part of the tutorial'
    )
    timeline_parser.add_argument(
        '--speed',
        type=_positive(float),
        default=1,
        metavar='X',
        help='the slow servers wait X times less',
    )
    timeline_parser.add_argument(
        '--output',
        type=Path,
        metavar='FILE',
        help='an .svg or .png file (default: timeline-PART.svg)',
    )

    subparsers.add_parser(
        'record',
        parents=[common],
        help='run scenes and write down what they print',
    )

    subparsers.add_parser(
        'table',
        parents=[manifest],
        help='print the table of parts that stands in the README',
    )

    if not words or words[0] not in ('-h', '--help', *COMMANDS):
        words = ['play', *words]
    return parser.parse_args(words)


def _positive(kind: type) -> Callable[[str], float]:
    """Return a function that makes numbers above 0 of text."""

    def number(text: str) -> float:
        value = kind(text)
        if not 0 < value < float('inf'):
            raise ValueError(text)
        return value

    number.__name__ = 'number above 0'
    return number


def _title(part: Part) -> str:
    return f'Part {part.id}: {part.title}'


def _list(book: Chapters, screen: Screen) -> None:
    for part in book.parts:
        count = len(part.scenes)
        scenes = '1 scene' if count == 1 else f'{count} scenes'
        screen.remark(f'tour {part.id:<3} {part.title} ({scenes})')


def _diff(book: Chapters, versions: list[str], screen: Screen) -> None:
    """List the versions to compare, or show the differences asked for."""
    comparisons = []
    match versions:
        case []:
            _list_comparisons(book, screen)
            return
        case [id]:
            comparisons = list(_part(book, id).comparisons)
            if not comparisons:
                sys.exit(f'Part {id} has no versions to compare.')
        case [old, new]:
            comparisons = [Comparison(*_paths(book, old, new), '')]
        case _:
            sys.exit('Name a part, or two scripts: tour diff [PART | OLD NEW]')
    try:
        lines = [
            line
            for comparison in comparisons
            for line in _difference(book, comparison, screen)
        ]
    except DiffError as error:
        sys.exit(str(error))
    screen.page(lines[:-1])


def _paths(book: Chapters, *names: str) -> list[str]:
    """
    Return the paths of two scripts, relative to the base directory.

    They may be given relative to it, or to the current directory.
    """
    paths = []
    for name in names:
        path = book.base / name
        if not path.exists():
            path = Path(name).absolute()
        if path.is_relative_to(book.base):
            path = path.relative_to(book.base)
        paths.append(str(path))
    return paths


def _difference(
    book: Chapters, comparison: Comparison, screen: Screen
) -> list[str]:
    """Return what to print of two versions, and a blank line."""
    old, new = comparison.old, comparison.new
    if screen.coloured:
        lines = screen.difference(folded(book.base, old, new))
    else:
        lines = patch(book.base, old, new)
    if not lines:
        lines = [f'{old} and {new} are the same.']
    look = [screen.quiet(comparison.look)] if comparison.look else []
    head = [screen.strong(f'{old} -> {new}'), *look, '']
    if not look and not screen.coloured:
        head = []  # nothing but the patch
    return [*head, *lines, '']


def _list_comparisons(book: Chapters, screen: Screen) -> None:
    lines = []
    for part in book.parts:
        if part.comparisons:
            lines += [screen.strong(_title(part))]
        for comparison in part.comparisons:
            lines += [
                f'  tour diff {comparison.old} {comparison.new}',
                screen.quiet(f'      {comparison.look}'),
            ]
    screen.page(lines)


def _part(book: Chapters, id: str) -> Part:
    """Return the part of that id; exit with a list if there is none."""
    if part := book.part(id):
        return part
    screen = Screen(sys.stderr)
    screen.error(f'There is no part {id}. These are the parts:')
    _list(book, screen)
    sys.exit(2)


def _scenes(book: Chapters, args: argparse.Namespace) -> list[Scene]:
    """Return the scenes asked for; exit with a list if there are none."""
    parts = book.parts if args.part is None else [_part(book, args.part)]
    scenes = [scene for part in parts for scene in part.scenes]
    found = [s for s in scenes if args.scene in (None, s.number)]
    if not found:
        screen = Screen(sys.stderr)
        screen.error(f'There is no scene {args.scene}. These are the scenes:')
        for scene in scenes:
            words = f'tour {scene.part} --scene {scene.number}'
            screen.remark(f'{words}  {scene.title}')
        sys.exit(2)
    return found


def _demand_tools(parts: list[Part]) -> None:
    """Exit if a tool is missing that one of the parts needs."""
    lines = [line for part in parts for line in tools.missing(part)]
    if lines:
        sys.exit('\n'.join(lines))


def _announce(scene: Scene, lines: list[str], screen: Screen) -> None:
    labels = [
        label(command, line)
        for command, line in zip(scene.all, lines)
        if command.goes_to is None
    ]
    screen.scene(f'Scene {scene.number}: {scene.title}', labels)


def _texts(scene: Scene) -> list[str]:
    return [command.text for command in scene.all]


def _dry_run(scenes: list[Scene], staging: Staging, screen: Screen) -> None:
    for scene in scenes:
        lines = command_lines(scene, Ports([]), staging)
        _announce(scene, lines, screen)
        for line in lines:
            screen.command('', line)


async def _play(
    reactor, scenes: list[Scene], staging: Staging, screen: Screen
) -> None:
    """Play scenes for somebody who watches; raise SceneError."""
    races: list[list[Played]] = []
    for scene in scenes:
        ports = Ports(_texts(scene))
        try:
            _announce(scene, command_lines(scene, ports, staging), screen)
            for port, replacement in ports.replaced.items():
                screen.remark(
                    f'Port {port} is taken: using {replacement} instead.'
                )
            played = await play(reactor, scene, ports, staging)
        finally:
            ports.release()
        if scene.race:
            races.append(played[len(scene.servers) :])
    for blocking, asynchronous in races:
        screen.remark('')
        for line in race.outcome(blocking, asynchronous):
            screen.remark(line)


async def _timeline(
    reactor,
    book: Chapters,
    part: Part,
    speed: float,
    path: Path,
    screen: Screen,
) -> None:
    """Draw the clients of a part; raise SceneError or TimelineError."""

    def announce(scene: Scene) -> None:
        screen.remark(f'Scene {scene.number}: {scene.title}')

    timeline.check(path)
    clients = await timeline.clients_of(reactor, book, part, speed, announce)
    timeline.draw(clients, _title(part), path)
    screen.remark(f'{path}: written')


async def _record(
    reactor,
    book: Chapters,
    scenes: list[Scene],
    staging: Staging,
    screen: Screen,
) -> None:
    """Play scenes and write their transcripts; raise SceneError."""
    for scene in scenes:
        text = await transcript.outcomes(
            reactor, book, scene, staging.speed, staging.patience
        )
        path = transcript.path(book.base, scene)
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text('utf-8') if path.exists() else None
        path.write_text(text, 'utf-8')
        news = 'as it was' if before == text else 'written'
        screen.remark(f'{path.relative_to(book.base)}: {news}')


def _run(function: Callable[..., Coroutine]) -> None:
    """
    Run a coroutine function in the reactor, and exit.

    On Ctrl-C, SIGTERM and SIGHUP it is cancelled and may end its
    processes; until it has, nothing else interrupts it.
    """

    async def run(reactor) -> None:
        # from here on the reactor minds signals
        await task.deferLater(reactor, 0)
        cleaned_up: Deferred = Deferred()
        running = Deferred.fromCoroutine(function(reactor))

        def interrupt() -> Deferred:
            for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(signum, signal.SIG_IGN)
            running.cancel()
            return cleaned_up

        trigger = reactor.addSystemEventTrigger(
            'before', 'shutdown', interrupt
        )
        signal.signal(
            signal.SIGHUP, lambda *_: reactor.callFromThread(reactor.stop)
        )
        code = 0
        try:
            await running
            reactor.removeSystemEventTrigger(trigger)
        except (SceneError, timeline.TimelineError) as error:
            print(error, file=sys.stderr)
            code = 1
            reactor.removeSystemEventTrigger(trigger)
        except CancelledError:
            print('Interrupted.', file=sys.stderr)
            code = INTERRUPTED
        finally:
            cleaned_up.callback(None)
        raise SystemExit(code)

    task.react(run)
