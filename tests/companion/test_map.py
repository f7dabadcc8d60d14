"""One finds one's way on the site: the map, and links between pages."""

from twisted.trial.unittest import SkipTest, SynchronousTestCase

from tests.companion.site import built_site
from tests.companion.test_site import lxml, pages_of, select
from tour.comparing import patch
from tour.reading import read_book, read_features

BOOK = read_book()
FEATURES = read_features()


class MapTests(SynchronousTestCase):
    """The pages as they are on the disk."""

    def setUp(self):
        if lxml is None:
            raise SkipTest("needs lxml: pip install -e '.[test]'")
        self.site = built_site()
        self.pages = pages_of(self.site)

    def tables(self):
        """Return for each trail the titles of its map, and the rows."""
        tables = select(self.pages['map.html'], 'table.map')
        self.assertEqual(len(tables), len(BOOK.trails))
        for trail, table in zip(BOOK.trails, tables):
            head, *rows = select(table, 'tr')
            titles = [cell.text_content() for cell in select(head, 'th')]
            cells = [select(row, 'th, td') for row in rows]
            self.assertEqual(len(cells), len(trail.versions))
            yield trail, titles, dict(zip(trail.versions, cells))

    def test_features(self):
        """A version has what its script has, and who is first is told."""
        for trail, titles, rows in self.tables():
            seen = set()
            for script, cells in rows.items():
                has = {f.title for f in FEATURES.of(BOOK.base, script)}
                texts = dict(
                    zip(titles[3:], (c.text_content() for c in cells[3:]))
                )
                self.assertEqual({t for t in texts if texts[t]}, has, script)
                new = {t for t in texts if texts[t] == 'new'}
                self.assertEqual(new, has - seen, script)
                seen |= has
            self.assertEqual(set(titles[3:]), seen, trail.id)

    def test_changed(self):
        """It says how many lines changed, as a patch shows them."""
        pairs = [pair for part in BOOK.parts for pair in part.comparisons]
        for trail, _, rows in self.tables():
            for script, cells in rows.items():
                text = cells[2].text_content()
                old = [
                    pair.old
                    for pair in pairs
                    if pair.new == script and pair.old in trail.versions
                ]
                if not old:
                    self.assertEqual(text, '—', script)
                    continue
                lines = patch(BOOK.base, old[0], script)[2:]
                count = sum(line.startswith(('+', '-')) for line in lines)
                self.assertTrue(text.startswith(f'{count} line'), text)
                at = trail.versions.index(script)
                is_next = trail.versions[at - 1] == old[0]
                self.assertEqual('since' not in text, is_next, script)

    def test_ways(self):
        """Parts and their versions lead to each other, and to the map."""
        new = BOOK.new_scripts()
        for part in BOOK.parts:
            page = f'parts/{part.id:0>2}.html'
            links = self.ways(page)
            self.assertIn(part.text, links)
            self.assertIn('../map.html', links)
            for trail in BOOK.trails:
                for number, script in enumerate(trail.versions, 1):
                    if script not in new[part.id]:
                        continue
                    start = f'../{trail.id}/{number:02}-'
                    (to,) = [at for at in links if at.startswith(start)]
                    back = self.ways(to.removeprefix('../'))
                    self.assertEqual(
                        back, [f'../{page}', part.text, '../map.html']
                    )

    def ways(self, page):
        return [a.get('href') for a in select(self.pages[page], 'nav.ways a')]

    def test_contents(self):
        """A page with many sections lists them; a short one doesn't."""
        for page, count in ('parts/19.html', 13), ('clients/08-4-0.html', 0):
            contents = select(self.pages[page], '.contents-here a')
            self.assertGreaterEqual(len(contents), count)
            self.assertEqual(bool(contents), bool(count))
            for link in contents:
                id = link.get('href').removeprefix('#')
                self.assertIn(id, self.pages[page].xpath('//@id'))

    def test_begin(self):
        """The index has one button, and the picture says what it shows."""
        index = self.pages['index.html']
        (button,) = select(index, '.begin a')
        self.assertEqual(button.get('href'), 'parts/02.html')
        (picture,) = select(index, '.picture svg[role=img]')
        says = select(picture, 'desc')[0].text_content()
        self.assertIn('the sum of its tasks', says)
        self.assertIn('as long as its longest task', says)
        self.assertTrue(picture.get('viewbox'))

    def test_finding(self):
        """A part's picture says in words what is to be seen there."""
        for part in BOOK.parts:
            text = self.pages[f'parts/{part.id:0>2}.html'].text_content()
            self.assertEqual(bool(part.finding), part.timeline, part.id)
            self.assertIn(part.finding, text)

    def test_icon(self):
        """Every page has an icon."""
        for name in 'index.html', 'parts/02.html':
            (icon,) = select(self.pages[name], 'link[rel~=icon]')
            path = (self.site / name).parent / icon.get('href').split('?')[0]
            self.assertIn('<svg', path.read_text())
