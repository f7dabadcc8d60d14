"""What holds for all scripts of the tutorial as texts, and for the poems."""

import ast
import builtins
import gc
import re
import runpy
import signal
import sys
import time
import traceback

import twisted.internet
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.internet.testing import MemoryReactorClock, StringTransport
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests.companion.support import PATIENCE, POEMS, Result, run
from tour.reading import read_book

BOOK = read_book()
SCRIPTS = sorted({s for part in BOOK.parts for s in part.scripts})
PYTHON = [s for s in SCRIPTS if s.endswith(('.py', 'transform-test'))]
SOLUTIONS = [
    path.relative_to(BOOK.base).as_posix()
    for path in sorted(BOOK.base.glob('solutions/**/*.py'))
]
FREE = {*sys.stdlib_module_names, 'twisted', 'zope'}


def text_of(script: str) -> str:
    """Return the source of a script."""
    return (BOOK.base / script).read_text('utf-8')


class StageTests(SynchronousTestCase):
    """Scripts stand alone, and differ only in what their chapter is about."""

    def test_standalone(self):
        """They import the standard library, twisted and zope.interface."""
        for script in PYTHON + SOLUTIONS:
            for node in ast.walk(ast.parse(text_of(script))):
                if isinstance(node, ast.ImportFrom):
                    self.assertEqual(node.level, 0, script)
                    names = [node.module]
                elif isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                else:
                    continue
                for name in names:
                    self.assertIn(name.split('.')[0], FREE, script)

    def test_docstring(self):
        """They open with a docstring of one line."""
        for script in PYTHON + SOLUTIONS:
            source = text_of(script)
            docstring = ast.get_docstring(ast.parse(source), clean=False)
            self.assertRegex(docstring, r'^.+[.?!]$', script)
            opening = source.removeprefix('#!/usr/bin/env python3\n')
            self.assertTrue(opening.startswith('"""'), script)

    def test_other_languages(self):
        """Those in other languages open with a comment of one line."""
        others = [script for script in SCRIPTS if script not in PYTHON]
        self.assertEqual(len(others), 3)
        for script in others:
            self.assertRegex(
                text_of(script),
                r'^(#!.*\n%%!.*\n\n)?(%%|-- \|) '
                r'\w+ poetry client \d.0: .*\.\n',
            )

    def test_version_in_one_line(self):
        """The version stands in the opening line and nowhere else."""
        for script in SCRIPTS:
            source = re.sub(r'^(#!|%%!).*\n+', '', text_of(script))
            first, *rest = source.splitlines()
            for version in re.findall(r'\b\d\.\d\b', first):
                again = rf'(?<![\d.]){re.escape(version)}(?![\d.])'
                self.assertNotRegex('\n'.join(rest), again, script)

    def test_same_arguments_same_text(self):
        """parse_args is the same to the letter where the arguments are."""
        for pattern, count in (
            (r'(blocking|async)-client/|twisted-client-[1-5]/', 13),
            (r'twisted-client-[6-8]/', 3),
            (r'twisted-client-9/', 2),
            (r'.*/poetry-proxy.py', 4),
        ):
            scripts = [s for s in SCRIPTS if re.match(pattern, s)]
            self.assertEqual(len(scripts), count)
            self.assertEqual(
                len({self.function(s, 'parse_args') for s in scripts}), 1
            )

    def test_same_arguments_same_text_in_haskell(self):
        """So are the Haskell functions up to connecting."""
        one, two = (
            re.search(
                r'^parseAddress ::.*?ReadMode$',
                text_of(f'haskell-client-{number}/get-poetry.hs'),
                re.MULTILINE | re.DOTALL,
            )[0]
            for number in (1, 2)
        )
        self.assertEqual(one, two)

    def test_same_protocol_same_text(self):
        """PoetryProtocol is the same to the letter from 3.1 on."""
        scripts = [
            s for s in SCRIPTS if re.match(r'twisted-client-([4-8]/|3.*-1)', s)
        ]
        self.assertEqual(len(scripts), 8)
        self.assertEqual(
            len({self.function(s, 'PoetryProtocol') for s in scripts}), 1
        )

    def function(self, script, name):
        """Return the source of a function or class of a script."""
        source = text_of(script)
        return next(
            ast.get_source_segment(source, node)
            for node in ast.parse(source).body
            if getattr(node, 'name', '') == name
        )

    def test_comparisons(self):
        """What is to be compared exists and differs."""
        for part in BOOK.parts:
            for pair in part.comparisons:
                self.assertNotEqual(text_of(pair.old), text_of(pair.new))
                self.assertTrue(pair.look)


class ImportTests(SynchronousTestCase):
    """A reader who tests a script can load it (exercise 15.3)."""

    def test_nothing_at_once(self):
        """No script reads files or arguments, or exits, when it is loaded."""
        for script in PYTHON:
            for statement in ast.parse(text_of(script)).body:
                if not self.waits(statement):
                    names = {
                        getattr(node.func, 'attr', None)
                        or getattr(node.func, 'id', None)
                        for node in ast.walk(statement)
                        if isinstance(node, ast.Call)
                    }
                    forbidden = {'open', 'exit', 'parse_args', 'read_text'}
                    self.assertEqual(names & forbidden, set(), script)

    def waits(self, statement):
        """Return whether it is run later, or just where it is a script."""
        return isinstance(
            statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
        ) or ast.unparse(statement).startswith("if __name__ == '__main__':")

    def test_load(self):
        """Those that have a main function do nothing when they are loaded."""
        self.patch(builtins, 'open', lambda *args: self.fail(args))
        self.patch(builtins, 'print', lambda *args: self.fail(args))
        self.patch(sys, 'argv', ['none', '--nothing'])
        guarded = [s for s in PYTHON if '__main__' in text_of(s)]
        self.assertGreater(len(guarded), 25)
        for script in guarded:
            runpy.run_path(str(BOOK.base / script), run_name='loaded')


class Reactor(MemoryReactorClock):
    """A reactor without a wait: it goes from one timed call to the next."""

    def run(self):
        """Run until it is stopped, or until there is no timed call left."""
        self.running = True
        for function, args, options in self.whenRunningHooks:
            function(*args, **options)
        while self.running and self.calls:
            self.advance(max(0, self.calls[0].getTime() - self.rightNow))

    def installResolver(self, resolver):
        """Look nothing up: connections of this reactor stay in memory."""

    def sleep(self, seconds):
        """Let time go by for all, as time.sleep does."""
        self.rightNow += seconds


class UntimedTests(SynchronousTestCase):
    """Small scripts, played in this process and in no time."""

    # the second in which each line is printed, and the one of the end
    times = {
        'basic-twisted/countdown.py': [0, 0, 1, 2, 3, 4, 5, 5],
        'twisted-deferred/defer-block.py': [0, 0, 0, 1, 2, 2, 2, 2, 3, 3],
        'inline-callbacks/inline-callbacks-1.py': [0, 0, 5, 10, 10],
        'inline-callbacks/inline-callbacks-2.py': [0, 0, 2, 2, 3, 3, 3, 3],
        'deferred-cancel/defer-cancel-9.py': [5, 5, 10],
        'deferred-cancel/defer-cancel-10.py': [2, 5, 10],
        'deferred-cancel/defer-cancel-11.py': [2, 10],
        'deferred-howto/1-first-callback.py': [0, 0, 2, 4],
        'deferred-howto/2-callback-chain.py': [2, 2, 4],
        'deferred-howto/6-sync-or-async.py': [0, 0, 0, 0, 0, 2, 2, 4],
    }

    # what isn't called: the errback of a result, the callback of an error
    uncalled = {
        'twisted-deferred/defer-1.py': {'poem_failed': 'No poetry for you.'},
        'twisted-deferred/defer-2.py': {
            'got_poem': 'Your poem is served:\nx',
        },
        'twisted-deferred/defer-3.py': {
            'got_poem': 'Your poem is served:\nx',
        },
        'deferred-cancel/defer-cancel-1.py': {'callback': 'callback got: x'},
        'deferred-cancel/defer-cancel-2.py': {'callback': 'callback got: x'},
        'deferred-cancel/defer-cancel-3.py': {'errback': 'errback got: x'},
        'deferred-cancel/defer-cancel-4.py': {'callback': 'callback got: x'},
        'deferred-cancel/defer-cancel-5.py': {'callback': 'callback got: x'},
        'deferred-cancel/defer-cancel-6.py': {'errback': 'errback got: x'},
        'deferred-cancel/defer-cancel-7.py': {'callback': 'callback got: x'},
        'deferred-cancel/defer-cancel-8.py': {
            'canceller': 'I need to cancel this deferred: x',
            'errback': 'errback got: x',
        },
        'deferred-cancel/defer-cancel-9.py': {
            'poem_error': 'get_poem failed: x',
        },
        'deferred-cancel/defer-cancel-10.py': {'got_poem': 'I got a poem: x'},
        'deferred-cancel/defer-cancel-11.py': {'got_poem': 'I got a poem: x'},
        'deferred-cancel/defer-cancel-12.py': {
            'cancel_outer': 'outer cancel callback.',
            'second_outer_callback': 'second outer callback got: x',
        },
    }

    # what a script does to its Deferreds, also where it has no effect
    done = {
        'deferred-cancel/defer-cancel-3.py': 'callback cancel',
        'deferred-cancel/defer-cancel-4.py': 'cancel callback',
        'deferred-cancel/defer-cancel-8.py': 'callback cancel',
        'deferred-howto/8-default-cancel.py': (
            'callback cancel cancel callback callback'
        ),
    }

    def setUp(self):
        self.printed = []
        self.patch(builtins, 'print', self.print)

    def print(self, *words, file=None):
        """Note when a line is printed, and what and where."""
        text = ' '.join(str(word) for word in words)
        self.printed.append((self.reactor.seconds(), text, file))

    def last_line(self):
        """Return what was printed last."""
        return self.printed[-1][1]

    def play(self, script):
        """Run a script with a reactor of its own; return its names."""
        self.reactor = Reactor()
        self.patch(twisted.internet, 'reactor', self.reactor)
        self.patch(time, 'sleep', self.reactor.sleep)
        return runpy.run_path(str(BOOK.base / script))

    def test_times(self):
        """Each line is printed in its second, and the end comes in time."""
        for script, expected in self.times.items():
            self.printed = []
            self.play(script)
            seconds = [second for second, _, _ in self.printed]
            seconds.append(self.reactor.seconds())
            self.assertEqual(seconds, expected, script)

    def test_poem_failed(self):
        """defer-8 and defer-9 apologize on stderr and stop, too."""
        self.patch(Reactor, 'run', lambda reactor: None)
        for number in 8, 9:
            names = self.play(f'twisted-deferred/defer-{number}.py')
            self.reactor.running = True
            names['d'].errback(Exception())
            self.assertFalse(self.reactor.running)
            lines = [text for _, text, file in self.printed if file]
            self.assertEqual(len(lines), 3 * (number - 7))
            self.assertEqual({file for *_, file in self.printed}, {sys.stderr})

    def test_errors_to_stderr(self):
        """The errback of the article's chain prints on stderr."""
        self.play('deferred-howto/2-callback-chain.py')
        (_, error, stderr), (_, result, stdout) = self.printed
        self.assertIn('odd number', error)
        self.assertIs(stderr, sys.stderr)
        self.assertEqual((result, stdout), ('Result: 12', None))

    def test_getter(self):
        """A Getter fires once, and can be used again in a callback."""
        names = self.play('deferred-howto/2-callback-chain.py')
        self.printed = []
        getter = names['Getter']()
        getter.gotResults(2)
        self.assertEqual(self.printed[0][1], 'Nowhere to put results')
        d = getter.getDummyData(2)
        d.addCallback(lambda _: getter.getDummyData(4))
        self.reactor.advance(2)
        self.assertNoResult(d)
        self.reactor.advance(2)
        self.assertEqual(self.successResultOf(d), 'Result: 12')
        getter.gotResults(2)
        self.assertEqual(len(self.printed), 2)

    def test_uncalled(self):
        """What a script defines and doesn't call would print, if called."""
        for script, lines in self.uncalled.items():
            names = self.play(script)
            for name, text in lines.items():
                self.printed = []
                names[name]('x')
                printed = [line for _, line, _ in self.printed]
                self.assertEqual('\n'.join(printed), text, script)
        gc.collect()
        # that of defer-cancel-1, which nobody handles
        self.assertEqual(len(self.flushLoggedErrors(CancelledError)), 1)

    def test_send_poem(self):
        """The poem is sent, also where its Deferred has been cancelled."""
        for number in 9, 10, 11:
            names = self.play(f'deferred-cancel/defer-cancel-{number}.py')
            d = Deferred()
            names['send_poem'](d)
            self.assertEqual(self.last_line(), 'Sending poem')
            poem = self.successResultOf(d)
            self.assertEqual(poem, 'Once upon a midnight dreary')

    def test_done(self):
        """A script fires and cancels in the order that it is about."""
        done = []

        def noted(name, method):
            def call(*args):
                done.append(name)
                return method(*args)

            return call

        for name in 'callback', 'cancel':
            method = getattr(Deferred, name)
            self.patch(Deferred, name, noted(name, method))
        for script, expected in self.done.items():
            done.clear()
            self.play(script)
            self.assertEqual(' '.join(done), expected, script)

    def test_connecting(self):
        """A connection is given up after two seconds, but may be made."""
        names = self.play('deferred-howto/7-cancel-connecting.py')
        ((host, port, *_),) = self.reactor.tcpClients
        self.assertEqual((host, port), ('slow.example', 80))
        self.assertEqual([second for second, _, _ in self.printed], [2, 2])
        self.assertFalse(self.reactor.running)

        made = Deferred()
        names['endpoint'].connect = lambda factory: made
        names['startConnecting'](names['endpoint'])
        made.callback(None)
        self.assertEqual(self.last_line(), 'Connected')

    def test_resumed(self):
        """The generator goes on a tenth of a second later, on its stack."""
        stacks = []
        self.patch(traceback, 'print_stack', lambda: stacks.append('stack'))
        self.play('inline-callbacks/inline-callbacks-tb.py')
        self.assertEqual([second for second, _, _ in self.printed], [0, 0.1])
        self.assertEqual(stacks, ['stack'])
        self.assertFalse(self.reactor.running)

    def test_result_of_chain(self):
        """A chain that has waited ends with what its last callback says."""
        names = self.play('twisted-deferred/defer-10.py')
        self.assertEqual(self.successResultOf(names['outer']), 3)

    def test_added_after_list(self):
        """A callback added after the list runs, though the list is made."""
        names = self.play('deferred-howto/11-add-before-list.py')
        result = self.successResultOf(names['deferred1'])
        self.assertEqual(result, 'one ten')

    def request(self):
        """Return an HTTPClient of the article that has sent its request."""
        names = self.play('deferred-howto/9-cancel-request.py')
        self.assertEqual(self.reactor.seconds(), 4)
        (port, _, _, interface), *others = self.reactor.tcpServers
        self.assertEqual((port, interface, others), (0, '127.0.0.1', []))
        client = names['HTTPClient']()
        transport = StringTransport()
        client.makeConnection(transport)
        names['connected'](client)
        self.assertEqual(transport.value(), b'GET / HTTP/1.0\r\n\r\n')
        return client

    def test_response(self):
        """A connection that ends in order ends a response."""
        client = self.request()
        for data in b'HTTP/1.0 ', b'200 OK':
            client.dataReceived(data)
        self.assertEqual(self.printed, [])
        client.connectionLost(Failure(ConnectionDone()))
        self.assertEqual(self.last_line(), "Client: got b'HTTP/1.0 200 OK'")

    def test_no_response(self):
        """A response that is cut off is an error."""
        client = self.request()
        client.dataReceived(b'HTTP/1.0 ')
        client.connectionLost(Failure(ConnectionLost()))
        self.assertEqual(
            self.last_line(), 'Client: no response, ConnectionLost'
        )

    def test_cancelled(self):
        """Two seconds later a request is cancelled, its connection aborted."""
        client = self.request()
        self.reactor.advance(1.9)
        self.assertEqual(self.printed, [])
        self.reactor.advance(0.1)
        self.assertTrue(client.transport.disconnected)
        client.connectionLost(Failure(ConnectionDone()))
        self.assertEqual(
            [text for _, text, _ in self.printed],
            ['Client: cancel!', 'Client: no response, CancelledError'],
        )


POLLING = """
import runpy
from twisted.internet.posixbase import PosixReactorBase

PosixReactorBase.run = lambda reactor: print(type(reactor).__name__)
runpy.run_path('basic-twisted/simple-poll.py')
"""
"""Prints the kind of reactor that the script would run."""

SIGNALLED = """
import runpy, signal, sys, time
from twisted.internet import reactor

def interrupted(seconds):
    time.sleep = lambda seconds: None
    signal.raise_signal(int(sys.argv[2]))

time.sleep = interrupted
reactor.callLater(0, lambda: time.sleep(0))
runpy.run_path(sys.argv[1])
"""
"""Sends the script a signal while it sleeps, or when its reactor runs."""


class ReactorTests(TestCase):
    """What takes a process and a reactor of its own."""

    timeout = PATIENCE

    async def test_poll(self):
        """simple-poll.py runs the reactor that it has installed."""
        result = await run('-c', POLLING)
        self.assertEqual(result, Result('PollReactor\n', '', 0))

    async def test_signals(self):
        """Ctrl-C and SIGTERM end a script, also in a callback that blocks."""
        for script, last in (
            ('basic-twisted/hello.py', 'stuck in a rut.\n'),
            ('twisted-deferred/defer-block.py', 'Done.\n'),
        ):
            for signum in signal.SIGINT, signal.SIGTERM:
                result = await run('-c', SIGNALLED, script, str(int(signum)))
                self.assertEqual((result.err, result.status), ('', 0))
                self.assertTrue(result.out.endswith(last), result.out)


class PoemTests(SynchronousTestCase):
    """The poems have the sizes that the tutorial prints."""

    def test_sizes(self):
        """The sizes are those of the tutorial."""
        sizes = {name: len(poem) for name, poem in POEMS.items()}
        self.assertEqual(sizes['ecstasy'], 3003)
        self.assertEqual(sizes['fascination'], 623)
        self.assertEqual(sizes['science'], 653)

    def test_first_lines(self):
        """Part 21 prints the sizes of the first lines of The Ecstasy."""
        lines = POEMS['ecstasy'].splitlines(keepends=True)
        sizes = [len(line) for line in lines[:5]]
        self.assertEqual(sizes, [12, 1, 30, 44, 29])

    def test_layout(self):
        """Title, verses and poet are set apart by blank lines."""
        for name, verses in (
            ('ecstasy', 76),
            ('fascination', 13),
            ('science', 14),
            ('jingyesi', 4),
        ):
            poem = POEMS[name].decode('utf-8')
            self.assertNotIn('\r', poem)
            lines = poem.split('\n')
            self.assertEqual(len(lines), verses + 5, name)
            self.assertEqual([lines[1], lines[-3], lines[-1]], [''] * 3)
            self.assertTrue(lines[-2].startswith('    -- '))

    def test_indentation(self):
        """Every second verse of The Ecstasy is set in by nine blanks."""
        verses = POEMS['ecstasy'].decode().split('\n')[2:78]
        indents = [re.match(' *', verse)[0] for verse in verses]
        self.assertEqual(indents, ['', ' ' * 9] * 38)

    def test_characters(self):
        """Two poems have more bytes than characters."""
        fascination = POEMS['fascination'].decode()
        self.assertEqual(fascination.count('\u2019'), 4)
        self.assertTrue(fascination.startswith("The Fascination of What's"))
        for letter in '静夜思床前明月光':
            self.assertIn(letter, POEMS['jingyesi'].decode())
        self.assertTrue(POEMS['ecstasy'].isascii())
        self.assertTrue(POEMS['science'].isascii())
