"""The benchmark of grading: a ratio is only worth something where both sides give the same points.

How fast anything is stands in no test.
"""

import os
import sysconfig

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.errors import Problem
from benchmarks.grading import compare, draws
from tests.conftest import FIRST, ROOT


@pytest.fixture(autouse=True)
def scripts(monkeypatch):
    """nbgrader calls `alembic` by its name; it lies beside this interpreter."""
    monkeypatch.setenv("PATH", sysconfig.get_path("scripts"), prepend=os.pathsep)


def graded(folder, scores: dict):
    """A course folder whose gradebook holds these scores of one exercise, by student."""
    folder.mkdir()
    with Gradebook(f"sqlite:///{folder}/gradebook.db") as gradebook:
        gradebook.add_assignment("one")
        gradebook.add_notebook("one", "one")
        gradebook.add_grade_cell("surprise", "one", "one", max_score=2, cell_type="code")
        for student, score in scores.items():
            gradebook.add_student(student)
            gradebook.add_submission("one", student)
            gradebook.find_grade("surprise", "one", "one", student).auto_score = score
        gradebook.db.commit()
    return folder


@pytest.mark.slow
def test_equal_gradebooks_may_be_compared(tmp_path):
    stock, ours = (graded(tmp_path / name, {"ana": 2, "bao": 0}) for name in ("stock", "ours"))
    compare(stock, ours, "one", ["ana", "bao"])


@pytest.mark.slow
def test_one_differing_score_stops_the_benchmark_and_is_named(tmp_path):
    stock = graded(tmp_path / "stock", {"ana": 2, "bao": 0})
    ours = graded(tmp_path / "ours", {"ana": 2, "bao": 2})
    with pytest.raises(Problem, match=r"bao.*surprise.*stock \(0.*ours \(2"):
        compare(stock, ours, "one", ["ana", "bao"])
    compare(stock, ours, "one", ["ana"])


def test_the_cells_taken_out_are_those_that_only_draw():
    release = nbformat.read(ROOT / "release" / FIRST / f"{FIRST}.ipynb", as_version=4)
    taken = [cell.source for cell in release.cells if draws(cell)]
    kept = [cell.source for cell in release.cells if cell.cell_type == "code" and not draws(cell)]
    assert len(taken) > 5 and "plots.surprise_curve(surprise)" in taken
    assert not any("plots." in source for source in kept if "import" not in source)
