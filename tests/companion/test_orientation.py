"""The site is for everybody, and one finds one's way: in a real browser."""

from tests.companion.browser import PHONE, InBrowser
from tests.companion.thorough import THOROUGH
from tour.reading import read_book

BOOK = read_book()

PAGES = ['index.html', 'exercises/22.html']
if THOROUGH:
    PAGES += ['map.html', 'parts/08.html', 'clients/08-4-0.html']
    PAGES += ['parts/19.html', 'terms.html']
"""One of each kind, and some long ones."""

SHIFTS = """
const done = arguments[arguments.length - 1];
const found = [];
const [{ domInteractive }] = performance.getEntriesByType('navigation');
new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
        // half a page may show half an entry of a list, which then goes on
        // in the next row; or else it is a fraction of a pixel
        const seen = entry.startTime < domInteractive ? 0.01 : 1e-4;
        if (entry.value > seen) {
            found.push([entry.value, ...entry.sources.map(
                ({ node, currentRect }) => [
                    (node?.outerHTML ?? node?.textContent)?.slice(0, 80),
                    currentRect.toJSON(),
                ])]);
        }
    }
}).observe({ type: 'layout-shift', buffered: true });
requestAnimationFrame(() => setTimeout(() => done(found)));
"""
"""What one sees move when the page is opened, by how much, and where to."""


class EverybodyTests(InBrowser):
    """Nothing stands in the way of those who read in another way."""

    def test_rules(self):
        """axe-core finds nothing, in both themes."""
        for page in PAGES:
            self.go(page)
            self.assert_for_everybody()

    def test_next_by_tab(self):
        """The next page is two stops from the top."""
        self.go('clients/08-4-0.html')
        self.press(self.keys.TAB)
        self.assertEqual(self.focused(), 'Skip to content')
        self.press(self.keys.TAB)
        self.assertEqual(self.focused(), 'Next: Client 5.0')
        self.press(self.keys.ENTER)
        self.until(lambda: self.page() == 'clients/09-5-0.html')

    def focused(self):
        """Return the text of what has the focus, which can be seen."""
        element = self.browser.switch_to.active_element
        # both slide in
        self.until(lambda: element.rect['y'] >= 0)
        return element.text

    def test_nothing_moves(self):
        """Whatever is loaded late has its place before."""
        for size in None, PHONE:
            if size:
                self.size(size)
            for page in 'index.html', 'parts/02.html', 'clients/03-1-0.html':
                self.go(page)
                moved = self.browser.execute_async_script(SHIFTS)
                self.assertEqual(moved, [], (page, size))

    def test_on_paper(self):
        """Paper has all that is folded, and nothing to press."""
        self.go('clients/08-4-0.html')
        folded = self.one('details.fold pre')
        self.assertFalse(self.is_shown(folded))
        self.media('print')
        self.assertTrue(self.is_shown(folded))
        for selector in '.sidebar-drawer', '.copybtn', '.theme-toggle':
            for element in self.all(selector):
                self.assertFalse(self.is_shown(element), selector)

    def is_shown(self, element):
        return self.script(
            'return arguments[0].checkVisibility({visibilityProperty: true})',
            element,
        )

    def test_folds_on_paper(self):
        """They are open while the page is printed, and then as before."""
        self.go('clients/08-4-0.html')
        count = "return document.querySelectorAll('details[open]').length"
        before = self.script(count)
        self.script("dispatchEvent(new Event('beforeprint'))")
        self.assertEqual(self.script(count), len(self.all('details')))
        self.script("dispatchEvent(new Event('afterprint'))")
        self.assertEqual(self.script(count), before)

    def test_wide_picture(self):
        """What a phone shows in part can be moved by keys."""
        self.size(PHONE)
        self.go('index.html')
        self.one('.picture > div[tabindex="0"]')


class WayTests(InBrowser):
    """Keys, side bar, search and copy buttons."""

    def test_arrows(self):
        """Whoever presses → comes to the next client, and ← goes back."""
        # test_site.py goes all the way, by the same links
        self.go('clients/11-6-0.html')
        for page in 'clients/12-7-0.html', 'clients/13-8-0.html':
            self.press(self.keys.ARROW_RIGHT)
            self.until(lambda page=page: self.page() == page)
        self.press(self.keys.ARROW_LEFT)
        self.until(lambda: self.page() == 'clients/12-7-0.html')

    def test_arrows_elsewhere(self):
        """In a field, with another key and at an end they mean no page."""
        self.go('parts/08.html')
        self.one('.sidebar-search').click()
        self.press('4', self.keys.ARROW_LEFT, self.keys.ARROW_RIGHT)
        self.browser.switch_to.active_element.send_keys(self.keys.ESCAPE)
        self.script('document.activeElement.blur()')
        keys = self.keys
        for key in keys.CONTROL, keys.ALT, keys.SHIFT, keys.META:
            self.script(
                'addEventListener("keydown", (event) => {'
                ' window.taken = event.defaultPrevented })'
            )
            # the browser's own use of the keys would lead away
            self.script(
                'document.body.dispatchEvent(new KeyboardEvent("keydown", {'
                ' key: "ArrowRight", bubbles: true, ...arguments[0] }))',
                {
                    keys.CONTROL: {'ctrlKey': True},
                    keys.ALT: {'altKey': True},
                    keys.SHIFT: {'shiftKey': True},
                    keys.META: {'metaKey': True},
                }[key],
            )
        self.assert_stays('parts/08.html')
        self.go('index.html')
        self.press(self.keys.ARROW_LEFT)
        self.assert_stays('index.html')

    def assert_stays(self, page):
        # a page that was left would have no time to draw another frame
        self.browser.execute_async_script(
            'const done = arguments[0];'
            'requestAnimationFrame(() => requestAnimationFrame(done))'
        )
        self.assertEqual(self.page(), page)

    def test_side_bar(self):
        """The side bar shows where one is, however far down that is."""
        for page in 'parts/19.html', 'servers/08*.html':
            (path,) = self.site.glob(page)
            self.go(path.relative_to(self.site))
            (here,) = self.all('.sidebar-scroll [aria-current=page]')
            bar = self.one('.sidebar-scroll').rect
            self.assertLess(bar['y'], here.rect['y'])
            self.assertLess(
                here.rect['y'] + here.rect['height'], bar['y'] + bar['height']
            )

    def test_search(self):
        """It finds the number of a version, and a name in a listing."""
        self.go('terms.html')
        for words, title in (
            ('4.0', 'Client 4.0'),
            ('client 4.0', 'Client 4.0'),
            ('inlineCallbacks', 'Client 7.0'),
            ('DeferredList', 'Client 8.0'),
        ):
            field = self.one('.sidebar-search')
            field.clear()
            field.send_keys(words, self.keys.ENTER)
            self.until(
                lambda words=words, title=title: (
                    self.query() == words and title in self.found()[:8]
                ),
                (words, title),
            )

    def query(self):
        """Return what is looked for by this page."""
        return self.script(
            "return new URLSearchParams(location.search).get('q')"
        )

    def found(self):
        """Return the titles of the pages that a search has found so far."""
        return self.script(
            "return [...document.querySelectorAll('#search-results li > a')]"
            '.map((link) => link.textContent)'
        )

    def test_copy(self):
        """Listings are copied without numbers, commands without prompts."""
        for page, selector, text in (
            ('parts/08.html', '.highlight-console', 'tour 8'),
            (
                'clients/01-blocking-client.html',
                '.listing-box',
                (BOOK.base / 'blocking-client/get-poetry.py').read_text(),
            ),
            (
                'clients/08-4-0.html',
                '.transcript.typed',
                'python blocking-server/slowpoetry.py --port 10001 '
                'poetry/fascination.txt\n'
                'python blocking-server/slowpoetry.py --port 10002 '
                'poetry/science.txt\n'
                'python twisted-client-4/get-poetry.py 10001 10002 10004',
            ),
        ):
            self.go(page)
            self.script(
                "addEventListener('copy', () => {"
                ' window.copied = document.activeElement.value }, true)'
            )
            button = self.one(f'{selector} .copybtn')
            self.chromium.ActionChains(self.browser).move_to_element(
                button
            ).perform()
            button.click()
            copied = self.until(lambda: self.script('return window.copied'))
            self.assertEqual(copied.rstrip('\n'), text.rstrip('\n'), page)
