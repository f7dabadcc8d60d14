"""The deferred simulator: see how a chain of callbacks and errbacks fires."""

import argparse
import itertools
import signal
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

BOX = len('| return abcdef |')  # as wide as the longest action
DRAWING = BOX + len('   ') + BOX


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
        help='stack the drawings instead of putting them side by side',
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


def take_action(side, words):
    """
    Take the words of one action from the front of the list.

    side: 'callback' or 'errback'. Raises ValueError if they make no sense.
    """
    if not words:
        raise ValueError(f'the {side} is missing')

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

    if not words:
        raise ValueError(f'the {side} lacks a value after {word!r}')
    value = words.pop(0)
    if not (value.isascii() and value.isalnum()):
        raise ValueError(
            f'the value {value!r} is not all ASCII letters and digits'
        )
    if len(value) > 6:
        raise ValueError(f'the value {value!r} is longer than six characters')
    return Action(word, value)


def parse_pair(line):
    """Return the actions of a line, by side. Raises ValueError."""
    words = line.split()
    pair = {side: take_action(side, words) for side in ('callback', 'errback')}
    if words:
        rest = ' '.join(words)
        raise ValueError(f'there is something left over: {rest!r}')
    return pair


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
    Fire a real Deferred and watch it.

    start: 'callback' or 'errback', what to fire it with. Returns a list of
    (side, value): which side was called and what came in, for every stage
    and, last of all, for the end of the chain.
    """
    path = []

    def watched(side, action):
        def call(result):
            failed = isinstance(result, Failure)
            path.append((side, f'{result.value}*' if failed else result))
            return action(result)

        return call

    d = Deferred()
    # one pair more takes what is left, so that Twisted has none to report
    end = Action('return')
    for pair in [*pairs, {'callback': end, 'errback': end}]:
        d.addCallbacks(
            watched('callback', pair['callback']),
            watched('errback', pair['errback']),
        )
    if start == 'callback':
        d.callback('initial')
    else:
        d.errback(Exception('initial'))
    return path


def row(callback='', errback=''):
    """Return a line with a text on the one side, the other, or both."""
    return f'{callback:^{BOX}}   {errback:^{BOX}}'.rstrip()


def centered(text):
    """Return a line with a text in the middle between the sides."""
    return text.center(DRAWING).rstrip()


def boxes(**actions):
    """Return the lines of a box for each action, given by side."""
    edge = '+' + (BOX - 2) * '-' + '+'
    edges = row(**dict.fromkeys(actions, edge))
    texts = {
        side: f'|{str(action).center(BOX - 2)}|'
        for side, action in actions.items()
    }
    return [edges, row(**texts), edges]


def arrow(origin, side, value):
    """Return the lines of an arrow that takes a value to a side."""
    if origin == side:
        middle = row(**{side: value})
    else:
        crossing = f' {value} '.center(DRAWING - BOX - 1, '-')
        middle = centered(f'+{crossing}+')
    return [row(**{origin: '|'}), middle, row(**{side: 'v'})]


def draw_chain(pairs):
    """Return the lines of a drawing of the chain."""
    lines = [centered('the chain'), row('callback', 'errback')]
    for stage, pair in enumerate(pairs):
        lines += ['', centered(f'stage {stage}'), '', *boxes(**pair)]
    if not pairs:
        lines += ['', centered('no pairs')]
    return lines


def draw_firing(pairs, start):
    """Return the lines of a drawing of how the chain fires."""
    given = {'callback': 'initial', 'errback': 'initial*'}[start]
    lines = [centered(f'd.{start}({given})'), row('callback', 'errback')]
    *calls, (last_side, last_value) = fire(pairs, start)
    origin = start
    for pair, (side, value) in zip(pairs, calls):
        lines += arrow(origin, side, value)
        lines += boxes(**{side: pair[side]})
        origin = side
    lines += arrow(origin, last_side, last_value)
    end = {'callback': 'result', 'errback': 'unhandled error'}[last_side]
    return [*lines, row(**{last_side: end})]


def main():
    args = parse_args()

    for stream in sys.stdin, sys.stdout:
        stream.reconfigure(errors='replace')  # whatever is typed

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
    if args.narrow:
        print('\n\n'.join('\n'.join(drawing) for drawing in drawings))
        return
    for lines in itertools.zip_longest(*drawings, fillvalue=''):
        print('    '.join(line.ljust(DRAWING) for line in lines).rstrip())


if __name__ == '__main__':
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it quietly
    if hasattr(signal, 'SIGPIPE'):  # and so does a closed pipe
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    main()
