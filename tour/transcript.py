"""How output becomes a transcript: what is a fact, and what is not."""

import re
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from tour.book import Command, Scene
from tour.pieces import Piece, fold, piece_of
from tour.ports import Ports

if TYPE_CHECKING:
    from tour.playing import Played

DIRECTORY = Path('tests', 'transcripts')
"""Where the transcripts are, below the base directory."""

_LOGGED = re.compile(r'^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d[+-]\d{4} ')
_TRIAL = re.compile(r'^(Ran \d+ tests? in )[\d.]+s$')
_TWISTD = re.compile(r'twistd [\d.]+\S* \(\S+ [\d.]+\S*\)')
_ELAPSED = re.compile(r'\b\d+:\d\d:\d\d(\.\d+)?\b')
# an abort may reach a client before it has noticed that it was connected
_RESET = re.compile(
    r"error\.ConnectError'>: An error occurred while connecting: \d+:"
    r' Connection reset by peer\.'
)
_LOST = (
    "error.ConnectionLost'>: Connection to the other side was lost in a"
    ' non-clean fashion.'
)
_AT = re.compile(r'\b0x[0-9a-f]+\b')
_LOCAL_PORT = re.compile(r'((?:127\.0\.0\.1:|port=|on port ))(\d+)')
# the last, since Erlang's runtime may write to stderr after writing to stdout
_FAILED = re.compile(
    r'Cummingsify failed!$|The poem download failed|Cannot connect to '
)
_FRAME = re.compile(r'  File "([^"]+)", line \d+')
_FAILURE_FRAME = re.compile(r'(\S+\.py):\d+:[\w<>]+')
_GHC = re.compile(r'(\[\d+ of \d+\] (Compiling|Linking)|Linking) .*')
_PROCESS = re.compile(r'(?<=Error in process )<\d+\.\d+\.\d+>')
_REPORT = re.compile(r'^(=\w+ REPORT====) \S+ ===$')
_PID = re.compile(r'(?<=is running, PID )\d+')
_GHCI = re.compile(r'^GHCi, version \S+ \S+')
_GHCI_PROMPT = re.compile(r'^Prelude> ')
_MARKS = re.compile(r'\s+[~^]+$')


def path(base: Path, scene: Scene) -> Path:
    """Return where the transcript of the scene is kept."""
    return base / DIRECTORY / f'{scene.name}.txt'


def blocks(base: Path, scene: Scene) -> list[tuple[Command, str]]:
    """
    Return what the scene's transcript has of each of its commands.

    A command with several outcomes is there once for each. Raises OSError
    if there is no transcript, and ValueError if it isn't one of this scene.
    """
    text = path(base, scene).read_text('utf-8')
    found = re.split(r'\n+(?=\$ )', text.rstrip('\n'))
    commands = [block.split('\n', 1)[0] for block in found]
    run = [command for command in scene.all for _ in range(command.outcomes)]
    if commands != [f'$ {command.text}' for command in run]:
        raise ValueError(f'{scene.name} has the commands {commands}')
    return list(zip(run, found))


def transcript(directory: Path, ports: Ports, played: 'list[Played]') -> str:
    """
    Return the transcript of a scene: every command and what it printed.

    directory, ports: where it was played. The ports become those that the
    commands were given, or PORT; times and addresses in memory become
    placeholders, paths relative. The frames of other people's code, what a
    compiler says of its work, sizes and order of pieces that came over the
    network, and the order of poems that arrive at about the same time are
    left out. A command that was run again and again has a block for each of
    its outcomes, and its servers say just once what they say at each run.
    """
    poems = _poems(directory)
    is_repeated = any(program.command.outcomes > 1 for program in played)
    blocks: list[str] = []
    for command, runs in groupby(played, lambda program: program.command):
        texts = []
        for program in runs:
            lines = [plain(line, directory, ports) for line in program.lines]
            lines = _facts(lines, command, poems)
            if is_repeated and command.outcomes == 1:
                lines = _once(lines)
            block = [f'$ {command.text}', *lines]
            if program.status:
                block.append(f'[exit code {program.status}]')
            texts.append('\n'.join(block) + '\n')
        blocks += sorted(set(texts)) if command.outcomes > 1 else texts
    return '\n'.join(blocks)


def _facts(lines: list[str], command: Command, poems: list[str]) -> list[str]:
    """Return plain lines without what is chance or other people's."""
    lines = [line for line in lines if not _GHC.fullmatch(line)]
    lines = _without_strange_frames(lines, command.script)
    lines = _progress_first(lines, poems)
    lines = _without_pieces(lines, {len(p.encode()) for p in poems})
    return _in_order(lines, poems)


def _once(lines: list[str]) -> list[str]:
    """Keep of lines that are repeated, in a row, one of each."""
    kept: list[str] = []
    for line in lines:
        kept.append(line)
        for size in range(1, len(kept) // 2 + 1):
            if kept[-size:] == kept[-2 * size : -size]:
                del kept[-size:]
                break
    return kept


def plain(line: str, directory: Path, ports: Ports) -> str:
    """Return the line without this run's times, addresses and paths."""
    line = ports.written(line.replace(f'{directory}/', ''))
    line = _LOGGED.sub('YYYY-MM-DD HH:MM:SS+ZZZZ ', line)
    line = _TRIAL.sub(r'\1S.SSSs', line)
    line = _TWISTD.sub('twistd VERSION (PYTHON VERSION)', line)
    line = _REPORT.sub(r'\1 DD-Mon-YYYY::HH:MM:SS ===', line)
    line = _ELAPSED.sub('H:MM:SS', line)
    line = _RESET.sub(_LOST, line)
    line = _AT.sub('0x...', line)
    line = _PROCESS.sub('<0.N.0>', line)
    line = _PID.sub('NNNN', line)
    line = _GHCI.sub('GHCi, version VERSION: LINK', line)
    line = _GHCI_PROMPT.sub('ghci> ', line)
    return _LOCAL_PORT.sub(_port, line)


def _port(match: re.Match[str]) -> str:
    # the ports of the commands are below 12000, those of the system above
    return match[1] + (match[2] if int(match[2]) < 12000 else 'PORT')


def _without_strange_frames(lines: list[str], script: str | None) -> list[str]:
    """Put ``...`` for frames of a traceback that aren't in the script."""
    kept: list[str] = []
    strange = False
    for line in lines:
        # Twisted's log sets tracebacks in by a tab
        tab = '\t' if line.startswith('\t') else ''
        plain = line.removeprefix(tab)
        frame = _FRAME.match(plain) or _FAILURE_FRAME.fullmatch(plain)
        if frame:
            strange = frame[1] != script
            if strange and (not kept or kept[-1] != f'{tab}  ...'):
                kept.append(f'{tab}  ...')
        elif not plain.startswith('    '):
            strange = False
        if not strange and not _MARKS.fullmatch(line):
            kept.append(line)
    return kept


def _progress_first(lines: list[str], poems: list[str]) -> list[str]:
    """
    Put lines about received pieces first, where poems are printed, too.

    Whether a piece comes before or after another task's poem is chance.
    """
    text = '\n'.join(lines)
    if not any(poem in text for poem in poems):
        return lines
    return sorted(lines, key=lambda line: piece_of(line) is None)


def _without_pieces(lines: list[str], whole: set[int]) -> list[str]:
    """
    Fold runs of lines about pieces that were sent or received.

    whole: the sizes of the poems, as what else was sent has no size to
    rely on.
    """

    def end(total: int) -> str:
        return f'{total} bytes' if total in whole else 'not the whole poem'

    kept: list[str] = []
    run: list[Piece] = []
    for line in [*lines, '']:
        if piece := piece_of(line):
            run.append(piece)
            continue
        kept += fold(run, end)
        run = []
        kept.append(line)
    return kept[:-1]


def _poems(directory: Path) -> list[str]:
    files = sorted((directory / 'poetry').glob('*.txt'))
    poems = [file.read_text('utf-8') for file in files]
    return poems + [poem.lower() for poem in poems]


def _in_order(lines: list[str], poems: list[str]) -> list[str]:
    """
    Sort poems that were printed one right after the other, and what was
    said in between about single ones.
    """
    printed = [poem.split('\n') for poem in poems]
    kept: list[str] = []
    run: list[list[str]] = []
    at = 0
    while at <= len(lines):
        found = [p for p in printed if lines[at : at + len(p)] == p]
        if at < len(lines) and _FAILED.match(lines[at]):
            found = [lines[at : at + 1]]
        if found:
            run.append(found[0])
            at += len(found[0])
            continue
        run.sort(key=lambda item: (len(item) > 1, item))
        kept += [line for item in run for line in item]
        run = []
        kept += lines[at : at + 1]
        at += 1
    return kept
