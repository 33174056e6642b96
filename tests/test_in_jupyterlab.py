"""A learner in JupyterLab itself: what the notebook shows after a click, in Chromium."""

import json
import re

import nbformat
import pytest

from tests.conftest import FIRST, ROOT
from tests.hostile.test_pages import browser  # noqa: F401
from tests.support.jupyter import serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NAME = f"{FIRST}.ipynb"
# How often a cell is run at most until it has run.
TRIES = 12


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    """A folder to work in whose notebook has the cells that this walk needs."""
    folder = tmp_path_factory.mktemp("learner") / "work"
    (folder / FIRST).mkdir(parents=True)
    whole = nbformat.read(ROOT / "release" / FIRST / NAME, as_version=4)
    # A page with all of it takes long to be drawn.
    whole.cells = [cell for cell in whole.cells[:8] if cell.cell_type == "code"]
    whole.cells.append(nbformat.v4.new_code_cell('verdict("surprise")'))
    whole.cells.append(nbformat.v4.new_code_cell("progress()"))
    whole.metadata.kernelspec = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    nbformat.write(whole, folder / FIRST / NAME)
    return folder


@pytest.fixture(scope="module")
def lab(work):
    with serving(work, "jupyter", "lab") as address:
        yield address


def test_a_learner_writes_an_answer_asks_for_the_verdict_and_sees_progress(
    lab,
    work,
    browser,  # noqa: F811
):
    late = pytest.importorskip("playwright.sync_api").TimeoutError
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(40_000)
    page.goto(f"{lab}/lab/tree/{FIRST}/{NAME}?reset", wait_until="load")
    cells = page.locator(".jp-Notebook .jp-CodeCell")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell .cm-content")
    page.wait_for_selector("[data-status=idle], .jp-Notebook-ExecutionIndicator[data-status=idle]")
    # Nothing is saved from here on: what ran is what counts.
    before = (work / FIRST / NAME).read_bytes()

    def run(number, text=None):
        editor = cells.nth(number).locator(".cm-content")
        editor.click()
        if text is not None:
            page.keyboard.press("Control+A")
            page.keyboard.insert_text(text)
        prompt = cells.nth(number).locator(".jp-InputPrompt", has_text=re.compile(r"\[\d+\]"))
        for _ in range(TRIES):
            # A key that comes before JupyterLab listens is lost.
            page.keyboard.press("Control+Enter")
            try:
                prompt.wait_for(timeout=10_000)
                return
            except late:
                editor.click()
        raise AssertionError(f"cell {number} never ran")

    run(0)
    run(1, "def surprise(p, base=2): return -np.log(p) / np.log(base)")
    run(len_of(work) - 2)
    verdict = cells.nth(len_of(work) - 2).locator(".jp-OutputArea-output")
    page.wait_for_function(
        "text => [...document.querySelectorAll('.jp-OutputArea-output')]"
        ".some(one => one.innerText.includes(text))",
        arg="surprise: right",
    )
    assert "✓ surprise: right, 1 of 1 points" in verdict.inner_text()
    assert "cells that you ran since" in verdict.inner_text()
    assert (work / FIRST / NAME).read_bytes() == before
    run(len_of(work) - 1)
    shown = cells.nth(len_of(work) - 1).locator(".jp-OutputArea-output")
    shown.wait_for()
    assert "1 of 20 points" in shown.inner_text()
    kept = (work / "progress.jsonl").read_text().splitlines()
    assert any(json.loads(line).get("verdict") == "right" for line in kept)


def len_of(work):
    return len(nbformat.read(work / FIRST / NAME, as_version=4).cells)
