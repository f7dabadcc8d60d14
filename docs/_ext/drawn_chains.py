"""How the chains of a run become HTML that one can step through."""

import ast
import json
from functools import cache
from html import escape

from addresses import slug
from chain_lines import lines_of, name_of
from prose import html_of

from tour import chain_words as words
from tour.book import Book, ChainShown, Part
from tour.chain_picture import picture
from tour.chain_runs import Run
from tour.chain_steps import Step, steps_of
from tour.comparing import lines_of as lines_in
from tour.reading import BASE

HOW = 'Step through with the keys n and p, or the buttons.'
"""What is said to those who come to a drawing by the tab key."""


def html(book: Book, part: Part, shown: ChainShown, runs: list[Run]) -> str:
    """
    Return the chains of a script: a drawing for each of its outcomes.

    Without a script of the page's, it is a picture with what it says in
    words.
    """
    figures = ''.join(
        _figure(book, part, run, number, len(runs))
        for number, run in enumerate(runs, 1)
    )
    return (
        '<details class="whole chains"><summary>See it happen: the chains of '
        f'<code>{escape(shown.script)}</code>, step by step</summary>'
        f'<div class="chains-body"><p class="look">{html_of(shown.look)}</p>'
        f'<p class="key">{escape(words.KEY)}</p>{figures}</div></details>'
    )


def _figure(
    book: Book, part: Part, run: Run, number: int, outcomes: int
) -> str:
    script = run.script
    name = f'{slug(script)}-{number}'
    drawing = picture(run.chains, script, f'{name}-', titled=False)
    steps = steps_of(run.chains, script)
    title = f'The chains of {script}'
    if outcomes > 1:
        title += f', outcome {number} of {outcomes}'
    drawing.title = title
    caption = f'Outcome {number} of {outcomes}' if outcomes > 1 else ''
    svg = drawing.svg(inline=True)
    text = '<figure class="chain">'
    if caption:
        text += f'<figcaption>{caption}</figcaption>'
    if not steps:
        return f'{text}<div class="chain-drawing">{svg}</div></figure>'
    lines = lines_of(book, part, run)
    scene = part.scenes_by_number[run.scene]
    data = {
        'listing': script,
        'steps': [
            {
                'id': f'{name}-{step.id}',
                'says': step.says,
                **_code(step, script),
                **_output(step, lines, run, scene),
            }
            for step in steps
        ],
    }
    # nothing in it can end the element that it stands in
    told = json.dumps(data, ensure_ascii=False).replace('</', '<\\/')
    return (
        f'{text}<div class="chain-drawing" role="group" tabindex="0"'
        f' aria-label="{escape(f"{title}. {HOW}")}"'
        f' aria-keyshortcuts="n p">{svg}</div>'
        '<div class="chain-steps"><div class="chain-buttons">'
        '<button type="button" class="previous">Previous step</button> '
        '<button type="button" class="next">Next step</button> '
        f'<span class="count">{len(steps)} steps; keys n and p</span></div>'
        '<p class="says" aria-live="polite" aria-atomic="true"></p>'
        '<dl><div><dt>Code</dt><dd class="code-line"></dd></div>'
        '<div><dt>Output</dt><dd class="out-line"></dd></div></dl></div>'
        f'<script type="application/json">{told}</script></figure>'
    )


def _code(step: Step, script: str) -> dict[str, object]:
    """Return the lines of the listing that a step is about."""
    if step.at is None or step.at[0] != script:
        return {}
    first = step.at[1]
    if 'event' in step.id or step.id.endswith('wait'):
        last = first
    else:
        last = step.end or _ends(script).get(first, first)
    text = lines_in(BASE / script)[first - 1].strip()
    return {'lines': [first, last], 'code': text}


@cache
def _ends(script: str) -> dict[int, int]:
    """Return the last lines of a script's functions, by their first."""
    tree = ast.parse((BASE / script).read_text('utf-8'))
    return {
        node.lineno: node.end_lineno or node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def _output(
    step: Step, lines: dict[int, int], run: Run, scene: object
) -> dict[str, object]:
    """Return what a step printed, and where that stands."""
    printed = [n for n in step.printed if n in lines]
    if not printed:
        return {}
    texts = {
        line.both: line.text
        for chain in run.chains
        for stage in (*chain.steps, *chain.stages)
        for box in (stage.callback, stage.errback)
        if box is not None
        for line in box.printed
    }
    text = texts[printed[0]]
    if len(printed) > 1:
        text += f' (and {len(printed) - 1} lines more)'
    return {
        'out': [name_of(scene, lines[n]) for n in printed],
        'printed': text,
    }
