"""A class of one's own: its folder, and what waits in it."""

import stat

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.course_folder import CourseFolder
from autograder.errors import Problem
from autograder.grading import Grading, Reason, make_feedback
from autograder.grading.gradebook import DIGITS, Origin
from autograder.report.collect import Student
from autograder.teaching import next_steps as waits_in
from autograder.teaching.new_course import NewCourse, new_course
from autograder.teaching.next_steps import next_steps
from tests.conftest import FIRST, ROOT
from tests.report.classes import invented, write_folder
from tests.support.command import run_command

pytestmark = pytest.mark.slow

SECOND = "02-logistic-regression"


def run(*arguments, cwd=ROOT):
    return run_command(cwd, *arguments)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A class with two notebooks, an exchange, students and a due date."""
    root = tmp_path_factory.mktemp("new")
    (root / "students.csv").write_text(
        "id;first_name;last_name;phone\nana;Ana;Núñez;1\n李 雷;;;\n\n", encoding="utf-8-sig"
    )
    options = ("--course-id", "fall-2026", "--exchange", root / "exchange")
    result = run(
        *("new-course", root / "class", FIRST, SECOND, *options),
        *("--students", root / "students.csv", "--due", f"{FIRST}=2026-10-01"),
        *("--due", f"{SECOND}=2026-10-08 18:00 +0200"),
    )
    assert result.exit_code == 0, result.output
    return root, result.output


def test_a_class_has_its_notebooks_students_dates_and_settings(made):
    root, said = made
    folder = CourseFolder(root / "class")
    assert folder.assignments == [FIRST, SECOND]
    assert folder.directory.course_id == "fall-2026"
    assert len(folder.config.Judge.course_key) == 16
    assert folder.config.Solutions.shown is False
    assert stat.S_IMODE((root / "class").stat().st_mode) == 0o700
    with Gradebook(folder.directory.db_url, "fall-2026") as gradebook:
        students = {s.id: (s.first_name, s.last_name) for s in gradebook.students}
        due = {a.name: str(a.duedate) for a in gradebook.assignments}
    assert students == {"ana": ("Ana", "Núñez"), "李 雷": (None, None)}
    assert due == {FIRST: "2026-10-01 23:59:59", SECOND: "2026-10-08 16:00:00"}
    assert "due on 2026-10-08 16:00 UTC" in said and "with 2 students" in said
    for step in ("release", "source"):
        written = folder.notebook_path(step, FIRST).read_bytes()
        assert written == (ROOT / step / FIRST / f"{FIRST}.ipynb").read_bytes()


def test_a_student_is_given_settings_that_know_the_exchange_and_nothing_secret(made):
    root, said = made
    text = (root / "class" / "for-students" / "nbgrader_config.py").read_text()
    assert "fall-2026" in text and str(root / "exchange") in text
    assert "autograder" not in text and "key" not in text.replace("c.", "")
    assert "for-students" in said


def test_the_first_thing_that_waits_is_that_nothing_is_given_out(made):
    (step,) = next_steps(CourseFolder(made[0] / "class"))
    assert step.command == f"nbgrader release_assignment {FIRST}"


@pytest.mark.parametrize(
    "change, words",
    [
        ({"course_id": "a class/1"}, "cannot be a course id"),
        ({"notebooks": ("97-nothing",)}, "There is no notebook 97-nothing"),
        ({"due": {FIRST: "soon"}}, "'soon' is no date"),
        ({"due": {"97-nothing": "2026-10-01"}}, "There is no notebook 97-nothing"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_written(repository, tmp_path, change, words):
    wanted = NewCourse(**{"course_id": "fall", **change})
    with pytest.raises(Problem, match=words):
        new_course(repository, tmp_path / "class", wanted)
    assert not (tmp_path / "class").exists()


@pytest.mark.parametrize(
    "content, words",
    [
        (None, "There is no file"),
        (b"name\nana\n", "has no column `id`"),
        (b"id\n", "holds no students"),
        (b"id,email\nana,a@x\nana,b@x\n", "line 3: 'ana' is there a second time"),
        (b"id,email\n,a@x\n", "line 2: the student has no id"),
        (b"id\na<b\n", "line 2: 'a<b' cannot be an id"),
        ("id\nnúñez\n".encode("latin-1"), "is not UTF-8"),
    ],
)
def test_a_list_of_students_that_cannot_be_read_says_where(repository, tmp_path, content, words):
    path = tmp_path / "students.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Problem, match=words):
        new_course(repository, tmp_path / "class", NewCourse("fall", students=path))
    assert not (tmp_path / "class").exists()


def test_nothing_that_is_there_is_written_over(repository, tmp_path):
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "mine.txt").write_text("mine")
    with pytest.raises(Problem, match="is there already"):
        new_course(repository, tmp_path / "class", NewCourse("fall"))
    assert [path.name for path in (tmp_path / "class").iterdir()] == ["mine.txt"]


def test_a_release_with_answers_becomes_no_class(course_folder, tmp_path):
    release = nbformat.read(ROOT / "source" / FIRST / f"{FIRST}.ipynb", as_version=4)
    (course_folder / "release" / FIRST).mkdir(parents=True)
    nbformat.write(release, course_folder / "release" / FIRST / f"{FIRST}.ipynb")
    with pytest.raises(Problem, match="holds answers"):
        new_course(CourseFolder(course_folder), tmp_path / "class", NewCourse("fall"))


def test_pages_that_show_other_grades_than_those_of_today_wait_to_be_made(tmp_path):
    write_folder(tmp_path / "class", invented([Student("ana"), Student("bo")]))
    folder = CourseFolder(tmp_path / "class")
    grading = Grading(folder)
    submissions = grading.submissions([]).submissions

    def waits():
        return [step.what for step in waits_in._to_give_back(folder, submissions)]

    (said,) = waits()
    assert said.startswith(f"{FIRST}: 2 students have no page")
    assert all(problem == "" for _, problem in make_feedback(folder, submissions))
    assert waits() == []
    with Gradebook(folder.directory.db_url) as gradebook:
        grade = gradebook.find_grade("why", FIRST, FIRST, "ana")
        grade.manual_score, grade.needs_manual_grade = 2.0, False
        gradebook.db.commit()
    (said,) = waits()
    assert said.startswith(f"{FIRST}: 1 student has no page")


def test_what_waits_is_said_of_one_and_of_many_in_whole_sentences():
    said_of_all = [one for one in vars(waits_in).values() if isinstance(one, waits_in.Counted)]
    assert waits_in.TO_GRADE.keys() == {*Reason} - {Reason.FORCED}
    sentences = [*said_of_all, *waits_in.TO_GRADE.values()]
    assert len(sentences) == 11
    for sentence in sentences:
        for count in (1, 12):
            said = sentence.of(count, name=FIRST, students=3, address="/here")
            assert said.startswith(f"{FIRST}: {count} ") and said.endswith(".")
            assert "{" not in said


def test_what_of_the_course_changed_since_a_grade_is_told_apart():
    origin = Origin("stamp", "content", "".join(letter * DIGITS for letter in "abcd"))
    assert origin.course_change(origin.course) is None
    changes = {letter: origin.course.replace(letter, "e") for letter in "abcd"}
    assert [origin.course_change(today) for today in changes.values()] == [
        Reason.CHECKS,
        Reason.RELEASE,
        Reason.DUE_DATE,
        Reason.LATE_PENALTY,
    ]


def test_answers_that_wait_for_a_mark_are_counted_by_what_waits(tmp_path):
    write_folder(tmp_path / "class", invented([Student("ana"), Student("bo")]))
    said = [step.what for step in waits_in._to_mark(CourseFolder(tmp_path / "class"))]
    assert said[0].startswith(f"{FIRST}: 2 written answers wait to be marked (2 of your students")
