"""Chromium, and what it takes to steer it: imported where a test needs it."""

import atexit
import functools
import json
import os
import shutil
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.remote_connection import ChromeRemoteConnection
from selenium.webdriver.chromium.webdriver import ChromiumDriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait
from selenium_axe_python import Axe

__all__ = ['ActionChains', 'Axe', 'Keys', 'WebDriverWait', 'browser']

SECONDS = 300
"""How long a script may take, on a machine that has a lot to do."""


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
    atexit.register(_end, chromium, service)
    chromium.set_script_timeout(SECONDS)
    known = {
        'url': service.service_url,
        'session': chromium.session_id,
        'capabilities': chromium.capabilities,
    }
    file.write_text(json.dumps(known))
    return chromium


def _end(chromium, service) -> None:
    """End a browser, and its driver, which chromium.quit() gives a second."""
    webdriver.Remote.quit(chromium)
    service.process.kill()
    service.process.wait()
