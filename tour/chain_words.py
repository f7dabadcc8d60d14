"""What is said of a chain, in whatever way it is drawn."""

from tour.chains import Box, Chain, Event, Inner, Stage, Value
from tour.seconds import said
from tour.tracing.facts import Place

KEY = (
    'A result goes down a double line and is marked r, a failure goes down a'
    ' dotted one and is marked F. A double frame is a function that ran.'
)
"""How a drawing is read."""

PRINTED = 4
"""No box shows more lines."""

UNFIRED = 'It never fired: none of its functions ran.'


def place(at: Place | None, script: str) -> str:
    """Return where something stands; the script's own name is left out."""
    if at is None:
        return ''
    file, line = at
    return f'line {line}' if file == script else f'{file}, line {line}'


def heading(chain: Chain, script: str) -> str:
    """Return what a chain is and where it was made."""
    where = place(chain.at, script)
    words = chain.title
    if chain.canceller:
        words += f', with the canceller {chain.canceller}'
    if not where:
        return words
    verb = 'called' if chain.steps else 'made'
    return f'{words} ({verb} in {where})'


def short(value: Value) -> str:
    """Return a value in a few words less."""
    text = str(value)
    return text if len(text) <= 34 else f'{text[:33]}…'


def printed(box: Box) -> list[str]:
    """Return the lines that a function printed, or the first of them."""
    lines = [
        f'{">" if line.stream == "out" else "2>"} {line.text}'
        for line in box.printed
    ]
    if len(lines) > PRINTED:
        more = len(lines) - PRINTED + 1
        lines[PRINTED - 1 :] = [f'(and {more} lines more)']
    return lines


def number(box: Box) -> str:
    """Return the line of a function, or those that a step went through."""
    if box.at is None:
        return ''
    if '-step-' not in box.id:
        return f'line {box.at[1]}'
    if box.end is None:
        return f'from line {box.at[1]}'
    return f'lines {box.at[1]} to {box.end}'


def event(chain: Chain, event: Event, script: str) -> str:
    """Return what happened to a chain, as a sentence."""
    where = place(event.at, script)
    where = f' in {where}' if where else ''
    match event.what:
        case 'fired':
            by = _by(chain, event)
            return f'Fired{where}{by}.'
        case 'refused':
            return f'Fired once more{where}: AlreadyCalledError is raised.'
        case 'ignored':
            return f'Fired{where}, but it has been cancelled: nothing happens.'
        case 'cancelled':
            by = where or ' by the reactor'
            return f'Cancelled{by}: {_effect(chain, event)}'
        case 'paused':
            return f'Paused{where}.'
        case 'unpaused':
            return f'Goes on{where}.'
        case _:
            when = (
                'when the script ends'
                if event.at_exit
                else 'when the Deferred is collected'
            )
            return f'Nobody handles this failure: it is reported {when}.'


def _by(chain: Chain, event: Event) -> str:
    if event.by == 'cancel':
        return ' by cancel'
    if chain.steps:
        return ', as the generator has ended'
    if chain.kind == 'DeferredList':
        return ' by the list, as it knows enough'
    if event.at is None and event.by is not None:
        return ' by the reactor'
    return ''


def _effect(chain: Chain, event: Event) -> str:
    match event.effect:
        case 'fires':
            return 'without a canceller it just fails.'
        case 'canceller':
            if chain.steps:
                return 'the generator is told.'
            asked = chain.canceller or 'its own method'
            return f'the canceller is called, {asked}.'
        case 'inner':
            return 'the inner Deferred is cancelled in its place.'
        case _:
            return 'it has fired, so there is nothing to cancel.'


def wait(inner: Inner) -> str:
    """Return how long a chain waited for an inner Deferred."""
    if inner.waited is None:
        return f'waits for Deferred {inner.number}, which never fires'
    if inner.waited == 0:
        return f'Deferred {inner.number} has fired: no need to wait'
    if inner.waited < 0.0001:
        return f'waits for Deferred {inner.number}, less than 0.1 ms'
    return f'waits for Deferred {inner.number}, {said(inner.waited)}'


def hands_on(stage: Stage) -> str:
    """Return where a result goes instead of to a function."""
    assert stage.goes_to is not None
    match stage.how:
        case 'DeferredList' | 'gatherResults':
            return f'the list, Deferred {stage.goes_to}, notes it'
        case 'generator':
            return f'the generator of Deferred {stage.goes_to} gets it'
        case 'chain':
            return f'Deferred {stage.goes_to}, which waits, goes on with it'
        case _:
            return f'{stage.how}: Deferred {stage.goes_to} is fired with it'


def end(chain: Chain) -> str:
    """Return how a chain ended, as a sentence; nothing if that is seen."""
    match chain.ends:
        case 'unfired':
            return UNFIRED
        case 'waiting':
            return 'The rest never ran.'
        case 'paused':
            return 'It is still paused: the rest never ran.'
        case _:
            return ''


def step_end(chain: Chain, stage: Stage) -> str:
    """Return how a step of a generator ended that yielded no Deferred."""
    assert stage.gave is not None
    value = stage.gave.text
    if stage is not chain.steps[-1]:
        return f'yields {value}, and gets it back'
    return f'raises {value}' if stage.gave.failed else f'returns {value}'


def step(stage: Stage, box: Box) -> str:
    """Return what a function did at its turn, as a sentence."""
    assert stage.gave is not None
    gets = 'starts'
    if stage.got is not None:
        gets = f'gets {_named(stage.got)}'
    if stage.gave.failed:
        gives = f'ends with {_named(stage.gave)}'
    elif stage.how == 'step' and (stage.inner or box.end is not None):
        gives = f'yields {_named(stage.gave)}'
    else:
        gives = f'returns {_named(stage.gave)}'
    return _ended(f'{box.name} {gets} and {gives}')


def _named(value: Value) -> str:
    text = value.text if len(value.text) <= 50 else f'{value.text[:49]}…'
    return f'the failure {text}' if value.failed else text


def event_step(chain: Chain, happened: Event, script: str) -> str:
    """Return what happened to a chain, with what it was fired with."""
    says = event(chain, happened, script)
    if happened.what == 'fired' and happened.value is not None:
        return _ended(f'{says[:-1]}, with {_named(happened.value)}')
    return says


def _ended(sentence: str) -> str:
    """Return a sentence with its full stop, unless it was cut."""
    return sentence if sentence.endswith('…') else f'{sentence}.'
