"""What must hold for the deferred simulator."""

import gc
import io
import itertools
import os
import runpy
import sys
import warnings
from unittest import mock

from twisted.internet import reactor
from twisted.internet.defer import Deferred, TimeoutError
from twisted.internet.protocol import ProcessProtocol
from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests.companion.forking import FORKING
from tests.companion.support import PATIENCE, Result, begin, run
from tour.program import inherited
from tour.reading import BASE

SCRIPT = 'twisted-deferred/deferred-simulator.py'

CROSSING = """\
r 1 r bad
f oops p
r no r 2
r 3 f last

"""
"""The path of Figure 18: a failure at stage 1, handled at stage 2."""

CROSSING_DRAWN = (
    """\
              the chain
    callback             errback

               stage 0

+---------------+   +---------------+
|    return 1   |   |   return bad  |
+---------------+   +---------------+

               stage 1

+---------------+   +---------------+
|   fail oops   |   |    passthru   |
+---------------+   +---------------+

               stage 2

+---------------+   +---------------+
|   return no   |   |    return 2   |
+---------------+   +---------------+

               stage 3

+---------------+   +---------------+
|    return 3   |   |   fail last   |
+---------------+   +---------------+
""",
    """\
         d.callback(initial)
    callback             errback
        |
     initial
        v
+---------------+
|    return 1   |
+---------------+
        |
        1
        v
+---------------+
|   fail oops   |
+---------------+
        |
        +------ oops* ------+
                            v
                    +---------------+
                    |    return 2   |
                    +---------------+
                            |
        +-------- 2 --------+
        v
+---------------+
|    return 3   |
+---------------+
        |
        3
        v
     result
""",
    """\
         d.errback(initial*)
    callback             errback
                            |
                        initial*
                            v
                    +---------------+
                    |   return bad  |
                    +---------------+
                            |
        +------- bad -------+
        v
+---------------+
|   fail oops   |
+---------------+
        |
        +------ oops* ------+
                            v
                    +---------------+
                    |    return 2   |
                    +---------------+
                            |
        +-------- 2 --------+
        v
+---------------+
|    return 3   |
+---------------+
        |
        3
        v
     result
""",
)

UNHANDLED = """\
passthru passthru
return abcdef fail fedcba
fail 123456 passthru

"""
"""Passthru on both sides, the longest values, and no good end."""

UNHANDLED_DRAWN = (
    """\
              the chain
    callback             errback

               stage 0

+---------------+   +---------------+
|    passthru   |   |    passthru   |
+---------------+   +---------------+

               stage 1

+---------------+   +---------------+
| return abcdef |   |  fail fedcba  |
+---------------+   +---------------+

               stage 2

+---------------+   +---------------+
|  fail 123456  |   |    passthru   |
+---------------+   +---------------+
""",
    """\
         d.callback(initial)
    callback             errback
        |
     initial
        v
+---------------+
|    passthru   |
+---------------+
        |
     initial
        v
+---------------+
| return abcdef |
+---------------+
        |
     abcdef
        v
+---------------+
|  fail 123456  |
+---------------+
        |
        +----- 123456* -----+
                            v
                     unhandled error
""",
    """\
         d.errback(initial*)
    callback             errback
                            |
                        initial*
                            v
                    +---------------+
                    |    passthru   |
                    +---------------+
                            |
                        initial*
                            v
                    +---------------+
                    |  fail fedcba  |
                    +---------------+
                            |
                         fedcba*
                            v
                    +---------------+
                    |    passthru   |
                    +---------------+
                            |
                         fedcba*
                            v
                     unhandled error
""",
)

NO_PAIRS_DRAWN = (
    """\
              the chain
    callback             errback

               no pairs
""",
    """\
         d.callback(initial)
    callback             errback
        |
     initial
        v
     result
""",
    """\
         d.errback(initial*)
    callback             errback
                            |
                        initial*
                            v
                     unhandled error
""",
)

DRAWN = {
    CROSSING: CROSSING_DRAWN,
    UNHANDLED: UNHANDLED_DRAWN,
    '\n': NO_PAIRS_DRAWN,
}

UNKNOWN = "unknown word '%s', it must be return, fail or passthru"
VALUE = '%s needs a value of one to six letters or digits'
LEFT_OVER = "there is something left over: '%s'"

BAD_LINES = {
    'jump 1 passthru': UNKNOWN % 'jump',
    'returns 1 p': UNKNOWN % 'returns',
    'R 1 p': UNKNOWN % 'R',
    'p throw x': UNKNOWN % 'throw',
    'r 1 2': UNKNOWN % '2',
    '返回 1 p': UNKNOWN % '返回',
    'return': VALUE % 'return',
    'f': VALUE % 'fail',
    'p r': VALUE % 'return',
    'r 1 fail': VALUE % 'fail',
    'p': 'the errback is missing',
    'return 1': 'the errback is missing',
    'f x': 'the errback is missing',
    'r abcdefg p': VALUE % 'return',
    'p f 1234567': VALUE % 'fail',
    'return passthru passthru': VALUE % 'return',
    'r a-b p': VALUE % 'return',
    'p f x*': VALUE % 'fail',
    'r 诗 p': VALUE % 'return',
    'p p p': LEFT_OVER % 'p',
    'r 1 f x 2 p': LEFT_OVER % '2 p',
}


LEGEND = '\nA value with * is an exception, in a Failure.\n'


def narrow(drawn):
    """Return three drawings as they look one below the other."""
    return '\n'.join(drawn) + LEGEND


def wide(drawn):
    """Return three drawings as they look side by side."""
    lines = itertools.zip_longest(
        *(drawing.splitlines() for drawing in drawn), fillvalue=''
    )
    rows = ('    '.join(f'{text:37}' for text in line) for line in lines)
    return '\n'.join(row.rstrip() for row in rows) + '\n' + LEGEND


class Typist(ProcessProtocol):
    """Starts the simulator, with input and output by pipe, and types."""

    def __init__(self, typed, *options, **env):
        """typed: all that is typed, as bytes; env: the environment."""
        self.ended = Deferred()
        self._out = b''
        self._err = b''
        FORKING.spawnProcess(
            self,
            sys.executable,
            [sys.executable, '-W', 'error', SCRIPT, *options],
            {**inherited(), 'PYTHONUTF8': '1', **env},
            str(BASE),
        )
        self.transport.write(typed)
        self.transport.closeStdin()

    def outReceived(self, data):
        self._out += data

    def errReceived(self, data):
        self._err += data

    def processEnded(self, reason):
        killed = reason.value.signal
        status = reason.value.exitCode if killed is None else -killed
        self.ended.callback(
            Result(self._out.decode(), self._err.decode(), status)
        )


class Text(io.TextIOWrapper):
    """What is typed, or what was printed."""

    def __init__(self, text=''):
        super().__init__(io.BytesIO(text.encode()), encoding='utf-8')

    @property
    def printed(self):
        """All that was printed."""
        self.flush()
        return self.buffer.getvalue().decode()


class PipedTests(TestCase):
    """What it prints when the chain comes by a pipe."""

    timeout = PATIENCE

    def simulate(self, typed, *options):
        """Return what it prints for the text; all must be well."""
        script = runpy.run_path(str(BASE / SCRIPT))
        out, err = Text(), Text()
        with (
            warnings.catch_warnings(action='error'),
            mock.patch.multiple(
                sys,
                argv=[SCRIPT, *options],
                stdin=Text(typed),
                stdout=out,
                stderr=err,
            ),
        ):
            script['main']()
        self.assertEqual(err.printed, '')
        return out.printed

    async def piped(self, typed):
        """Return what it prints as a program of its own."""
        result = await Typist(typed.encode()).ended
        self.assertEqual((result.err, result.status), ('', 0))
        return result.out

    def assert_wide(self, out, drawn):
        """The drawings stand side by side, 37 columns and 4 blanks each."""
        self.assertTrue(out.endswith(LEGEND))
        lines = out.removesuffix(LEGEND).splitlines()
        for column, drawing in enumerate(drawn):
            left = 41 * column
            cut = [line[left : left + 37].rstrip() for line in lines]
            expected = drawing.splitlines()
            empty = [''] * (len(lines) - len(expected))
            self.assertEqual(cut, expected + empty)
        for line in lines:
            self.assertEqual(line[37:41].strip() + line[78:82].strip(), '')
            self.assertLessEqual(len(line), 119)
            self.assertEqual(line, line.rstrip())
        self.assertEqual(len(lines), max(len(d.splitlines()) for d in drawn))

    async def test_wide(self):
        """The drawings are side by side, and nothing else is printed."""
        for typed, drawn in DRAWN.items():
            self.assert_wide(await self.piped(typed), drawn)

    def test_narrow(self):
        """The drawings are stacked, with a blank line between them."""
        for typed, drawn in DRAWN.items():
            out = self.simulate(typed, '--narrow')
            self.assertEqual(out, narrow(drawn))

    def test_words_cut_short(self):
        """Any prefix of a word means the word, and blanks don't matter."""
        whole = 'return 1 fail x\npassthru passthru\n'
        typed = ''
        for length in range(1, 9):
            r, f, p = 'return'[:length], 'fail'[:length], 'passthru'[:length]
            typed += f'{r} 1 {f} x\n  {p}\t{p}  \r\n'
        self.assertEqual(
            self.simulate(f'{typed} \t\n'),
            self.simulate(whole * 8),
        )

    def test_words_as_values(self):
        """After return and fail comes a value, whatever it looks like."""
        out = self.simulate('r f f r\n\n', '--narrow')
        self.assertIn('|    return f   |   |     fail r    |\n', out)

    def test_end_of_input(self):
        """The end of the input is as good as a blank line after a pair."""
        for typed, drawn in DRAWN.items():
            if typed.strip():
                for end in '', '\n':
                    out = self.simulate(typed.strip() + end, '--narrow')
                    self.assertEqual(out, narrow(drawn))

    def test_no_input(self):
        """If the input ends before any pair, nothing is drawn."""
        self.assertEqual(self.simulate(''), '')
        self.assertEqual(
            self.simulate('p\n'), 'ERROR: the errback is missing\n'
        )

    def test_after_the_blank_line(self):
        """What comes after the blank line is nobody's business."""
        out = self.simulate(CROSSING + 'nonsense\n', '--narrow')
        self.assertEqual(out, narrow(CROSSING_DRAWN))

    def test_bad_lines(self):
        """A bad line says why, and may be typed again."""
        good = CROSSING.splitlines()[:-1]
        bad = [list(BAD_LINES)[i :: len(good)] for i in range(len(good))]
        lines = [line for b, g in zip(bad, good) for line in (*b, g)]
        out = self.simulate('\n'.join(lines), '--narrow')
        errors = [
            f'ERROR: {BAD_LINES[line]}\n'
            for line in itertools.chain.from_iterable(bad)
        ]
        self.assertEqual(out, ''.join(errors) + narrow(CROSSING_DRAWN))

    async def test_strange_bytes(self):
        """Bytes that are no text, or can't be printed, are a bad line."""
        strange = {
            b'\xff p\n': "unknown word '\ufffd'",
            b'p f \xe8\xaf\n': VALUE % 'fail',
            b'\0 p\n': "unknown word '\\x00'",
            b'\x1b[2J p\n': "unknown word '\\x1b[2J'",
        }
        for typed, error in strange.items():
            result = await Typist(typed + b'p p\n').ended
            self.assertEqual((result.err, result.status), ('', 0))
            self.assertTrue(result.out.startswith(f'ERROR: {error}'))
            self.assertIn('the chain', result.out)
        result = await Typist(
            '返 p\n'.encode(), PYTHONUTF8='0', PYTHONIOENCODING='ascii'
        ).ended
        self.assertEqual((result.err, result.status), ('', 0))
        self.assertIn('ERROR: unknown word', result.out)

    async def test_usage(self):
        """It takes --narrow and nothing else."""
        for words in ('r',), ('--wide',), ('--narrow', '1'):
            result = await run(SCRIPT, *words)
            self.assertEqual((result.status, result.out), (2, ''))
            self.assertIn(
                'unrecognized arguments', result.err.splitlines()[-1]
            )
            self.assertNotIn('Traceback', result.err)

    async def test_help(self):
        """The help names the script as it was called, and tells the words."""
        result = await run(SCRIPT, '--help', NO_COLOR='1')
        self.assertEqual((result.status, result.err), (0, ''))
        self.assertTrue(result.out.startswith(f'usage: {SCRIPT} '))
        for word in '--narrow', 'return VALUE', 'fail VALUE', 'passthru':
            self.assertIn(word, result.out)


class Terminal(Text):
    """A terminal's text."""

    def isatty(self):
        return True

    def fileno(self):
        return 1


class WidthTests(SynchronousTestCase):
    """Which layout it chooses."""

    def printed(self, columns, *options, piped=False):
        """Return what it draws in a terminal of so many columns."""
        script = runpy.run_path(str(BASE / SCRIPT))
        out = Terminal()
        if piped:
            out.isatty = lambda: False
        size = os.terminal_size((columns, 24))
        with (
            mock.patch.object(sys, 'argv', [SCRIPT, *options]),
            mock.patch.object(sys, 'stdin', Terminal(CROSSING)),
            mock.patch.object(sys, 'stdout', out),
            mock.patch.object(os, 'get_terminal_size', lambda file: size),
        ):
            script['main']()
        return out.printed.rpartition('> ')[2]

    def test_terminal(self):
        """Where they don't fit side by side, the drawings are stacked."""
        self.assertEqual(self.printed(118), narrow(CROSSING_DRAWN))
        self.assertEqual(self.printed(119), wide(CROSSING_DRAWN))
        self.assertEqual(self.printed(119, '--narrow'), narrow(CROSSING_DRAWN))

    def test_unknown(self):
        """They are side by side where no width is known, as in a pipe."""
        self.assertEqual(self.printed(0), wide(CROSSING_DRAWN))
        self.assertEqual(self.printed(80, piped=True), wide(CROSSING_DRAWN))


class TerminalTests(TestCase):
    """What it is like to type the chain."""

    timeout = PATIENCE

    async def begin(self, *options):
        """Return the program when it has told what it wants."""
        program = begin(self, SCRIPT, *options)
        await program.when_printed('A blank line ends')
        return program

    async def test_dialogue(self):
        """It tells what it wants, asks, complains, asks again and draws."""
        program = await self.begin('--narrow')
        for line in 'nonsense p', *CROSSING.splitlines():
            program.transport.write(f'{line}\n'.encode())
        await program.when_ended()
        self.assertEqual(program.status, 0)

        printed = '\n'.join(program.lines) + '\n'
        wanted, _, answers = printed.partition('> ')
        for text in (
            'CALLBACK ERRBACK',
            'return VALUE',
            'fail VALUE',
            'passthru',
            'six letters or digits',
        ):
            self.assertIn(text, wanted)
        self.assertEqual(
            answers,
            f'ERROR: {UNKNOWN % "nonsense"}\n'
            + '> ' * len(CROSSING.splitlines())
            + narrow(CROSSING_DRAWN),
        )

    async def test_end(self):
        """Ctrl-D ends it, with no drawing if there is no pair."""
        program = await self.begin()
        program.transport.write(b'\x04')
        await program.when_ended()
        self.assertEqual(program.status, 0)
        self.assertEqual(program.lines[-2:], ['', '> '])

    async def test_end_after_a_pair(self):
        """Ctrl-D ends a chain, too; the drawings begin on a new line."""
        program = await self.begin('--narrow')
        program.transport.write(b'p p\n')
        await self.end(program, lambda: program.transport.write(b'\x04'))
        self.assertIn(' ' * 14 + 'the chain', program.lines)

    async def test_interrupt(self):
        """Ctrl-C ends it without a word, also in the middle of a chain."""
        for typed in b'', b'p p\nnonsense\n':
            program = await self.begin()
            program.transport.write(typed)
            if typed:
                await program.when_printed('ERROR')
            await self.interrupt(program)
            self.assertEqual(program.status, 0)
            after = program.lines[program.lines.index('^C') + 1 :]
            self.assertEqual(''.join(after).strip('> ^C'), '')

    async def interrupt(self, program):
        """Type Ctrl-C."""
        await self.end(program, program.interrupt)

    async def end(self, program, type_it):
        """Type a key; again where it came just before input() waited."""
        while program.status is None:
            type_it()
            ended = program.when_ended().addTimeout(1, reactor)
            await ended.addErrback(lambda timeout: timeout.trap(TimeoutError))


class Known:
    """A callback or an errback, written down with what it was given."""

    def __init__(self, action, side, path):
        self._action = action
        self._side = side
        self._path = path

    def __call__(self, result):
        came = result if self._side == 'callback' else f'{result.value}*'
        self._path.append((self._side, came))
        if self._action == 'fail x':
            raise ValueError('x')
        return 'y' if self._action == 'return y' else result


class PathTests(SynchronousTestCase):
    """The path drawn is the one that a Deferred takes."""

    actions = 'return y', 'fail x', 'passthru'

    def setUp(self):
        script = runpy.run_path(str(BASE / SCRIPT))
        self.parse_pair = script['parse_pair']
        self.fire = script['fire']
        self.draw_firing = script['draw_firing']

    def chains(self):
        """Yield all chains of two pairs, each with both ways to fire it."""
        pairs = list(itertools.product(self.actions, repeat=2))
        return itertools.product(
            itertools.product(pairs, repeat=2), ('callback', 'errback')
        )

    def path(self, chain, start):
        """Return the path that a Deferred takes through a chain."""
        path = []
        d = Deferred()
        for callback, errback in chain:
            d.addCallbacks(
                Known(callback, 'callback', path),
                Known(errback, 'errback', path),
            )
        if start == 'callback':
            d.callback('initial')
        else:
            d.errback(ValueError('initial'))
        d.addCallbacks(
            lambda result: path.append(('callback', result)),
            lambda failure: path.append(('errback', f'{failure.value}*')),
        )
        return path

    def parsed(self, chain):
        """Return a chain as the script knows it."""
        return [self.parse_pair(' '.join(pair)) for pair in chain]

    def test_path(self):
        """Every chain of two is fired as a Deferred fires it."""
        for chain, start in self.chains():
            self.assertEqual(
                self.fire(self.parsed(chain), start),
                self.path(chain, start),
                f'{chain} {start}',
            )

    def test_drawn_path(self):
        """Values and boxes stand on the sides where the path leads."""
        ends = {'callback': 'result', 'errback': 'unhandled error'}
        for chain, start in self.chains():
            path = self.path(chain, start)
            expected = [
                (f'd.{start}({path[0][1]})', 'between'),
                ('callback errback', 'between'),
            ]
            origin = start
            for (side, value), pair in zip(path, (*chain, None)):
                expected.append(('|', origin))
                if side == origin:
                    expected.append((value, side))
                else:
                    expected.append((f'+ {value} +', 'between'))
                expected.append(('v', side))
                if pair:
                    action = pair[side == 'errback']
                    edge = ('+ +', side)
                    expected += [edge, (f'| {action} |', side), edge]
                origin = side
            expected.append((ends[origin], origin))

            drawn = self.draw_firing(self.parsed(chain), start)
            self.assertEqual([self.text_and_side(d) for d in drawn], expected)

    def text_and_side(self, line):
        """Return what a line of a drawing says, and where."""
        text = ' '.join(line.replace('-', ' ').split())
        first = len(line) - len(line.lstrip())
        if len(line) <= 17:
            return text, 'callback'
        return text, 'errback' if first >= 20 else 'between'

    def test_nothing_unhandled(self):
        """A Deferred that the script has fired leaves no error behind."""
        for start in 'callback', 'errback':
            self.fire(self.parsed([('fail x', 'fail x')]), start)
        gc.collect()
        self.assertEqual(self.flushLoggedErrors(), [])
