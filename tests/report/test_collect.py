"""What is read from a course folder, and what is said where it cannot be."""

import json
import sqlite3

import pytest
from nbgrader.api import Gradebook

from autograder.course_folder import CourseFolder
from autograder.hooks.verdict_cells import VERDICT_TYPE
from autograder.report.collect import Student, collect
from tests.report.classes import FIRST, as_text, invented, mixed, write_folder
from tests.support.command import run_command
from tests.support.totals import exercises_in

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path):
    write_folder(tmp_path / "course", invented([Student("ana"), Student("bo"), Student("cy")]))
    return tmp_path / "course"


def notebook_of(folder, student):
    return folder / "autograded" / student / FIRST / f"{FIRST}.ipynb"


def run(folder, *arguments):
    return run_command(folder, *arguments)


def refuses(folder, *words, arguments=()):
    """The report and the export end with 2 and one sentence that holds `words`."""
    for command in (["report"], ["export", "--to", "csv"]):
        result = run(folder, *command, *arguments)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert len(result.stderr.strip().splitlines()) == 1
        for word in words:
            assert word in result.stderr
    return True


def test_a_class_is_read_as_it_was_written(folder):
    found = collect(CourseFolder(folder), [])
    made = invented([Student("ana"), Student("bo"), Student("cy")])
    assert found.students == made.students
    assert found.assignments[0].exercises == made.assignments[0].exercises
    for student, submission in made.assignments[0].submissions.items():
        read = found.assignments[0].submissions[student]
        assert (read.rows, read.score, read.written) == (
            submission.rows,
            submission.score,
            {"why": None},
        )


def test_scores_hold_manual_points_extra_credit_and_penalties(folder):
    before = collect(CourseFolder(folder), []).assignments[0].submissions["ana"].score
    with Gradebook(f"sqlite:///{folder}/gradebook.db", "surprise-to-autograd") as gradebook:
        grade = gradebook.find_grade("why", FIRST, FIRST, "ana")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 2.0, 0.5, False
        entry = gradebook.find_submission_notebook(FIRST, FIRST, "ana")
        entry.late_submission_penalty = 1.0
        gradebook.find_submission_notebook(FIRST, FIRST, "bo").late_submission_penalty = 999
        gradebook.db.commit()
        stock = gradebook.find_submission(FIRST, "ana")
        assert stock.score - stock.late_submission_penalty == before + 1.5
    submissions = collect(CourseFolder(folder), []).assignments[0].submissions
    assert submissions["ana"].score == before + 1.5
    assert submissions["ana"].written == {"why": 2.5}
    assert submissions["bo"].score == 0


def test_only_cells_of_the_gradebook_hold_verdicts(folder):
    path = notebook_of(folder, "ana")
    notebook = json.loads(path.read_text())
    forged = {**notebook["cells"][1]["outputs"][0]["data"][VERDICT_TYPE], "exercise": "01.forged"}
    output = {"output_type": "display_data", "metadata": {}, "data": {VERDICT_TYPE: forged}}
    notebook["cells"][0]["outputs"] = [output]
    text = f'"{VERDICT_TYPE}": {{"exercise": "01.forged"}}'
    notebook["cells"][2]["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": [text, "\n  },\n  {\n"]}
    ]
    for written in (as_text(notebook), json.dumps(notebook)):
        path.write_text(written)
        rows = collect(CourseFolder(folder), []).assignments[0].submissions["ana"].rows
        assert "01.forged" not in {row.exercise for row in rows}
        assert len(rows) == exercises_in(FIRST)


def test_one_that_nbgrader_could_not_read_has_its_zero_and_is_listed(folder):
    notebook_of(folder, "bo").unlink()
    found = collect(CourseFolder(folder), []).assignments[0]
    assert found.submissions["bo"].refused and not found.submissions["bo"].rows
    assert run(folder, "report").exit_code == 0
    assert "could not be graded" in (folder / "report" / f"{FIRST}.html").read_text()


def test_half_graded_reports_on_what_is_there_and_says_so(folder):
    (folder / "submitted" / "dee" / FIRST).mkdir(parents=True)
    path = notebook_of(folder, "cy")
    path.write_text(path.read_text().replace('"judged": true', '"judged": false'))
    result = run(folder, "report")
    assert result.exit_code == 0
    assert "2 of 4 submissions" in result.stderr


def test_nothing_graded_yet(tmp_path):
    write_folder(tmp_path / "course", invented(0))
    assert refuses(tmp_path / "course", "Nothing is graded yet")
    assert refuses(tmp_path / "course", FIRST, "graded", arguments=[FIRST])
    (tmp_path / "course" / "gradebook.db").unlink()
    assert refuses(tmp_path / "course", "no gradebook yet")
    assert not (tmp_path / "course" / "gradebook.db").exists()


def test_an_unknown_assignment(folder):
    assert refuses(folder, "no notebook 09-x here", FIRST, arguments=["09-x"])


def test_graded_without_the_judge_or_by_an_older_version(folder):
    for student in ("ana", "bo", "cy"):
        path = notebook_of(folder, student)
        path.write_text(path.read_text().replace('"autograder"', '"other"'))
    assert refuses(folder, FIRST, "older version", "--force")


def test_an_exercise_that_the_course_no_longer_has(folder):
    path = notebook_of(folder, "bo")
    path.write_text(path.read_text().replace('"01.entropy"', '"01.enthalpy"'))
    assert refuses(folder, "01.enthalpy", "--force")


def test_a_mistake_that_the_course_no_longer_has_is_still_said(folder):
    path = notebook_of(folder, "bo")
    notebook = json.loads(path.read_text())
    row = notebook["cells"][1]["outputs"][0]["data"][VERDICT_TYPE]
    row.update(verdict="known mistake", mistake="surprise-of-old", points=0.0)
    path.write_text(as_text(notebook))
    assert run(folder, "report").exit_code == 0
    assert "surprise of old" in (folder / "report" / f"{FIRST}.html").read_text()


def test_a_gradebook_of_an_older_nbgrader(folder):
    with sqlite3.connect(folder / "gradebook.db") as connection:
        connection.execute("ALTER TABLE student RENAME COLUMN lms_user_id TO lms")
    assert refuses(folder, "nbgrader db upgrade")


def test_where_nothing_can_be_written(folder):
    (folder / "taken").write_text("")
    result = run(folder, "report", "--out", "taken")
    assert result.exit_code == 2 and "cannot be written" in result.stderr


def test_one_assignment_of_two_can_be_asked_for(tmp_path):
    second = "02-logistic-regression"
    write_folder(tmp_path / "course", invented(2, mixed, (FIRST, second)))
    assert run(tmp_path / "course", "report", second).exit_code == 0
    pages = {path.name for path in (tmp_path / "course" / "report").glob("*.html")}
    assert pages == {"course.html", f"{second}.html"}
