"""What a course folder knows of a class, as plain data: the gradebook's scores, the judge's rows.

The gradebook is read with a few queries. Of an autograded notebook only the cells that hold
verdicts are parsed, as its pictures are most of it.
"""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader import api
from sqlalchemy import create_engine, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from autograder.cell_fields import fields_of
from autograder.course_folder import CourseFolder
from autograder.errors import Problem, UnreadableFile, no_such_notebook
from autograder.exercises import exercise
from autograder.hooks.gradebooks import first_line, points_of, score_of
from autograder.hooks.verdict_cells import ROW_MARK, read_notes, rows_of, slips_of
from autograder.intake.files import MAX_OWN_BYTES
from autograder.intake.notebooks import read_bytes
from autograder.source_text import is_text, parse
from course.kinds import VerdictKind

UNGRADABLE = "The submission could not be graded."
# How nbformat writes a notebook. A line break cannot stand inside a JSON string, so these marks
# separate cells whatever is in them.
OPENING, BETWEEN = b'{\n "cells": [\n  {\n', b"\n  },\n  {\n"
CELLS_END, CLOSING = b"\n  }", b'\n ],\n "metadata": {\n'
# Where a student answers.
ANSWER = b'"solution": true'


@dataclass(frozen=True)
class Student:
    """A student as the gradebook knows one."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""

    @property
    def name(self) -> str:
        """First and last name where known, else the id."""
        return " ".join(filter(None, [self.first_name, self.last_name])) or self.id


@dataclass(frozen=True)
class Row:
    """The judge's finding on one exercise of one submission.

    slips  the exercises that are not right and with right ones of which this one is right
    """

    exercise: str
    points: float
    max_points: float
    verdict: str
    mistake: str | None = None
    message: str = ""
    slips: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        """Say whether the verdict is that the answer is right."""
        return self.verdict == VerdictKind.RIGHT


@dataclass(frozen=True)
class GradedSubmission:
    """A graded submission.

    score      with manual points and extra credit, less the late penalty, never below 0
    penalty    what being late cost
    rows       the judge's findings
    repairs    what was put right before grading
    refused    why it could not be graded, or ""
    written    answers that a person marks: points by grade id, None where it waits for its mark
    waiting    the cells that wait for a person, answers that were marked before among them
    blank      written answers that are as they were given out, which nobody has to read
    answers    the code that the student wrote, by the cell's grade id
    handed_in  when, as the gradebook says, or ""
    entry      its id in the gradebook, by which the formgrader opens it, or ""
    """

    student: str
    score: float
    penalty: float = 0.0
    rows: tuple[Row, ...] = ()
    repairs: tuple[str, ...] = ()
    refused: str = ""
    written: dict[str, float | None] = field(default_factory=dict)
    waiting: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()
    answers: dict[str, str] = field(default_factory=dict)
    handed_in: str = ""
    entry: str = ""


@dataclass(frozen=True)
class GradedAssignment:
    """An assignment and its graded submissions, by student id.

    exercises   their ids, in the order of the notebook
    written     maximal points of the answers that a person marks, by grade id
    unfinished  who handed in and is not graded, or not by this version
    """

    name: str
    max_score: float
    exercises: tuple[str, ...] = ()
    written: dict[str, float] = field(default_factory=dict)
    submissions: dict[str, GradedSubmission] = field(default_factory=dict)
    unfinished: tuple[str, ...] = ()

    @property
    def graded(self) -> dict[str, GradedSubmission]:
        """Return the submissions that could be read: of the others, whose points are none, no
        figure says anything."""
        return {id: one for id, one in self.submissions.items() if not one.refused}

    @property
    def unreadable(self) -> tuple[str, ...]:
        """Return who handed in what could not be read."""
        return tuple(id for id, one in self.submissions.items() if one.refused)

    @property
    def title(self) -> str:
        """Return the name as a reader would write it: "01 · Surprise and entropy"."""
        number, _, words = self.name.partition("-")
        if not (number.isdigit() and words):
            return self.name
        return f"{number} · {words[0].upper()}{words[1:].replace('-', ' ')}"


@dataclass(frozen=True)
class SchoolClass:
    """Everybody in the gradebook, and the assignments that are graded, in order.

    left_out  which assignments are not among them although something of them is in the gradebook,
              one sentence each
    """

    course: str
    students: dict[str, Student]
    assignments: tuple[GradedAssignment, ...]
    left_out: tuple[str, ...] = ()


@dataclass
class _Entry:
    """A submission as the gradebook has it."""

    student: str
    handed_in: str = ""
    notebook: str = ""
    total: float = 0.0
    penalty: float = 0.0
    scored: bool = False
    written: dict[str, float | None] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    blank: list[str] = field(default_factory=list)


@dataclass
class _Assignment:
    """An assignment as the gradebook has it.

    maximum  the points that can be had
    tests    the names of the cells that the judge writes to
    written  maximal points of the answers that a person marks, by name of the cell
    """

    maximum: float = 0.0
    tests: set[str] = field(default_factory=set)
    written: dict[str, float] = field(default_factory=dict)
    entries: list[_Entry] = field(default_factory=list)

    def add_cell(self, name: str, maximum: float, written: bool) -> None:
        """Count a cell that earns points; `written` says whether a person marks it."""
        self.maximum += maximum
        if written:
            self.written[name] = maximum
        else:
            self.tests.add(name)


def collect(folder: CourseFolder, names: list[str]) -> SchoolClass:
    """Return the class of a course folder; Problem where there is nothing to report on.

    names  the assignments; all that are graded where empty
    """
    directory = folder.directory
    students, assignments = _read_gradebook(directory.db_url)
    known = sorted({*folder.assignments, *assignments})
    for name in names:
        if name not in known:
            raise no_such_notebook(name, known)
    found, left_out = [], []
    for name in names or known:
        known_as = assignments.get(name, _Assignment())
        entries = known_as.entries
        submissions, unfinished = {}, set()
        for entry in entries:
            place = directory.format_path(directory.autograded_directory, entry.student, name)
            read = _read_submission(Path(place) / f"{name}.ipynb", entry, known_as.tests)
            if read:
                submissions[entry.student] = read
            else:
                unfinished.add(entry.student)
        pattern = directory.format_path(directory.submitted_directory, "*", name)
        handed_in = {path.parent.name for path in _matching(folder.root, pattern)}
        unfinished |= handed_in - {entry.student for entry in entries}
        if submissions:
            _see_that_exercises_exist(name, submissions)
            exercises = dict.fromkeys(r.exercise for s in submissions.values() for r in s.rows)
            found.append(
                GradedAssignment(
                    name,
                    known_as.maximum,
                    tuple(exercises),
                    known_as.written,
                    submissions,
                    tuple(sorted(unfinished)),
                )
            )
        elif entries and unfinished:
            left_out.append(_not_judged(name, name in folder.assignments))
        elif names:
            raise Problem(f"Nothing of {name} is graded yet: run `autograder grade {name}`.")
    if left_out and (names or not found):
        raise Problem(left_out[0])
    if not found:
        raise Problem("Nothing is graded yet: run `autograder grade` first.")
    return SchoolClass(directory.course_id, students, tuple(found), tuple(left_out))


def _not_judged(name: str, has_source: bool) -> str:
    if has_source:
        return (
            f"{name} was graded without the judge, by an older version of the course, or not "
            f"to its end: run `autograder grade --force {name}`."
        )
    return (
        f"{name} was graded without the judge and has no notebook in source/: its grades are left "
        "to `nbgrader export`."
    )


def _matching(root: Path, pattern: str) -> list[Path]:
    place = Path(pattern)
    relative = place.relative_to(root) if place.is_absolute() else place
    return [path for path in root.glob(str(relative)) if path.is_dir()]


def _see_that_exercises_exist(name: str, submissions: dict[str, GradedSubmission]) -> None:
    for id in {row.exercise for s in submissions.values() for row in s.rows}:
        try:
            exercise(id)
        except KeyError:
            raise Problem(
                f"{name} was graded by another version of the course, which had an exercise {id}: "
                f"run `autograder grade --force {name}`."
            ) from None


def _read_gradebook(url: str) -> tuple[dict[str, Student], dict[str, _Assignment]]:
    """Return students by id, and assignments by name."""
    parsed = make_url(url)
    if parsed.drivername.startswith("sqlite") and not Path(parsed.database or "").is_file():
        raise Problem("There is no gradebook yet: run `autograder grade` first.")
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return _query(connection)
    except SQLAlchemyError as error:
        raise Problem(
            f"The gradebook cannot be read ({first_line(error)}): where it is from an older "
            "nbgrader, run `nbgrader db upgrade`."
        ) from None
    finally:
        engine.dispose()


def _query(connection) -> tuple[dict[str, Student], dict[str, _Assignment]]:
    # By name alone, as grading finds it: a course may get another id on the way.
    names = dict(connection.execute(select(api.Assignment.id, api.Assignment.name)).all())
    assignments = {id: _Assignment() for id in sorted(names, key=lambda id: names[id])}
    cells = _read_cells(connection, assignments)
    notebooks = _read_entries(connection, assignments)
    _add_grades(connection, cells, notebooks)
    return _read_students(connection), {names[id]: found for id, found in assignments.items()}


def _read_students(connection) -> dict[str, Student]:
    """Return the students, by id."""
    student = api.Student
    columns = (student.first_name, student.last_name, student.email, student.lms_user_id)
    return {
        id: Student(id, *(str(value or "") for value in values))
        for id, *values in connection.execute(select(student.id, *columns).order_by(student.id))
    }


def _read_cells(connection, assignments: dict[str, _Assignment]) -> dict[str, tuple[str, bool]]:
    """Add the cells that earn points to their assignments; by id the name of each, and whether a
    person marks it."""
    base, notebook = api.BaseCell.__table__, api.Notebook
    answers = {
        (name, of)
        for name, of in connection.execute(
            select(base.c.name, notebook.assignment_id)
            .join(notebook, notebook.id == base.c.notebook_id)
            .where(base.c.type == "SolutionCell")
        )
    }
    cells = {}
    for kind in (api.GradeCell, api.TaskCell):
        # By tables: a cell's columns stand in two of them, which the mapped class would join.
        own = kind.__table__
        query = (
            select(own.c.id, base.c.name, own.c.max_score, own.c.cell_type, notebook.assignment_id)
            .join(base, base.c.id == own.c.id)
            .join(notebook, notebook.id == base.c.notebook_id)
        )
        for id, name, maximum, cell_type, of in connection.execute(query):
            if of in assignments:
                written = cell_type != "code" or (name, of) in answers
                cells[id] = (name, written)
                assignments[of].add_cell(name, maximum or 0.0, written)
    return cells


def _read_entries(connection, assignments: dict[str, _Assignment]) -> dict[str, _Entry]:
    """Add what was handed in to its assignment, with the late penalties; by notebook's id."""
    handed, notebook = api.SubmittedAssignment, api.SubmittedNotebook
    entries = {}
    columns = (handed.id, handed.assignment_id, handed.student_id, handed.timestamp)
    for id, of, student, time in connection.execute(select(*columns).order_by(handed.student_id)):
        if of in assignments:
            entries[id] = _Entry(student, time.isoformat() if time else "")
            assignments[of].entries.append(entries[id])
    notebooks = {}
    for id, of, penalty in connection.execute(
        select(notebook.id, notebook.assignment_id, notebook.late_submission_penalty)
    ):
        if of in entries:
            notebooks[id] = entries[of]
            entries[of].notebook = id
            entries[of].penalty += penalty or 0.0
    return notebooks


def _add_grades(
    connection, cells: dict[str, tuple[str, bool]], notebooks: dict[str, _Entry]
) -> None:
    """Add the points to what was handed in."""
    grade = api.Grade
    columns = (grade.auto_score, grade.manual_score, grade.extra_credit, grade.needs_manual_grade)
    for of, cell, auto, manual, extra, waits in connection.execute(
        select(grade.notebook_id, grade.cell_id, *columns)
    ):
        if of in notebooks and cell in cells:
            given = points_of(auto, manual, extra)
            points = given or 0.0
            notebooks[of].total += points
            notebooks[of].scored |= given is not None
            name, written = cells[cell]
            if written:
                notebooks[of].written[name] = None if waits else points
            if waits:
                notebooks[of].waiting.append(name)
            elif written and manual is None:
                notebooks[of].blank.append(name)


def _read_submission(path: Path, entry: _Entry, tests: set[str]) -> GradedSubmission | None:
    """Return what the gradebook and an autograded notebook say together; None where it is not
    graded."""
    score = score_of(entry.total, entry.penalty)
    try:
        rows, answers, notes = read_graded(path, tests)
    except UnreadableFile:
        # One that nbgrader could do nothing with has its zero in the gradebook and no notebook.
        if path.exists() or not entry.scored:
            return None
        return GradedSubmission(
            entry.student,
            score,
            entry.penalty,
            refused=UNGRADABLE,
            handed_in=entry.handed_in,
            entry=entry.notebook,
        )
    if not notes.get("judged"):
        return None
    return GradedSubmission(
        entry.student,
        score,
        entry.penalty,
        rows,
        tuple(map(str, notes.get("repairs", []))),
        str(notes.get("refused", "")),
        entry.written,
        tuple(sorted(entry.waiting)),
        tuple(sorted(entry.blank)),
        answers,
        entry.handed_in,
        entry.notebook,
    )


def bare(text: str) -> str:
    """Return a student's code without comments and docstrings, in which anything may stand, names
    too; "" where that is no code."""
    try:
        tree = parse(text)
    except SyntaxError:
        return ""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            body[:] = [one for one in body if not is_text(one)] or [ast.Pass()]
    try:
        return ast.unparse(tree)
    except RecursionError:
        return ""


def read_graded(path: Path, tests: set[str]) -> tuple[tuple[Row, ...], dict[str, str], dict]:
    """Return the judge's rows in the cells of these grade ids, the student's answers by grade id,
    and what was noted on the notebook."""
    content = read_bytes(path, MAX_OWN_BYTES)
    try:
        cells, metadata = _cells_with(content, (ROW_MARK, ANSWER))
        rows: list[Row] = []
        answers: dict[str, str] = {}
        for cell in cells:
            fields = fields_of(cell)
            if fields.get("grade_id") in tests:
                rows += map(_row, rows_of(cell), slips_of(cell))
            elif fields.get("solution") and cell["cell_type"] == "code":
                answers[str(fields["grade_id"])] = "".join(cell["source"])
        return tuple(rows), answers, read_notes(metadata)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UnreadableFile("{name} holds no verdicts that this version wrote.") from None


def _cells_with(content: bytes, marks: tuple[bytes, ...]) -> tuple[list[dict], dict]:
    """Return the cells of a notebook that hold one of the marks, others perhaps too, and its
    metadata."""
    end = content.rfind(CELLS_END + CLOSING)
    if not content.startswith(OPENING) or end < 0:
        notebook = json.loads(content)
        return notebook["cells"], notebook["metadata"]
    found = {}
    for mark in marks:
        place = len(OPENING)
        while (place := content.find(mark, place, end)) >= 0:
            before = content.rfind(BETWEEN, 0, place)
            start = before + len(BETWEEN) if before >= 0 else len(OPENING)
            after = content.find(BETWEEN, place, end)
            found[start] = place = after if after >= 0 else end
    cells = [json.loads(b"{" + content[start:stop] + b"}") for start, stop in sorted(found.items())]
    rest = content[end + len(CELLS_END + b"\n ],") :]
    return cells, json.loads(b"{" + rest)["metadata"]


def _row(found: dict, slips: tuple[str, ...]) -> Row:
    mistake = found["mistake"]
    return Row(
        str(found["exercise"]),
        float(found["points"]),
        float(found["max_points"]),
        str(found["verdict"]),
        None if mistake is None else str(mistake),
        str(found["message"]),
        slips,
    )
