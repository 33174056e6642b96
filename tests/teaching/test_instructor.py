"""docs/instructor.md, typed by an ordinary user from the first line to the last."""

import json
import re

import nbformat
import pytest

from autograder.exercises import NOTEBOOKS
from tests.conftest import FIRST, ROOT
from tests.hooks.test_stock_nbgrader import answered
from tests.support.ordinary_user import STUDENT, TEACHER, can_be_one, folders, give, run
from tests.support.totals import all_points

pytestmark = [pytest.mark.slow, pytest.mark.walls]

BLOCK = re.compile(
    r"^(?:<!-- (?P<who>.*?) -->\n)?```(?P<kind>sh|python)\n(?P<text>.*?)^```", re.M | re.S
)
MARK = """
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db", "fall-2026") as gradebook:
    for submission in gradebook.assignment_submissions({name!r}):
        for grade in submission.notebooks[0].grades:
            if grade.needs_manual_grade:
                grade.manual_score, grade.needs_manual_grade = 3.0, False
    gradebook.db.commit()
"""


class Walk:
    """Types the blocks of the page, one after the other.

    said  what each block printed, by its last line
    """

    def __init__(self, teacher, student):
        self.homes = {TEACHER: teacher, STUDENT: student}
        self.places = {TEACHER: str(teacher), STUDENT: str(student)}
        self.exchange = teacher.parent / "exchange"
        self.said = {}
        (teacher / "surprise-to-autograd").symlink_to(ROOT)

    def type(self, who, text):
        text = re.sub(r"\bana\b", STUDENT, text).replace(
            "/srv/nbgrader/exchange", str(self.exchange)
        )
        if who == "as root":
            self.exchange.mkdir(mode=0o777)
            self.exchange.chmod(0o777)
            return
        user = STUDENT if who else TEACHER
        program = f"set -e\ncd {self.places[user]}\n{text}\necho; echo at $(pwd)"
        said = run("bash", "-c", program, cwd=self.homes[user], user=user, home=self.homes[user])
        self.said[text.strip().splitlines()[-1]] = said
        self.places[user] = re.findall(r"^at (.*)$", said, re.M)[-1]

    def answer(self):
        path = self.homes[STUDENT] / FIRST / f"{FIRST}.ipynb"
        nbformat.write(answered(path, "surprise", "entropy"), path)
        give(path.parent, STUDENT)

    def mark(self):
        home = self.homes[TEACHER]
        run("python", "-c", MARK.format(name=FIRST), cwd=home / "fall-2026", home=home)

    def set(self, text):
        with (self.homes[TEACHER] / "fall-2026" / "nbgrader_config.py").open("a") as config:
            config.write(text)


@pytest.fixture(scope="module")
def walked():
    """The whole page, typed."""
    if not can_be_one():
        pytest.skip("a test cannot be an ordinary user here")
    page = (ROOT / "docs" / "instructor.md").read_text(encoding="utf-8")
    with folders(TEACHER, STUDENT) as (teacher, student):
        walk = Walk(teacher, student)
        for block in BLOCK.finditer(page):
            who, text = block["who"], block["text"]
            if block["kind"] == "python":
                walk.set(text)
            elif who != "by hand":
                if who == "as a student, who has answered":
                    walk.answer()
                if text.startswith("autograder feedback"):
                    waiting = run(
                        *("autograder", "export", "--to", "csv"),
                        cwd=teacher / "fall-2026",
                        home=teacher,
                        code=2,
                    )
                    assert f"{FIRST}: answers of {STUDENT} wait for a person" in waiting
                    assert "Nothing is written" in waiting
                    walk.mark()
                walk.type(who, text)
        yield walk


def test_the_class_is_there_and_says_what_comes_first(walked):
    said = walked.said["autograder next"]
    assert f"{len(NOTEBOOKS)} notebooks and a gradebook with 2 students" in said
    assert f"nbgrader release_assignment {FIRST}" in said


def test_what_was_handed_in_is_collected_and_graded(walked):
    said = walked.said[f"autograder grade {FIRST}"]
    assert STUDENT in said and f"4 of {all_points(FIRST):g}" in said
    assert (walked.homes[TEACHER] / "fall-2026" / "submitted" / STUDENT / FIRST).is_dir()


def test_the_student_has_the_page_and_the_teacher_the_report_and_the_grades(walked):
    student, course = walked.homes[STUDENT], walked.homes[TEACHER] / "fall-2026"
    (page,) = (student / FIRST / "feedback").rglob("*.html")
    assert f"10 of {all_points(FIRST):g} points" in page.read_text(encoding="utf-8")
    assert (course / "report" / "course.html").is_file()
    rows = (course / "grades-csv.csv").read_text(encoding="utf-8-sig").splitlines()
    assert any(
        row.startswith(f"{STUDENT},") and f",yes,10,{all_points(FIRST):g}," in row for row in rows
    )


def test_a_moved_date_and_another_penalty_grade_again_and_the_rest_is_as_it_was(walked):
    texts = [text for text in walked.said if text == "autograder grade"]
    assert texts and "1 was graded before and is as it was" in walked.said["autograder grade"]


def test_another_term_has_another_key(walked):
    keys = {
        json.dumps(re.findall(r"course_key='(\w+)'", (folder / "nbgrader_config.py").read_text()))
        for folder in walked.homes[TEACHER].iterdir()
        if (folder / "nbgrader_config.py").is_file() and folder.name != "surprise-to-autograd"
    }
    assert len(keys) == 2 and (walked.homes[TEACHER] / "fall-2026.tar.gz").is_file()
