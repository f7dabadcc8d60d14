"""
What is drawn once and kept, until something that it depends on changes.

A picture has beside it a file with the key of what it was drawn from: facts,
and the code that draws them. So a second `make site` draws nothing anew, nor
does it after a changed sentence.
"""

import hashlib
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path


def key_of(*parts: str | bytes) -> str:
    """Return a key of what something depends on."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, 'big') + data)
    return digest.hexdigest()


def code_of(*modules: str) -> bytes:
    """Return the sources of modules."""
    specs = [find_spec(name) for name in modules]
    return b''.join(
        Path(spec.origin).read_bytes()
        for spec in specs
        if spec is not None and spec.origin is not None
    )


def code_here() -> str:
    """Return a key of the modules beside this one, and of what they draw."""
    return key_of(
        *(
            path.read_bytes()
            for path in sorted(Path(__file__).parent.glob('*.py'))
        ),
        code_of('tour.book', 'tour.comparing', 'tour.transcript'),
    )


def keep(path: Path, parts: Iterable[str | bytes], draw: Callable[[], None]):
    """
    Draw a picture unless that was done, from the same.

    path: of the picture. parts: what it depends on. draw: makes the file.
    """
    key = key_of(*parts)
    kept = path.with_suffix('.key')
    if path.exists() and kept.exists() and kept.read_text('utf-8') == key:
        return
    kept.unlink(missing_ok=True)
    draw()
    kept.write_text(key, 'utf-8')
