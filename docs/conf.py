"""How Sphinx makes the site: `make site` in the base directory."""

import gc
import sys
from pathlib import Path

# a build is over soon, and looking for garbage would be a sixth of it
gc.disable()

HERE = Path(__file__).parent
# the checkout comes first, also where the tour is installed elsewhere
sys.path[:0] = [str(HERE.parent), str(HERE / '_ext')]

project = 'The Twisted tutorial, running today'
author = 'the authors of this companion'
language = 'en'
# what stands in single backquotes is code, as in the manifest
default_role = 'literal'

extensions = [
    'companion',
    'finding',
    'freshness',
    'levels',
    'sphinx_copybutton',
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
    'companion.css',
    'code.css',
    'transcript.css',
    'chains.css',
    'orientation.css',
    'print.css',
]
html_js_files = ['orientation.js', 'chains.js']
html_show_sourcelink = False
html_copy_source = False
# summaries would be fetched, and pages that are read from a disk may not
html_show_search_summary = False
# the licence is in the checkout, and in the README
html_show_copyright = False

# both keep to a contrast of 7 to 1, and to 4.5 to 1 on the colours below
pygments_style = 'a11y-high-contrast-light'
pygments_dark_style = 'a11y-high-contrast-dark'

html_theme_options = {
    'light_css_variables': {
        'code-background': '#fefefe',
        'code-border': '#d5d8de',
        'code-fold': '#f1f3f6',
        'code-number': '#5f646c',
        'code-old': '#fdeeec',
        'code-old-mark': '#f8cdc8',
        'code-old-sign': '#9c1f1f',
        'code-new': '#e8f6eb',
        'code-new-mark': '#b9e4c4',
        'code-new-sign': '#17602c',
        'code-moved-mark': '#dbe6fb',
        'code-note': '#f3f5fb',
        'code-note-border': '#3555a8',
        'code-lit': '#fdf3cf',
        'code-lit-bar': '#8a5a00',
        'terminal-background': '#f8f9fb',
        'terminal-typed': '#1d4f8c',
        'terminal-error': '#9c1f1f',
    },
    'dark_css_variables': {
        'code-background': '#1a1c1f',
        'code-border': '#3a3e44',
        'code-fold': '#24272b',
        'code-number': '#a0a5ad',
        'code-old': '#2f1d1f',
        'code-old-mark': '#5a2529',
        'code-old-sign': '#ff9c94',
        'code-new': '#172a1e',
        'code-new-mark': '#1d4a2d',
        'code-new-sign': '#7fd897',
        'code-moved-mark': '#28395c',
        'code-note': '#22273a',
        'code-note-border': '#93aef5',
        'code-lit': '#3a3212',
        'code-lit-bar': '#f0c24b',
        'terminal-background': '#1a1c1f',
        'terminal-typed': '#8fc1ff',
        'terminal-error': '#ff9c94',
    },
}

# what is typed is copied; prompts and what is printed are not
copybutton_prompt_text = '$ '
copybutton_exclude = '.linenos, .number'
copybutton_selector = (
    'div.highlight pre, .listing-box > pre, .transcript.typed > pre'
)
