"""Run the tour as ``python -m tour``."""

from tour.cli import main

main()
