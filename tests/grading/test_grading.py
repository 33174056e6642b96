"""A simulated class through the real pipeline: grades equal to the truth, damage contained."""

import json
import os

import pytest

from autograder.course_folder import CourseFolder
from autograder.grading import Grading
from autograder.simulate import disagreements, simulate
from tests.conftest import FIRST
from tests.support.command import run_command
from tests.support.totals import all_points

pytestmark = pytest.mark.slow


def run(root, *arguments):
    return run_command(root, *arguments)


@pytest.fixture(scope="module")
def graded(tmp_path_factory, repository):
    """A class of six, two of whom handed in something that is no notebook, graded once."""
    root = tmp_path_factory.mktemp("class") / "course"
    truth = simulate(repository, root, students=6, seed=3, names=[FIRST])["students"]
    broken, absent = list(truth)[1], list(truth)[4]
    (root / "submitted" / broken / FIRST / f"{FIRST}.ipynb").write_text("{ not json")
    (root / "submitted" / absent / FIRST / f"{FIRST}.ipynb").unlink()
    result = run(root, "grade", "--json")
    return root, truth, {broken, absent}, result


def test_every_verdict_is_the_true_one(graded):
    root, truth, damaged, result = graded
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(lines) == 6
    for line in lines:
        if line["student"] not in damaged:
            assert disagreements(line, truth[line["student"]][FIRST]) == []


def test_damaged_submissions_get_a_zero_with_the_reason_and_cost_nobody_else(graded):
    root, truth, damaged, result = graded
    assert result.exit_code == 1
    lines = {line["student"]: line for line in map(json.loads, result.stdout.splitlines())}
    for student in damaged:
        assert lines[student]["score"] == 0
        assert lines[student]["max_score"] == all_points(FIRST)
        assert lines[student]["problem"]
        assert student in result.stderr


def test_a_second_run_grades_only_what_is_new(graded):
    root, truth, damaged, result = graded
    grading = Grading(CourseFolder(root))
    found = grading.submissions([FIRST]).submissions

    def waiting(force):
        with grading:
            return grading.waiting(found, force).submissions

    assert waiting(force=False) == []
    assert waiting(force=True) == found
    changed = next(s for s in found if s.student not in damaged)
    path = root / "submitted" / changed.student / FIRST / f"{FIRST}.ipynb"
    os.utime(path)
    assert waiting(force=False) == []
    before = path.read_bytes()
    path.write_bytes(before.replace(b"nbformat", b"nbformat ", 1))
    assert waiting(force=False) == [changed]
    path.write_bytes(before)
    assert waiting(force=False) == []


def test_feedback_shows_the_words_of_the_judge_and_no_hidden_test(graded):
    root, truth, damaged, result = graded
    student = next(s for s in truth if s not in damaged)
    assert run(root, "feedback", "--student", student).exit_code == 0
    page = (root / "feedback" / student / FIRST / f"{FIRST}.html").read_text()
    assert "01.surprise" in page
    assert "autograder.check" not in page and "HIDDEN TESTS" not in page
