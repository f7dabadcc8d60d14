"""Chromium without a window, started once for all tests of a process."""

import atexit
import functools
import os
import shutil

from twisted.trial.unittest import SkipTest, SynchronousTestCase

from tests.companion.site import built_site

try:
    from selenium import webdriver
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait
except ImportError:
    webdriver = None

DESKTOP = 1280, 900
PHONE = 390, 844
SECONDS = 30
"""How long a page may take."""


@functools.cache
def browser():
    """Return Chromium. Skips the test where something is missing."""
    if webdriver is None:
        raise SkipTest("needs Selenium: pip install -e '.[dev]'")
    for program in 'chromium', 'chromedriver':
        if shutil.which(program) is None:
            raise SkipTest(
                f'needs {program}: install chromium and chromium-driver,'
                ' as Debian names them'
            )
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
    atexit.register(chromium.quit)
    # for a machine that has a lot to do
    chromium.set_script_timeout(10 * SECONDS)
    return chromium


class InBrowser(SynchronousTestCase):
    """The site in a browser that has been at other pages before."""

    def setUp(self):
        self.site = built_site()
        self.browser = browser()
        self.media()
        self.size(DESKTOP)

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
