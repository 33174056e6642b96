"""A notebook for who does not see it: its headings are an outline, its pictures are said, in the
page that JupyterLab exports as well."""

import re

import nbformat
import pytest
from nbconvert import HTMLExporter

from autograder.exercises.surprise_and_entropy.reference import surprise
from course.plots import style
from course.plots.surprise_and_entropy import belief
from tests.conftest import FIRST, ROOT

RELEASES = sorted(ROOT.glob("release/*/*.ipynb"))
FENCED = re.compile(r"^```.*?^```", re.M | re.S)
HEADING = re.compile(r"^(#+) ", re.M)
PICTURE = re.compile(r"<img\b[^>]*>", re.S)


@pytest.mark.parametrize("path", RELEASES, ids=lambda path: path.stem)
def test_headings_are_nested_and_the_first_is_the_only_title(path):
    notebook = nbformat.read(path, as_version=4)
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    levels = [len(marks) for text in texts for marks in HEADING.findall(FENCED.sub("", text))]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:]))


@pytest.mark.slow
def test_pictures_are_said_in_an_exported_page(monkeypatch):
    shown = []
    monkeypatch.setattr(style, "display", lambda data, raw: shown.append(data))
    belief(surprise, [0.5, 0.25, 0.25])
    notebook = nbformat.read(ROOT / "release" / FIRST / f"{FIRST}.ipynb", as_version=4)
    output = nbformat.v4.new_output("display_data", shown[0])
    notebook.cells = [*notebook.cells[:1], nbformat.v4.new_code_cell("", outputs=[output])]
    page, _ = HTMLExporter().from_notebook_node(notebook)
    (picture,) = PICTURE.findall(page)
    assert 'alt="Believed are' in picture
