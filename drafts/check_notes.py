"""
Check the drafts of notes against the scripts and the manifest.

    python drafts/check_notes.py [--base DIRECTORY] [-v]

Every `at` must be in exactly one changed line of its comparison, every
question must belong to a scene that there is, and every `why_not` to a version
of a trail that isn't compared with the one before it. Hunks without a note are
listed; so are, with -v, the single changes within a hunk that has one.
"""

import argparse
import difflib
import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

CONTEXT = 3
"""Unchanged lines around a change, as `tour diff` shows them."""

DRAFTS = Path(__file__).resolve().parent / 'notes'


@dataclass(frozen=True)
class Change:
    """
    Lines of the old version, and the lines that took their place.

    hunk: the number of its hunk; hunks count from 1.
    """

    hunk: int
    old: tuple[str, ...]
    new: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """All of its lines, as they are."""
        return self.old + self.new

    @property
    def plain(self) -> bool:
        """Whether it is plain at sight: blank, a docstring or an import."""
        return all(
            not line.strip() or re.match(r'"""|-- \||(from|import)\b', line)
            for line in self.lines
        )


def changes(base: Path, old: str, new: str) -> list[Change]:
    """Return what changed between two files, in order."""
    before, after = (
        (base / path).read_text('utf-8').splitlines() for path in (old, new)
    )
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    return [
        Change(number, tuple(before[i1:i2]), tuple(after[j1:j2]))
        for number, group in enumerate(matcher.get_grouped_opcodes(CONTEXT), 1)
        for opcode, i1, i2, j1, j2 in group
        if opcode != 'equal'
    ]


def manifest(base: Path) -> dict:
    """Return the manifest: one file, or a directory with a file a part."""
    if (path := base / 'chapters.toml').exists():
        return tomllib.loads(path.read_text('utf-8'))
    book = tomllib.loads((base / 'chapters/book.toml').read_text('utf-8'))
    parts = []
    for path in sorted((base / 'chapters').glob('*.toml')):
        if path.name != 'book.toml':
            table = tomllib.loads(path.read_text('utf-8'))
            parts += table.get('part', [table])
    return {**book, 'part': parts}


class Checker:
    """Checks drafts against a base directory, and gathers what is wrong."""

    def __init__(self, base: Path, verbose: bool):
        self.base = base
        self.verbose = verbose
        self.errors: list[str] = []
        self.notes = self.hunks = self.noted = 0

    def compare(self, table: dict, known: bool) -> None:
        """Check a comparison, and print how many notes it has."""
        old, new = table['old'], table['new']
        name = f'{old} -> {new}'
        found = changes(self.base, old, new)
        self.text(name, 'look', table['look'])
        has_note = set()
        for note in table.get('note', []):
            self.text(name, 'say', note['say'])
            matches = [
                number
                for number, change in enumerate(found)
                for line in change.lines
                if note['at'] in line.strip()
            ]
            if len(matches) != 1:
                count = f'is in {len(matches)} changed lines'
                self.errors.append(f'{name}: {note["at"]!r} {count}')
            has_note.update(matches)
        hunks = {change.hunk for change in found}
        noted = {found[number].hunk for number in has_note}
        self.notes += len(table.get('note', []))
        self.hunks += len(hunks)
        self.noted += len(noted)
        print(
            f'{len(table.get("note", [])):3} notes, {len(noted)} of'
            f' {len(hunks)} hunks  {name}{"" if known else "  (new)"}'
        )
        for number, change in enumerate(found):
            if number in has_note or change.plain:
                continue
            if change.hunk not in noted or self.verbose:
                mark = '    no note' if change.hunk in noted else '  ! no note'
                first = next(line for line in change.lines if line.strip())
                print(f'{mark}: {first.strip()}')

    def text(self, where: str, what: str, text: str) -> None:
        """Check that prose is one string of one or two sentences."""
        ends = len(re.findall(r'[.?!](?=\s|$)', text))
        if '\n' in text or not 1 <= ends <= 2 or text != text.strip():
            self.errors.append(f'{where}: {what} has {ends} sentences: {text}')

    def question(self, part: str, table: dict, scenes: int) -> None:
        """Check a question."""
        if not 1 <= table['scene'] <= scenes:
            self.errors.append(f'part {part}: no scene {table["scene"]}')
        self.text(f'part {part}', 'ask', table['ask'])
        self.text(f'part {part}', 'answer', table['answer'])
        if '?' not in table['ask']:
            self.errors.append(f'part {part}: no question: {table["ask"]}')

    def why_not(self, tables: list[dict], book: dict, pairs: set) -> None:
        """Check that each missing comparison in a trail has its reason."""
        wanted = {
            (trail['id'], new)
            for trail in book['trail']
            for old, new in zip(trail['versions'], trail['versions'][1:])
            if (old, new) not in pairs
        }
        given = {(table['trail'], table['version']) for table in tables}
        for trail, version in sorted(wanted - given):
            self.errors.append(f'{trail}: {version} has no why_not')
        for trail, version in sorted(given - wanted):
            self.errors.append(f'{trail}: {version} needs no why_not')
        for table in tables:
            self.text(table['version'], 'why_not', table['why_not'])


def main() -> None:
    """Check all drafts; exit 1 if something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[1])
    parser.add_argument(
        '--base', type=Path, default=DRAFTS.parent.parent, help='checkout'
    )
    parser.add_argument('-v', '--verbose', action='store_true')
    args = parser.parse_args()

    book = manifest(args.base)
    checker = Checker(args.base, args.verbose)
    pairs = set()
    for part in book['part']:
        path = DRAFTS / f'{part["id"]:0>2}.toml'
        if not path.exists():
            checker.errors.append(f'part {part["id"]} has no file')
            continue
        draft = tomllib.loads(path.read_text('utf-8'))
        known = {(c['old'], c['new']) for c in part.get('compare', [])}
        given = [(c['old'], c['new']) for c in draft.get('compare', [])]
        for old, new in known - set(given):
            checker.errors.append(f'{old} -> {new} is not in {path.name}')
        for table, pair in zip(draft.get('compare', []), given):
            checker.compare(table, pair in known)
        for question in draft['question']:
            checker.question(part['id'], question, len(part['scene']))
        pairs.update(given)
    trails = tomllib.loads((DRAFTS / 'trails.toml').read_text('utf-8'))
    checker.why_not(trails['why_not'], book, pairs)

    print(
        f'{checker.notes} notes, in {checker.noted} of {checker.hunks} hunks'
        f' of {len(pairs)} comparisons'
    )
    for error in checker.errors:
        print(error, file=sys.stderr)
    sys.exit(bool(checker.errors))


if __name__ == '__main__':
    main()
