"""The site in a real browser: measured, folded, switched and searched."""

import os
import shutil

from twisted.trial.unittest import SkipTest, SynchronousTestCase

from tests.companion.site import built_site

try:
    from selenium import webdriver
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait
except ImportError:
    webdriver = None

DESKTOP = 1920, 1000
PHONE = 390, 844
SECONDS = 30
"""How long a page may take."""

WIDTHS = 390, 1280, 1440, 1920
"""In pixels: a phone, two usual screens, and one with room for two panes."""

SOME = 'parts/02', 'parts/09', 'parts/19', 'exercises/12', 'exercises/20'
"""Pages: with pictures, with drawings in text, long ones, and exercises."""

SEEN = """
document.querySelectorAll('details').forEach((fold) => { fold.open = true; });
const visible = (elements) => [...elements].filter(
    (element) => element.getClientRects().length);
const box = (element) => element.getBoundingClientRect();
return {
    // lines of code, and of them those that are cut off
    lines: visible(document.querySelectorAll('.line code')).length,
    cut: visible(document.querySelectorAll(
            '.line code, pre.code, .transcript:not(.wide) pre')).filter(
        (code) => code.scrollWidth > code.clientWidth
            || box(code).right > window.innerWidth
            || box(code).right > box(code.closest(
                '.difference, .transcript, pre.code')).right
    ).map((code) => code.textContent),
    // differences with old lines beside the new ones, and the width of both
    panes: [...document.querySelectorAll('.difference')].map((difference) => {
        const [old, new_] = ['old', 'new'].map((kind) => box(
            difference.querySelector('.versions .' + kind)));
        return old.top === new_.top ? [old.width, new_.width] : [];
    }),
    // the width of 79 columns, with numbers and signs
    columns: visible(document.querySelectorAll('.difference')).map(
        (difference) => {
            const ruler = document.createElement('span');
            ruler.style.cssText = 'position: absolute; width: 85ch';
            difference.append(ruler);
            const width = box(ruler).width;
            ruler.remove();
            return width;
        }),
    // pixels from left to right
    needs: document.documentElement.scrollWidth,
    has: window.innerWidth,
};
"""

FAINT = """
document.body.dataset.theme = arguments[0];
document.querySelectorAll('details').forEach((fold) => { fold.open = true; });
const channel = (c) => c <= 10 ? c / 3294 : ((c / 255 + 0.055) / 1.055) ** 2.4;
const light = (colour) => {
    const [r, g, b] = colour.match(/[0-9.]+/g).map(Number).map(channel);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ground = (element) => {
    const colour = getComputedStyle(element).backgroundColor;
    const clear = /, 0\\)$/.test(colour);
    return clear ? ground(element.parentElement) : colour;
};
return [...document.querySelectorAll(
    '.difference :is(span, code, p, summary, strong), .listing span,'
    + '.transcript :is(samp, span, kbd)'
)].filter((element) => element.getClientRects().length
        && element.textContent.trim()).filter((element) => {
    const colours = [getComputedStyle(element).color, ground(element)];
    const [a, b] = colours.map(light);
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5;
}).map((element) => element.outerHTML);
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

    def resize(self, width):
        """Make the page as wide as that, in pixels."""
        metrics = {'width': width, 'height': 900}
        metrics |= {'deviceScaleFactor': 1, 'mobile': False}
        self.browser.execute_cdp_cmd(
            'Emulation.setDeviceMetricsOverride', metrics
        )

    def test_every_version(self):
        """No line of code is cut off, and panes have room for 79 columns."""
        self.open(DESKTOP)
        lines = 0
        # parts have the same differences: a few of them will do
        for path in sorted(self.site.glob('**/*.html')):
            is_version = path.parent.name in ('clients', 'servers')
            page = path.relative_to(self.site)
            some = path.parent.name in ('parts', 'exercises')
            if some and page.with_suffix('').as_posix() not in SOME:
                continue
            self.go(page)
            for width in WIDTHS if is_version else WIDTHS[:1]:
                self.resize(width)
                seen = self.browser.execute_script(SEEN)
                where = f'{path.stem} at {width}'
                self.assertEqual(seen['cut'], [], where)
                self.assertLessEqual(seen['needs'], seen['has'], where)
                for panes, columns in zip(seen['panes'], seen['columns']):
                    self.assertEqual(len(panes), 2 * (width == 1920), where)
                    for pane in panes:
                        self.assertGreaterEqual(pane, columns, where)
                lines += seen['lines']
        self.assertGreater(lines, 10000)
        # of all these pages
        self.assert_no_errors()

    def test_changed_words(self):
        """Words that changed are marked; each fold opens by itself."""
        self.open(DESKTOP)
        self.go('clients/13-8-0.html')
        words = {e.text for e in self.all('.line.new mark')}
        self.assertIn('8', words)
        self.assertIn('ds.append(d)', self.one('.difference').text)
        folds = self.all('details.fold')
        self.assertEqual(self.open_folds(), [])
        self.assertNotIn('class TransformProxy', self.one('.difference').text)
        self.click('details.fold summary')
        self.assertEqual(self.open_folds(), folds[:1])
        self.assertIn('class TransformProxy', self.one('.difference').text)
        self.click('details.fold summary')
        self.assertEqual(self.open_folds(), [])
        self.assert_no_errors()

    def open_folds(self):
        """Return the folds that are open."""
        return self.all('details[open]')

    def test_answers(self):
        """What is printed comes to light when one asks for it."""
        self.open(DESKTOP)
        self.go('clients/08-4-0.html')
        self.one('.question')
        fold = self.one('details.printed')
        self.assertFalse(self.shown(self.all('details.printed .answer')[0]))
        self.click('details.printed summary')
        self.assertTrue(self.shown(self.all('details.printed .answer')[0]))
        self.assertIn('Sonnet - To Science … 653 bytes', fold.text)
        self.assertNotIn('Science! true daughter', fold.text)
        self.click('details.poem summary')
        self.assertIn('true daughter', fold.text)

    def test_contrast(self):
        """Code, numbers, notes and marks stand out, in both themes."""
        self.open(DESKTOP)
        for page in 'clients/08-4-0.html', 'clients/13-8-0.html':
            self.go(page)
            for theme in 'light', 'dark':
                faint = self.browser.execute_script(FAINT, theme)
                self.assertEqual(faint, [], f'{page} {theme}')

    def test_next(self):
        """Whoever presses "next" comes from client 1.0 to 8.0."""
        self.open(DESKTOP)
        self.go('clients/03-1-0.html')
        titles = [self.one('h1').text]
        while 'Client 8.0' not in titles[-1]:
            self.click('.next-page')
            titles.append(self.one('h1').text)
            self.assertTrue(self.all('.difference, .listing'))
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
            colours.add((self.colour('body'), self.colour('.line.new')))
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
        """Nothing of it needs scripts."""
        self.open(DESKTOP)
        self.browser.execute_cdp_cmd(
            'Emulation.setScriptExecutionDisabled', {'value': True}
        )
        self.go('clients/08-4-0.html')
        self.assertIn('from twisted.internet import defer', self.text('.new'))
        colours = {self.colour(f'.line.{kind}') for kind in ('old', 'new')}
        self.assertEqual(len(colours), 2)
        self.click('details.fold summary')
        self.assertIn('class PoetryProtocol', self.text('.fold'))

    def text(self, selector):
        """Return the text of all elements of that kind."""
        return '\n'.join(e.text for e in self.all(selector))
