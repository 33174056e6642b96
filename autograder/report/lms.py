"""The scores of a class as the files that other systems import; docs/export.md has the sources.

A score includes manual points and the late penalty. What is not graded is left open, so that no
import turns it into a zero; and so is, for a learning platform, a score that something still waits
for, as a platform shows a student whatever it imports as final.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

from autograder.report.collect import SchoolClass, Student
from autograder.spreadsheet import neutral

# What Moodle takes for "no grade" in a new column as in one that it has already.
MOODLE_NONE = "-"


# What a score can wait for, as the table says it.
MARK = "a person marks {cells}"
NEWER = "a newer hand-in is not graded"
UNGRADED = "what was handed in is not graded"

# By assignment and student: what the score waits for.
Waiting = Mapping[tuple[str, str], Sequence[str]]


def what_waits(
    school_class: SchoolClass, newer: Collection[tuple[str, str]] = ()
) -> dict[tuple[str, str], list[str]]:
    """Return what scores of a class wait for, by assignment and student; who waits for nothing is
    left out.

    newer  assignment and student of what was handed in since it was graded
    """
    found: dict[tuple[str, str], list[str]] = {}
    for assignment in school_class.assignments:
        for student, submission in assignment.submissions.items():
            if submission.waiting:
                reason = MARK.format(cells=", ".join(submission.waiting))
                found.setdefault((assignment.name, student), []).append(reason)
            if (assignment.name, student) in newer:
                found.setdefault((assignment.name, student), []).append(NEWER)
        for student in assignment.unfinished:
            found.setdefault((assignment.name, student), []).append(UNGRADED)
    return found


def write_export(
    school_class: SchoolClass, system: str, path: Path, waiting: Waiting | None = None
) -> None:
    """Write the scores for "csv", "canvas" or "moodle".

    waiting  as `what_waits` says it
    """
    lines, encoding = SYSTEMS[system]
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", newline="", encoding=encoding) as file:
        csv.writer(file, lineterminator="\n").writerows(lines(school_class, waiting or {}))


def _csv(school_class: SchoolClass, waiting: Waiting) -> Iterator[list]:
    """Yield one line for each student and assignment."""
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
        "waiting",
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
                neutral("; ".join(waiting.get((assignment.name, student.id), ()))),
            ]


def _canvas(school_class: SchoolClass, waiting: Waiting) -> Iterator[list]:
    """Yield one line for each student below the points possible, one column for each assignment."""
    names = [neutral(assignment.name) for assignment in school_class.assignments]
    yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *names]
    possible = [_number(assignment.max_score) for assignment in school_class.assignments]
    yield ["    Points Possible", "", "", "", "", *possible]
    for student in school_class.students.values():
        who = [_sortable(student), student.lms_user_id, "", student.id, ""]
        yield [*map(neutral, who), *_scores(school_class, waiting, student, "")]


def _moodle(school_class: SchoolClass, waiting: Waiting) -> Iterator[list]:
    """Yield one line for each student, one column for each assignment."""
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
        yield [*map(neutral, who), *_scores(school_class, waiting, student, MOODLE_NONE)]


def _scores(school_class: SchoolClass, waiting: Waiting, student: Student, none: str) -> list[str]:
    return [
        _number(assignment.submissions[student.id].score)
        if student.id in assignment.submissions and (assignment.name, student.id) not in waiting
        else none
        for assignment in school_class.assignments
    ]


def _sortable(student: Student) -> str:
    """Return the name as Canvas sorts it: "Curie, Marie"."""
    return ", ".join(filter(None, [student.last_name, student.first_name])) or student.id


def _number(value: float) -> str:
    return f"{round(value, 2):.10g}"


# Excel takes a file for UTF-8 only where it starts with a byte order mark; Canvas and Moodle read
# UTF-8 as it is, and would take the mark for a part of the first heading.
SYSTEMS: dict[str, tuple[Callable[[SchoolClass, Waiting], Iterator[list]], str]] = {
    "csv": (_csv, "utf-8-sig"),
    "canvas": (_canvas, "utf-8"),
    "moodle": (_moodle, "utf-8"),
}
