"""The site as it is built and as it is read: whole, without solutions, without a connection."""

import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

from autograder.exercises import NOTEBOOKS
from autograder.hooks.formulas import mathml
from tests.conftest import FIRST, ROOT
from tests.support.accessibility import obstacles

pytestmark = pytest.mark.slow

NOTEBOOK = f"release/{FIRST}/{FIRST}"
# A page of every kind.
KINDS = [
    "docs/index",
    "docs/start",
    NOTEBOOK,
    f"release/{FIRST}/errata",
    "docs/lectures",
    "docs/errata",
    "docs/instructor",
    f"docs/exercises/{FIRST}",
    "README",
    "docs/architecture",
    "docs/security",
    "docs/site/api",
    "benchmarks/grading",
    "search",
]
# On large pages axe-core takes a quarter of a minute.
LOOKED_THROUGH = ["docs/index", "docs/architecture", f"release/{FIRST}/errata"]
# What asks for something when a page is opened, in HTML and in style sheets.
ASKING = re.compile(
    r"""<(?:script|img|iframe|source|video|audio)\b[^>]*\ssrc=["'](?P<source>[^"']+)"""
    r"""|<link\b[^>]*\shref=["'](?P<link>[^"']+)|(?:url\(|@import )["']?(?P<style>[^"')]+)"""
)
TAG = re.compile(r"<[^>]*>")
NEXT = re.compile(r'<link rel="next"[^>]* href="([^"]+)"')
SOLVED = re.compile(r"### BEGIN (SOLUTION|HIDDEN TESTS)\n(.*?)### END \1", re.DOTALL)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site with one notebook shown whole; of the others, as of all, every link is followed."""
    folder = tmp_path_factory.mktemp("site")
    command = [
        *(sys.executable, "-m", "sphinx", "--builder", "html", "--fail-on-warning", "--keep-going"),
        *("--quiet", "--conf-dir", "docs/site", "--define", f"site_notebooks={FIRST}"),
        *("--doctree-dir", str(folder / "doctrees"), ".", str(folder / "pages")),
    ]
    # Whoever asks for a page of the web gets no answer.
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:9")
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **nowhere}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return folder / "pages"


def words_of(page):
    """What a page says, markup left out."""
    return unescape(TAG.sub("", page.read_text(encoding="utf-8")))


def test_the_pages_follow_each_other_in_the_order_of_the_lectures(site):
    page, order = site / "docs" / "index.html", []
    while found := NEXT.search(page.read_text(encoding="utf-8")):
        page = (page.parent / found[1]).resolve()
        order.append(page.relative_to(site).with_suffix("").as_posix())
    assert order[0] == "docs/start"
    assert order[1:12] == [
        *(f"release/{name}/{name}" for name in NOTEBOOKS),
        "docs/lectures",
        "docs/errata",
    ]
    assert len(order) == len(set(order))
    guides = {f"docs/{path.stem}" for path in ROOT.glob("docs/*.md")} - {"docs/index"}
    assert guides | {f"docs/exercises/{name}" for name in NOTEBOOKS} <= set(order)


def test_the_first_page_leads_to_the_front(site):
    target = re.search(r"url=([^\"]+)", (site / "index.html").read_text())[1]
    assert (site / target).is_file()


def test_the_page_of_the_exercises_leads_to_those_of_every_notebook(site):
    text = (site / "docs" / "exercises" / "README.html").read_text(encoding="utf-8")
    article = text[text.index("<article") : text.index("</article>")]
    assert [name for name in NOTEBOOKS if f'href="{name}.html"' not in article] == []


def test_nothing_of_a_page_comes_from_elsewhere(site):
    asked = [
        (path.name, found[0])
        for path in [*site.rglob("*.html"), *site.rglob("*.css")]
        for found in ASKING.finditer(path.read_text(encoding="utf-8"))
        if re.match(r"\s*(?:https?:)?//", found["source"] or found["link"] or found["style"] or "")
    ]
    assert asked == []


def test_no_page_tells_of_the_machine_it_was_built_on(site):
    here = {str(ROOT), str(Path.home()), str(site.parent)} - {"/"}
    for path in site.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [name for name in here if name.encode() in content], path


def test_no_solution_and_no_hidden_test_stands_on_a_page(site, repository):
    said = "\n".join(words_of(path) for path in site.rglob("*.html"))
    release = (ROOT / "release" / FIRST / f"{FIRST}.ipynb").read_text(encoding="utf-8")
    held_back = [
        line.strip()
        for cell in repository.source(FIRST).cells
        for found in SOLVED.finditer(cell.source + "\n")
        for line in found[2].splitlines()
    ]
    secrets = {line for line in held_back if len(line) > 12 and line not in release}
    assert len(secrets) > 10
    assert [line for line in secrets if line in said] == []
    shown = words_of(site / f"{NOTEBOOK}.html")
    assert "raise NotImplementedError()" in shown
    assert "BEGIN SOLUTION" not in shown and "BEGIN HIDDEN TESTS" not in shown


def test_every_picture_of_a_notebook_is_there_with_its_words_and_folded(site):
    text = (site / f"{NOTEBOOK}.html").read_text(encoding="utf-8")
    cells = re.findall(r">plots</span><span[^>]*>\.</span>", text)
    pictures = re.findall(
        r'<details class="picture"><summary>[^<]+</summary>(.*?)</details>', text, re.DOTALL
    )
    assert len(pictures) == len(cells) > 10
    assert all(re.search(r'<img class="drawn" [^>]*alt="[^"]{20,}"', one) for one in pictures)


def test_a_link_to_a_section_of_a_notebook_leads_to_the_section(site):
    text = (site / "docs" / "lectures.html").read_text(encoding="utf-8")
    links = re.findall(r'href="\.\./(release/[^"#]+)#([^"]+)"', text)
    assert len(links) > 150
    for page, anchor in set(links):
        assert f'id="{anchor}"' in (site / page).read_text(encoding="utf-8"), (page, anchor)


def test_the_diagrams_are_drawn_and_told_in_words(site):
    text = (site / "docs" / "architecture.html").read_text(encoding="utf-8")
    assert "flowchart LR" not in text
    diagrams = re.findall(r'<div class="diagram" role="img" aria-label="([^"]+)"><svg', text)
    assert len(diagrams) == 2
    assert "from run to room (its cells)" in diagrams[0]


@pytest.mark.parametrize(
    ("formula", "spaces"),
    [
        (r"-k \ln p", [("0.167em", "0.167em")]),
        (r"= \ln(p)", [("0", "0")]),
        (r"2 \log_2 (3) + 2 \log_2 p", [("0.167em", "0"), ("0.167em", "0.167em")]),
        (r"\frac{\ln p}{\tanh^2 x}", [("0", "0.167em"), ("0", "0.167em")]),
    ],
)
def test_the_name_of_a_function_stands_apart_from_what_is_beside_it(formula, spaces):
    found = re.findall(r'<mo lspace="([^"]+)" rspace="([^"]+)">[a-z]+</mo>', mathml(formula))
    assert found == spaces


@pytest.fixture(scope="module", params=[("light", 1280), ("dark", 390)], ids=["desk", "phone"])
def tab(request, browser):
    """A tab on a desk in the light or on a phone in the dark, and what its pages asked for."""
    scheme, width = request.param
    size = {"width": width, "height": 900}
    context = browser.new_context(color_scheme=scheme, viewport=size)
    tab = context.new_page()
    asked = []
    tab.on("request", lambda one: asked.append(one.url))
    yield tab, asked
    context.close()


@pytest.mark.browser
def test_every_kind_of_page_can_be_read_and_fetches_nothing(site, tab):
    tab, asked = tab
    for name in KINDS:
        tab.goto((site / f"{name}.html").as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert tab.evaluate("[...document.images].every(one => one.naturalWidth > 0)"), name
        assert name not in LOOKED_THROUGH or obstacles(tab) == [], name
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


@pytest.mark.browser
def test_nothing_is_in_the_way_of_who_reads_the_start_of_a_notebook(site, tab):
    tab, _ = tab
    tab.goto((site / f"{NOTEBOOK}.html").as_uri())
    assert tab.locator("article .cell").count() > 20
    tab.evaluate(
        "[...document.querySelectorAll('article section section')].slice(3)"
        ".forEach(one => one.remove())"
    )
    tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert tab.locator("article :is(math, .cell, details.picture)").count() > 20
    assert obstacles(tab) == []


@pytest.mark.browser
def test_formulas_and_pictures_of_a_notebook_are_drawn(site, tab):
    tab, _ = tab
    tab.goto((site / f"{NOTEBOOK}.html").as_uri())
    tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    heights = tab.evaluate("[...document.querySelectorAll('math')].map(one => one.clientHeight)")
    assert len(heights) > 200 and min(heights) > 5
    said = tab.locator("article p").all_inner_texts()
    assert [text for text in said if re.search(r"\$|\\[a-z]+", text)] == []
    look = "getComputedStyle(document.querySelector('img.drawn')).colorScheme"
    dark = tab.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert tab.evaluate(look) == ("dark" if dark else "light")


@pytest.mark.browser
def test_the_search_finds_a_section_without_a_server(site, tab):
    tab, _ = tab
    tab.goto((site / "search.html").as_uri() + "?q=codewords+entropy")
    links = tab.locator("#search-results li a")
    links.first.wait_for()
    assert FIRST in " ".join(one.get_attribute("href") for one in links.all())
