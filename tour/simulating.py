"""What is said on the page with the simulator of chains."""

from pydantic import Field

from tour.book import Entry, Many, Prose


class Example(Entry):
    """
    A chain to begin with.

    chain: its lines, as deferred-simulator.py takes them. look: what to see.
    """

    name: Prose
    chain: Many[str]
    look: Prose


class Simulating(Entry):
    """
    The prose of the page.

    idea: what it is for. how: how a chain is typed. without: what to do
    without JavaScript. checked: why it can be believed.
    """

    title: str
    idea: Prose
    how: Prose
    without: Prose
    checked: Prose
    examples: Many[Example] = Field(alias='example')
