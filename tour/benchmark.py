"""What is said of the benchmark: how it was measured, and its limits."""

from tour.book import Entry, Many, Prose


class Benchmark(Entry):
    """
    The prose of the page on the benchmark.

    slow, fast: how reading from slow servers, and serving quickly, was
    measured. not_shown: what the numbers don't show, a sentence each.
    """

    title: str
    idea: Prose
    slow: Prose
    fast: Prose
    not_shown: Many[Prose]
