"""
When all pages are made anew: when the code has changed that makes them, or a
library.

A page is read again, too, when a file has changed that its directives name:
a script, a transcript, facts, the manifest of its part. Else Sphinx keeps what
was drawn, so that a second `make site` draws nothing, and a changed sentence
only its own pages.
"""

import hashlib
import sys
from importlib.metadata import version
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

HERE = Path(__file__).parent


LIBRARIES = 'sphinx', 'furo', 'pygments', 'docutils', 'twisted'


def code() -> str:
    """
    Return a key of what makes pages.

    That are the modules here, those of the tour in use, and libraries.
    """
    files = set(HERE.glob('*.py'))
    files |= {
        Path(module.__file__)
        for name, module in sys.modules.items()
        if name.split('.')[0] == 'tour' and module.__file__
    }
    digest = hashlib.sha256(sys.version.encode())
    for library in LIBRARIES:
        digest.update(version(library).encode())
    for file in sorted(files):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def keep_code(app: Sphinx, config: Config) -> None:
    """Note the key, when all extensions are there."""
    config.companion_code = code()


def those_with_titles(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages to write: all, if one has another title than before."""
    titles = {name: title.astext() for name, title in env.titles.items()}
    before = getattr(env, 'companion_titles', titles)
    env.companion_titles = titles
    return [] if titles == before else list(titles)


def setup(app: Sphinx) -> dict:
    """
    Add the value; where it is another one, all pages are read anew.

    All have the titles of the others in their side bar.
    """
    app.add_config_value('companion_code', '', 'env')
    app.connect('config-inited', keep_code)
    app.connect('env-updated', those_with_titles)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
