"""Chromium without a window, started for all of trial's workers."""

import fcntl
import json
import shutil
from importlib.util import find_spec
from pathlib import Path

from twisted.trial.unittest import SkipTest, SynchronousTestCase

from tests.companion.site import built_site

BROWSERS = 2
"""How many are started for the workers: as many as there are cores."""

DESKTOP = 1280, 900
PHONE = 390, 844
SECONDS = 30
"""How long a page may take."""


RULES = {
    'resultTypes': ['violations'],
    'rules': {'target-size': {'enabled': True}},
}
CONTRAST = {'resultTypes': ['violations'], 'runOnly': ['color-contrast']}
"""Only the colours are others in the dark."""

THIN = """
const seen = new Set();
const kind = (element) => [
    element.parentElement.tagName, element.tagName,
    element.getAttribute('class'), element.getAttribute('fill'),
].join();
const isNew = (element) => {
    const all = [element, ...element.querySelectorAll('*')].map(kind);
    const like = [...new Set(all), element.closest('[class]').className,
        !!element.closest('mark'), element.closest('.line')?.className].join();
    return !seen.has(like) && seen.add(like);
};
// what is inside comes last
const units = [
    'section.term:nth-of-type(n + 4)', 'details', 'tr',
    'li:not(.current-page)', ':is(section, div, details) > p', '.line',
    'pre span[class]:not(.line)', 'svg text',
];
for (const unit of units.flatMap(
        (selector) => [...document.querySelectorAll(selector)])) {
    if (unit.isConnected && !isNew(unit)) {
        unit.remove();
    }
}
"""
"""Leaves out what is like something before: axe would take long."""


def need_browser() -> None:
    """Skip the test where something is missing."""
    if find_spec('selenium') is None:
        raise SkipTest("needs Selenium: pip install -e '.[dev]'")
    for program in 'chromium', 'chromedriver':
        if shutil.which(program) is None:
            raise SkipTest(
                f'needs {program}: install chromium and chromium-driver,'
                ' as Debian names them'
            )


class InBrowser(SynchronousTestCase):
    """The site in a browser that has been at other pages before."""

    def setUp(self):
        need_browser()
        # only here: that takes long, and not every worker comes to it
        from tests.companion import chromium

        self.chromium = chromium
        self.keys = chromium.Keys
        self.site = built_site()
        self.browser = self.turn()
        self.media()
        self.size(DESKTOP)

    def turn(self):
        """Return a browser, which is ours until the test ends."""
        here = Path.cwd()
        # trial's workers have directories of their own, named by numbers
        is_worker = here.name.isdigit()
        number = int(here.name) % BROWSERS if is_worker else 0
        place = (here.parent if is_worker else here) / f'browser-{number}'
        lock = open(f'{place}.lock', 'w')  # noqa: SIM115
        self.addCleanup(lock.close)
        fcntl.flock(lock, fcntl.LOCK_EX)
        return self.chromium.browser(str(place))

    def size(self, size):
        """Give the page that size, in pixels, and a phone its manners."""
        width, height = size
        self.browser.execute_cdp_cmd(
            'Emulation.setDeviceMetricsOverride',
            {
                'width': width,
                'height': height,
                'deviceScaleFactor': 1,
                'mobile': size == PHONE,
            },
        )

    def media(self, media='screen', theme='light'):
        """Show pages on that medium, and to somebody who likes that theme."""
        feature = {'name': 'prefers-color-scheme', 'value': theme}
        self.browser.execute_cdp_cmd(
            'Emulation.setEmulatedMedia',
            {'media': media, 'features': [feature]},
        )

    def go(self, page):
        """Go to a page of the site."""
        self.browser.get((self.site / page).as_uri())

    def script(self, text, *arguments):
        """Return what a script returns that is run in the page."""
        return self.browser.execute_script(text, *arguments)

    def all(self, selector):
        """Return all elements of that kind."""
        return self.browser.find_elements('css selector', selector)

    def one(self, selector):
        """Return the first element of that kind, when there is one."""
        return self.until(lambda: self.all(selector), selector)[0]

    def until(self, done, message=''):
        """Return what a function returns, when that is something."""
        return self.chromium.WebDriverWait(self.browser, SECONDS).until(
            lambda browser: done(), message
        )

    def texts(self, selector):
        """Return what is to be read in all elements of that kind."""
        return self.script(
            'return [...document.querySelectorAll(arguments[0])].map('
            '(element) => element.innerText)',
            selector,
        )

    def press(self, *keys):
        """Press keys, one after the other."""
        self.chromium.ActionChains(self.browser).send_keys(*keys).perform()

    def assert_for_everybody(self, *selectors):
        """
        Neither the page breaks rules of axe-core, nor do its colours at night.

        selectors: of the parts to look at, if not all of it.
        """
        self.script(THIN)
        axe = self.chromium.Axe(self.browser)
        axe.inject()
        parts = {'include': [[selector] for selector in selectors]}
        for theme, options in ('light', RULES), ('dark', CONTRAST):
            self.media(theme=theme)
            results = axe.run(
                json.dumps(parts) if selectors else None, json.dumps(options)
            )
            broken = [
                (rule['id'], node['target'], node['failureSummary'])
                for rule in results['violations']
                for node in rule['nodes']
            ]
            self.assertEqual(broken, [], (self.page(), theme))

    def page(self):
        """Return which page of the site is shown."""
        here = self.browser.current_url.split('?')[0].split('#')[0]
        return here.removeprefix(self.site.as_uri()).lstrip('/')
