"""When it is the machine or the course that fails: a sentence, nothing half-written, nobody's zero,
and the same command goes on. And an honest class has the scores it has with stock nbgrader."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import sysconfig
from concurrent.futures import Future

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.course_folder import CONFIG, CourseFolder
from autograder.grading import Grading
from autograder.run.local import LocalJudges
from autograder.sandbox import SandboxUnavailable
from tests.hostile.cases import NAME, WRONG, Case, hand_in
from tests.sandbox.conftest import NO_ROOMS, WITHOUT_NAMESPACES, find_processes
from tests.support.command import run_command
from tests.support.grading import grade_folder, judging_processes

pytestmark = pytest.mark.walls

HONEST = [
    Case("right", "honest"),
    Case("mistaken", "honest", WRONG),
    Case("untouched", "honest", None, None),
]


@pytest.fixture
def course(fresh_course, template):
    """A course folder in which three honest students have handed in."""
    for case in HONEST:
        hand_in(case, template.release, fresh_course)
    return fresh_course


def scores(root):
    """What the gradebook has, by student and cell, before anybody graded by hand."""
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        return {
            (student.id, grade.name): grade.auto_score
            for student in gradebook.students
            for submission in student.submissions
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def run(root, *arguments):
    return run_command(root, *arguments)


def grade(root):
    return grade_folder(CourseFolder(root), workers=1)


def goes_on(root, already):
    """A later run grades the others, and then everybody has what is due."""
    assert len(grade(root)) == len(HONEST) - already
    found = scores(root)
    assert found[("right", "01-surprise")] == 1 and found[("right", "01-entropy")] == 3
    assert found[("mistaken", "01-surprise")] == 0 and found[("mistaken", "01-entropy")] == 3
    assert found[("untouched", "01-surprise")] == found[("untouched", "01-entropy")] == 0


def test_no_walls_no_grading(course):
    command = [os.path.join(sysconfig.get_path("scripts"), "autograder"), "grade"]
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_NAMESPACES, *command],
        cwd=course,
        capture_output=True,
        text=True,
    )
    (sentence,) = done.stderr.splitlines()
    assert done.returncode == 2 and NO_ROOMS in sentence
    assert scores(course) == {} and not list(course.glob("autograded/*"))
    goes_on(course, already=0)


def test_walls_that_fail_midway_cost_nobody_a_zero(course, monkeypatch):
    submit, calls = LocalJudges.submit, []

    def fail(self, task):
        calls.append(task)
        if len(calls) == 1:
            return submit(self, task)
        failed = Future()
        failed.set_exception(SandboxUnavailable("gone"))
        return failed

    monkeypatch.setattr(LocalJudges, "submit", fail)
    with pytest.raises(SandboxUnavailable):
        grade(course)
    assert not (course / "autograded" / "right" / NAME).exists()
    monkeypatch.undo()
    goes_on(course, already=1)


def test_a_killed_warm_process(course):
    killed = 0
    with Grading(CourseFolder(course)) as grading:
        for result in grading.grade(grading.submissions([]).submissions):
            assert not result.problem
            for judge in judging_processes():
                for process in find_processes(judge.pid):
                    os.kill(process, signal.SIGKILL)
                    killed += 1
    assert killed
    goes_on(course, already=3)


def test_a_test_that_nothing_judges_is_refused_before_anybody_is_graded(course):
    with sqlite3.connect(course / "gradebook.db") as gradebook:
        gradebook.execute("update source_cell set source = 'assert f()' where name = '01-entropy'")
    result = run(course, "grade")
    assert result.exit_code == 2
    assert "the graded cell 01-entropy holds no autograder.check" in result.stderr
    assert scores(course) == {}


def test_an_assignment_with_tests_of_another_kind_stops_nobody_else(course):
    for place in ("source", "submitted/right", "submitted/another"):
        mine = course / place / "mine" / "mine.ipynb"
        mine.parent.mkdir(parents=True)
        made = nbformat.v4.new_notebook()
        made.cells = [
            nbgrader_cell("answer", "def f():\n    return 1", solution=True),
            nbgrader_cell("test", "assert f() == 1", grade=True, points=1, locked=True),
        ]
        nbformat.write(made, mine)
    result = run(course, "grade", "--isolation", "none")
    assert result.exit_code == 1
    (said,) = (line for line in result.stderr.splitlines() if "mine" in line)
    assert "mine cannot be graded here: the graded cell test holds no autograder.check" in said
    assert {student for student, _ in scores(course)} == {case.name for case in HONEST}
    assert run(course, "grade", "mine").exit_code == 2
    stock = subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", "mine"],
        cwd=course,
        capture_output=True,
        text=True,
    )
    assert stock.returncode != 0 and "Traceback" not in stock.stderr
    assert "mine cannot be graded here" in stock.stderr
    again = run(course, "grade", "--isolation", "none")
    assert again.exit_code == 1 and "graded before" in again.stdout
    report = run(course, "report")
    assert report.exit_code == 0, report.output


def nbgrader_cell(name, source, **fields):
    known = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    cell = nbformat.v4.new_code_cell(source)
    cell.metadata["nbgrader"] = {**known, "grade_id": name, **fields}
    return cell


def test_grading_without_walls_leaves_its_mark(course):
    result = run(course, "grade", "--student", "right", "--isolation", "none")
    assert result.exit_code == 0, result.output
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        notebook = gradebook.find_submission(NAME, "right").notebooks[0]
        assert "without walls" in " ".join(c.auto_comment or "" for c in notebook.comments)


def nbgrader(root, *arguments):
    scripts = sysconfig.get_path("scripts")
    home = root.parent / "home"
    home.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=root,
        env={
            **os.environ,
            "PATH": os.pathsep.join([scripts, os.environ["PATH"]]),
            "HOME": str(home),
            "JUPYTER_CONFIG_DIR": str(home / ".jupyter"),
        },
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_honest_class_has_the_same_scores_however_it_is_graded(course, tmp_path):
    """By our command, by nbgrader's command with our settings, and by stock nbgrader without."""
    ours, stock = tmp_path / "ours", tmp_path / "stock"
    for root in (ours, stock):
        shutil.copytree(course, root)
    (stock / CONFIG).write_text("c = get_config()\n")
    grade(course)
    nbgrader(ours, "autograde", NAME)
    nbgrader(stock, "autograde", NAME)
    assert scores(course) == scores(ours) == scores(stock)
    assert len(scores(course)) == 9
