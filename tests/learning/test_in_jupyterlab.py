"""A learner in JupyterLab itself: what the notebook shows after a click, in Chromium."""

import json
import re

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter

from tests.conftest import FIRST, ROOT
from tests.support.accessibility import obstacles
from tests.support.jupyter import page_for_lab, run_cell, serving
from tests.support.totals import checked_points

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NAME = f"{FIRST}.ipynb"
RIGHT = "def surprise(p, base=2): return -np.log(p) / np.log(base)"


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
    whole.cells.append(nbformat.v4.new_code_cell('hint("surprise")'))
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


@pytest.fixture(scope="module")
def page(lab, browser):
    """The notebook in JupyterLab."""
    page = page_for_lab(browser, height=900, seconds=40)
    page.goto(f"{lab}/lab/tree/{FIRST}/{NAME}?reset", wait_until="load")
    page.locator(".jp-Notebook .jp-CodeCell .cm-content").first.click()
    return page


def test_a_learner_writes_an_answer_asks_for_the_verdict_and_sees_progress(work, page):
    # Nothing is saved from here on: what ran is what counts.
    before = (work / FIRST / NAME).read_bytes()

    cells = page.locator(".jp-Notebook .jp-CodeCell")
    run_cell(page, 0)
    run_cell(page, 1, RIGHT)
    run_cell(page, len_of(work) - 3)
    verdict = cells.nth(len_of(work) - 3).locator(".jp-OutputArea-output")
    page.wait_for_function(
        "text => [...document.querySelectorAll('.jp-OutputArea-output')]"
        ".some(one => one.innerText.includes(text))",
        arg="surprise: right",
    )
    assert "✓ surprise: right, 1 of 1 points" in verdict.inner_text()
    assert "cells that you ran since" in verdict.inner_text()
    assert (work / FIRST / NAME).read_bytes() == before
    run_cell(page, len_of(work) - 2)
    shown = cells.nth(len_of(work) - 2).locator(".jp-OutputArea-output")
    shown.wait_for()
    assert f"1 of {checked_points(FIRST):g} points" in shown.inner_text()
    run_cell(page, len_of(work) - 1)
    kept = (work / "progress.jsonl").read_text().splitlines()
    assert any(json.loads(line).get("verdict") == "right" for line in kept)


def test_nothing_that_the_course_shows_is_in_the_way_of_a_reader(work, page):
    """Below the cells, in a light and in a dark theme; the page around them is JupyterLab's."""
    run_cell(page, 0)
    run_cell(page, 1, RIGHT)
    for number in range(2, len_of(work)):
        run_cell(page, number)
    # Of its check, its picture, the verdict, the progress and the hint.
    assert page.locator(".jp-OutputArea-output").count() >= 5
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        page.get_by_role("menuitem", name="Settings").click()
        page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Theme$")).hover()
        page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{theme}$")).click()
        page.locator(f"body[data-jp-theme-name='{theme}']").wait_for(state="attached")
        assert obstacles(page, ".jp-OutputArea-output") == [], theme


def len_of(work):
    return len(nbformat.read(work / FIRST / NAME, as_version=4).cells)


MOVES = """\
import numpy as np
from course.plots.softmax_jacobian import temperature_slider
temperature_slider(lambda z, T=1.0: np.exp(z / T) / np.exp(z / T).sum(), np.array([1.0, 2, 3]))
"""
# Ends all kernels of a server, as a learner does who shuts them down.
SHUT_DOWN = """async address => {
    const token = document.cookie.match(/_xsrf=([^;]*)/)[1]
    for (const session of await (await fetch(`${address}/api/sessions`)).json())
        await fetch(`${address}/api/sessions/${session.id}`,
                    {method: "DELETE", headers: {"X-XSRFToken": token}})
}"""


def test_controls_whose_kernel_is_gone_say_what_to_do_and_no_error(
    lab,
    work,
    browser,
):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(MOVES)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, work / "moves.ipynb")

    def opened():
        page = page_for_lab(browser, height=900, seconds=40)
        page.goto(f"{lab}/lab/tree/moves.ipynb?reset", wait_until="load")
        page.locator(".jp-CodeCell .cm-content").click()
        return page, page.locator(".jp-OutputArea")

    page, outputs = opened()
    run_cell(page, 0)
    page.locator(".jp-OutputArea .widget-slider").wait_for()
    page.locator("img.drawn").wait_for()
    assert "run this cell again" not in outputs.inner_text()
    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        page.keyboard.press("Control+S")
    page.evaluate(SHUT_DOWN, lab)
    page.close()

    page, outputs = opened()
    page.get_by_text("run this cell again").wait_for()
    assert page.locator("img.drawn").is_visible()
    assert "Error" not in outputs.inner_text()
    page.close()

    exported, _ = HTMLExporter().from_filename(str(work / "moves.ipynb"))
    assert "Controls that work while the notebook runs: T." in exported
    assert "widget-view+json" not in exported and "model not found" not in exported
