"""The site in a real browser: measured, folded, switched and searched."""

from tests.companion.browser import PHONE, InBrowser
from tests.companion.thorough import THOROUGH
from tour.reading import read_book

DESKTOP = 1920, 1000
WIDTHS = 390, 1280, 1440, 1920
"""In pixels: a phone, two usual screens, and one with room for two panes."""

SOME = ['parts/19', 'exercises/20']
if THOROUGH:
    SOME += ['parts/02', 'parts/09', 'exercises/12']
"""Pages: long ones, with pictures, with drawings in text, and exercises."""

THIN = """
document.querySelectorAll('details').forEach((fold) => { fold.open = true; });
const count = document.querySelectorAll('.line code').length;
const longest = new Map();
for (const line of document.querySelectorAll('.line')) {
    const kind = [line.className, line.closest('.fold')?.className].join();
    const box = line.closest('.difference, .listing-box') ?? document.body;
    if (!longest.has(box)) {
        longest.set(box, new Map());
    }
    const ofKind = longest.get(box);
    const other = ofKind.get(kind);
    if (other && other.textContent.length >= line.textContent.length) {
        line.remove();
    } else {
        other?.remove();
        ofKind.set(kind, line);
    }
}
return count;
"""
"""
Unfolds all, and leaves the longest lines of each box with code.

What is shorter isn't cut off where those are not. Returns how many lines
there were.
"""

SEEN = """
const visible = (elements) => [...elements].filter(
    (element) => element.getClientRects().length);
const box = (element) => element.getBoundingClientRect();
return {
    // lines of code that are cut off
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


TRAILS = [trail.id for trail in read_book().trails]

VERSIONS = {
    f'{trail.id}/{number:02}'
    for trail in read_book().trails
    for number, script in enumerate(trail.versions, 1)
    if (THOROUGH and number % 3 == 1) or script == trail.versions[-1]
}
"""Pages of some versions, as they begin: lines are as long in all of them."""


class BrowserTests(InBrowser):
    """On a wide screen."""

    def setUp(self):
        super().setUp()
        self.size(DESKTOP)
        self.browser.get_log('browser')  # what others have caused

    def one(self, selector):
        """Return the first element of that kind that can be seen."""

        def seen():
            return next((e for e in self.all(selector) if self.shown(e)), None)

        return self.until(seen, selector)

    def click(self, selector):
        """Click the first element of that kind that can be seen."""
        element = self.one(selector)
        # pages scroll smoothly, and a click would come too early
        self.script(
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

    def test_every_version(self):
        """No line of code is cut off, and panes have room for 79 columns."""
        lines = 0
        # parts have the same differences: a few of them will do
        for path in sorted(self.site.glob('**/*.html')):
            is_version = path.parent.name in TRAILS
            page = path.relative_to(self.site)
            name = page.with_suffix('').as_posix()
            if is_version and name.split('-')[0] not in VERSIONS:
                continue
            some = path.parent.name in ('parts', 'exercises')
            if some and name not in SOME:
                continue
            self.go(page)
            lines += self.script(THIN)
            for width in WIDTHS if is_version else WIDTHS[:1]:
                self.size((width, 900))
                seen = self.script(SEEN)
                where = f'{path.stem} at {width}'
                self.assertEqual(seen['cut'], [], where)
                self.assertLessEqual(seen['needs'], seen['has'], where)
                for panes, columns in zip(seen['panes'], seen['columns']):
                    self.assertEqual(len(panes), 2 * (width == 1920), where)
                    for pane in panes:
                        self.assertGreaterEqual(pane, columns, where)
        self.assertGreater(lines, 5000 if THOROUGH else 2000)
        # of all these pages
        self.assert_no_errors()

    def test_changed_words(self):
        """Words that changed are marked; each fold opens by itself."""
        self.go('clients/13-8-0.html')
        self.assertIn('8', self.texts('.line.new mark'))
        self.assertIn('ds.append(d)', self.difference())
        folds = self.all('details.fold')
        self.assertEqual(self.open_folds(), [])
        self.assertNotIn('class TransformProxy', self.difference())
        self.click('details.fold summary')
        self.assertEqual(self.open_folds(), folds[:1])
        self.assertIn('class TransformProxy', self.difference())
        self.click('details.fold summary')
        self.assertEqual(self.open_folds(), [])
        self.assert_no_errors()

    def difference(self):
        """Return what is to be read in the first comparison."""
        return self.texts('.difference')[0]

    def open_folds(self):
        """Return the folds that are open."""
        return self.all('details[open]')

    def test_answers(self):
        """What is printed comes to light when one asks for it."""
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
        for page in 'clients/08-4-0.html', 'clients/13-8-0.html':
            self.go(page)
            for theme in 'light', 'dark':
                faint = self.script(FAINT, theme)
                self.assertEqual(faint, [], f'{page} {theme}')

    def test_theme(self):
        """The switch makes the page dark, comparisons included."""
        self.addCleanup(self.script, 'localStorage.clear()')
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
        return self.script('return document.body.dataset.theme')

    def colour(self, selector):
        """Return the background of the first element of that kind."""
        element = self.all(selector)[0]
        return element.value_of_css_property('background-color')

    def test_search_on_phone(self):
        """A search leads to a listing, in which what it found is marked."""
        self.size(PHONE)
        self.go('terms.html')
        self.click('label[for=__navigation]')
        self.one('input.sidebar-search').send_keys(
            'DeferredList', self.keys.ENTER
        )
        link = 'Client 8.0'
        self.until(lambda: link in self.found())
        self.script('arguments[0].click()', self.found()[link])
        self.until(lambda: self.page() == 'clients/13-8-0.html')
        self.one('.listing .highlighted, .difference .highlighted')
        self.assert_no_errors()

    def found(self):
        """Return the links that a search has found so far, by their text."""
        return self.script(
            'return Object.fromEntries('
            "[...document.querySelectorAll('#search-results li > a')]"
            '.map((link) => [link.textContent, link]))'
        )

    def test_without_scripts(self):
        """Nothing of it needs scripts."""
        command = 'Emulation.setScriptExecutionDisabled'
        self.browser.execute_cdp_cmd(command, {'value': True})
        self.addCleanup(
            self.browser.execute_cdp_cmd, command, {'value': False}
        )
        self.go('clients/08-4-0.html')
        self.assertIn('from twisted.internet import defer', self.text('.new'))
        colours = {self.colour(f'.line.{kind}') for kind in ('old', 'new')}
        self.assertEqual(len(colours), 2)
        self.click('details.fold summary')
        self.assertIn('class PoetryProtocol', self.text('.fold'))

    def text(self, selector):
        """Return the text of all elements of that kind."""
        return '\n'.join(self.texts(selector))
