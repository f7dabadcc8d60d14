"""The words of Twisted and of asyncio for the same things, with samples."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, model_validator

from tour.book import Entry, Many, Prose

Side = Literal['twisted', 'asyncio']

SIDES: tuple[Side, Side] = ('twisted', 'asyncio')

_TWISTED_START = 'task.react(main)'
_ASYNCIO_START = 'asyncio.run(main())'

# Twisted runs on asyncio's loop, for the samples that go across
_TWISTED_FRAME = """
if __name__ == '__main__':
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        asyncioreactor.install(loop)
        from twisted.internet import reactor
{}
"""


class Term(Entry):
    """
    A word of Twisted's and asyncio's word for it.

    says: what to know. twisted_code, asyncio_code: two lines that run.
    twisted_prints, asyncio_prints: what they print.
    """

    twisted: str
    asyncio: str
    says: Prose
    twisted_code: str
    asyncio_code: str
    twisted_prints: str
    asyncio_prints: str

    @model_validator(mode='before')
    @classmethod
    def _prints_the_same(cls, data: Any) -> Any:
        if isinstance(data, dict) and 'prints' in data:
            both = {f'{side}_prints': data['prints'] for side in SIDES}
            rest = {key: data[key] for key in data if key != 'prints'}
            return {**both, **rest}
        return data

    def word(self, side: Side) -> str:
        """Return the word of one side."""
        return self.twisted if side == 'twisted' else self.asyncio

    def code(self, side: Side) -> str:
        """Return the two lines of one side, without a line end."""
        twisted = side == 'twisted'
        code = self.twisted_code if twisted else self.asyncio_code
        return code.strip('\n')

    def prints(self, side: Side) -> str:
        """Return what the two lines of one side print."""
        if side == 'twisted':
            return self.twisted_prints
        return self.asyncio_prints


class Terms(Entry):
    """
    The page of terms.

    twisted_setup, asyncio_setup: what stands before every sample of a side.
    """

    title: str
    idea: Prose
    twisted_setup: str
    asyncio_setup: str
    terms: Many[Term] = Field(alias='term')

    def setup(self, side: Side) -> str:
        """Return what stands before every sample of one side."""
        twisted = side == 'twisted'
        setup = self.twisted_setup if twisted else self.asyncio_setup
        return setup.strip('\n')

    def script(self, term: Term, side: Side) -> str:
        """Return the sample of a term as a whole script."""
        code = term.code(side)
        twisted = side == 'twisted'
        start = _TWISTED_START if twisted else _ASYNCIO_START
        if start not in code:
            body = textwrap.indent(code, '    ')
            if twisted:
                code = f'async def main(reactor):\n{body}\n{start}'
            else:
                loop = '    loop = asyncio.get_running_loop()'
                code = f'async def main():\n{loop}\n{body}\n{start}'
        if twisted:
            code = _TWISTED_FRAME.format(textwrap.indent(code, ' ' * 8))
        return f'{self.setup(side)}\n\n\n{code}\n'


@dataclass(frozen=True)
class Sample:
    """A script and what it prints; name: of the term and the side."""

    name: str
    side: Side
    script: str
    prints: str


def samples(terms: Terms) -> Iterator[Sample]:
    """Go through the samples of all terms."""
    for term in terms.terms:
        for side in SIDES:
            yield Sample(
                f'{term.word(side)} ({side})',
                side,
                terms.script(term, side),
                term.prints(side),
            )
