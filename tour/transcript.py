"""How output becomes a transcript: what is a fact, and what is not."""

import re
from pathlib import Path

from tour.chapters import Chapters, Scene
from tour.ports import Ports
from tour.scene import Played, Staging, play

DIRECTORY = Path('tests', 'transcripts')
"""Where the transcripts are, below the base directory."""

SPEED = 5
"""How much the slow servers are hurried when transcripts are made."""

_ELAPSED = re.compile(r'\b\d+:\d\d:\d\d(\.\d+)?\b')
_AT = re.compile(r'\b0x[0-9a-f]+\b')
_LOCAL_PORT = re.compile(r'((?:127\.0\.0\.1:|port=|on port ))(\d+)')
_PROGRESS = re.compile(r'(Task \d+: got )(\d+)( bytes of poetry from \S.*)')
_SENDING = re.compile(r'Sending (\d+) bytes')
_FRAME = re.compile(r'  File "([^"]+)", line \d+')
_FAILURE_FRAME = re.compile(r'(\S+\.py):\d+:[\w<>]+')
_MARKS = re.compile(r'\s+[~^]+$')


def path(base: Path, scene: Scene) -> Path:
    """Return where the transcript of the scene is kept."""
    return base / DIRECTORY / f'{scene.name}.txt'


async def made(reactor, chapters: Chapters, scene: Scene, speed: float) -> str:
    """
    Play the scene on ports of its own and return its transcript.

    speed: the slow servers wait this many times less. Raises SceneError.
    """
    texts = [command.text for command in scene.servers + scene.commands]
    ports = Ports(texts, keep=False)
    staging = Staging(chapters.base, chapters.slow_server, speed)
    try:
        played = await play(reactor, scene, ports, staging)
    finally:
        ports.release()
    return transcript(chapters, scene, ports, played)


def transcript(
    chapters: Chapters, scene: Scene, ports: Ports, played: list[Played]
) -> str:
    """
    Return the transcript of a scene: every command and what it printed.

    Ports become the ones that the commands were given, or PORT; times and
    addresses in memory become placeholders, paths relative. The frames of
    other people's code, sizes and order of pieces that came over the
    network, and the order of poems that arrive at about the same time are
    left out.
    """
    poems = _poems(chapters.base)
    blocks = []
    for program in played:
        lines = [_plain(line, chapters.base, ports) for line in program.lines]
        lines = _without_strange_frames(lines, program.command.script)
        lines = _without_pieces(lines)
        lines = _without_sends(lines, {len(p.encode()) for p in poems})
        lines = _in_order(lines, poems)
        block = [f'$ {program.command.text}', *lines]
        if program.status:
            block.append(f'[exit code {program.status}]')
        blocks.append('\n'.join(block) + '\n')
    return '\n'.join(blocks)


def _plain(line: str, base: Path, ports: Ports) -> str:
    """Return the line without this run's times, addresses and paths."""
    line = ports.written(line.replace(f'{base}/', ''))
    line = _ELAPSED.sub('H:MM:SS', line)
    line = _AT.sub('0x...', line)
    return _LOCAL_PORT.sub(_port, line)


def _port(match: re.Match) -> str:
    # the ports of the commands are below 12000, those of the system above
    return match[1] + (match[2] if int(match[2]) < 12000 else 'PORT')


def _without_strange_frames(lines: list[str], script: str | None) -> list[str]:
    """Put ``...`` for frames of a traceback that aren't in the script."""
    kept: list[str] = []
    strange = False
    for line in lines:
        frame = _FRAME.match(line) or _FAILURE_FRAME.fullmatch(line)
        if frame:
            strange = frame[1] != script
            if strange and (not kept or kept[-1] != '  ...'):
                kept.append('  ...')
        elif not line.startswith('    '):
            strange = False
        if not strange and not _MARKS.fullmatch(line):
            kept.append(line)
    return kept


def _without_pieces(lines: list[str]) -> list[str]:
    """Put one line per task for a run of lines about received pieces."""
    kept: list[str] = []
    run: list[re.Match] = []
    for line in [*lines, '']:
        progress = _PROGRESS.fullmatch(line)
        if progress and not _ELAPSED.search(line):
            run.append(progress)
            continue
        kept += _summed(run)
        run = []
        kept.append(line)
    return kept[:-1]


def _summed(run: list[re.Match]) -> list[str]:
    pieces: dict[tuple[str, str], list[int]] = {}
    for match in run:
        pieces.setdefault((match[1], match[3]), []).append(int(match[2]))
    return [
        f'{got}{"n + ... + n = " if len(sizes) > 1 else ""}{sum(sizes)}{rest}'
        for (got, rest), sizes in sorted(pieces.items())
    ]


def _without_sends(lines: list[str], whole: set[int]) -> list[str]:
    """
    Put two lines for a run of lines about sent pieces: the first of them,
    and a sum if it is that of a whole poem.
    """
    kept: list[str] = []
    run: list[str] = []
    for line in [*lines, '']:
        if _SENDING.fullmatch(line):
            run.append(line)
            continue
        if run:
            total = sum(int(_SENDING.fullmatch(send)[1]) for send in run)
            end = f'{total} bytes' if total in whole else 'the client left'
            kept += [run[0], f'... ({end})']
            run = []
        kept.append(line)
    return kept[:-1]


def _poems(base: Path) -> list[str]:
    files = sorted((base / 'poetry').glob('*.txt'))
    return [file.read_text('utf-8') for file in files]


def _in_order(lines: list[str], poems: list[str]) -> list[str]:
    """Sort poems that were printed one right after the other."""
    printed = [poem.split('\n') for poem in poems]
    kept: list[str] = []
    run: list[list[str]] = []
    at = 0
    while at <= len(lines):
        found = [p for p in printed if lines[at : at + len(p)] == p]
        if found:
            run.append(found[0])
            at += len(found[0])
            continue
        kept += [line for poem in sorted(run) for line in poem]
        run = []
        kept += lines[at : at + 1]
        at += 1
    return kept
