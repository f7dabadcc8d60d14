"""The deferred simulator: see how a chain of callbacks and errbacks fires."""

import argparse
import itertools
import os
import re
import sys

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

HOW_TO = """\
Describe a chain, one pair in a line: CALLBACK ERRBACK
Each of the two is one of these:

  return VALUE   return the value
  fail VALUE     raise an exception that holds the value
  passthru       return whatever comes in

A value has one to six letters or digits, and the words may be cut short:
"r 1 p" is "return 1 passthru". A blank line ends the chain.
"""

SIDES = 'callback', 'errback'

BOX = len('| return abcdef |')  # as wide as the longest action
DRAWING = BOX + len('   ') + BOX
GAP = '    '
WIDTH = 3 * DRAWING + 2 * len(GAP)

LEGEND = 'A value with * is an exception, in a Failure.'


def parse_args():
    parser = argparse.ArgumentParser(
        prog=sys.argv[0],
        description='Draw how a chain of callbacks and errbacks fires.',
        epilog=HOW_TO,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        '--narrow',
        action='store_true',
        help='stack the drawings, as a narrow terminal has them anyway',
    )
    return parser.parse_args()


class Action:
    """A callback or an errback that does what its words say."""

    def __init__(self, word, value=None):
        self.word = word
        self.value = value

    def __str__(self):
        return f'{self.word} {self.value}' if self.value else self.word

    def __call__(self, result):
        if self.word == 'return':
            return self.value
        if self.word == 'fail':
            raise Exception(self.value)
        return result


def take_action(words):
    """Take one action from the front of a list. Raises ValueError."""
    typed = words.pop(0)
    for word in 'return', 'fail', 'passthru':
        if word.startswith(typed):
            break
    else:
        raise ValueError(
            f'unknown word {typed!r}, it must be return, fail or passthru'
        )
    if word == 'passthru':
        return Action(word)

    value = words.pop(0) if words else ''
    if not re.fullmatch('[A-Za-z0-9]{1,6}', value):
        raise ValueError(
            f'{word} needs a value of one to six letters or digits'
        )
    return Action(word, value)


def parse_pair(line):
    """Return the actions of a line by side. Raises ValueError."""
    words = line.split()
    callback = take_action(words)
    if not words:
        raise ValueError('the errback is missing')
    errback = take_action(words)
    if words:
        rest = ' '.join(words)
        raise ValueError(f'there is something left over: {rest!r}')
    return {'callback': callback, 'errback': errback}


def read_pairs(prompt):
    """Return the pairs typed, or None if the input ends without any."""
    pairs = []
    while True:
        try:
            line = input(prompt)
        except EOFError:
            if prompt:
                print()
            return pairs or None
        if not line.strip():
            return pairs
        try:
            pairs.append(parse_pair(line))
        except ValueError as error:
            print(f'ERROR: {error}')


def fire(pairs, start):
    """
    Fire a real Deferred, and watch what comes to each pair and to the end.

    start: what to fire it with, 'callback' or 'errback'. Returns a list of
    (side, value).
    """
    path = []

    def watch(result):
        if isinstance(result, Failure):
            path.append(('errback', f'{result.value}*'))
        else:
            path.append(('callback', result))
        return result

    d = Deferred()
    for pair in pairs:
        d.addBoth(watch)
        d.addCallbacks(pair['callback'], pair['errback'])
    d.addBoth(watch)
    d.addErrback(lambda failure: None)  # it is drawn, so it needs no report

    if start == 'callback':
        d.callback('initial')
    else:
        d.errback(Exception('initial'))
    return path


def row(texts):
    """Return a line with a text on each side, or on one of them."""
    callback, errback = (texts.get(side, '') for side in SIDES)
    return f'{callback:^{BOX}}   {errback:^{BOX}}'.rstrip()


def centered(text):
    """Return a line with a text in the middle between the sides."""
    return text.center(DRAWING).rstrip()


def boxes(actions):
    """Return the lines of a box for each action, given by side."""
    edge = '+' + '-' * (BOX - 2) + '+'
    edges = row({side: edge for side in actions})
    texts = {
        side: f'|{str(action).center(BOX - 2)}|'
        for side, action in actions.items()
    }
    return [edges, row(texts), edges]


def arrow(origin, side, value):
    """Return the lines of an arrow that takes a value to a side."""
    if origin == side:
        middle = row({side: value})
    else:
        crossing = f' {value} '.center(DRAWING - BOX - 1, '-')
        middle = centered(f'+{crossing}+')
    return [row({origin: '|'}), middle, row({side: 'v'})]


def heading(title):
    """Return the first lines of a drawing."""
    return [centered(title), row({side: side for side in SIDES})]


def draw_chain(pairs):
    """Return the lines of a drawing of the chain."""
    lines = heading('the chain')
    for stage, pair in enumerate(pairs):
        lines += ['', centered(f'stage {stage}'), '', *boxes(pair)]
    if not pairs:
        lines += ['', centered('no pairs')]
    return lines


def draw_firing(pairs, start):
    """Return the lines of a drawing of how the chain fires."""
    given = {'callback': 'initial', 'errback': 'initial*'}[start]
    lines = heading(f'd.{start}({given})')
    origin = start
    for pair, (side, value) in zip([*pairs, {}], fire(pairs, start)):
        lines += arrow(origin, side, value)
        if pair:
            lines += boxes({side: pair[side]})
        origin = side
    end = {'callback': 'result', 'errback': 'unhandled error'}[origin]
    return [*lines, row({origin: end})]


def too_narrow():
    """Tell if the drawings don't fit into the terminal side by side."""
    if not sys.stdout.isatty():
        return False
    # a terminal that doesn't know its width says 0
    return 0 < os.get_terminal_size(sys.stdout.fileno()).columns < WIDTH


def main():
    args = parse_args()

    for stream in sys.stdin, sys.stdout:
        stream.reconfigure(errors='replace')  # not text: a bad line

    prompt = ''
    if sys.stdin.isatty():
        prompt = '> '
        print(HOW_TO)

    pairs = read_pairs(prompt)
    if pairs is None:
        return

    drawings = [
        draw_chain(pairs),
        draw_firing(pairs, 'callback'),
        draw_firing(pairs, 'errback'),
    ]
    if args.narrow or too_narrow():
        print('\n\n'.join('\n'.join(drawing) for drawing in drawings))
    else:
        for lines in itertools.zip_longest(*drawings, fillvalue=''):
            print(GAP.join(line.ljust(DRAWING) for line in lines).rstrip())
    print(f'\n{LEGEND}')


if __name__ == '__main__':
    try:
        main()
    except KeyboardInterrupt:
        pass  # Ctrl-C
