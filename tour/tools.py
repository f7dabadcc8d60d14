"""What a part needs besides Python, and whether this machine has it."""

import functools
import shlex
import subprocess

from tour.book import Part, Tool


def missing(part: Part) -> list[str]:
    """Return a line for every tool that the part needs and that isn't here."""
    return [
        f'Part {part.id} needs {tool.name}: install {tool.package},'
        ' as Debian names it.'
        for tool in part.tools
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
