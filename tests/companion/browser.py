"""Chromium without a window, started for all of trial's workers."""

import atexit
import fcntl
import functools
import json
import os
import shutil
from pathlib import Path

from twisted.trial.unittest import SkipTest, SynchronousTestCase

from tests.companion.site import built_site

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.remote_connection import (
        ChromeRemoteConnection,
    )
    from selenium.webdriver.chromium.webdriver import ChromiumDriver
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait
except ImportError:
    webdriver = None
    ChromiumDriver = object

BROWSERS = 2
"""How many are started for the workers: as many as there are cores."""

DESKTOP = 1280, 900
PHONE = 390, 844
SECONDS = 30
"""How long a page may take."""


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


class Shared(ChromiumDriver):
    """A browser that another process has started."""

    def __init__(self, url: str, session: str, capabilities: dict):
        self._is_running_in = session, capabilities
        webdriver.Remote.__init__(
            self,
            ChromeRemoteConnection(url),
            options=webdriver.ChromeOptions(),
        )

    def start_session(self, capabilities: dict) -> None:
        """Don't: it is running."""
        self.session_id, self.caps = self._is_running_in


@functools.cache
def browser(place: str):
    """
    Return Chromium, started by the first process that asks for it.

    place: a file that tells the others how to reach it. Who asks must have
    locked it.
    """
    file = Path(place)
    if file.exists():
        return Shared(**json.loads(file.read_text()))
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which('chromium')
    options.add_argument('--headless=new')
    options.add_argument('--disable-dev-shm-usage')
    options.add_argument('--disable-gpu')
    if os.geteuid() == 0:
        # CI is root in a container, and Chromium doesn't like that
        options.add_argument('--no-sandbox')
    options.set_capability('goog:loggingPrefs', {'browser': 'ALL'})
    service = webdriver.ChromeService(shutil.which('chromedriver'))
    chromium = webdriver.Chrome(options, service)
    # all workers end together, when no test is left
    atexit.register(chromium.quit)
    # for a machine that has a lot to do
    chromium.set_script_timeout(10 * SECONDS)
    known = {
        'url': service.service_url,
        'session': chromium.session_id,
        'capabilities': chromium.capabilities,
    }
    file.write_text(json.dumps(known))
    return chromium


def need_browser() -> None:
    """Skip the test where something is missing."""
    if webdriver is None:
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
        return browser(str(place))

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
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        """Return the first element of that kind, when there is one."""
        return self.until(lambda: self.all(selector), selector)[0]

    def until(self, done, message=''):
        """Return what a function returns, when that is something."""
        return WebDriverWait(self.browser, SECONDS).until(
            lambda browser: done(), message
        )

    def press(self, *keys):
        """Press keys, one after the other."""
        for key in keys:
            ActionChains(self.browser).send_keys(key).perform()

    def page(self):
        """Return which page of the site is shown."""
        here = self.browser.current_url.split('?')[0].split('#')[0]
        return here.removeprefix(self.site.as_uri()).lstrip('/')
