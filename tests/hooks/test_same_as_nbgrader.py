"""`autograder grade` leaves the gradebook and the folders that `nbgrader autograde` leaves with the
same configuration: table by table, file by file, late penalties and manual marks included."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import sysconfig

import pytest
from nbgrader.api import Grade, Gradebook

from autograder.course_folder import CONFIG, CourseFolder
from tests.hostile.cases import CASES, NAME, WRONG, Case, cell_of, hand_in
from tests.hostile.conftest import small_course
from tests.support.gradebooks import assert_same
from tests.support.grading import grade_folder

pytestmark = pytest.mark.slow

SETTINGS = """
from nbgrader.plugins import BasePlugin

class HalfAnHour(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return round(total_seconds_late / 1800)

c.AssignLatePenalties.plugin_class = HalfAnHour
c.LimitOutput.max_lines = 3
c.CourseDirectory.student_id_exclude = "excluded"
"""
DUE = "2026-03-02 20:00:00 UTC"
LATE = {"right": "2026-03-02 21:00:00 UTC", "a-print": "2026-03-05 20:00:00 UTC"}
WORDS = "sure-and-right"


def answered(text):
    """What writes an answer in words into a notebook."""
    return lambda notebook: cell_of(notebook, WORDS).update(source=text)


EXTRA = [
    Case("mistaken", "honest", WRONG),
    Case("untouched", "honest", None, None),
    Case("excluded", "honest"),
    Case("right-in-words", "honest", change=answered("Both are nearly sure of one colour.")),
    Case("right-reworded", "honest", change=answered("Both have a low entropy.")),
]
TIMED = "magics"  # Its output says how long it took.


@pytest.fixture(scope="module")
def two_courses(tmp_path_factory):
    """The same class twice: graded by us, and by nbgrader."""
    first = tmp_path_factory.mktemp("ours") / "course"
    small_course(first)
    with (first / CONFIG).open("a") as config:
        config.write(SETTINGS)
    (first / "source" / NAME / "data").mkdir()
    (first / "source" / NAME / "data" / "table.csv").write_text("1,2\n")
    release = first / "release" / NAME / f"{NAME}.ipynb"
    kinds = ("honest", "document")
    chosen = [case for case in CASES if case.threat in kinds and case.name != TIMED]
    for case in chosen + EXTRA:
        hand_in(case, json.loads(release.read_text()), first)
    for student, moment in LATE.items():
        (first / "submitted" / student / NAME / "timestamp.txt").write_text(moment)
    (first / "submitted" / "right" / NAME / "notes.txt").write_text("mine")
    (first / "submitted" / "right" / NAME / "data").mkdir()
    (first / "submitted" / "right" / NAME / "data" / "table.csv").write_text("not the course's")
    with Gradebook(f"sqlite:///{first}/gradebook.db") as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate=DUE)
    second = tmp_path_factory.mktemp("nbgrader") / "course"
    shutil.copytree(first, second, symlinks=True, copy_function=copy)
    return first, second


def copy(source, target):
    """As shutil.copy2, for pipes and sockets, too."""
    if os.path.isfile(source):
        shutil.copy2(source, target, follow_symlinks=False)
    else:
        os.mkfifo(target)


def grade(root, force=False):
    return grade_folder(CourseFolder(root), force)


def nbgrader(root, *arguments):
    home = root.parent / "home"
    home.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", NAME, "--force", *arguments],
        cwd=root,
        env={
            **os.environ,
            "PATH": os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]]),
            "HOME": str(home),
            "JUPYTER_CONFIG_DIR": str(home / ".jupyter"),
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]


def mark_in_words(root):
    """Give 2 points for each answer in words, as the formgrader does."""
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        for student in ("right-in-words", "right-reworded"):
            grade = gradebook.find_grade(WORDS, NAME, NAME, student)
            assert grade.needs_manual_grade
            grade.manual_score, grade.needs_manual_grade = 2.0, False
        gradebook.db.commit()


def marks(root):
    """The marks that a person gave, and whether they wait for another look."""
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        found = gradebook.db.query(Grade).filter(Grade.manual_score.is_not(None))
        return {
            (grade.student.id, grade.name): (grade.manual_score, grade.needs_manual_grade)
            for grade in found
        }


def test_the_first_time_and_again_with_marks_of_a_person(two_courses):
    ours, theirs = two_courses
    grades = {grade.submission.student: grade for grade in grade(ours)}
    nbgrader(theirs)
    assert_same(ours, theirs)
    assert grades["right"].score == 1 + 3 - 2 and grades["a-print"].score == 0
    assert "excluded" not in grades

    for root in two_courses:
        with sqlite3.connect(root / "gradebook.db") as connection:
            changed = connection.execute(
                """update grade set manual_score = 2.5, extra_credit = 1 where id in (
                select grade.id from grade join submitted_notebook n on n.id = grade.notebook_id
                join submitted_assignment a on a.id = n.assignment_id
                join base_cell c on c.id = grade.cell_id
                where a.student_id = 'right' and c.name = '01-entropy')"""
            )
            assert changed.rowcount == 1
        mark_in_words(root)
        anew = root / "submitted" / "right-reworded" / NAME / f"{NAME}.ipynb"
        anew.write_text(anew.read_text().replace("a low entropy", "two colours"))
    again = {grade.submission.student: grade for grade in grade(ours, force=True)}
    # The others are as they were, which ours leaves them when it grades them again.
    nbgrader(theirs, "--student", "right*")
    assert_same(ours, theirs)
    assert again["right"].score == 1 + 3.5 - 2
    # Nobody is asked again for a mark of what is as it was; what changed waits with the old mark.
    for root in two_courses:
        assert marks(root) == {
            ("right", "01-entropy"): (2.5, False),
            ("right-in-words", WORDS): (2.0, False),
            ("right-reworded", WORDS): (2.0, True),
        }
