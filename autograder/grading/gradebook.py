"""The open gradebook: what it says of an assignment, and the one writer of its rows.

An assignment is read once for a whole class, as snapshots. They have the attributes of nbgrader's
own objects that its preprocessors ask for, but belong to no session, and can be read as often as
anybody likes.

While grading, nbgrader's preprocessors get an object of `lent.py` instead of a gradebook of their
own. It serves lookups from memory and ignores their commits; `Writer.transaction` commits once at
the end. Hence a submission is entered completely or not at all.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from nbgrader import api
from nbgrader.converters import Autograde
from nbgrader.utils import find_all_files
from sqlalchemy import Column, MetaData, String, Table, Text, delete, insert, select
from sqlalchemy.exc import DBAPIError

from autograder.errors import Problem
from autograder.grading.database import open_gradebook
from autograder.grading.late_penalty import penalty_rule
from autograder.grading.lent import LentEntry, LentRelease
from autograder.grading.records import Reason, Submission
from autograder.hooks.course_cells import cells_of_gradebook, graded_cells_of_course
from autograder.hooks.gradebooks import points_of, score_of
from autograder.hooks.internals import gradebook_replaced
from autograder.hooks.words import NO_CHECKS
from autograder.intake.written import Given, read_given
from autograder.run.assess import GradedCell
from autograder.run.checks_digest import checks_version

RECONNECT_SECONDS = 60
# What each grade was made from. nbgrader knows nothing of this table and leaves it alone.
ORIGINS = Table(
    "autograder_origin",
    MetaData(),
    Column("assignment_id", String(32), primary_key=True),
    Column("student_id", String(128), primary_key=True),
    Column("stamp", String(64), nullable=False),
    Column("content", String(64), nullable=False),
    Column("course", String(64), nullable=False),
    Column("problem", Text, nullable=False),
)
# What is read of nbgrader's rows, by their columns.
CELL = ("id", "name", "max_score", "cell_type")
SOURCE = ("id", "name", "cell_type", "source", "locked", "checksum")


@dataclass
class NotebookSnapshot:
    """A notebook of an assignment, with the attributes of nbgrader's Notebook.

    given  what else students were given
    """

    id: str
    name: str
    kernelspec: str | None
    grade_cells: list[SimpleNamespace]
    solution_cells: list[SimpleNamespace]
    task_cells: list[SimpleNamespace]
    source_cells: list[SimpleNamespace]
    given: Given = Given()

    @cached_property
    def sources(self) -> dict[str, SimpleNamespace]:
        """Return the source cells, by name."""
        return {cell.name: cell for cell in self.source_cells}

    @cached_property
    def graded(self) -> dict[str, SimpleNamespace]:
        """Return the cells that earn points, by name."""
        return {cell.name: cell for cell in [*self.grade_cells, *self.task_cells]}

    @cached_property
    def commented(self) -> dict[str, SimpleNamespace]:
        """Return the cells that the gradebook keeps a comment on, by name."""
        return {cell.name: cell for cell in [*self.solution_cells, *self.task_cells]}


@dataclass
class Snapshot:
    """An assignment.

    tests    the graded code cells, by grade id
    files    what lies in source/ beside the notebooks and is given to every submission
    """

    id: str
    name: str
    notebooks: list[NotebookSnapshot]
    tests: dict[str, GradedCell]
    source: str
    files: list[str]

    @cached_property
    def max_score(self) -> float:
        """Return the points that can be had."""
        return sum(cell.max_score or 0.0 for n in self.notebooks for cell in n.graded.values())

    @cached_property
    def checks(self) -> str:
        """Digest the checks that judge it."""
        ids = [check.id for test in self.tests.values() for check in test.checks]
        return checks_version(frozenset(id.partition(".")[0] for id in ids))

    @cached_property
    def release(self) -> str:
        """Digest the released cells, and the files beside them."""
        digest = hashlib.sha256()
        for notebook in self.notebooks:
            cells = [asdict(cell) for cell in cells_of_gradebook(notebook, notebook.given.order)]
            digest.update(json.dumps([notebook.name, notebook.kernelspec, cells]).encode())
        for path in self.files:
            digest.update(os.path.relpath(path, self.source).encode())
            with open(path, "rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        return digest.hexdigest()


def read_snapshot(assignment: api.Assignment, converter: Autograde) -> Snapshot:
    """Return the snapshot of an assignment in the gradebook; Problem where a test in it cannot be
    judged.

    converter  nbgrader's Autograde, for its settings
    """
    directory = converter.coursedir
    source = directory.format_path(directory.source_directory, ".", assignment.name)
    release = directory.format_path(directory.release_directory, ".", assignment.name)
    given = (release, source)
    kept = {os.path.join(source, n) for n in converter.exclude_overwriting.get(assignment.name, [])}
    notebooks = [_read_notebook(notebook, given) for notebook in assignment.notebooks]
    try:
        tests = {
            name: test
            for notebook in notebooks
            for name, test in graded_cells_of_course(cells_of_gradebook(notebook)).items()
        }
    except (ValueError, SyntaxError) as reason:
        raise Problem(NO_CHECKS.format(name=assignment.name, reason=reason)) from None
    return Snapshot(
        id=assignment.id,
        name=assignment.name,
        notebooks=notebooks,
        tests=tests,
        source=source,
        files=sorted(set(find_all_files(source, [*directory.ignore, "*.ipynb"])) - kept),
    )


def _read_notebook(notebook: api.Notebook, folders: tuple[str, ...]) -> NotebookSnapshot:
    return NotebookSnapshot(
        id=notebook.id,
        name=notebook.name,
        kernelspec=notebook.kernelspec,
        grade_cells=[_copied(cell, CELL) for cell in notebook.grade_cells],
        solution_cells=[_copied(cell, CELL[:2]) for cell in notebook.solution_cells],
        task_cells=[_copied(cell, CELL) for cell in notebook.task_cells],
        source_cells=[_copied(cell, SOURCE) for cell in notebook.source_cells],
        given=read_given(
            [os.path.join(folder, f"{notebook.name}.ipynb") for folder in folders],
            [cell.name for cell in notebook.source_cells],
        ),
    )


def _copied(record, names: tuple[str, ...]) -> SimpleNamespace:
    return SimpleNamespace(**{name: getattr(record, name) for name in names})


# What a grade depends on that is not the student's, in the order in which its digests are kept.
COURSE = (Reason.CHECKS, Reason.RELEASE, Reason.DUE_DATE, Reason.LATE_PENALTY)
DIGITS = 16


@dataclass(frozen=True)
class Origin:
    """What a grade was made from, as digests.

    stamp    names, sizes and times of the submission's files: the same stamp means the same files
    content  what is in them
    course   the checks, the released assignment, when it was due and what being late costs: four
             digests of DIGITS digits side by side, in the order of COURSE
    problem  why it could not be graded, or ""
    """

    stamp: str
    content: str
    course: str
    problem: str = ""

    def course_change(self, course: str) -> Reason | None:
        """Return what of the course is another since, None where nothing is.

        course  as it is today
        """
        for index, reason in enumerate(COURSE):
            part = slice(index * DIGITS, (index + 1) * DIGITS)
            if self.course[part] != course[part]:
                return reason
        return None


@dataclass
class Entry:
    """The rows of one submission, new or as they stand in the gradebook.

    notebooks         nbgrader's SubmittedNotebook, by name
    grades, comments  nbgrader's Grade and Comment, by notebook and cell
    """

    row: api.SubmittedAssignment
    notebooks: dict[str, api.SubmittedNotebook] = field(default_factory=dict)
    grades: dict[tuple[str, str], api.Grade] = field(default_factory=dict)
    comments: dict[tuple[str, str], api.Comment] = field(default_factory=dict)

    def score_of(self, notebook: str) -> float:
        """Return the points of a notebook, counted as nbgrader's SubmittedNotebook.score is."""
        return sum(_points(grade) for (name, _), grade in self.grades.items() if name == notebook)

    @property
    def penalty(self) -> float:
        """Return what being late costs."""
        return sum(n.late_submission_penalty or 0.0 for n in self.notebooks.values())

    @property
    def score(self) -> float:
        """Return the points of the submission less what being late costs, never below 0."""
        return score_of(sum(map(_points, self.grades.values())), self.penalty)

    def waiting(self, snapshot: Snapshot) -> float:
        """Return the points of the cells that wait for a person to mark them."""
        return sum(
            cell.max_score or 0.0
            for notebook in snapshot.notebooks
            for name, cell in notebook.graded.items()
            if self.grades[notebook.name, name].needs_manual_grade
        )


def _points(grade: api.Grade) -> float:
    return points_of(grade.auto_score, grade.manual_score, grade.extra_credit) or 0.0


class Writer:
    """The open gradebook; a context manager. What is committed stays, all else leaves no trace.

    converter  nbgrader's Autograde, for its settings
    """

    def __init__(self, converter: Autograde):
        self._converter = converter
        self.snapshots: dict[str, Snapshot] = {}
        self._gradebook = self._open()

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *problem) -> None:
        self._gradebook.close()

    def _open(self) -> api.Gradebook:
        directory = self._converter.coursedir
        gradebook = open_gradebook(directory.db_url, directory.course_id)
        ORIGINS.metadata.create_all(gradebook.engine)
        return gradebook

    @property
    def db(self):
        """Return nbgrader's session."""
        return self._gradebook.db

    def snapshot(self, assignment: str) -> Snapshot | None:
        """Return the assignment as it stands in the gradebook; None where it is not released,
        Problem where a test in it cannot be judged."""
        if assignment not in self.snapshots:
            try:
                found = self._gradebook.find_assignment(assignment)
            except api.MissingEntry:
                return None
            if not found.notebooks:
                return None
            try:
                self.snapshots[assignment] = read_snapshot(found, self._converter)
            finally:
                self.db.rollback()
                self.db.expunge_all()
        return self.snapshots[assignment]

    def origins(self) -> dict[Submission, Origin]:
        """Return what the grades that stand in the gradebook were made from."""
        submitted = api.SubmittedAssignment
        query = (
            select(api.Assignment.name, ORIGINS)
            .join(ORIGINS, ORIGINS.c.assignment_id == api.Assignment.id)
            .join(
                submitted,
                (submitted.assignment_id == ORIGINS.c.assignment_id)
                & (submitted.student_id == ORIGINS.c.student_id),
            )
        )
        found = {
            Submission(row.name, row.student_id): Origin(
                row.stamp, row.content, row.course, row.problem
            )
            for row in self.db.execute(query)
        }
        self.db.rollback()
        return found

    def due_dates(self) -> dict[Submission, datetime]:
        """When what is in the gradebook was due, where that is stated."""
        submitted = api.SubmittedAssignment
        query = (
            select(
                api.Assignment.name,
                submitted.student_id,
                api.Assignment.duedate,
                submitted.extension,
            )
            .join(submitted, submitted.assignment_id == api.Assignment.id)
            .where(api.Assignment.duedate.is_not(None))
        )
        found = {
            Submission(name, student): due + (extension or timedelta())
            for name, student, due, extension in self.db.execute(query)
        }
        self.db.rollback()
        return found

    def due_date(self, row: api.SubmittedAssignment) -> datetime | None:
        """When a submission was due, or None."""
        assignment = api.Assignment
        query = select(assignment.duedate).where(assignment.id == row.assignment_id)
        due = self.db.scalar(query)
        return None if due is None else due + (row.extension or timedelta())

    def course_digest(self, assignment: str, due: datetime | None) -> str:
        """Return the digests of what a grade depends on that is not the student's, as in Origin."""
        snapshot = self.snapshots[assignment]
        said = [snapshot.checks, snapshot.release, "", ""]
        if due is not None:
            # What being late costs matters where something can be late.
            said[2:] = [due.isoformat(), penalty_rule(self._converter.config)]
        return "".join(hashlib.sha256(one.encode()).hexdigest()[:DIGITS] for one in said)

    def students(self) -> set[str]:
        """Return the ids of everybody the gradebook knows."""
        found = set(self.db.scalars(select(api.Student.id)))
        self.db.rollback()
        return found

    def remember(self, submission: Submission, origin: Origin) -> None:
        """Note what a grade was made from, as a part of the transaction."""
        key = {
            "assignment_id": self.snapshots[submission.assignment].id,
            "student_id": submission.student,
        }
        this = [ORIGINS.c[name] == value for name, value in key.items()]
        self.db.execute(delete(ORIGINS).where(*this))
        self.db.execute(insert(ORIGINS).values(**key, **vars(origin)))

    def remember_all(self, origins: dict[Submission, Origin]) -> None:
        """Note what grades were made from, as a part of the transaction."""
        for submission, origin in origins.items():
            self.remember(submission, origin)

    def transaction(self, work: Callable[[], Any]) -> Any:
        """Return what `work` returns, committed. Where the connection to the gradebook is lost, it
        is opened again and the work done anew."""
        deadline = time.monotonic() + RECONNECT_SECONDS
        while True:
            try:
                result = work()
                self.db.commit()
                return result
            except DBAPIError as error:
                if not error.connection_invalidated or time.monotonic() > deadline:
                    raise
                self._reconnect(deadline)
            finally:
                self.db.rollback()
                self.db.expunge_all()

    def _reconnect(self, deadline: float) -> None:
        self._gradebook.close()
        while True:
            try:
                self._gradebook = self._open()
                return
            except DBAPIError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(1)

    def open_entry(self, submission: Submission, timestamp: datetime | None) -> Entry:
        """Return the rows of a submission, made where they are missing, as nbgrader makes them.

        Raises MissingEntry where the student is unknown and the settings want none created.
        """
        snapshot = self.snapshots[submission.assignment]
        if self.db.get(api.Student, submission.student) is None:
            if not self._converter.create_student:
                raise api.MissingEntry(
                    f"No student with ID '{submission.student}' exists in the database"
                )
            self.db.add(api.Student(id=submission.student))
        kind = api.SubmittedAssignment
        key = {"assignment_id": snapshot.id, "student_id": submission.student}
        row = self._find(kind, **key)
        is_new = row is None
        row = row or self._new(kind, **key)
        if timestamp is not None:
            row.timestamp = timestamp
        entry = Entry(row)
        for notebook in snapshot.notebooks:
            self._open_notebook(notebook, entry, is_new)
        return entry

    def _open_notebook(self, notebook: NotebookSnapshot, entry: Entry, is_new: bool) -> None:
        kind = api.SubmittedNotebook
        key = {"notebook_id": notebook.id, "assignment_id": entry.row.id}
        row = None if is_new else self._find(kind, **key)
        is_new = row is None
        row = entry.notebooks[notebook.name] = row or self._new(kind, **key)
        for kind, cells, rows in (
            (api.Grade, notebook.graded, entry.grades),
            (api.Comment, notebook.commented, entry.comments),
        ):
            # By cells as well: the index that finds these rows begins with the cell.
            ids = [cell.id for cell in cells.values()]
            query = select(kind).where(kind.cell_id.in_(ids), kind.notebook_id == row.id)
            known = {} if is_new else {found.cell_id: found for found in self.db.scalars(query)}
            for name, cell in cells.items():
                rows[notebook.name, name] = known.get(cell.id) or self._new(
                    kind, cell_id=cell.id, notebook_id=row.id
                )

    def _find(self, kind: type, **key):
        return self.db.scalar(select(kind).filter_by(**key))

    def _new(self, kind: type, **fields):
        row = kind(id=api.new_uuid(), **fields)
        self.db.add(row)
        return row

    @contextmanager
    def lent_to(
        self, preprocessors: Iterable[object], entry: Entry | None = None
    ) -> Iterator[None]:
        """Let these preprocessors have this one for a time where they open nbgrader's Gradebook.

        entry  the submission that is being entered; without one, only what was released is lent
        """
        lent = LentRelease(self) if entry is None else LentEntry(self, entry)
        with gradebook_replaced(preprocessors, lent):
            yield
