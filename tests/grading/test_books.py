"""Due dates, marks of a person, times and newer hand-ins: what is graded again, what is kept, and
what is said of it."""

from datetime import datetime, timedelta

import pytest
from nbgrader.api import Gradebook

from autograder.course_folder import CONFIG
from autograder.errors import Problem
from autograder.grading.lent import LentRelease
from autograder.intake.files import name_problem, read_timestamp, to_hide
from tests.hostile.cases import NAME, SURPRISE, WRONG, Case, answered, hand_in
from tests.hostile.conftest import Class, fresh_course, template  # noqa: F401
from tests.support.command import run_command
from tests.support.grading import grade_folder

pytestmark = pytest.mark.walls


@pytest.fixture
def course(fresh_course, template):  # noqa: F811
    """A course folder whose students hand in with `put`."""

    class Course(Class):
        def put(self, student, **changes):
            folder = self.root / "submitted" / student / NAME
            if folder.exists():
                (folder / f"{NAME}.ipynb").unlink()
                folder.rmdir()
            return hand_in(Case(student, "honest", **changes), template.release, self.root)

        def set_penalty(self, statement):
            """Let a late hand-in cost what a statement of Python returns."""
            config = self.root / CONFIG
            text = config.read_text().partition("\n# Lateness\n")[0]
            config.write_text(
                f"{text}\n# Lateness\n"
                "from nbgrader.plugins import BasePlugin\n"
                "class Late(BasePlugin):\n"
                "    def late_submission_penalty(self, student, score, seconds):\n"
                f"        {statement}\n"
                "c.AssignLatePenalties.plugin_class = Late\n"
            )

        def grade(self, force=False):
            return {found.submission.student: found for found in grade_folder(self.folder, force)}

        def gradebook(self):
            return Gradebook(f"sqlite:///{self.root}/gradebook.db")

        def mark(self, student, cell, points):
            with self.gradebook() as gradebook:
                grade = gradebook.find_grade(cell, NAME, NAME, student)
                grade.manual_score, grade.needs_manual_grade = points, False
                gradebook.db.commit()

        def asks(self, student, cell="sure-and-right"):
            with self.gradebook() as gradebook:
                grade = gradebook.find_grade(cell, NAME, NAME, student)
                return grade.needs_manual_grade

        def run(self, *arguments):
            return run_command(self.root, *arguments)

    return Course(fresh_course, template.release)


def test_a_due_date_that_moved_and_another_penalty_are_seen(course):
    course.set_penalty("return 1.0")
    folder = course.put("alice")
    (folder / "timestamp.txt").write_text("2026-03-02 18:00:00 UTC")
    assert course.grade()["alice"].score == 4 and course.grade() == {}

    for due, score in (("2026-03-01", 3), ("2026-03-03", 4)):
        with course.gradebook() as gradebook:
            gradebook.update_or_create_assignment(NAME, duedate=due)
        assert course.grade()["alice"].score == score and course.grade() == {}
    with course.gradebook() as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate="2026-03-01")
    for penalty, score in (("return 2.0", 2), ("return 2.0\n\n# The same, elsewhere.", None)):
        course.set_penalty(penalty)
        found = course.grade()
        assert ([one.score for one in found.values()] or [None]) == [score]
    assert course.grade(force=True)["alice"].penalty == 2
    with course.gradebook() as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate="2026-03-01")
        gradebook.find_submission(NAME, "alice").extension = timedelta(days=3)
        gradebook.db.commit()
    assert course.grade()["alice"].score == 4 and course.grade() == {}


def test_a_mark_of_something_unchanged_is_not_asked_for_again(course):
    words = "The sure one is surprised less when both are right."
    course.put("alice", change=answered(words))
    course.put("bruno", change=answered(words), surprise=WRONG)
    assert course.grade()["alice"].score == 4 and course.asks("alice")
    for student in ("alice", "bruno"):
        course.mark(student, "sure-and-right", 2.0)
    course.mark("bruno", "01-surprise", 0.5)

    assert course.grade(force=True)["alice"].score == 6
    assert not any(map(course.asks, ("alice", "bruno")))
    assert not course.asks("bruno", "01-surprise")

    # Code that is new is looked at again where it had a mark; the words are as they were.
    course.put("bruno", change=answered(words), surprise=f"{WRONG}\n# another")
    course.put("alice", change=answered("Neither."))
    course.grade()
    assert not course.asks("bruno") and course.asks("bruno", "01-surprise")
    assert course.asks("alice")


def test_who_handed_in_again_is_said_until_that_is_graded(course):
    course.put("alice")
    course.put("bruno")
    course.grade()
    commands = (["feedback"], ["export", "--to", "csv"], ["report"])
    for command in commands[:2]:
        assert "since it was graded" not in course.run(*command).stderr
    course.put("alice", surprise=SURPRISE + "\n# again")
    course.put("carla")
    for command in commands:
        said = course.run(*command).stderr
        assert f"alice: something else was handed in for {NAME} since it was graded" in said
        assert "bruno" not in said
    said = course.run("feedback").stderr
    assert f"carla, {NAME}: It is not graded yet: run `autograder grade` first." in said
    course.put("dora")
    said = course.run("feedback").stderr
    assert f"{NAME}: 2 hand-ins are not graded yet: run `autograder grade {NAME}` first." in said
    assert "dora" not in said


@pytest.mark.parametrize(
    "text, hour",
    [
        ("2026-03-02 18:00:00 -0500", 23),
        ("2026-03-02 18:00:00.123456 UTC", 18),
        ("2026-03-02 18:00:00 -05", 23),
        ("2026-03-02 18:00:00 America/Bogota", 23),
        ("2026-03-02 18:00:00 CET", 17),
        ("2026-03-02T18:00:00Z", 18),
        ("2026-03-02T18:00:00+01:00", 17),
        ("2026-03-02 18:00:00", 18),
    ],
)
def test_a_time_stamp_is_read_in_its_zone(tmp_path, text, hour):
    (tmp_path / "timestamp.txt").write_text(text)
    assert read_timestamp(tmp_path).replace(microsecond=0) == datetime(2026, 3, 2, hour)
    assert to_hide(str(tmp_path))[1] == []


@pytest.mark.parametrize(
    "text",
    ["2026-03-02 18:00:00 COT", "2026-03-02 18:00:00 IST", "18:00", "March 2026", "x /etc/passwd"],
)
def test_a_time_in_no_known_zone_or_without_its_date_is_ignored_and_said(tmp_path, text):
    (tmp_path / "timestamp.txt").write_text(text)
    assert read_timestamp(tmp_path) is None
    (remark,) = to_hide(str(tmp_path))[1]
    assert "no date and time in a zone that is known" in remark


@pytest.mark.parametrize(
    "name, another",
    [("a[1]", "a(1)"), (" lead ", "lead"), ('a"<b', "ab"), ("x" * 200, "x" * 128)],
)
def test_a_name_that_is_no_id_is_refused_with_one_that_is(name, another):
    assert name_problem(name).endswith(f"Rename the folder, say to {another}.")
    assert name_problem(another) == ""


@pytest.mark.parametrize("name", ["O'Brien", "José", "joão-1", "a b", "x@y.org", "李"])
def test_a_name_that_people_have_is_an_id(name):
    assert name_problem(name) == ""


def test_what_is_not_lent_to_a_preprocessor_is_refused_in_one_sentence():
    lent = LentRelease(None)
    for ask in (lambda: lent.find_student("alice"), lambda: lent.db.query(None)):
        with pytest.raises(Problem, match="asks nbgrader's Gradebook for (find_student|db.query)"):
            ask()
