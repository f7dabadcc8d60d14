"""How Sphinx makes the site: `make site` in the base directory."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
# the checkout comes first, also where the tour is installed elsewhere
sys.path[:0] = [str(HERE.parent), str(HERE / '_ext')]

project = 'The Twisted tutorial, running today'
author = 'the authors of this companion'
language = 'en'

extensions = ['companion', 'sphinx_design']
exclude_patterns = ['_build', '_static']

html_theme = 'furo'
html_title = project
html_static_path = ['_static']
html_css_files = ['vendor/diff2html/diff2html.min.css', 'companion.css']
html_js_files = ['vendor/diff2html/diff2html.min.js', 'companion.js']
html_show_sourcelink = False
html_copy_source = False
# summaries would be fetched, and pages that are read from a disk may not
html_show_search_summary = False
# the licence is in the checkout, and in the README
html_show_copyright = False
