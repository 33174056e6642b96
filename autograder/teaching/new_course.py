"""The course folder of a class of one's own: settings, notebooks, students and due dates.

Everything is looked at before anything is written, and nothing that is there is written over.
"""

from __future__ import annotations

import csv
import os
import re
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from autograder.course_folder import CONFIG, CourseFolder, holds_answers, read_notebook
from autograder.errors import Problem, no_such_notebook
from autograder.grading.database import open_gradebook
from autograder.hooks.exchange import make_exchange
from autograder.intake.files import name_problem, parse_time

# nbgrader's words for a student; `id` is the login name, or whatever names the folder handed in.
COLUMNS = ("id", "first_name", "last_name", "email", "lms_user_id")
# The name of a folder of the exchange, and a part of what a shell is told.
COURSE_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
FOR_STUDENTS = Path("for-students") / CONFIG
SETTINGS = '''\
"""nbgrader's settings for this class; the key draws its cases and is nobody else's to know."""

from autograder.hooks import configure

c = get_config()  # noqa: F821
configure(c, course_id={course_id!r}, course_key={key!r})
# Of what is graded nobody is shown a solution, however many tries there were.
c.Solutions.shown = False
'''
STUDENTS_SETTINGS = '''\
"""nbgrader's settings for the students of this class: each puts them into ~/.jupyter/."""

c = get_config()  # noqa: F821
c.CourseDirectory.course_id = {course_id!r}
'''
EXCHANGE = "c.Exchange.root = {exchange!r}\n"


@dataclass(frozen=True)
class NewCourse:
    """What a class is made from.

    course_id  names the class in the exchange and in the gradebook
    key        draws the cases of the class, together with the assignment and the student
    exchange   the folder through which notebooks go to students and back, or None
    students   a CSV file with the columns of COLUMNS, of which `id` must be there, or None
    due        when assignments are due, by name: a date, or a date with a time, UTC without a zone
    notebooks  the assignments; all of the course where empty
    """

    course_id: str
    key: str = field(default_factory=lambda: secrets.token_hex(8))
    exchange: Path | None = None
    students: Path | None = None
    due: Mapping[str, str] = field(default_factory=dict)
    notebooks: Sequence[str] = ()


@dataclass(frozen=True)
class Made:
    """What `new_course` has made: the assignments, how many students, and when what is due, UTC."""

    notebooks: list[str]
    students: int
    due: dict[str, datetime]


def new_course(folder: CourseFolder, out: Path, wanted: NewCourse) -> Made:
    """Make the folder of a class at `out` from the notebooks of a course; Problem where that
    cannot be."""
    names = _assignments(folder, wanted)
    due = {name: _due_date(name, text) for name, text in wanted.due.items()}
    if not COURSE_ID.fullmatch(wanted.course_id):
        raise Problem(
            f"{wanted.course_id!r} cannot be a course id: it is made of letters, digits, `-`, `_` "
            "and `.`, as it names a folder."
        )
    students = _read_students(wanted.students) if wanted.students else []
    exchange = wanted.exchange and wanted.exchange.expanduser().absolute()
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Problem(f"{out} is there already, and nothing in it is written over.")
    if exchange:
        make_exchange(exchange)
    try:
        # Solutions, the key and everybody's work lie in it: on a server of many, it is one's own.
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_files(folder, out, names, wanted, exchange)
    except OSError as error:
        raise Problem(f"The class cannot be made in {out}: {error.strerror}.") from None
    _write_gradebook(CourseFolder(out), names, students, due)
    return Made(names, len(students), due)


def _assignments(folder: CourseFolder, wanted: NewCourse) -> list[str]:
    known = folder.assignments
    for name in (*wanted.notebooks, *wanted.due):
        if name not in known:
            raise no_such_notebook(name, known)
    names = list(wanted.notebooks) or known
    for name in names:
        release = folder.notebook_path("release", name)
        if not release.is_file():
            raise Problem(f"{name} has no release yet: run `autograder build {name}` first.")
        if holds_answers(read_notebook(release)):
            raise Problem(
                f"{release} holds answers: move it elsewhere, run `autograder build {name}`, and "
                "then this again."
            )
    return names


def _due_date(name: str, text: str) -> datetime:
    try:
        # A date alone is due when that day is over, not when it begins.
        alone = re.fullmatch(r"\s*\d{4}-\d\d-\d\d\s*", text)
        return parse_time(f"{text.strip()} 23:59:59" if alone else text)
    except ValueError:
        raise Problem(
            f"{text!r} is no date at which {name} can be due: write 2026-10-01, or "
            '"2026-10-01 18:00 +0200" with a zone where it is not UTC.'
        ) from None


def _read_students(path: Path) -> list[dict[str, str]]:
    """Return the students of a CSV file, each with the columns of COLUMNS that it fills in."""
    try:
        # Excel writes a mark of its encoding at the top.
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise Problem(f"There is no file {path} with students.") from None
    except UnicodeDecodeError:
        raise Problem(f"{path} is not UTF-8: save it as CSV UTF-8.") from None
    except OSError as error:
        raise Problem(f"{path} cannot be read: {error.strerror}.") from None
    heading = text.partition("\n")[0]
    # Where a comma is a decimal point, spreadsheets write a semicolon.
    separator = max(",;\t", key=heading.count)
    rows = list(csv.DictReader(text.splitlines(), delimiter=separator, skipinitialspace=True))
    columns = [name.strip() for name in heading.split(separator)]
    if "id" not in columns:
        raise Problem(
            f"{path} has no column `id`: its first line names the columns, and known are "
            f"{', '.join(COLUMNS)}."
        )
    students: dict[str, dict[str, str]] = {}
    for number, row in enumerate(rows, 2):
        found = {
            name.strip(): value.strip()
            for name, value in row.items()
            if name and name.strip() in COLUMNS and isinstance(value, str) and value.strip()
        }
        if not found:
            continue
        id = found.get("id", "")
        if not id:
            raise Problem(f"{path}, line {number}: the student has no id.")
        if problem := name_problem(id):
            raise Problem(f"{path}, line {number}: {id!r} cannot be an id. {problem}")
        if id in students:
            raise Problem(f"{path}, line {number}: {id!r} is there a second time.")
        students[id] = found
    if not students:
        raise Problem(f"{path} holds no students below its first line.")
    return list(students.values())


def _write_files(
    folder: CourseFolder, out: Path, names: list[str], wanted: NewCourse, exchange: Path | None
) -> None:
    ignored = shutil.ignore_patterns(".*")
    for step in ("source", "release"):
        for name in names:
            shutil.copytree(folder.root / step / name, out / step / name, ignore=ignored)
    end = EXCHANGE.format(exchange=str(exchange)) if exchange else ""
    settings = SETTINGS.format(course_id=wanted.course_id, key=wanted.key)
    (out / CONFIG).write_text(settings + end, encoding="utf-8")
    if exchange:
        (out / FOR_STUDENTS).parent.mkdir()
        text = STUDENTS_SETTINGS.format(course_id=wanted.course_id) + end
        (out / FOR_STUDENTS).write_text(text, encoding="utf-8")


def _write_gradebook(
    folder: CourseFolder,
    names: list[str],
    students: list[dict[str, str]],
    due: dict[str, datetime],
) -> None:
    directory = folder.directory
    gradebook = open_gradebook(directory.db_url, directory.course_id)
    try:
        for student in students:
            fields = dict(student)
            gradebook.update_or_create_student(fields.pop("id"), **fields)
        for name in names:
            gradebook.update_or_create_assignment(name, duedate=due.get(name))
    finally:
        gradebook.close()
    if os.name == "posix":
        os.chmod(folder.root / CONFIG, 0o600)


def shown(moment: datetime) -> str:
    """Return a moment in UTC as people write it."""
    return moment.replace(tzinfo=UTC).strftime("%Y-%m-%d %H:%M UTC")
