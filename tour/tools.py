"""What parts and scenes need besides Python, and what of it is here."""

import functools
import shlex
import subprocess
from collections.abc import Iterable

from tour.book import Part, Scene, Tool


def missing(part: Part) -> list[str]:
    """Return a line for every tool that the part needs and that isn't here."""
    return [f'Part {part.id} {line}' for line in _needed(part.tools)]


def missing_in(scene: Scene) -> list[str]:
    """
    Return a line for every tool that isn't here and that the scene needs.

    Those that all of its part needs don't count.
    """
    place = f'Part {scene.part}, scene {scene.number}'
    return [f'{place} {line}' for line in _needed(scene.tools)]


def _needed(tools: Iterable[Tool]) -> list[str]:
    return [
        f'needs {tool.name}: install {tool.package}, as Debian names it.'
        for tool in tools
        if not is_here(tool)
    ]


@functools.cache
def is_here(tool: Tool) -> bool:
    """Return whether the command that checks for the tool succeeds."""
    try:
        checked = subprocess.run(
            shlex.split(tool.check),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return False
    return checked.returncode == 0
