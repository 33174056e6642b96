"""The one writer of the gradebook: nbgrader's own rows, one transaction a submission.

nbgrader's preprocessors open a gradebook of their own each time they look something up or note
something down. For the time of grading they are lent this one: it answers from the assignment's
snapshot and from the submission's rows, which are fetched together, and commits nothing by itself.
So they write what they always write, all of it or nothing.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from nbgrader import api
from nbgrader.converters import Autograde
from sqlalchemy import Column, MetaData, String, Table, Text, delete, insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.attributes import set_committed_value

from autograder.errors import Problem
from autograder.grading.database import open_gradebook
from autograder.grading.late_penalty import penalty_rule
from autograder.grading.records import Submission
from autograder.grading.snapshot import NotebookSnapshot, Snapshot, read_snapshot
from autograder.hooks.internals import gradebook_replaced

RECONNECT_SECONDS = 60
REFUSED = (
    "A preprocessor of nbgrader_config.py asks nbgrader's Gradebook for {name}, which it does not "
    "have while `autograder grade` is at work: leave that preprocessor out, or grade with "
    "`nbgrader autograde`."
)
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


@dataclass(frozen=True)
class Origin:
    """What a grade was made from, as digests.

    stamp    names, sizes and times of the submission's files: the same stamp means the same files
    content  what is in them
    course   the released assignment, the checks, when it was due and what being late costs
    problem  why it could not be graded, or ""
    """

    stamp: str
    content: str
    course: str
    problem: str = ""


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
        """The points of a notebook, counted as nbgrader's SubmittedNotebook.score is."""
        return sum(_points(grade) for (name, _), grade in self.grades.items() if name == notebook)

    @property
    def penalty(self) -> float:
        """What being late costs."""
        return sum(n.late_submission_penalty or 0.0 for n in self.notebooks.values())

    @property
    def score(self) -> float:
        """The points of the submission less what being late costs, never below 0."""
        return max(sum(map(_points, self.grades.values())) - self.penalty, 0.0)

    def waiting(self, snapshot: Snapshot) -> float:
        """The points of the cells that wait for a person to mark them."""
        return sum(
            cell.max_score or 0.0
            for notebook in snapshot.notebooks
            for name, cell in notebook.graded.items()
            if self.grades[notebook.name, name].needs_manual_grade
        )


def _points(grade: api.Grade) -> float:
    given = grade.manual_score if grade.manual_score is not None else grade.auto_score
    return 0.0 if given is None else given + (grade.extra_credit or 0.0)


class Writer:
    """The open gradebook; a context manager. What is committed stays, all else leaves no trace.

    converter  nbgrader's Autograde, for its settings
    """

    def __init__(self, converter: Autograde):
        self._converter = converter
        self._real: api.Gradebook | None = None
        self.entry: Entry | None = None
        self.snapshots: dict[str, Snapshot] = {}
        self._connect()

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *problem) -> None:
        self._real.close()

    def _connect(self) -> None:
        if self._real is not None:
            self._real.close()
        directory = self._converter.coursedir
        self._real = open_gradebook(directory.db_url, directory.course_id)
        ORIGINS.metadata.create_all(self._real.engine)

    @property
    def db(self):
        """nbgrader's session."""
        return self._real.db

    def snapshot(self, assignment: str) -> Snapshot | None:
        """The assignment as it stands in the gradebook; None where it is not released."""
        if assignment not in self.snapshots:
            try:
                found = self._real.find_assignment(assignment)
            except api.MissingEntry:
                return None
            if not found.notebooks:
                return None
            self.snapshots[assignment] = read_snapshot(found, self._converter)
            self.db.rollback()
            self.db.expunge_all()
        return self.snapshots[assignment]

    def origins(self) -> dict[Submission, Origin]:
        """What the grades that stand in the gradebook were made from."""
        handed_in = api.SubmittedAssignment
        query = (
            select(api.Assignment.name, ORIGINS)
            .join(ORIGINS, ORIGINS.c.assignment_id == api.Assignment.id)
            .join(
                handed_in,
                (handed_in.assignment_id == ORIGINS.c.assignment_id)
                & (handed_in.student_id == ORIGINS.c.student_id),
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
        handed_in = api.SubmittedAssignment
        query = (
            select(
                api.Assignment.name,
                handed_in.student_id,
                api.Assignment.duedate,
                handed_in.extension,
            )
            .join(handed_in, handed_in.assignment_id == api.Assignment.id)
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
        return due and due + (row.extension or timedelta())

    def course_of(self, assignment: str, due: datetime | None) -> str:
        """The digest of what a grade depends on that is not the student's."""
        digest = self.snapshots[assignment].digest
        if due is None:
            return digest
        # What being late costs matters where something can be late.
        said = f"{digest} {due.isoformat()} {penalty_rule(self._converter.config)}"
        return hashlib.sha256(said.encode()).hexdigest()

    def students(self) -> set[str]:
        """The ids of everybody the gradebook knows."""
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

    def transaction(self, work: Callable[[], Any]) -> Any:
        """What `work` returns, committed. Where the connection to the gradebook is lost, it is
        opened again and the work done anew."""
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
                self.entry = None
                self.db.rollback()
                self.db.expunge_all()

    def _reconnect(self, deadline: float) -> None:
        while True:
            try:
                return self._connect()
            except DBAPIError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(1)

    def open_entry(self, submission: Submission, timestamp: datetime | None) -> Entry:
        """The rows of a submission, made where they are missing, as nbgrader makes them.

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
        self.entry = Entry(row)
        for notebook in snapshot.notebooks:
            self._open_notebook(notebook, row.id, is_new)
        return self.entry

    def _open_notebook(self, notebook: NotebookSnapshot, handed_in: str, is_new: bool) -> None:
        entry, kind = self.entry, api.SubmittedNotebook
        key = {"notebook_id": notebook.id, "assignment_id": handed_in}
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
    def lent_to(self, preprocessors: Iterable[object]) -> Iterator[None]:
        """For a time, what these preprocessors open as nbgrader's Gradebook is this one."""
        with gradebook_replaced(preprocessors, Lent(self)):
            yield


class Lent:
    """nbgrader's Gradebook as far as its preprocessors know it, while a submission is entered.

    What is not here is refused: it would be written outside the submission's transaction, or read
    for each student what is the same for all.
    """

    def __init__(self, writer: Writer):
        self._writer = writer
        self.db = _Uncommitted(writer)

    def __enter__(self) -> Lent:
        return self

    def __exit__(self, *problem) -> None:
        pass

    def close(self) -> None:
        """Nothing: the writer closes the gradebook."""

    def __getattr__(self, name: str):
        raise Problem(REFUSED.format(name=name))

    def find_notebook(self, name: str, assignment: str) -> NotebookSnapshot:
        """The released notebook; MissingEntry where there is none."""
        for notebook in self._writer.snapshot(assignment).notebooks:
            if notebook.name == name:
                return notebook
        raise api.MissingEntry(f"No such notebook: {assignment}/{name}")

    def find_source_cell(self, name: str, notebook: str, assignment: str):
        """The cell as it was released; MissingEntry where there is none."""
        return _one(self.find_notebook(notebook, assignment).sources, name)

    def find_graded_cell(self, name: str, notebook: str, assignment: str):
        """The cell that earns points; MissingEntry where there is none."""
        return _one(self.find_notebook(notebook, assignment).graded, name)

    def find_submission(self, assignment: str, student: str) -> api.SubmittedAssignment:
        """The submission that is being entered."""
        self._writer.db.flush()
        return self._writer.entry.row

    def find_submission_notebook(self, notebook: str, assignment: str, student: str):
        """The notebook that is being entered, with its score so far."""
        self._writer.db.flush()
        entry = self._writer.entry
        row = _one(entry.notebooks, notebook)
        # Counted here, as the database would look through every grade there is.
        set_committed_value(row, "score", entry.score_of(notebook))
        return row

    def find_grade(self, cell: str, notebook: str, assignment: str, student: str) -> api.Grade:
        """The grade of a cell of the submission that is being entered."""
        return _one(self._writer.entry.grades, (notebook, cell))

    def find_comment(self, cell: str, notebook: str, assignment: str, student: str) -> api.Comment:
        """The comment on a cell of the submission that is being entered."""
        return _one(self._writer.entry.comments, (notebook, cell))


class _Uncommitted:
    """The session, in which a commit waits for the end of the transaction."""

    def __init__(self, writer: Writer):
        self._writer = writer

    def __getattr__(self, name: str):
        raise Problem(REFUSED.format(name=f"db.{name}"))

    def flush(self) -> None:
        """Send what is changed to the database, as a part of the transaction."""
        self._writer.db.flush()

    def commit(self) -> None:
        """Nothing: the transaction ends when all of the submission is entered."""


def _one(rows: dict, key):
    try:
        return rows[key]
    except KeyError:
        raise api.MissingEntry(f"No such entry: {key}") from None
