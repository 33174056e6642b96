"""nbgrader's own commands on a course folder, from the source notebook to the returned feedback."""

import ast
import csv
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import nbformat
import pytest

from autograder.exercises import exercise
from autograder.exercises import notebook as notebook_of
from autograder.exercises.sources import answer_source, names_used
from tests.conftest import FIRST, ROOT
from tests.support.totals import all_points

pytestmark = pytest.mark.slow

STUDENT = "ana"


def nbgrader(*arguments, cwd, code=0, home=None):
    """Run an nbgrader command as a user would; the text it prints."""
    scripts = sysconfig.get_path("scripts")
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([scripts, os.environ["PATH"]]),
        "HOME": str(home or cwd),
        "JUPYTER_CONFIG_DIR": str((home or cwd) / ".jupyter"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def answered(release: Path, *solved: str) -> nbformat.NotebookNode:
    """The student's notebook with some exercises answered right, and every written answer."""
    notebook = nbformat.read(release, as_version=4)
    for cell in notebook.cells:
        data = cell.metadata.get("nbgrader", {})
        if data.get("grade_id") in solved:
            name = data["grade_id"]
            styles = [answer_source(f, name) for f in exercise(f"01.{name}").styles.values()]
            cell.source = next(text for text in styles if stands_alone(text, name))
        elif data.get("solution") and cell.cell_type == "markdown":
            cell.source = "Because the surprise adds up."
    return notebook


def stands_alone(text: str, name: str) -> bool:
    """Whether an answer calls no other exercise."""
    return not names_used(ast.parse(text)) & set(notebook_of(FIRST).exercises) - {name}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course folder after generate_assignment, the exchange and autograde."""
    root = tmp_path_factory.mktemp("stock")
    shutil.copytree(ROOT / "source" / FIRST, root / "source" / FIRST)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    nbgrader("generate_assignment", FIRST, cwd=root)
    return root


def test_generate_assignment_makes_the_committed_release(course):
    name = f"release/{FIRST}/{FIRST}.ipynb"
    assert (course / name).read_text() == (ROOT / name).read_text()


def test_validate_finds_what_is_missing_and_passes_what_is_right(course, tmp_path):
    release = course / "release" / FIRST / f"{FIRST}.ipynb"
    unsolved = tmp_path / "unsolved.ipynb"
    shutil.copy(release, unsolved)
    assert "failed" in nbgrader("validate", str(unsolved), cwd=tmp_path)
    names = [cell["metadata"]["nbgrader"]["grade_id"] for cell in graded(release)]
    solved = tmp_path / "solved.ipynb"
    nbformat.write(answered(release, *(name[3:] for name in names)), solved)
    assert "Success" in nbgrader("validate", str(solved), cwd=tmp_path)


def graded(path):
    notebook = nbformat.read(path, as_version=4)
    data = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    return [cell for cell in data if not cell.metadata["nbgrader"]["solution"]]


def test_a_submission_goes_through_the_exchange_and_comes_back_graded(course, tmp_path):
    exchange, home, laptop = tmp_path / "exchange", tmp_path / "home", tmp_path / "laptop"
    for folder in (exchange, home, laptop):
        folder.mkdir()
    exchange.chmod(0o777)
    options = (
        f"--Exchange.root={exchange}",
        f"--Exchange.cache={tmp_path / 'cache'}",
        "--CourseDirectory.course_id=surprise-to-autograd",
    )
    nbgrader("release_assignment", FIRST, *options, cwd=course, home=home)
    nbgrader("fetch_assignment", FIRST, *options, cwd=laptop, home=home)
    fetched = laptop / FIRST / f"{FIRST}.ipynb"
    nbformat.write(answered(fetched, "surprise", "entropy"), fetched)
    nbgrader("submit", FIRST, *options, cwd=laptop, home=home)
    nbgrader("collect", FIRST, *options, cwd=course, home=home)
    (collected,) = (course / "submitted").iterdir()
    collected.rename(collected.with_name(STUDENT))

    nbgrader("autograde", FIRST, cwd=course, home=home)
    done = nbformat.read(course / "autograded" / STUDENT / FIRST / f"{FIRST}.ipynb", as_version=4)
    scores = {
        cell.metadata.nbgrader.grade_id: cell.outputs[-1].data["text/plain"]
        for cell in done.cells
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade")
    }
    assert scores["01-surprise"] == "1.0" and scores["01-entropy"] == "3.0"
    assert scores["01-likelihood"] == "0.0"

    nbgrader("generate_feedback", FIRST, cwd=course, home=home)
    page = (course / "feedback" / STUDENT / FIRST / f"{FIRST}.html").read_text()
    assert "✓ 01.surprise: right" in page
    assert "autograder.check" not in page and "HIDDEN" not in page

    nbgrader("export", cwd=course, home=home)
    with open(course / "grades.csv", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["student_id"], float(row["score"])) == (STUDENT, 4)
    assert float(row["max_score"]) == all_points(FIRST)
