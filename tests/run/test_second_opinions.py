"""What `autograder check` loads and runs for a verdict, and what it may leave out."""

import subprocess
import sys

import pytest

from autograder.course_folder import read_notebook
from autograder.exercises import NOTEBOOKS
from autograder.run.assess import Cell, graded_cells, plain_cells
from autograder.run.sandboxes import Needs
from autograder.run.second_opinions import that_count, without_second_opinions
from tests.conftest import ROOT

SECOND_OPINION = (
    "try:\n    import torch\nexcept ImportError:\n    print('left out')\n"
    "else:\n    theirs = torch.ones(3)\n    print(theirs)"
)
COURSE = [
    Cell("code", "import numpy as np", "setup"),
    Cell("code", "def f(x):\n    raise NotImplementedError", "f"),
    Cell("code", "check(f)", "1-f"),
    Cell("code", SECOND_OPINION, None),
    Cell("code", "check(f)", "2-f"),
]
GRADED = ("1-f", "2-f")


def answered(source, *more):
    cells = [cell._replace(source=source) if cell.grade_id == "f" else cell for cell in COURSE]
    return [*cells[:3], *more, *cells[3:]]


def packages_named(cells):
    """The packages, not of the course, that rooms for these cells have ready."""
    needs = Needs.of((cell.source for cell in that_count(cells)), [])
    return {name for name in needs.modules if not name.startswith("course")}


def needed(cells):
    return packages_named(without_second_opinions(cells, COURSE, GRADED))


def test_a_librarys_second_opinion_is_left_out_as_where_it_is_not_installed():
    cells = without_second_opinions(answered("def f(x):\n    return 2 * x"), COURSE, GRADED)
    assert cells[3].source == "print('left out')"
    assert packages_named(cells) == {"numpy"}


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    return 2 * x * theirs",
        "def f(x):\n    return torch.tensor(x)",
        "def f(x):\n    return globals()['theirs'] * x",
        "%matplotlib inline\ndef f(x):\n    return 2 * x * theirs",
    ],
)
def test_it_is_asked_for_where_an_answer_uses_what_comes_of_it(source):
    assert "torch" in needed(answered(source))


def test_a_variable_of_an_answers_own_is_not_what_the_library_made():
    assert "torch" not in needed(answered("def f(theirs):\n    return 2 * theirs"))


def test_a_cell_that_the_student_has_written_or_changed_runs_as_it_is():
    changed = SECOND_OPINION.replace("ones", "zeros")
    cells = without_second_opinions(
        answered("f = abs", Cell("code", changed, None)), COURSE, GRADED
    )
    assert cells[3].source == changed and "torch" in packages_named(cells)


@pytest.mark.parametrize("assignment", NOTEBOOKS)
def test_rooms_load_what_a_notebook_needs_as_it_is_given_out(assignment, repository):
    source = repository.source(assignment)
    cells = plain_cells(read_notebook(repository.notebook_path("release", assignment)))
    cells = without_second_opinions(cells, plain_cells(source), graded_cells(source))
    large = {name.partition(".")[0] for name in packages_named(cells)} - {"numpy"}
    torch = {"05-autograd": {"torch"}, "08-build-autograd": {"torch"}}
    assert large == {**torch, "09-digits": {"sklearn"}}.get(assignment, set())


def test_pictures_load_matplotlib_when_the_first_is_drawn():
    modules = " ".join(f"course.plots.{name}" for name in ("surprise_and_entropy", "digits"))
    code = f"import sys, {modules.replace(' ', ', ')}; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "False"
