"""The scores of a class as the files that other systems import; docs/export.md has the sources.

A score includes manual points and the late penalty. What is not graded is left open, so that no
import turns it into a zero.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

from autograder.report.collect import SchoolClass, Student
from autograder.spreadsheet import neutral

# What Moodle takes for "no grade" in a new column as in one that it has already.
MOODLE_NONE = "-"


def write_export(school_class: SchoolClass, system: str, path: Path) -> None:
    """Write the scores for "csv", "canvas" or "moodle"."""
    lines, encoding = SYSTEMS[system]
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", newline="", encoding=encoding) as file:
        csv.writer(file, lineterminator="\n").writerows(lines(school_class))


def _csv(school_class: SchoolClass) -> Iterator[list]:
    """One line for each student and assignment."""
    yield [
        "student",
        "first_name",
        "last_name",
        "email",
        "assignment",
        "graded",
        "score",
        "max_score",
        "late_penalty",
    ]
    for student in school_class.students.values():
        who = [student.id, student.first_name, student.last_name, student.email]
        for assignment in school_class.assignments:
            submission = assignment.submissions.get(student.id)
            yield [
                *map(neutral, (*who, assignment.name)),
                "yes" if submission else "no",
                _number(submission.score) if submission else "",
                _number(assignment.max_score),
                _number(submission.penalty) if submission else "",
            ]


def _canvas(school_class: SchoolClass) -> Iterator[list]:
    """One line for each student below the points possible, one column for each assignment."""
    names = [neutral(assignment.name) for assignment in school_class.assignments]
    yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *names]
    possible = [_number(assignment.max_score) for assignment in school_class.assignments]
    yield ["    Points Possible", "", "", "", "", *possible]
    for student in school_class.students.values():
        who = [_sortable(student), student.lms_user_id, "", student.id, ""]
        yield [*map(neutral, who), *_scores(school_class, student, "")]


def _moodle(school_class: SchoolClass) -> Iterator[list]:
    """One line for each student, one column for each assignment."""
    names = [neutral(assignment.name) for assignment in school_class.assignments]
    yield ["First name", "Last name", "Username", "ID number", "Email address", *names]
    for student in school_class.students.values():
        who = [
            student.first_name,
            student.last_name,
            student.id,
            student.lms_user_id,
            student.email,
        ]
        yield [*map(neutral, who), *_scores(school_class, student, MOODLE_NONE)]


def _scores(school_class: SchoolClass, student: Student, none: str) -> list[str]:
    found = [a.submissions.get(student.id) for a in school_class.assignments]
    return [_number(submission.score) if submission else none for submission in found]


def _sortable(student: Student) -> str:
    """The name as Canvas sorts it: "Curie, Marie"."""
    return ", ".join(filter(None, [student.last_name, student.first_name])) or student.id


def _number(value: float) -> str:
    return f"{round(value, 2):.10g}"


# Excel takes a file for UTF-8 only where it starts with a byte order mark; Canvas and Moodle read
# UTF-8 as it is, and would take the mark for a part of the first heading.
SYSTEMS: dict[str, tuple[Callable[[SchoolClass], Iterator[list]], str]] = {
    "csv": (_csv, "utf-8-sig"),
    "canvas": (_canvas, "utf-8"),
    "moodle": (_moodle, "utf-8"),
}
