"""The transform server: good requests, bad ones, and its test script."""

import contextlib

from twisted.internet import reactor
from twisted.internet.error import ConnectionLost
from twisted.internet.utils import getProcessOutputAndValue
from twisted.trial.unittest import TestCase

from tests.companion.support import (
    BASE,
    PATIENCE,
    POEMS,
    Server,
    begin,
    connect,
    lines_of,
    port_of,
    refused_port,
    run,
)

SCRIPT = 'twisted-server-1/transformedpoetry.py'
LIMIT = 10 * 1024 * 1024


def netstring(data):
    """Return the data as a netstring."""
    return b'%d:%s,' % (len(data), data)


BAD_REQUESTS = {
    'letters': b'poem',
    'no length': b':poem,',
    'negative length': b'-4:poem,',
    'signed length': b'+4:poem,',
    'leading zero': b'04:poem,',
    'fractional length': b'4.0:poem,',
    'hexadecimal length': b'0x4:poem,',
    'blank before': b' 4:poem,',
    'blank after': b'4 :poem,',
    'semicolon': b'4;poem,',
    'wrong end': b'4:poem;',
    'too short a length': b'3:poem,',
    'too long': b'%d:' % (LIMIT + 1),
    'much too long': b'9' * 30 + b':',
    'a line': b'GET / HTTP/1.0\r\n\r\n',
    'zeros': bytes(20),
    'no dot': netstring(b'cummingsify HERE IS MY POEM'),
    'nothing': netstring(b''),
    'unknown transform': netstring(b'byronificate.HERE IS MY POEM'),
    'no transform': netstring(b'.HERE IS MY POEM'),
    'dunder': netstring(b'__class__.HERE IS MY POEM'),
    'blank': netstring(b'cummingsify .HERE IS MY POEM'),
    'not UTF-8': netstring(b'cummingsify.\xff\xfe'),
    'name not UTF-8': netstring(b'\xff\xfe.HERE IS MY POEM'),
    'two, both bad': netstring(b'x.y') + b'20:cummingsify.HERE IS M,',
    'a good one after it': netstring(b'x.y') + netstring(b'cummingsify.AB'),
}

INCOMPLETE = {
    'silence': b'',
    'a length': b'27',
    'half a request': b'27:cummingsify.HERE',
}


class TransformServerTests(TestCase):
    """What the server does for those who ask, and how it takes them."""

    timeout = PATIENCE

    async def begin(self):
        """Start the server; return it and its port."""
        server = begin(self, SCRIPT)
        return server, await port_of(server)

    async def ask(self, port, data):
        """Send data; return what comes back before the end."""
        reader = await connect(self, port)
        reader.transport.write(data)
        with contextlib.suppress(ConnectionLost):
            await reader.closed
        return bytes(reader.data)

    async def assert_serves(self, port):
        """It still does what it is there for."""
        answer = await self.ask(port, netstring(b'cummingsify.A Poem.'))
        self.assertEqual(answer, b'7:a poem.,')

    async def test_requests(self):
        """Poems come back in lower case, with their dots and letters."""
        server, port = await self.begin()
        for poem in ('', 'A. B. C.', '\u00c4RGER', POEMS['jingyesi'].decode()):
            request = f'cummingsify.{poem}'.encode()
            answer = await self.ask(port, netstring(request))
            self.assertEqual(answer, netstring(poem.lower().encode()))
        self.assertEqual(len(server.lines), 1)

    async def test_in_pieces(self):
        """A request may come byte by byte."""
        _, port = await self.begin()
        reader = await connect(self, port)
        reader.transport.setTcpNoDelay(True)
        for byte in netstring(b'cummingsify.A Poem.'):
            reader.transport.write(bytes([byte]))
        self.assertEqual(await reader.closed, b'7:a poem.,')

    async def test_big_poem(self):
        """Ten million bytes go through."""
        _, port = await self.begin()
        poem = b'POEM.' * 2_000_000
        answer = await self.ask(port, netstring(b'cummingsify.' + poem))
        self.assertTrue(answer == netstring(poem.lower()))

    async def test_bad_requests(self):
        """A bad request ends its connection with a line in the log."""
        server, port = await self.begin()
        for number, (name, request) in enumerate(BAD_REQUESTS.items(), 1):
            self.assertEqual(await self.ask(port, request), b'', name)
            lines = await lines_of(server, 1 + number)
            self.assertEqual(len(lines), 1 + number, lines)
            self.assertIn('Bad request from', lines[-1])
        await self.assert_serves(port)
        self.assertNotIn('Traceback', '\n'.join(server.lines))

    async def test_incomplete_requests(self):
        """So does one that never ends, when its sender leaves."""
        server, port = await self.begin()
        for number, request in enumerate(INCOMPLETE.values(), 1):
            reader = await connect(self, port)
            reader.transport.write(request)
            reader.transport.loseConnection()
            await reader.closed
            await self.assert_serves(port)
            lines = await lines_of(server, 1 + number)
            self.assertEqual(len(lines), 1 + number, lines)
            self.assertIn('Bad request from', lines[-1])

    async def test_bad_input(self):
        """What is no sensible command line is refused in a line."""
        for words in (
            ('--port', 'x'),
            ('--port', '65536'),
            ('poem',),
            ('--port', Server(self).port),
        ):
            result = await run(SCRIPT, *words)
            self.assertNotEqual(result.status, 0, words)
            self.assertNotIn('Traceback', result.err)
            self.assertEqual(result.out, '')

    async def test_nonsense_after_a_good_request(self):
        """A good request is answered whole, once, whatever follows it."""
        server, port = await self.begin()
        good = netstring(b'cummingsify.AB')
        for rest in b'zzz', good, netstring(b'x.y'), b'9' * 30 + b':':
            self.assertEqual(await self.ask(port, good + rest), b'2:ab,')
        server.interrupt()
        await server.when_ended()
        self.assertEqual(server.lines[1:], ['^C'])


class TransformTestTests(TestCase):
    """The script that asks the server once."""

    timeout = PATIENCE

    def ask(self, *words):
        """Run the script as a program of its own."""
        script = str(BASE / 'twisted-server-1' / 'transform-test')
        return getProcessOutputAndValue(script, words, reactor=reactor)

    async def test_answer(self):
        """It prints the raw answer and a newline."""
        port = await port_of(begin(self, SCRIPT))
        out, err, status = await self.ask(str(port))
        self.assertEqual((out, err), (b'15:here is my poem,\n', b''))
        self.assertEqual(status, 0)

    async def test_bad_input(self):
        """It refuses bad input, and says when nobody answers."""
        refused = refused_port(self)
        for words, error in (
            ((), b'usage: '),
            (('1', '2'), b'usage: '),
            (('poem',), b"invalid int value: 'poem'"),
            (('65536',), b'between 0 and 65535'),
            ((refused,), b'No answer from 127.0.0.1:'),
        ):
            out, err, status = await self.ask(*words)
            self.assertIn(error, err)
            self.assertNotIn(b'Traceback', err)
            self.assertNotEqual(status, 0)
            self.assertEqual(out, b'')
