"""How the manifest is read, and what is said when it can't be."""

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tour import reading
from tour.reading import ManifestError

CONTENTS = """
parts = ["1", "2", "x"]

[slow-server]
script = "slow.py"
option = "--delay"
default = 1

[tool.erlang]
name = "Erlang"
check = "erl -version"
package = "erlang-base"
"""

TEXT = """
title = "A text"
text = "http://localhost/1"
idea = "It has no scripts."
"""

PART = """
title = "A part"
text = "http://localhost/2"
idea = "It has scripts."
watch = \"\"\"
Watch the first,
and the second.
\"\"\"
tools = ["erlang"]

[[scene]]
title = "One"
commands = ["python one/x.py"]

[[scene]]
title = "Two"
servers = ["python two/server.py --port 10000"]
commands = [
    "cd one/",
    { text = "python x.py", exit = 3 },
    "cd ../two",
    "python y.py",
]

[[compare]]
old = "one/x.py"
new = "two/y.py"
look = "It is another one."
"""


class ReadingTests(SynchronousTestCase):
    """A manifest of three parts, with and without faults."""

    def setUp(self):
        self.directory = Path(self.mktemp(), 'chapters')
        self.directory.mkdir(parents=True)
        for name, text in (
            ('book.toml', CONTENTS),
            ('01.toml', TEXT),
            ('02.toml', PART),
            ('0x.toml', TEXT),
        ):
            self.write(name, text)

    def write(self, name, text):
        """Write a file of the manifest."""
        (self.directory / name).write_text(text, 'utf-8')

    def read(self):
        """Read the book as it is by now."""
        return reading._read_book.__wrapped__(self.directory)

    def assert_errors(self, *lines):
        """The manifest is refused with these lines."""
        error = self.assertRaises(ManifestError, self.read)
        self.assertEqual(error.lines, lines)

    def assert_error(self, old, new, line, name='02.toml', text=PART):
        """With text in place of another the file has one fault."""
        self.assertIn(old, text)
        self.write(name, text.replace(old, new))
        self.assert_errors(f'chapters/{name}: {line}')

    def test_order(self):
        """The order is that of book.toml; parts without scripts are there."""
        book = self.read()
        self.assertEqual([c.id for c in book.chapters], ['1', '2', 'x'])
        self.assertEqual([part.id for part in book.parts], ['2'])
        self.assertEqual(book.chapter('1').text, 'http://localhost/1')
        self.assertIsNone(book.part('1'))
        self.assertIsNone(book.chapter('3'))
        self.assertEqual(book.base, self.directory.parent.resolve())

    def test_part(self):
        """A part knows its tools, its scenes where they stand."""
        part = self.read().part('2')
        self.assertEqual([tool.name for tool in part.tools], ['Erlang'])
        self.assertEqual(part.watch, 'Watch the first, and the second.')
        one, two = part.scenes
        self.assertEqual(one.name, 'part-02-scene-1')
        self.assertEqual((two.part, two.number), ('2', 2))
        self.assertEqual(
            [(c.text, c.exit, c.directory) for c in two.commands],
            [
                ('cd one/', 0, ''),
                ('python x.py', 3, 'one'),
                ('cd ../two', 0, 'one'),
                ('python y.py', 0, 'two'),
            ],
        )

    def test_frozen(self):
        """Nobody changes the book."""
        part = self.read().part('2')
        with self.assertRaises(ValueError):
            part.title = 'Another'

    def test_missing_file(self):
        """A part in the order needs its file."""
        (self.directory / '02.toml').unlink()
        self.assert_errors('chapters/02.toml: No such file or directory')
        (self.directory / 'book.toml').unlink()
        self.assert_errors('chapters/book.toml: No such file or directory')

    def test_strange_file(self):
        """A file needs its place in the order."""
        self.write('03.toml', TEXT)
        self.assert_errors(
            'chapters/03.toml: no part of that name is in book.toml'
        )

    def test_no_toml(self):
        """What is no TOML is told with its line."""
        self.assert_error(
            '[[scene]]\ntitle = "One"',
            '[[scene]\ntitle = "One"',
            "no TOML: Expected ']]' at the end of an array declaration"
            ' (at line 11, column 8)',
        )

    def test_no_text(self):
        """What is not UTF-8 is told, too."""
        (self.directory / '01.toml').write_bytes(b'title = "\xff"')
        error = self.assertRaises(ManifestError, self.read)
        (line,) = error.lines
        self.assertTrue(line.startswith('chapters/01.toml: no TOML: '), line)

    def test_unknown_name(self):
        """A name that means nothing is told, wherever it stands."""
        says = 'nothing of that name belongs here'
        self.assert_error(
            'tools', 'timelines = 1\ntools', f'timelines: {says}'
        )
        self.assert_error(
            'exit', 'exits', f'scene 2, commands 2: exits: {says}'
        )
        self.assert_error(
            'servers',
            'race = true\nserver = 1\nservers',
            f'scene 2: server: {says}',
        )
        self.assert_error('look', 'see = "x"\nlook', f'compare 1: see: {says}')
        self.write('02.toml', PART)
        self.assert_error(
            'title', 'race = true\ntitle', f'race: {says}', '01.toml', TEXT
        )

    def test_missing_name(self):
        """So is one that is missing."""
        self.assert_error(
            'look = "It is another one."', '', 'compare 1: look: is missing'
        )
        self.assert_error('idea = "It has scripts."', '', 'idea: is missing')
        self.assert_error('title = "Two"', '', 'scene 2: title: is missing')
        self.assert_error(
            PART[PART.index('[[scene') :], '', 'scene: is missing'
        )

    def test_question(self):
        """A question is about a scene of its part, and a script of that."""
        question = '[[question]]\nscene = 1\nscript = "one/x.py"\n'
        text = f'{PART}\n{question}ask = "Why?"\nanswer = "So."\n'
        self.write('02.toml', text)
        (asked,) = self.read().part('2').questions
        self.assertEqual((asked.scene, asked.shows), (1, ()))
        for old, new, error in (
            ('scene = 1', 'scene = 3', 'question 1: no scene 3'),
            ('scene = 1', 'scene = 2', 'question 1: scene 2 runs no one/x.py'),
            (
                'scene = 1',
                'scene = 0',
                'question 1: scene: Input should be greater than or equal'
                ' to 1, not 0',
            ),
            ('answer = "So."', '', 'question 1: answer: is missing'),
        ):
            self.assert_error(old, new, error, text=text)

    def test_why_not(self):
        """Only a version with another one before it has a `why_not`."""
        trail = '[[trail]]\nid = "x"\ntitle = "X"\nversions = ["a", "b"]\n'
        why = '[[trail.why_not]]\nversion = "b"\nsay = "So."\n'
        text = CONTENTS + trail + why
        self.write('book.toml', text)
        (found,) = self.read().trails
        self.assertEqual(found.before('b'), 'a')
        self.assertEqual(found.reason('b'), 'So.')
        self.assertIsNone(found.reason('a'))
        self.assert_error(
            'version = "b"',
            'version = "a"',
            'trail 1: why_not: no version is before a',
            'book.toml',
            text,
        )

    def test_wrong_type(self):
        """So is what has the wrong type: nothing is guessed."""
        self.assert_error(
            'exit = 3',
            'exit = "3"',
            'scene 2, commands 2: exit: Input should be a valid integer,'
            " not '3'",
        )
        self.assert_error(
            '"python one/x.py"', '1', 'scene 1, commands 1: should be a table'
        )
        self.assert_error(
            '"A part"', '2', 'title: Input should be a valid string, not 2'
        )
        self.assert_error(
            'watch',
            'timeline = 1\nwatch',
            'timeline: Input should be a valid boolean, not 1',
        )

    def test_wrong_link(self):
        """A link must be one."""
        self.assert_error(
            'http:',
            'krondo:',
            "text: String should match pattern '^https?://',"
            " not 'krondo://localhost/2'",
        )

    def test_unknown_tool(self):
        """A tool of a part or a scene must be in book.toml."""
        self.assert_error(
            '"erlang"', '"erlang", "ghc"', 'tools 2: book.toml has no tool ghc'
        )
        self.assert_error(
            'servers',
            'tools = ["nc"]\nservers',
            'scene 2, tools 1: book.toml has no tool nc',
        )

    def test_contents(self):
        """What is wrong in book.toml is told like that, too."""
        self.write('book.toml', CONTENTS.replace('check', 'test'))
        self.assert_errors(
            'chapters/book.toml: tool, erlang: check: is missing',
            'chapters/book.toml: tool, erlang: test: nothing of that name'
            ' belongs here',
        )

    def test_all_errors(self):
        """All files are read before anything is told."""
        self.write('01.toml', TEXT.replace('idea', 'ideal'))
        self.write('02.toml', PART.replace('exit = 3', 'exit = 3.5'))
        self.assert_errors(
            'chapters/01.toml: idea: is missing',
            'chapters/01.toml: ideal: nothing of that name belongs here',
            'chapters/02.toml: scene 2, commands 2: exit: Input should be a'
            ' valid integer, not 3.5',
        )
