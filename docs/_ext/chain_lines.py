"""What the lines of a transcript are called that functions of chains print."""

from collections.abc import Iterator

from tour import facts, transcript
from tour.book import Book, Part, Scene
from tour.chain_runs import Run, placed


def lines_of(book: Book, part: Part, run: Run) -> dict[int, int]:
    """
    Return where the lines that a run printed stand in its transcript.

    Places in the whole transcript of the scene, from 0, by the numbers that
    the lines have in the facts.
    """
    scene = part.scenes_by_number[run.scene]
    blocks = transcript.blocks(book.base, scene)
    text = transcript.path(book.base, scene).read_text('utf-8')
    starts = [n for n, s in enumerate(text.split('\n')) if s.startswith('$ ')]
    lines = blocks[run.block][1].split('\n')
    there = placed(run.chains, lines)
    return {both: starts[run.block] + n for both, n in there.items()}


def name_of(scene: Scene, line: int) -> str:
    """Return what a line of a transcript is called."""
    return f'{scene.name}-{line}'


def named(book: Book, part: Part, scene: Scene) -> dict[int, str]:
    """Return what lines of a scene's transcript are called, by number."""
    return {n: name_of(scene, n) for n in _of(book, part, scene)}


def _of(book: Book, part: Part, scene: Scene) -> Iterator[int]:
    if scene.number not in {part.scene_with(c).number for c in part.chains}:
        return
    for run in facts.recorded_chains(book, part).runs:
        if run.scene == scene.number:
            yield from lines_of(book, part, run).values()
