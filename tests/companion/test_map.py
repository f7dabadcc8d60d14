"""One finds one's way on the site: the map, and links between pages."""

from twisted.trial.unittest import SynchronousTestCase

from tests.companion.site import built_site
from tests.companion.test_site import pages_of
from tour.comparing import patch
from tour.reading import read_book, read_features

BOOK = read_book()
FEATURES = read_features()


class MapTests(SynchronousTestCase):
    """The pages as they are on the disk."""

    def setUp(self):
        self.site = built_site()
        self.pages = pages_of(self.site)

    def tables(self):
        """Return for each trail the titles of its map, and the rows."""
        tables = self.pages['map.html'].select('table.map')
        self.assertEqual(len(tables), len(BOOK.trails))
        for trail, table in zip(BOOK.trails, tables):
            head, *rows = table.select('tr')
            titles = [cell.get_text() for cell in head.select('th')]
            cells = [row.select('th, td') for row in rows]
            self.assertEqual(len(cells), len(trail.versions))
            yield trail, titles, dict(zip(trail.versions, cells))

    def test_features(self):
        """A version has what its script has, and who is first is told."""
        for trail, titles, rows in self.tables():
            seen = set()
            for script, cells in rows.items():
                has = {f.title for f in FEATURES.of(BOOK.base, script)}
                texts = dict(
                    zip(titles[3:], (c.get_text() for c in cells[3:]))
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
                text = cells[2].get_text()
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
        return [a['href'] for a in self.pages[page].select('nav.ways a')]

    def test_contents(self):
        """A page with many sections lists them; a short one doesn't."""
        for page, count in ('parts/19.html', 13), ('clients/08-4-0.html', 0):
            contents = self.pages[page].select('.contents-here a')
            self.assertGreaterEqual(len(contents), count)
            self.assertEqual(bool(contents), bool(count))
            for link in contents:
                id = link['href'].removeprefix('#')
                self.assertTrue(self.pages[page].find(id=id), link)

    def test_begin(self):
        """The index has one button, and the picture says what it shows."""
        index = self.pages['index.html']
        (button,) = index.select('.begin a')
        self.assertEqual(button['href'], 'parts/02.html')
        (picture,) = index.select('.picture svg[role=img]')
        self.assertIn('10 seconds', picture['aria-label'])

    def test_pictures(self):
        """A part's picture says in words what it shows, and has its size."""
        for part in BOOK.parts:
            pictures = self.pages[f'parts/{part.id:0>2}.html'].select(
                '.picture svg'
            )
            self.assertEqual(len(pictures), part.timeline)
            for picture in pictures:
                self.assertEqual(picture['aria-label'], part.finding)
                self.assertGreater(len(part.finding), 80)
                self.assertTrue(picture['viewbox'])

    def test_icon(self):
        """Every page has an icon."""
        for name in 'index.html', 'parts/02.html':
            (icon,) = self.pages[name].select('link[rel~=icon]')
            path = (self.site / name).parent / icon['href'].split('?')[0]
            self.assertIn('<svg', path.read_text())
