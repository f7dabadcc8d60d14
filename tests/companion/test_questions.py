"""What the manifest asks is answered by what is printed; gaps have reasons."""

import re

from twisted.trial.unittest import SynchronousTestCase

from tests.companion.support import BASE
from tour.reading import read_book

BOOK = read_book()


class QuestionTests(SynchronousTestCase):
    """The questions of all parts. (Their scenes are checked on reading.)"""

    def test_every_part(self):
        """Every part with scripts has a question, with one sentence or two."""
        for part in BOOK.parts:
            self.assertTrue(part.questions, part.id)
            for question in part.questions:
                self.assertIn('?', question.ask)
                for text in question.ask, question.answer:
                    self.assertIn(
                        len(re.findall(r'[.?!](?=\s|$)', text)), (1, 2)
                    )

    def test_shown(self):
        """What shows an answer is in the transcript of its scene."""
        shown = 0
        for part in BOOK.parts:
            for question in part.questions:
                name = f'{part.scene_of(question).name}.txt'
                path = BASE / 'tests/transcripts' / name
                transcript = path.read_text('utf-8')
                for text in question.shows:
                    shown += 1
                    self.assertIn(text, transcript)
        self.assertGreater(shown, 60)

    def test_questions_about(self):
        """A script has the questions on it, and those on all of its scene."""
        asked = [
            question.ask.partition(' ')[0]
            for question in BOOK.part('2').questions_about(
                'async-client/get-poetry.py'
            )
        ]
        self.assertEqual(asked, ['The', 'When'])
        part = BOOK.part('7')
        (asked,) = part.questions_about('twisted-deferred/defer-1.py')
        self.assertIn('defer-1.py', asked.ask)
        self.assertEqual(part.questions_about('none.py'), [])


class WhyNotTests(SynchronousTestCase):
    """The versions of a trail."""

    def test_gaps(self):
        """A version that isn't compared with the one before says why."""
        pairs = {(c.old, c.new) for p in BOOK.parts for c in p.comparisons}
        for trail in BOOK.trails:
            for version in trail.versions[1:]:
                compared = (trail.before(version), version) in pairs
                reason = trail.reason(version)
                self.assertEqual(reason is None, compared, version)

    def test_first(self):
        """The first version has none before it."""
        for trail in BOOK.trails:
            self.assertIsNone(trail.before(trail.versions[0]))
            self.assertEqual(
                trail.before(trail.versions[-1]), trail.versions[-2]
            )
