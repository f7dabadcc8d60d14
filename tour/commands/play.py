"""``tour PART``: plays the scenes of a part, and teaches it."""

import argparse
from pathlib import Path
from typing import Any

from rich.text import Text

from tour import arguments, race, teaching, tools
from tour.book import Book, Part, Scene
from tour.by_hand import ByHand
from tour.errors import SceneError, UsageError
from tour.keyboard import keyboard
from tour.pace import Pace
from tour.place import here, reserved
from tour.playing import play
from tour.running import run as run_in_reactor
from tour.screen import Screen
from tour.showing import Show, title
from tour.window import Window

BEFORE_SCENE = 'Enter: play it, s: skip it, q: quit'
BEFORE_END = 'Enter: what to look at now, q: quit'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    arguments.add_scenes(parser)
    parser.add_argument(
        '--dry-run',
        action='store_true',
        help='just print what to type in which terminal',
    )
    parser.add_argument(
        '--no-pause',
        action='store_true',
        help='never wait for the Enter key',
    )
    parser.add_argument(
        '--every-line',
        action='store_true',
        help='show every line, as the programs print it',
    )


def run(args: argparse.Namespace, book: Book, screen: Screen) -> None:
    """List the parts, or print the commands of one, or play it."""
    if args.part is None:
        if args.scene is not None:
            raise UsageError(
                f'Scene {args.scene} of which part? Name it first:',
                help=[f'tour PART --scene {args.scene}'],
            )
        screen.page(teaching.contents(book, screen))
        return
    if args.scene is None and _is_text(book, args.part, screen):
        return
    part = arguments.part_of(book, args.part)
    scenes = arguments.scenes_of(book, args)
    pace = arguments.pace_of(args)
    if args.dry_run:
        _print_commands(book, part, scenes, pace, screen)
        return
    arguments.demand_tools([part])
    with reserved(book, scenes):
        run_in_reactor(
            lambda reactor: _play(reactor, book, part, scenes, args, screen)
        )


def _is_text(book: Book, id: str, screen: Screen) -> bool:
    """Tell of a part without scripts; return False if it isn't one."""
    chapter = book.chapter(id)
    if chapter is None or isinstance(chapter, Part):
        return False
    screen.show(
        *teaching.opening(book, chapter, screen),
        *teaching.practice(chapter),
        *teaching.onwards(book, chapter, screen),
    )
    return True


def _print_commands(
    book: Book, part: Part, scenes: list[Scene], pace: Pace, screen: Screen
) -> None:
    """Print what to type by hand."""
    by_hand = ByHand(book, pace, Path.cwd())
    screen.remark(f'# {teaching.name_of(book, part)}')
    screen.text('')
    screen.show(*by_hand.preparation())
    for scene in scenes:
        screen.show(*by_hand.scene(scene, len(part.scenes)))


async def _play(
    reactor: Any,
    book: Book,
    part: Part,
    scenes: list[Scene],
    args: argparse.Namespace,
    screen: Screen,
) -> None:
    """Play scenes for somebody who watches; raise SceneError."""
    is_whole = args.scene is None
    keys = None
    if screen.is_terminal and not args.no_pause:
        keys = keyboard(reactor)
    window = Window(screen, reactor, keys)
    try:
        opening = teaching.opening(book, part, screen)
        window.show(*(opening if is_whole else opening[:1]))
        for scene in scenes:
            title(window, scene, len(part.scenes))
            if lines := tools.missing_in(scene):
                for line in lines:
                    text = window.screen.wrapped(f'Left out: {line}', 'remark')
                    window.show(text)
                continue
            answer = ''
            if window.waits and is_whole:
                answer = await _ask(window, BEFORE_SCENE, '', 's', 'q')
            if answer == 'q':
                return
            if answer != 's':
                await _play_scene(reactor, window, book, scene, args)
        if is_whole:
            if window.waits:
                window.show(Text(''))
                if await _ask(window, BEFORE_END, '', 'q') == 'q':
                    return
            window.show(*teaching.closing(book, part, screen))
        await window.all_shown()
    finally:
        window.close()


async def _ask(window: Window, question: str, *answers: str) -> str:
    """Ask until there is one of these answers; no answer at all is q."""
    while True:
        answer = await window.ask(question)
        if answer is None:
            return 'q'
        if answer.lower() in answers:
            return answer.lower()


async def _play_scene(
    reactor: Any,
    window: Window,
    book: Book,
    scene: Scene,
    args: argparse.Namespace,
) -> None:
    with here(book, scene, arguments.pace_of(args)) as place:
        show = Show(window, place, args.every_line)
        show.begin()
        try:
            played = await play(reactor, place, show)
        except SceneError:
            show.end()
            await window.all_shown()
            raise
        show.end()
    if scene.race:
        window.show(Text(''))
        for line in race.outcome(*played[len(scene.servers) :]):
            window.show(window.screen.wrapped(line, 'remark'))
