"""Every hostile, faulty or odd submission has the outcome it must have, and costs nobody else."""

import json
import sqlite3

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.exercises import exercise
from tests.hostile.cases import CASES, NAME, RIGHT
from tests.hostile.conftest import running

pytestmark = pytest.mark.walls

POINTS = {id: float(exercise(id).points) for id in ("01.surprise", "01.entropy")}
# Of the answer in words that the small course keeps.
WRITTEN = 3.0


def done(class_, case):
    path = class_.root / "autograded" / case.folder / NAME / f"{NAME}.ipynb"
    return nbformat.read(path, as_version=4)


def test_there_are_enough_of_every_kind():
    assert len(CASES) >= 60
    assert len({case.folder for case in CASES}) == len(CASES)
    kinds = {"forging", "reading", "network", "exhausting", "dying", "document", "browser"}
    assert {case.threat for case in CASES} == kinds | {"exports", "honest"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_outcome(class_, case):
    grade = class_.grades[case.folder]
    found = {row["exercise"]: row["verdict"] for row in grade.exercises}
    for id, allowed in zip(POINTS, case.outcome):
        allowed = (allowed,) if isinstance(allowed, str) else allowed
        assert found[id] in allowed, (grade.exercises, grade.problem, grade.repairs)
    assert bool(grade.problem) == bool(case.problem) and case.problem in grade.problem
    assert case.repairs in " ".join(grade.repairs)
    right = sum(points for name, points in POINTS.items() if found[name] == RIGHT)
    assert grade.score == right
    assert grade.max_score == sum(POINTS.values()) + WRITTEN


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_gradebook_and_document(class_, case):
    """The scores come from the judge alone, the tests from the course, and the reason is told."""
    notebook = done(class_, case)
    nbformat.validate(notebook)
    with Gradebook(f"sqlite:///{class_.root}/gradebook.db") as gradebook:
        submission = gradebook.find_submission(NAME, case.folder).notebooks[0]
        for grade in submission.grades:
            if grade.name != "sure-and-right":
                assert 0 <= grade.auto_score <= grade.max_score
            assert grade.manual_score is None
        said = " ".join(comment.auto_comment or "" for comment in submission.comments)
        for words in filter(None, (case.problem, case.repairs)):
            assert words in said
    tests = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade")]
    assert [c.metadata.nbgrader.grade_id for c in tests].count("01-surprise") == 1
    outputs = json.dumps([c.outputs for c in notebook.cells if c.cell_type == "code"])
    assert not case.output or case.output not in outputs
    assert len(outputs) < 3_000_000


def test_nothing_is_left_over(class_):
    assert running() == set()
    assert class_.after == class_.before
    for place in ("source", "release"):
        assert len(list((class_.root / place).rglob("*.ipynb"))) == 1
    assert not [p for p in (class_.root / "autograded").rglob("*") if p.is_symlink()]
    linked = class_.root / "autograded" / "file-linked" / NAME / "data.csv"
    assert not linked.exists()


def test_the_gradebook_is_whole(class_):
    with sqlite3.connect(class_.root / "gradebook.db") as gradebook:
        assert gradebook.execute("pragma integrity_check").fetchone() == ("ok",)
