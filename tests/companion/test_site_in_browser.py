"""The site in a real browser: drawn, switched, folded and searched."""

import os
import shutil

from twisted.trial.unittest import SkipTest, SynchronousTestCase

from tests.companion.site import built_site
from tour.reading import read_book

try:
    from selenium import webdriver
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait
except ImportError:
    webdriver = None

BOOK = read_book()

DESKTOP = 1600, 1000
PHONE = 390, 844
SECONDS = 30
"""How long a page may take."""

SEEN = """
const visible = (elements) => [...elements].filter(
    (element) => element.offsetParent && element.offsetHeight).length;
return {
    // of each comparison: columns that are drawn, and plain patches
    comparisons: [...document.querySelectorAll('.comparison')].map(
        (comparison) => [
            visible(comparison.getElementsByClassName(arguments[0])),
            visible(comparison.querySelectorAll('.highlight-diff'))]),
    // pixels from left to right
    needs: document.documentElement.scrollWidth,
    has: window.innerWidth,
};
"""


class BrowserTests(SynchronousTestCase):
    """Chromium, without a window."""

    def setUp(self):
        if webdriver is None:
            raise SkipTest("needs Selenium: pip install -e '.[dev]'")
        for program in 'chromium', 'chromedriver':
            if shutil.which(program) is None:
                raise SkipTest(
                    f'needs {program}: install chromium and chromium-driver,'
                    ' as Debian names them'
                )
        self.site = built_site()

    def open(self, size):
        """Open a browser of that size, in pixels."""
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which('chromium')
        options.add_argument('--headless=new')
        options.add_argument('--disable-dev-shm-usage')
        options.add_argument('--disable-gpu')
        if os.geteuid() == 0:
            # CI is root in a container, and Chromium doesn't like that
            options.add_argument('--no-sandbox')
        if size == PHONE:
            # narrower than any window may be
            metrics = {'width': size[0], 'height': size[1], 'pixelRatio': 1}
            options.add_experimental_option(
                'mobileEmulation', {'deviceMetrics': metrics}
            )
        options.set_capability('goog:loggingPrefs', {'browser': 'ALL'})
        service = webdriver.ChromeService(shutil.which('chromedriver'))
        self.browser = webdriver.Chrome(options, service)
        self.addCleanup(self.browser.quit)
        if size != PHONE:
            self.browser.set_window_size(*size)

    def go(self, page):
        """Go to a page of the site."""
        self.browser.get((self.site / page).as_uri())

    def all(self, selector):
        """Return all elements of that kind."""
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        """Return the first element of that kind that can be seen."""

        def seen(browser):
            return next((e for e in self.all(selector) if self.shown(e)), None)

        return WebDriverWait(self.browser, SECONDS).until(seen, selector)

    def click(self, selector):
        """Click the first element of that kind that can be seen."""
        element = self.one(selector)
        # pages scroll smoothly, and a click would come too early
        self.browser.execute_script(
            "arguments[0].scrollIntoView({behavior: 'instant'})", element
        )
        element.click()

    def shown(self, element):
        return element.is_displayed() and element.size['height'] > 0

    def assert_no_errors(self):
        """The console has no error and no warning."""
        log = self.browser.get_log('browser')
        said = [line for line in log if line['level'] in ('SEVERE', 'WARNING')]
        self.assertEqual(said, [])

    def test_every_page_on_desktop(self):
        """Comparisons are drawn in two columns, and nothing goes wrong."""
        self.assert_every_page(DESKTOP, 'd2h-file-side-diff', 2)

    def test_every_page_on_a_phone(self):
        """On a phone they have one column, and the page fits."""
        self.assert_every_page(PHONE, 'd2h-file-diff', 1)

    def assert_every_page(self, size, kind, columns):
        self.open(size)
        paths = sorted(self.site.glob('**/*.html'))
        drawn = 0
        for path in paths:
            self.go(path.relative_to(self.site))
            seen = self.browser.execute_script(SEEN, kind)
            drawn += len(seen['comparisons'])
            for found, patches in seen['comparisons']:
                self.assertEqual((found, patches), (columns, 0), path)
            self.assertLessEqual(seen['needs'], seen['has'], path)
        # of all pages
        self.assert_no_errors()
        pairs = [pair for part in BOOK.parts for pair in part.comparisons]
        self.assertGreater(drawn, len(pairs))

    def test_changed_words(self):
        """Words that changed are marked; unchanged parts can be unfolded."""
        self.open(DESKTOP)
        self.go('clients/13-8-0.html')
        words = {e.text for e in self.all('.d2h-code-line-ctn ins')}
        self.assertIn('8', words)
        before = self.one('.comparison-drawing').text
        self.assertIn('ds.append(d)', before)
        self.assertNotIn('class TransformProxy', before)
        self.click('.comparison-fold')
        self.assertIn(
            'class TransformProxy', self.one('.comparison-drawing').text
        )
        self.click('.comparison-fold')
        self.assertEqual(self.one('.comparison-drawing').text, before)
        self.assert_no_errors()

    def test_next(self):
        """Whoever presses "next" comes from client 1.0 to 8.0."""
        self.open(DESKTOP)
        self.go('clients/03-1-0.html')
        titles = [self.one('h1').text]
        while 'Client 8.0' not in titles[-1]:
            self.click('.next-page')
            titles.append(self.one('h1').text)
            self.assertTrue(self.all('.comparison-drawing'))
            self.assertTrue(self.all('.transcript'))
        versions = '1.0 2.0 2.1 3.0 3.1 4.0 5.0 5.1 6.0 7.0 8.0'
        self.assertEqual(
            [title.rstrip('#') for title in titles],
            [f'Client {version}' for version in versions.split()],
        )

    def test_theme(self):
        """The switch makes the page dark, comparisons included."""
        self.open(DESKTOP)
        self.go('clients/08-4-0.html')
        colours = set()
        for theme in 'auto', 'light', 'dark':
            while self.theme() != theme:
                self.click('.theme-toggle')
            self.assertTrue(self.all(f'.d2h-{theme}-color-scheme'))
            colours.add(
                (
                    self.colour('body'),
                    self.colour('.comparison-drawing .d2h-file-wrapper td'),
                )
            )
        # auto is light here
        self.assertEqual(len(colours), 2, colours)
        self.assert_no_errors()

    def theme(self):
        """Return the theme that is switched on."""
        return self.browser.execute_script(
            'return document.body.dataset.theme'
        )

    def colour(self, selector):
        """Return the background of the first element of that kind."""
        element = self.all(selector)[0]
        return element.value_of_css_property('background-color')

    def test_search(self):
        """A search finds the pages with a word of a listing."""
        for size in DESKTOP, PHONE:
            self.open(size)
            self.go('index.html')
            if size == PHONE:
                self.click('label[for=__navigation]')
            field = self.one('input.sidebar-search')
            field.send_keys('DeferredList')
            field.submit()
            self.one('#search-results li a')
            WebDriverWait(self.browser, SECONDS).until(
                lambda browser: any(
                    'Lists of Deferreds' in e.text
                    for e in self.all('#search-results li a')
                )
            )
            self.assert_no_errors()

    def test_without_scripts(self):
        """Without scripts the patch is there, in colour."""
        self.open(DESKTOP)
        self.browser.execute_cdp_cmd(
            'Emulation.setScriptExecutionDisabled', {'value': True}
        )
        self.go('clients/08-4-0.html')
        patch = self.one('.comparison pre')
        self.assertIn('+from twisted.internet import defer', patch.text)
        colours = {
            patch.find_element(By.CSS_SELECTOR, kind).value_of_css_property(
                'color'
            )
            for kind in ('.gi', '.gd')
        }
        self.assertEqual(len(colours), 2)

    def test_resized(self):
        """A window that becomes narrow goes over to one column."""
        self.open(DESKTOP)
        self.go('clients/08-4-0.html')
        self.assertEqual(len(self.all('.d2h-file-side-diff')), 2)
        self.browser.set_window_size(700, 900)
        WebDriverWait(self.browser, SECONDS).until(
            lambda browser: not self.all('.d2h-file-side-diff')
        )
        self.assertEqual(len(self.all('.d2h-file-diff')), 1)
