"""How chains are drawn in a terminal: two columns, and the way through."""

from tour import chain_words as words
from tour.chains import (
    CALLBACK,
    ERRBACK,
    Box,
    Chain,
    Event,
    Inner,
    Stage,
    Value,
)

NARROWEST = 40
"""Columns below which a drawing makes no sense."""

_INDENT = 2
_GAP = 2
_LANE = 3
"""Columns from the left side of a box to the line that goes through it."""


def drawn(chains: list[Chain], script: str, columns: int = 80) -> list[str]:
    """
    Return the lines of a drawing of chains, one below the other.

    script: the file that places without a name are in. A chain that was
    returned to another one, and has no functions of its own, stands
    there only. Raises no error: what has no room is cut.
    """
    columns = max(columns, NARROWEST)
    by_number = {chain.number: chain for chain in chains}
    set_in = {
        stage.inner.number
        for chain in chains
        for stage in (*chain.steps, *chain.stages)
        if stage.inner
    }
    lines: list[str] = []
    for chain in chains:
        if chain.number in set_in and not chain.way:
            continue
        if lines:
            lines.append('')
        lines += _Text(chain, by_number, script, columns).lines
    return lines


class _Text:
    """The drawing of one chain."""

    def __init__(
        self,
        chain: Chain,
        others: dict[int, Chain],
        script: str,
        columns: int,
    ):
        self._chain = chain
        self._others = others
        self._script = script
        self._columns = columns
        self._width = (columns - _INDENT - _GAP) // 2
        self._left = {
            CALLBACK: _INDENT,
            ERRBACK: _INDENT + self._width + _GAP,
        }
        self.lines: list[str] = []
        self._draw()

    def _draw(self) -> None:
        chain = self._chain
        self._say(words.heading(chain, self._script), indent=0)
        heads = ('results', 'failures') if chain.steps else (
            'callbacks', 'errbacks'
        )
        self._put((self._left[CALLBACK], heads[0]),
                  (self._left[ERRBACK], heads[1]))
        for number, stage in enumerate(chain.steps):
            self._events_of_steps(number)
            self._stage(stage)
        if chain.steps and chain.stages:
            self._say('-' * 8)
        self._events(0)
        if not chain.stages and chain.fired and not chain.steps:
            self._value(chain.fired)
        for stage in chain.stages:
            if stage.number:
                self._events(stage.number)
            self._stage(stage)
        self._events(len(chain.stages), last=True)
        if ended := words.end(chain):
            self._say(ended)

    # what happens from outside

    def _events_of_steps(self, number: int) -> None:
        """Say what happened while the generator waited."""
        steps = self._chain.steps
        before = steps[number - 1].ended or 0 if number else float('-inf')
        after = steps[number].start or 0
        for event in self._chain.events:
            if event.what != 'fired' and before <= event.time < after:
                self._event(event)

    def _events(self, stage: int, last: bool = False) -> None:
        """Say what happened before a stage, or after the last one."""
        steps = self._chain.steps
        told = steps[-1].start or 0 if steps else float('-inf')
        for event in self._chain.events:
            at_last = last and event.before >= stage
            if event.effect == 'inner':
                continue  # it is said with the inner Deferred
            if event.time >= told and (event.before == stage or at_last):
                if last and stage == 0:
                    continue  # there are no stages: it has been said
                self._event(event)

    def _event(self, event: Event) -> None:
        sign = {'fired': '*', 'unhandled': '!'}.get(event.what, '-')
        said = words.event(self._chain, event, self._script)
        self._say(f'{sign} {said}')

    # stages

    def _stage(self, stage: Stage) -> None:
        if stage.taken is not None and stage.got is not None:
            self._value(stage.got)
        if stage.goes_to is not None and stage.taken is not None:
            self._hand_over(stage)
            return
        if stage.goes_to is not None:
            self._say(f'({words.hands_on(stage)})')
            return
        self._boxes(stage)
        if stage.taken is None or stage.gave is None:
            return
        if stage.how == 'step':
            self._step_end(stage)
        if stage.inner is not None:
            self._inner(stage, stage.inner)
        after = stage.comes_out
        if after is None:
            return
        if self._is_last(stage):
            self._value(after, side=stage.taken, was=stage.taken)
        if stage.taken != _side(after) and not self._is_last(stage):
            self._cross(stage.taken, after)

    def _is_last(self, stage: Stage) -> bool:
        chain = self._chain
        if stage.how == 'step':
            return False
        following = chain.stages[stage.number + 1 :]
        return not any(s.taken is not None for s in following)

    def _hand_over(self, stage: Stage) -> None:
        assert stage.taken is not None and stage.got is not None
        lane = self._lane(stage.taken)
        corner = '└┈>' if stage.got.failed else '╚═>'
        self._put((lane, f'{corner} {words.hands_on(stage)}'))

    def _boxes(self, stage: Stage) -> None:
        rows: dict[str, list[str]] = {}
        height = max(
            len(box.printed) + 3
            for side in (CALLBACK, ERRBACK)
            if (box := stage.box(side))
        ) if stage.callback or stage.errback else 1
        for side in CALLBACK, ERRBACK:
            box = stage.box(side)
            taken = stage.taken == side
            if box is not None:
                rows[side] = self._box(stage, box, taken)
            elif taken:
                assert stage.got is not None
                line = _line(stage.got)
                rows[side] = [' ' * _LANE + line] * height
                rows[side][height // 2] += ' handed on as it is'
        for n in range(height):
            self._put(*(
                (self._left[side], lines[n])
                for side, lines in rows.items()
                if n < len(lines)
            ))

    def _box(self, stage: Stage, box: Box, taken: bool) -> list[str]:
        room = self._width - 4
        texts = [_spread(words.name(box), words.number(box), room)]
        texts += [
            _cut(f'{">" if p.stream == "out" else "2>"} {p.text}', room)
            for p in box.printed
        ]
        if not taken:
            top, bottom, side = '┌─┐', '└─┘', '│'
        else:
            top, bottom, side = '╔═╗', '╚═╝', '║'
        lines = [_border(top, self._width)]
        lines += [f'{side} {text:<{room}} {side}' for text in texts]
        lines.append(_border(bottom, self._width))
        if taken:
            if stage.got is not None:
                lines[0] = _at(lines[0], '╧' if stage.got.failed else '╩')
            if stage.gave is not None:
                failed = stage.gave.failed
                lines[-1] = _at(lines[-1], '╤' if failed else '╦')
        return lines

    def _step_end(self, stage: Stage) -> None:
        assert stage.gave is not None and stage.taken is not None
        if stage.inner is not None:
            return
        is_end = stage is self._chain.steps[-1]
        if not is_end:
            said = f'yields {stage.gave.text}, and gets it back'
        elif stage.gave.failed:
            said = f'raises {stage.gave.text}'
        else:
            said = f'returns {stage.gave.text}'
        lane = self._lane(stage.taken)
        self._put((lane, f'{_line(stage.gave)} {said}'))

    def _inner(self, stage: Stage, inner: Inner) -> None:
        """Set the inner Deferred in, with the wait."""
        assert stage.taken is not None and stage.gave is not None
        lane = self._lane(stage.taken)
        verb = 'yields' if stage.how == 'step' else 'returns'
        self._put((lane, f'║ {verb} {stage.gave.text}'))
        self._put((lane, f': {words.wait(inner)}'))
        other = self._others.get(inner.number)
        for event in self._chain.events:
            if event.effect == 'inner' and event.before == stage.number + 1:
                said = words.event(self._chain, event, self._script)
                self._put((lane, f': {said}'))
        if other is not None:
            at = words.place(other.at, self._script)
            called = f', called {other.name}' if other.name else ''
            made = f', made in {at}' if at else ''
            inside = [f'Deferred {inner.number}{called}{made}']
            inside += [
                words.event(other, event, self._script)
                for event in other.events
                if event.what in ('fired', 'cancelled')
            ]
            if other.fired:
                inside.append(str(other.fired))
            for one in other.stages:
                if one.taken is not None and (box := one.box(one.taken)):
                    inside.append(f'{box.name}: {one.got} -> {one.gave}')
            room = self._columns - lane - 4
            # where there is room for it, a frame of its own
            for text in inside:
                self._put((lane, f':  | {_cut(text, room - 2)}'))
        if inner.gave is not None and (
            self._is_last(stage) or _side(inner.gave) != stage.taken
        ):
            return

    # the way

    def _value(
        self, value: Value, side: str | None = None, was: str | None = None
    ) -> None:
        """Draw a stretch of the way, with what goes along it."""
        lane = self._lane(side or _side(value))
        self._put((lane, f'{_line(value)} {value}'))

    def _cross(self, side: str, value: Value) -> None:
        """Draw the way from one column to the other."""
        here, there = self._lane(side), self._lane(_side(value))
        dash = '┈' if value.failed else '═'
        length = abs(there - here) - 1
        if here < there:
            ends = '└┐' if value.failed else '╚╗'
        else:
            ends = '┌┘' if value.failed else '╔╝'
        self._put((min(here, there), ends[0] + dash * length + ends[1]))

    def _lane(self, side: str) -> int:
        return self._left[side] + _LANE

    # lines

    def _put(self, *texts: tuple[int, str]) -> None:
        line = ''
        for column, text in texts:
            line = line.ljust(column)[:column] + text
        self.lines.append(_cut(line.rstrip(), self._columns))

    def _say(self, text: str, indent: int = _INDENT) -> None:
        import textwrap

        more = indent + (2 if text[1:2] == ' ' else 0)
        self.lines += textwrap.wrap(
            text,
            self._columns,
            initial_indent=' ' * indent,
            subsequent_indent=' ' * more,
        )


def _side(value: Value) -> str:
    return ERRBACK if value.failed else CALLBACK


def _line(value: Value) -> str:
    return '┊' if value.failed else '║'


def _border(corners: str, width: int) -> str:
    left, middle, right = corners
    return left + middle * (width - 2) + right


def _at(line: str, sign: str) -> str:
    return line[:_LANE] + sign + line[_LANE + 1 :]


def _spread(left: str, right: str, room: int) -> str:
    """Return both ends of a line; the right one goes if there's no room."""
    if not right or len(left) + len(right) + 1 > room:
        return _cut(left, room)
    return left.ljust(room - len(right)) + right


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: max(room - 1, 0)] + '…'
