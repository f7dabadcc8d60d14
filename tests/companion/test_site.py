"""The site is complete, and its links lead on."""

import functools
import re
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from twisted.trial.unittest import SynchronousTestCase

from tests.companion.site import built_site
from tests.companion.support import BASE
from tour import transcript
from tour.comparing import patch
from tour.reading import read_book

try:
    from bs4 import BeautifulSoup
except ImportError:
    BeautifulSoup = None

BOOK = read_book()


class Pages(Mapping):
    """The pages of a site, each parsed when it is first asked for."""

    def __init__(self, site):
        self._site = site
        self._parsed = {}
        self._names = sorted(
            path.relative_to(site).as_posix()
            for path in site.glob('**/*.html')
        )

    def __getitem__(self, name):
        if name not in self._parsed:
            text = (self._site / name).read_text('utf-8')
            self._parsed[name] = BeautifulSoup(text, 'html.parser')
        return self._parsed[name]

    def __iter__(self):
        return iter(self._names)

    def __len__(self):
        return len(self._names)


pages_of = functools.cache(Pages)


class SiteTests(SynchronousTestCase):
    """The pages as they are on the disk."""

    def setUp(self):
        self.site = built_site()
        self.pages = pages_of(self.site)

    def page_of(self, part):
        """Return the page on a part."""
        return self.pages[f'parts/{part.id:0>2}.html']

    def texts(self, page, selector):
        """Return the texts of the elements of a page, without their end."""
        return [e.get_text().rstrip('\n') for e in page.select(selector)]

    def test_scripts(self):
        """Every script is on the page of its part, as it is on the disk."""
        for id, scripts in BOOK.new_scripts().items():
            page = self.page_of(BOOK.part(id))
            for number in page.select('.linenos'):
                number.extract()
            listings = self.texts(page, '.sd-card .highlight pre')
            for script in scripts:
                text = (BASE / script).read_text('utf-8').rstrip('\n')
                self.assertIn(text, listings, script)
                self.assertIn(
                    script, [e.get_text() for e in page.select('h2 code')]
                )

    def test_texts(self):
        """Each part's page links its text, the index those of the others."""
        for chapter in BOOK.chapters:
            part = BOOK.part(chapter.id)
            page = self.page_of(part) if part else self.pages['index.html']
            links = [a['href'] for a in page.select('article a')]
            self.assertIn(chapter.text, links, chapter.id)

    def test_transcripts(self):
        """So is every transcript."""
        for part in BOOK.parts:
            printed = self.texts(self.page_of(part), 'details .transcript pre')
            for scene in part.scenes:
                text = transcript.path(BASE, scene).read_text('utf-8')
                self.assertIn(text.rstrip('\n'), printed, scene.name)

    def test_what_a_script_prints(self):
        """Beside each script is what it prints."""
        new = BOOK.new_scripts()
        for part in BOOK.parts:
            printed = self.texts(self.page_of(part), '.transcript pre')
            for scene in part.scenes:
                for command, block in transcript.blocks(BASE, scene):
                    if command.script in new[part.id]:
                        self.assertTrue(
                            any(block in text for text in printed), block
                        )

    def test_comparisons(self):
        """Every comparison is there, folded and whole, with its line."""
        for part in BOOK.parts:
            page = self.page_of(part)
            drawn = {
                (e['data-old'], e['data-new']): e
                for e in page.select('.comparison')
            }
            self.assertEqual(
                set(drawn), {(pair.old, pair.new) for pair in part.comparisons}
            )
            for pair in part.comparisons:
                element = drawn[pair.old, pair.new]
                for selector, context in (
                    ('.highlight-diff pre', 3),
                    ('.comparison-whole', 10**6),
                ):
                    lines = patch(BASE, pair.old, pair.new, context)
                    self.assertEqual(
                        self.texts(element, selector), ['\n'.join(lines)]
                    )
                look = re.sub(r'\s+', ' ', pair.look)
                self.assertIn(look, page.get_text().replace('’', "'"))

    def test_words(self):
        """A page opens with its part's idea and what to watch for."""
        for part in BOOK.parts:
            text = re.sub(r'\s+', ' ', self.page_of(part).get_text())
            text = text.replace('’', "'").replace('“', '"')
            self.assertIn(part.idea, text)
            watch = re.sub(r'\s+', ' ', part.watch.replace('`', '')).strip()
            self.assertIn(watch, text)
            self.assertGreaterEqual(len(re.findall(r'[.?!](\s|$)', watch)), 2)

    def test_pictures(self):
        """Parts with something to be seen in time show it, in words too."""
        for kind, ids in (
            ('timeline', ['2']),
            ('loop', ['2', '4', '8', '13', '14']),
        ):
            shown = [p for p in BOOK.parts if getattr(p, kind)]
            self.assertEqual([part.id for part in shown], ids)
        for part in BOOK.parts:
            pictures = self.page_of(part).select('figure.picture svg')
            self.assertEqual(
                len(pictures), bool(part.timeline) + bool(part.loop), part.id
            )
            for picture in pictures:
                self.assertTrue(picture.title.get_text())
                self.assertTrue(picture.find('desc').get_text())
            if part.loop:
                title = pictures[-1].title.get_text()
                self.assertEqual(title, part.loop.finding)

    def test_trails(self):
        """The first page leads to every version, and each to the next."""
        for trail in BOOK.trails:
            links = [
                a['href']
                for a in self.pages['index.html'].select('ol.trail a')
                if a['href'].startswith(f'{trail.id}/')
            ]
            self.assertEqual(len(links), len(trail.versions))
            for link, after in zip(links, links[1:]):
                (head,) = self.pages[link].select('head link[rel=next]')
                self.assertEqual(f'{trail.id}/{head["href"]}', after)
                *_, step = self.pages[link].select('.steps a')
                self.assertEqual(f'{trail.id}/{step["href"]}', after)
                self.assertTrue(step.get_text().startswith('Next: '))
            for link, script in zip(links, trail.versions):
                page = self.pages[link]
                first = (BASE / script).read_text('utf-8').splitlines()[-1]
                self.assertIn(first, page.get_text())
                self.assertTrue(page.select('.transcript'))

    def test_steps(self):
        """Each version on a trail shows what changed since an earlier one."""
        for trail in BOOK.trails:
            seen = []
            for number, script in enumerate(trail.versions):
                (name,) = [
                    name
                    for name in self.pages
                    if name.startswith(f'{trail.id}/{number + 1:02}-')
                ]
                pairs = [
                    (pair.old, pair.new)
                    for part in BOOK.parts
                    for pair in part.comparisons
                    if pair.new == script and pair.old in seen
                ]
                shown = [
                    (e['data-old'], e['data-new'])
                    for e in self.pages[name].select('.comparison')
                ]
                self.assertEqual(shown, pairs)
                seen.append(script)

    def test_links(self):
        """Every link leads somewhere, and nothing is loaded from afar."""
        ids = {
            name: {e['id'] for e in page.select('[id]')}
            for name, page in self.pages.items()
        }
        count = 0
        for name, page in self.pages.items():
            for attribute in 'href', 'src':
                for element in page.select(f'[{attribute}]'):
                    link = urlsplit(element[attribute])
                    if link.scheme or link.netloc:
                        self.assertEqual(element.name, 'a', element)
                        continue
                    path = (self.site / name).parent / unquote(link.path)
                    target = path if link.path else self.site / name
                    self.assertTrue(target.exists(), (name, element))
                    count += 1
                    if link.fragment and target.suffix == '.html':
                        at = target.resolve().relative_to(self.site)
                        self.assertIn(link.fragment, ids[at.as_posix()], name)
        self.assertGreater(count, 1000)
