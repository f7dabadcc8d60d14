"""
What the search of the site takes for a word.

Sphinx takes 4.0 for two numbers, and looks for none of them. Here the
number of a version is a word.
"""

import re
from functools import cache

from sphinx.application import Sphinx
from sphinx.search.en import SearchEnglish

WORD = r'[0-9]+(?:[.][0-9]+)+|\w+'


class SearchVersions(SearchEnglish):
    """English, with the numbers of versions as words."""

    _word_re = re.compile(WORD)
    # as above, but a script's \w knows no letters but English ones
    js_splitter_code = r"""
var splitQuery = (query) =>
  query.match(/[0-9]+(?:[.][0-9]+)+|[\p{Letter}\p{Number}_]+/gu) || [];
"""

    def __init__(self, options: dict[str, str]):
        super().__init__(options)
        # most pages have the same words
        self.stem = cache(self.stem)


def setup(app: Sphinx) -> dict:
    """Search English in this way."""
    app.add_search_language(SearchVersions)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
