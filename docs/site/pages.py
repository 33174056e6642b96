"""What a page of the site has beyond its file: the order of the pages, and a notebook's pictures.

Notebooks are those of `release/`, as students get them. What a cell draws is drawn with right
answers, out of `source/`, and folded away below the cell; nothing else of `source/` is read.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

from markdown_it.common.normalize_url import normalizeLinkText
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

HERE = Path(__file__).resolve().parent
# The parts of the site, in order, with their pages; what a pattern finds is in the order of names.
PARTS = {
    "The course": ["docs/start", "release/*/[0-9]*", "docs/lectures", "docs/errata"],
    "Teaching with it": [
        "docs/instructor",
        "docs/jupyterhub",
        "docs/collecting",
        "docs/export",
        "docs/exercises/README",
    ],
    "How it works": [
        "All on one page </README>",
        "docs/architecture",
        "docs/security",
        "docs/authoring",
        "docs/site/api",
        "benchmarks/*",
        "CONTRIBUTING",
        "CHANGELOG",
    ],
}
# Guides that lie in docs/ and are named nowhere above stand at the end of this part.
OTHERS = "Teaching with it"
# A page with pages below it.
BELOW = {"docs/exercises/README": "docs/exercises/[0-9]*"}

HEADING = re.compile(r"#{1,6} ")
TO_READ = (
    "*This page is for reading. To work in the notebook, [begin here](../../docs/start.md). "
    "Pictures are drawn with right answers and stay folded, so that you can predict first.*"
)
FOLDED = (
    '<details class="picture"><summary>What this cell shows, with right answers</summary>\n'
    "{shown}\n</details>"
)


def jupyterlab_anchor(heading: str) -> str:
    """The anchor that JupyterLab gives to a heading, as MyST reads it in an address."""
    return normalizeLinkText(quote(heading.replace(" ", "-")))


def table_of_contents(pages: list[str], caption: str = "", hidden: bool = True) -> str:
    """A table of contents in Markdown that the navigation shows, and the page where not hidden."""
    entries = [page if page.endswith(">") else f"/{page}" for page in pages]
    shown = ":hidden:" if hidden else ":maxdepth: 1"
    options = [shown, ":glob:", *([f":caption: {caption}"] if caption else [])]
    return "\n".join(["", "", "```{toctree}", *options, "", *entries, "```", ""])


def order_of_pages(documents: set[str]) -> str:
    """The tables of contents of the whole site, for the end of its front page."""
    listed = {page for pages in PARTS.values() for page in pages} | {"docs/index"}
    others = sorted(
        name for name in documents if name.rpartition("/")[0] == "docs" and name not in listed
    )
    return "".join(
        table_of_contents([*pages, *(others if part == OTHERS else [])], part)
        for part, pages in PARTS.items()
    )


def notebook_page(text: str, pictures: dict[str, list[str]]) -> str:
    """A release notebook as it is read, with pictures below the cells that draw them."""
    notebook = json.loads(text)
    opening, *cells = notebook["cells"]
    title, _, rest = "".join(opening["source"]).partition("\n")
    opening["source"] = f"{title}\n\n{TO_READ}\n{rest}"
    for cell in cells:
        if shown := pictures.get(cell["id"]):
            html = FOLDED.format(shown="\n".join(shown))
            output = {"output_type": "display_data", "metadata": {}, "data": {"text/html": html}}
            cell["outputs"] = [output]
    return json.dumps(notebook)


def headings_of(text: str) -> str:
    """The headings of a text in Markdown, to which links from elsewhere lead."""
    return "\n\n".join(line for line in text.splitlines() if HEADING.match(line))


def notebook_of_headings(text: str) -> str:
    """A release notebook of which only the headings are left."""
    notebook = json.loads(text)
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    for cell in cells:
        cell["source"] = headings_of("".join(cell["source"]))
    return json.dumps(notebook | {"cells": cells})


def draw(source: Path) -> dict[str, list[str]]:
    """What the cells of a solved notebook draw, by the cell's name; in a process of its own."""
    command = [sys.executable, str(HERE / "pictures.py"), str(source)]
    # Where one more thread is of no use, several notebooks are drawn at a time.
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        raise ExtensionError(f"The pictures of {source.name} cannot be drawn: {done.stderr}")
    return json.loads(done.stdout)


def begin_drawing(app: Sphinx) -> None:
    """Start to draw the pictures of the notebooks that are shown whole."""
    root = Path(app.srcdir)
    names = sorted(path.stem for path in root.glob(f"source/*/{app.config.site_notebooks}.ipynb"))
    pool = ThreadPoolExecutor(os.cpu_count())
    drawn: dict[str, Future[dict[str, list[str]]]] = {
        name: pool.submit(draw, root / "source" / name / f"{name}.ipynb") for name in names
    }
    pool.shutdown(wait=False)
    app.drawn = drawn  # type: ignore[attr-defined]


def complete(app: Sphinx, docname: str, source: list[str]) -> None:
    """Give a page what it has beyond its file."""
    folder, _, name = docname.rpartition("/")
    if docname == app.config.root_doc:
        source[0] += order_of_pages(app.env.found_docs)
    elif docname in BELOW:
        source[0] += table_of_contents([BELOW[docname]], hidden=False)
    elif name == "errata" and folder.startswith("release/"):
        # It is reached from its notebook; the navigation has the whole register.
        source[0] = f"---\norphan: true\n---\n\n{source[0]}"
    elif folder.startswith("release/"):
        drawn = app.drawn.get(name)
        text = source[0]
        source[0] = notebook_page(text, drawn.result()) if drawn else notebook_of_headings(text)
    elif folder == "docs/exercises" and name not in app.drawn:
        source[0] = headings_of(source[0])


def give_headings_a_level(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    """Say of the navigation's headings which level they have; a reader aloud needs to know it."""
    tree = context["furo_navigation_tree"]
    context["furo_navigation_tree"] = tree.replace(
        'role="heading"', 'role="heading" aria-level="2"'
    )


def setup(app: Sphinx) -> dict[str, Any]:
    """Have Sphinx complete the pages as it reads them."""
    # Which notebooks are shown whole, with their exercises, as a pattern; headings stand for the
    # others. Who looks at one need not wait for all.
    app.add_config_value("site_notebooks", "*", "env", types=str)
    app.connect("builder-inited", begin_drawing)
    app.connect("source-read", complete)
    # Behind the theme, which makes the navigation.
    app.connect("html-page-context", give_headings_a_level, priority=900)
    return {"parallel_read_safe": False, "parallel_write_safe": True}
