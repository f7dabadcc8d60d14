"""The site is complete, and its links lead on."""

import functools
import re
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from twisted.trial.unittest import SkipTest, SynchronousTestCase

from tests.companion.site import built_site
from tests.companion.support import BASE
from tour import transcript
from tour.comparing import SIMILAR, alike, patch
from tour.reading import read_book

try:
    import lxml.cssselect
    import lxml.html
except ImportError:
    lxml = None

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
            self._parsed[name] = lxml.html.document_fromstring(text)
        return self._parsed[name]

    def __iter__(self):
        return iter(self._names)

    def __len__(self):
        return len(self._names)


pages_of = functools.cache(Pages)


@functools.cache
def selector(text):
    """Return a CSS selector as lxml knows it."""
    return lxml.cssselect.CSSSelector(text, translator='html')


def select(element, text):
    """Return the elements in one, and it itself, that are of that kind."""
    return selector(text)(element)


class SiteTests(SynchronousTestCase):
    """The pages as they are on the disk."""

    def setUp(self):
        if lxml is None:
            raise SkipTest("needs lxml: pip install -e '.[test]'")
        self.site = built_site()
        self.pages = pages_of(self.site)

    def page_of(self, part):
        """Return the page on a part."""
        return self.pages[f'parts/{part.id:0>2}.html']

    def code(self, element, *kinds):
        """Return the lines of code in an element, those of that kind."""
        selectors = [f'{kind} > code' for kind in kinds or ['.line']]
        lines = select(element, ', '.join(selectors))
        return ''.join(line.text_content() for line in lines).splitlines()

    def transcripts(self, page):
        """Return the transcripts of a page, with what is folded in them."""
        return [
            ''.join(e.text_content() for e in select(transcript, 'samp'))
            for transcript in select(page, '.transcript:not(.typed)')
        ]

    def words(self, element):
        """Return the text of an element, with plain quotes and blanks."""
        text = re.sub(r'\s+', ' ', element.text_content())
        for round, plain in ('’', "'"), ('‘', "'"), ('“', '"'), ('”', '"'):
            text = text.replace(round, plain)
        return text

    def test_scripts(self):
        """Every script is on the page of its part, as it is on the disk."""
        for id, scripts in BOOK.new_scripts().items():
            page = self.page_of(BOOK.part(id))
            listings = [self.code(e) for e in select(page, '.listing')]
            for script in scripts:
                text = (BASE / script).read_text('utf-8')
                self.assertIn(text.splitlines(), listings, script)
                self.assertIn(
                    script,
                    [e.text_content() for e in select(page, 'h2 code')],
                )

    def test_texts(self):
        """Each part's page links its text, the index those of the others."""
        for chapter in BOOK.chapters:
            has_page = BOOK.part(chapter.id) or chapter.exercises
            page = self.pages['index.html']
            if has_page:
                page = self.page_of(chapter)
            links = [a.get('href') for a in select(page, 'article a')]
            self.assertIn(chapter.text, links, chapter.id)

    def test_transcripts(self):
        """So is every transcript, and nothing is lost where it is folded."""
        poem = (BASE / 'poetry' / 'science.txt').read_text('utf-8')
        folded = 0
        for part in BOOK.parts:
            page = self.page_of(part)
            printed = self.transcripts(page)
            for scene in part.scenes:
                text = transcript.path(BASE, scene).read_text('utf-8')
                self.assertIn(text.rstrip('\n') + '\n', printed, scene.name)
            for fold in select(page, '.transcript details.poem'):
                said = select(fold, 'summary')[0].text_content()
                if said == 'Sonnet - To Science … 653 bytes':
                    self.assertEqual(
                        select(fold, 'pre')[0].text_content(), poem
                    )
                    folded += 1
        self.assertGreater(folded, 10)

    def test_what_a_version_prints(self):
        """A version's page has what it prints."""
        for trail in BOOK.trails:
            for script, page in zip(trail.versions, self.steps(trail)):
                part = self.part_of(script)
                printed = self.transcripts(page)
                blocks = [
                    block
                    for scene in part.scenes
                    for command, block in transcript.blocks(BASE, scene)
                    if command.script == script
                ]
                self.assertTrue(
                    any(b in text for b in blocks for text in printed), script
                )

    def steps(self, trail):
        """Return the pages of a trail, in its order."""
        return [
            page
            for name, page in self.pages.items()
            if name.startswith(f'{trail.id}/')
        ]

    def part_of(self, script):
        """Return the part that runs a script for the first time."""
        return next(
            BOOK.part(id)
            for id, scripts in BOOK.new_scripts().items()
            if script in scripts
        )

    def test_comparisons(self):
        """Every comparison is there, with both versions, line by line."""
        for part in BOOK.parts:
            page = self.page_of(part)
            drawn = {
                (e.get('data-old'), e.get('data-new')): e
                for e in select(page, '.difference')
            }
            self.assertEqual(
                set(drawn), {(pair.old, pair.new) for pair in part.comparisons}
            )
            for pair in part.comparisons:
                element = drawn[pair.old, pair.new]
                for script, kinds in (
                    (pair.old, ['.line.old', '.twin', '.fold .same']),
                    (pair.new, ['.line:not(.old):not(.twin)']),
                ):
                    lines = (BASE / script).read_text('utf-8').splitlines()
                    self.assertEqual(self.code(element, *kinds), lines, script)
                    self.assertIn(
                        script,
                        select(element, '.versions')[0].text_content(),
                    )
                self.assertIn(pair.look, self.words(page).replace('`', ''))

    def test_notes(self):
        """Each note stands with the lines that it is on, and once."""
        for part in BOOK.parts:
            page = self.page_of(part)
            for pair in part.comparisons:
                (element,) = select(
                    page, f'[data-old="{pair.old}"][data-new="{pair.new}"]'
                )
                said = [(self.words(e), e) for e in select(element, '.note')]
                for note in pair.notes:
                    say = note.say.replace('`', '')
                    ((text, own),) = [n for n in said if n[0].endswith(say)]
                    number = text.split()[0]
                    (step,) = [
                        e
                        for e in own.iterancestors()
                        if 'step' in e.get('class', '').split()
                    ]
                    noted = [
                        line.text_content()
                        for line in select(step, '[data-note]')
                        if number in line.get('data-note').split()
                    ]
                    self.assertTrue(
                        any(note.at in line for line in noted), note
                    )
                self.assertEqual(len(said), len(pair.notes))

    def test_folds(self):
        """What is folded says how many lines it has, and what begins there."""
        page = self.page_of(BOOK.part('18'))
        said = [e.text_content() for e in select(page, '.fold summary')]
        self.assertIn('15 lines', said)
        self.assertTrue(
            any(re.match(r'\d+ lines: parse_args, ', text) for text in said)
        )
        for fold in select(page, '.fold'):
            count = int(select(fold, 'summary')[0].text_content().split()[0])
            self.assertEqual(len(self.code(fold)), count)

    def test_code_first(self):
        """The code comes first, then a question, and behind it the answer."""
        for trail in BOOK.trails:
            for script, page in zip(trail.versions, self.steps(trail)):
                kinds = [
                    next(
                        kind
                        for kind in ('difference', 'listing', 'scene')
                        if kind in e.get('class').split()
                    )
                    for e in select(page, '.difference, .listing, .scene')
                ]
                self.assertIn(kinds[0], ('difference', 'listing'))
                self.assertEqual(kinds, sorted(kinds))
                self.assertEqual(set(kinds[-1:]), {'scene'})
                text = self.words(page)
                for question in self.part_of(script).questions_about(script):
                    ask, answer = (
                        text.index(sentence.replace('`', ''))
                        for sentence in (question.ask, question.answer)
                    )
                    self.assertLess(ask, answer)
                for answer in select(page, '.answer'):
                    (fold,) = answer.iterancestors('details')
                    self.assertNotIn('open', fold.attrib)

    def test_questions(self):
        """Every question is on the page of its part."""
        for part in BOOK.parts:
            text = self.words(self.page_of(part))
            for question in part.questions:
                self.assertIn(question.ask.replace('`', ''), text)

    def test_why_not(self):
        """A version that isn't compared with the one before it says why."""
        for trail in BOOK.trails:
            for script, page in zip(trail.versions, self.steps(trail)):
                said = ' '.join(
                    self.words(e) for e in select(page, '.why-not')
                )
                reason = (trail.reason(script) or '').replace('`', '')
                self.assertEqual(said.strip(), reason)

    def test_words(self):
        """A page opens with its part's idea and what to watch for."""
        for part in BOOK.parts:
            text = re.sub(r'\s+', ' ', self.page_of(part).text_content())
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
            page = self.page_of(part)
            pictures = select(page, 'figure.picture svg')
            self.assertEqual(
                len(pictures), bool(part.timeline) + bool(part.loop), part.id
            )
            for picture in pictures:
                self.assertTrue(picture.findtext('title'))
                self.assertTrue(picture.findtext('desc'))
            if part.loop:
                title = pictures[-1].findtext('title')
                self.assertEqual(title, part.loop.finding)

    def test_trails(self):
        """The first page leads to every version, and each to the next."""
        for trail in BOOK.trails:
            links = [
                a.get('href')
                for a in select(self.pages['index.html'], 'ol.trail a')
                if a.get('href').startswith(f'{trail.id}/')
            ]
            self.assertEqual(len(links), len(trail.versions))
            for link, after in zip(links, links[1:]):
                (head,) = select(self.pages[link], 'head link[rel=next]')
                self.assertEqual(f'{trail.id}/{head.get("href")}', after)
                *_, step = select(self.pages[link], '.steps a')
                self.assertEqual(f'{trail.id}/{step.get("href")}', after)
                self.assertTrue(step.text_content().startswith('Next: '))
            for link, script in zip(links, trail.versions):
                page = self.pages[link]
                first = (BASE / script).read_text('utf-8').splitlines()[-1]
                self.assertIn(first, page.text_content())
                self.assertTrue(select(page, '.transcript'))

    def test_next(self):
        """Whoever presses "next" comes from client 1.0 to 8.0."""
        name, titles = 'clients/03-1-0.html', []
        before = None
        while not titles or 'Client 8.0' not in titles[-1]:
            page = self.pages[name]
            (heading,) = select(page, 'h1')
            titles.append(heading.text_content().rstrip('#¶'))
            self.assertTrue(select(page, '.difference, .listing'), name)
            self.assertTrue(select(page, '.transcript'), name)
            (back,) = select(page, 'head link[rel=prev]')
            self.assertIn(before, (f'clients/{back.get("href")}', None))
            (link,) = select(page, '.next-page')
            (head,) = select(page, 'head link[rel=next]')
            self.assertEqual(link.get('href'), head.get('href'))
            before, name = name, f'clients/{link.get("href")}'
        versions = '1.0 2.0 2.1 3.0 3.1 4.0 5.0 5.1 6.0 7.0 8.0'
        self.assertEqual(
            [title.split(':')[0] for title in titles],
            [f'Client {version}' for version in versions.split()],
        )

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
                    (e.get('data-old'), e.get('data-new'))
                    for e in select(self.pages[name], '.difference')
                ]
                self.assertEqual(shown, pairs)
                seen.append(script)

    def exercises(self):
        """Return all exercises, and the sections that they have."""
        found = []
        for exercise in BOOK.exercises:
            page = self.pages[f'exercises/{exercise.part:0>2}.html']
            anchor = f'exercise-{exercise.id.replace(".", "-")}'
            (section,) = select(page, f'section#{anchor}')
            found.append((exercise, section))
        return found

    def folds(self, section):
        """Return the folds of an exercise: its hint and our answer."""
        return section.xpath('./details[not(contains(@class, "whole"))]')

    def test_exercises(self):
        """Every exercise is there; hint and answer are folded, by name."""
        for exercise, section in self.exercises():
            id = exercise.id
            (heading,) = select(section, 'h2')
            said = self.words(heading).rstrip('¶#')
            self.assertEqual(said, f'{id} {exercise.title}')
            hint, answer = folds = self.folds(section)
            names = [self.words(select(f, 'summary')[0]) for f in folds]
            self.assertEqual(names, [f'Hint to {id}', f'Our answer to {id}'])
            for fold in folds:
                self.assertNotIn('open', fold.attrib, id)
            unfolded = ' '.join(
                self.words(e) for e in section if e.tag != 'details'
            )
            says = self.plain(exercise.say or exercise.why)
            self.assertIn(self.plain(exercise.question), unfolded, id)
            self.assertIn(self.plain(exercise.hint), self.words(hint), id)
            self.assertIn(says, self.words(answer), id)
            self.assertNotIn(says, unfolded, id)
            levels = [e.tag for e in select(section, 'h2, h3, h4, h5')]
            for above, below in zip(levels, levels[1:]):
                self.assertLessEqual(int(below[1]), int(above[1]) + 1, id)

    def plain(self, text):
        """Return a passage of the manifest as ``words`` returns it."""
        return re.sub(r'\s+', ' ', text.replace('`', ''))

    def test_changes(self):
        """An answer's code is what `tour answer` shows of it."""
        for exercise, section in self.exercises():
            _, answer = self.folds(section)
            shown = [
                (e.get('data-old'), e.get('data-new'))
                for e in select(section, '.difference')
            ]
            listings = [self.code(e) for e in select(answer, '.listing')]
            old, new = exercise.start, exercise.answer
            if old is None or new is None:
                self.assertEqual(shown, [], exercise.id)
                lines = new and (BASE / new).read_text('utf-8').splitlines()
                self.assertEqual(listings, [lines] if new else [])
                continue
            self.assertEqual(shown, [(old, new)])
            self.assertEqual(listings, [])
            (drawn,) = select(answer, '.difference')
            added = self.code(drawn, '.line.new', '.line.moved:not(.twin)')
            lines = patch(BOOK.base, old, new)[2:]
            self.assertEqual(
                added, [line[1:] for line in lines if line[0] == '+']
            )
            removed = self.code(drawn, '.line.old', '.line.moved.twin')
            self.assertEqual(
                sorted(removed),
                sorted(line[1:] for line in lines if line[0] == '-'),
            )
            said = [self.words(e) for e in select(drawn, '.note')]
            self.assertEqual(len(said), len(exercise.notes))
            for note in exercise.notes:
                self.assertTrue(
                    any(text.endswith(self.plain(note.say)) for text in said)
                )

    def test_runs(self):
        """An answer has what is printed, and where to see it in Twisted."""
        for exercise, section in self.exercises():
            _, answer = self.folds(section)
            printed = [
                transcript.path(BASE, scene).read_text('utf-8')
                for scene in exercise.scenes
            ]
            self.assertEqual(
                self.transcripts(answer),
                [text.rstrip('\n') + '\n' for text in printed],
            )
            titles = [self.words(e) for e in select(answer, 'h4')]
            self.assertEqual(
                titles, [self.plain(s.title) for s in exercise.scenes]
            )
            lines = [self.words(e) for e in select(answer, '.places dd')]
            self.assertEqual(
                lines, [self.plain(find.line) for find in exercise.finds]
            )

    def test_starts(self):
        """An exercise leads to where one starts, or shows it."""
        for exercise, section in self.exercises():
            before = self.folds(section)[0].getprevious()
            script = exercise.start
            if script is None:
                self.assertEqual(select(section, 'p a[href]'), [])
                continue
            if 'whole' in before.get('class', ''):
                self.assertEqual(
                    self.code(before),
                    (BASE / script).read_text('utf-8').splitlines(),
                )
                continue
            self.assertIn(script, self.words(before))
            (link,) = select(before, 'a')
            where = urlsplit(link.get('href'))
            name = f'exercises/{exercise.part:0>2}.html'
            if where.path:
                path = (self.site / name).parent / where.path
                name = path.resolve().relative_to(self.site).as_posix()
            page = self.pages[name]
            if where.fragment:
                page = page.get_element_by_id(where.fragment)
            self.assertIn(script, page.text_content(), exercise.id)

    def test_ways_to_exercises(self):
        """The index and each part's page, at its end, lead to exercises."""
        places = [
            f'{e.part:0>2}.html#exercise-{e.id.replace(".", "-")}'
            for e in BOOK.exercises
        ]
        table = select(self.pages['exercises/index.html'], 'table.exercises a')
        self.assertEqual([a.get('href') for a in table], places)
        self.assertEqual(
            [self.words(a) for a in table], [e.title for e in BOOK.exercises]
        )
        at_ends = []
        for chapter in BOOK.chapters:
            if chapter.exercises:
                *_, last = select(self.page_of(chapter), 'section section')
                self.assertIn('Exercises', self.words(last.find('h2')))
                at_ends += [a.get('href') for a in select(last, 'li a')]
        self.assertEqual(at_ends, [f'../exercises/{p}' for p in places])
        side_bar = select(self.pages['index.html'], '.sidebar-tree a')
        self.assertIn(
            'exercises/index.html', [a.get('href') for a in side_bar]
        )

    def test_every_page(self):
        """Links lead on, pairs are alike, and what is twice is heard once."""
        # in one go: to read all pages takes longer than what is done here
        ids = {}
        links = []
        pairs = twins = 0
        for name, page in self.pages.items():
            ids[name] = set(page.xpath('//@id'))
            links += [(name, link) for link in self.links(page)]
            pairs += self.pairs(page)
            twins += self.twins(page)
        for name, link in links:
            self.assert_leads_on(name, link, ids)
        self.assertGreater(len(links), 1000)
        self.assertGreater(pairs, 200)
        self.assertGreater(twins, 100)

    def links(self, page):
        """Return where a page leads to, on the site; loads are links, too."""
        links = []
        for place in page.xpath('//@href | //@src'):
            link = urlsplit(place)
            if link.scheme or link.netloc:
                # nothing is loaded from afar
                self.assertEqual(place.getparent().tag, 'a', link)
            else:
                links.append(link)
        return links

    def assert_leads_on(self, name, link, ids):
        """There is what a page has a link to."""
        path = (self.site / name).parent / unquote(link.path)
        target = path if link.path else self.site / name
        self.assertTrue(target.exists(), (name, link))
        if link.fragment and target.suffix == '.html':
            at = target.resolve().relative_to(self.site)
            self.assertIn(link.fragment, ids[at.as_posix()], name)

    def pairs(self, page):
        """Count pairs: no line is beside one with little in common."""
        count = 0
        for rows in select(page, '.difference .rows'):
            old, new = (
                {
                    re.search(r'--row:(\d+)', line.get('style'))[1]: line
                    for line in select(rows, f'.line.{kind}')
                }
                for kind in ('old', 'new')
            )
            for row in old.keys() & new.keys():
                one, other = (
                    line[row].find('code').text_content()
                    for line in (old, new)
                )
                self.assertGreaterEqual(alike(one, other), SIMILAR)
                count += 1
        return count

    def twins(self, page):
        """Count what is there twice, for two columns: one isn't heard."""
        twins = select(page, '.twin')
        for twin in twins:
            self.assertEqual(twin.get('aria-hidden'), 'true')
        return len(twins)
