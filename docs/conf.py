"""How Sphinx makes the site: `make site` in the base directory."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
# the checkout comes first, also where the tour is installed elsewhere
sys.path[:0] = [str(HERE.parent), str(HERE / '_ext')]

project = 'The Twisted tutorial, running today'
author = 'the authors of this companion'
language = 'en'

extensions = [
    'companion',
    'finding',
    'levels',
    'pictures',
    'sphinx_copybutton',
    'sphinx_design',
    'versions_map',
    'ways',
]
exclude_patterns = ['_build', '_static', '_templates']

html_theme = 'furo'
html_title = project
templates_path = ['_templates']
html_favicon = '_static/favicon.svg'
html_static_path = ['_static']
html_css_files = [
    'vendor/diff2html/diff2html.min.css',
    'companion.css',
    'orientation.css',
    'print.css',
]
html_js_files = [
    'vendor/diff2html/diff2html.min.js',
    'companion.js',
    'orientation.js',
]
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    # the ground of code, which is nearly white in that style
    'light_css_variables': {'color-code-background': '#f5f6f8'},
}
# summaries would be fetched, and pages that are read from a disk may not
html_show_search_summary = False
# the licence is in the checkout, and in the README
html_show_copyright = False

# both keep to a contrast of 7 to 1
pygments_style = 'a11y-high-contrast-light'
pygments_dark_style = 'a11y-high-contrast-dark'

# what is typed is copied; prompts and what is printed are not
copybutton_prompt_text = '$ '
copybutton_exclude = '.linenos'
