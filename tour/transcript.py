"""How output becomes a transcript: what is a fact, and what is not."""

import re
from pathlib import Path

from tour.book import Command, Scene
from tour.playing import Played
from tour.ports import Ports

DIRECTORY = Path('tests', 'transcripts')
"""Where the transcripts are, below the base directory."""

ALTERNATIVE = '\n[or]\n\n'
"""What stands between the outcomes of a scene that depends on chance."""

_LOGGED = re.compile(r'^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d[+-]\d{4} ')
_TRIAL = re.compile(r'^(Ran \d+ tests? in )[\d.]+s$')
_TWISTD = re.compile(r'twistd [\d.]+\S* \(\S+ [\d.]+\S*\)')
_ELAPSED = re.compile(r'\b\d+:\d\d:\d\d(\.\d+)?\b')
_AT = re.compile(r'\b0x[0-9a-f]+\b')
_LOCAL_PORT = re.compile(r'((?:127\.0\.0\.1:|port=|on port ))(\d+)')
_PROGRESS = re.compile(r'(Task \d+: got )(\d+)( bytes of poetry from \S.*)')
_SENDING = re.compile(r'Sending (\d+) bytes')
_FAILED = re.compile(r'Cummingsify failed!$|The poem download failed')
_FRAME = re.compile(r'  File "([^"]+)", line \d+')
_FAILURE_FRAME = re.compile(r'(\S+\.py):\d+:[\w<>]+')
_GHC = re.compile(r'(\[\d+ of \d+\] (Compiling|Linking)|Linking) .*')
_PROCESS = re.compile(r'(?<=Error in process )<\d+\.\d+\.\d+>')
_REPORT = re.compile(r'^(=\w+ REPORT====) \S+ ===$')
_MARKS = re.compile(r'\s+[~^]+$')


def path(base: Path, scene: Scene) -> Path:
    """Return where the transcript of the scene is kept."""
    return base / DIRECTORY / f'{scene.name}.txt'


def blocks(base: Path, scene: Scene) -> list[tuple[Command, str]]:
    """
    Return what the scene's transcript has of each of its commands.

    Of a scene with several outcomes it is the first. Raises OSError if
    there is no transcript, and ValueError if it isn't one of this scene.
    """
    text, *_ = path(base, scene).read_text('utf-8').split(ALTERNATIVE)
    found = re.split(r'\n+(?=\$ )', text.rstrip('\n'))
    commands = [block.split('\n', 1)[0] for block in found]
    if commands != [f'$ {command.text}' for command in scene.all]:
        raise ValueError(f'{scene.name} has the commands {commands}')
    return list(zip(scene.all, found))


def transcript(directory: Path, ports: Ports, played: list[Played]) -> str:
    """
    Return the transcript of a scene: every command and what it printed.

    directory, ports: where it was played. The ports become those that the
    commands were given, or PORT; times and addresses in memory become
    placeholders, paths relative. The frames of other people's code, what a
    compiler says of its work, sizes and order of pieces that came over the
    network, and the order of poems that arrive at about the same time are
    left out.
    """
    poems = _poems(directory)
    blocks = []
    for program in played:
        lines = [_plain(line, directory, ports) for line in program.lines]
        lines = [line for line in lines if not _GHC.fullmatch(line)]
        lines = _without_strange_frames(lines, program.command.script)
        lines = _progress_first(lines, poems)
        lines = _without_pieces(lines)
        lines = _without_sends(lines, {len(p.encode()) for p in poems})
        lines = _in_order(lines, poems)
        block = [f'$ {program.command.text}', *lines]
        if program.status:
            block.append(f'[exit code {program.status}]')
        blocks.append('\n'.join(block) + '\n')
    return '\n'.join(blocks)


def _plain(line: str, directory: Path, ports: Ports) -> str:
    """Return the line without this run's times, addresses and paths."""
    line = ports.written(line.replace(f'{directory}/', ''))
    line = _LOGGED.sub('YYYY-MM-DD HH:MM:SS+ZZZZ ', line)
    line = _TRIAL.sub(r'\1S.SSSs', line)
    line = _TWISTD.sub('twistd VERSION (PYTHON VERSION)', line)
    line = _REPORT.sub(r'\1 DD-Mon-YYYY::HH:MM:SS ===', line)
    line = _ELAPSED.sub('H:MM:SS', line)
    line = _AT.sub('0x...', line)
    line = _PROCESS.sub('<0.N.0>', line)
    return _LOCAL_PORT.sub(_port, line)


def _port(match: re.Match) -> str:
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
    return sorted(lines, key=lambda line: not _PROGRESS.fullmatch(line))


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
