"""
See that each note of today.toml belongs to exactly one changed line.

Usage: python drafts/check_notes.py [FILE]
"""

import difflib
import sys
import tomllib
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent


def changed(old: str, new: str) -> list[str]:
    """Return the lines that only one of two scripts has, without marks."""
    before, after = ((BASE / p).read_text().splitlines() for p in (old, new))
    diff = list(difflib.unified_diff(before, after, lineterm='', n=0))[2:]
    return [line[1:].strip() for line in diff if line[0] in '+-']


def main() -> None:
    path = sys.argv[1] if len(sys.argv) > 1 else BASE / 'drafts/today.toml'
    data = tomllib.loads(Path(path).read_text('utf-8'))
    errors = []
    for pair in data['compare']:
        lines = changed(pair['old'], pair['new'])
        notes = pair.get('note', [])
        print(f'{pair["new"]}: {len(lines)} changed lines, {len(notes)} notes')
        for note in notes:
            whole = sum(line == note['at'] for line in lines)
            inside = sum(note['at'] in line for line in lines)
            if (whole, inside) != (1, 1):
                errors.append(
                    f'{note["at"]!r}: {whole} whole, {inside} in all'
                )
    if errors:
        sys.exit('\n'.join(errors))


if __name__ == '__main__':
    main()
