"""A drawing of chains, step by step: what happened, in the order of time."""

from dataclasses import dataclass

from tour import chain_rows as rows
from tour import chain_words as words
from tour.chains import Chain
from tour.tracing.facts import Place


@dataclass(frozen=True)
class Step:
    """
    A function that ran, or something that happened to a Deferred.

    id: of what is drawn for it, as ``d3-1-callback``, ``d3-event-0``, or
    ``d3-1-wait`` for what happens while a chain waits. says: what happened,
    in a sentence. at: a place in the source; for a step of a generator end
    is the line where it stopped. printed: numbers of lines, as in the box.
    """

    id: str
    says: str
    at: Place | None = None
    end: int | None = None
    printed: tuple[int, ...] = ()


def steps_of(chains: list[Chain], script: str) -> list[Step]:
    """
    Return the steps of what is drawn of chains.

    script: the file that places without a name are in.
    """
    others = {chain.number: chain for chain in chains}
    shown = rows.shown(chains)
    apart = {chain.number for chain in shown}
    found: list[tuple[float, Step]] = []
    for chain in shown:
        who = f'{chain.kind_and_number}: ' if len(shown) > 1 else ''
        for row in rows.rows_of(chain, others, script):
            match row:
                case rows.Note(event=event) if event is not None:
                    says = words.event_step(chain, event, script)
                    step = Step(chain.id_of(event), f'{who}{says}', event.at)
                    found.append((event.time, step))
                case rows.Waiting(id=id, events=events):
                    for other, event in events:
                        # one that is drawn apart is stepped through there
                        if other is chain or other.number not in apart:
                            says = words.event_step(other, event, script)
                            says = f'{other.kind_and_number}: {says}'
                            step = Step(id, says, event.at)
                            found.append((event.time, step))
                case rows.Boxes(stage) if stage.taken is not None:
                    box = stage.box(stage.taken)
                    if box is None:
                        continue
                    step = Step(
                        box.id,
                        f'{who}{words.step(stage, box)}',
                        box.at,
                        box.end,
                        tuple(line.both for line in box.printed),
                    )
                    found.append((stage.start or 0, step))
    found.sort(key=lambda item: item[0])
    return [step for _, step in found]
