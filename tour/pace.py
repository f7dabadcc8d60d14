"""How fast a scene is played, and how long it may take."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """
    How fast a scene is played.

    speed: the slow servers wait this many times less.
    patience: seconds a server may take to listen, and a program to end
        when it is interrupted.
    limit: seconds a program may take that ends by itself, or None.
    """

    speed: float = 1
    patience: float = 60
    limit: float | None = None
