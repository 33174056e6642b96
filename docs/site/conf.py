"""How Sphinx makes the site. The root of the repository is its source folder, so that a link from
one document to another is the same on the site as in the repository."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(ROOT)]

import course  # noqa: E402

project = "From Surprise to Autograd"
version = release = course.__version__
author = "the authors of From Surprise to Autograd"
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc", "pages", "formulas", "diagrams", "docstrings"]
root_doc = "docs/index"
include_patterns = [
    "*.md",
    "docs/**.md",
    "docs/site/api.rst",
    "benchmarks/*.md",
    "release/*/*.ipynb",
    "release/*/errata.md",
]
# Sphinx walks through whatever is not excluded, environments and graded classes as well.
_READ = {"docs", "benchmarks", "release"}
exclude_patterns = [
    *sorted(path.name for path in ROOT.iterdir() if path.is_dir() and path.name not in _READ),
    "**/.ipynb_checkpoints",
]

myst_enable_extensions = ["amsmath", "dollarmath"]
myst_heading_anchors = 4
# Links to sections of notebooks are written for JupyterLab.
myst_heading_slug_func = "pages.jupyterlab_anchor"
myst_heading_anchors_html_ids = False
# Notebooks are shown as students get them; pages.py adds the pictures.
nb_execution_mode = "off"
nb_merge_streams = True
# Dashes only: what is written with straight quotes is read with them.
smartquotes_action = "D"

# Single backticks are code in the docstrings, as they are in Markdown.
default_role = "code"
autodoc_member_order = "bysource"
autodoc_typehints = "none"
# PyTorch draws nothing here, and its import takes longer than all pages of the API.
autodoc_mock_imports = ["torch"]

html_theme = "furo"
html_title = project
html_static_path = ["static"]
html_extra_path = ["redirect"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_math_renderer = "mathml"
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
