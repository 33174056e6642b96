"""What the gradebook says of one hand-in, for the page that its student gets back."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from functools import lru_cache
from typing import Any

from nbformat import NotebookNode
from nbgrader import api
from nbgrader.api import MissingEntry
from nbgrader.preprocessors import NbGraderPreprocessor
from sqlalchemy import Connection, Engine, NullPool, Row, create_engine, select

from autograder.hooks.internals import GradesByCell


class ReadGrades(GradesByCell):
    """nbgrader's own, which asks the gradebook once a page and not once a cell, and says besides
    what still waits for a person to read it.

    cell.metadata.nbgrader["waits"]  whether the points of an answer in words are not final
    resources["handed_in"]           when it was handed in, in UTC, or None
    resources["grades"]              the digest of the grades that the page shows
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        names = resources["nbgrader"]
        place = names["assignment"], names["student"]
        with _engine(names["db_url"]).connect() as connection:
            found = _find_notebook(connection, *place, names["notebook"])
            self._grades = _of_cells(connection, api.Grade, found.id, GRADE)
            self._comments = _of_cells(connection, api.Comment, found.id, ("comment",))
            resources["handed_in"] = found.timestamp
            resources["grades"] = _digests(connection, found.assignment_id)[place]
        late_penalty = found.late_submission_penalty
        if late_penalty is not None:
            self.log.warning("Late submission penalty: %s", late_penalty)
        names["late_penalty"] = late_penalty or 0
        names["score"], names["max_score"] = found.score - names["late_penalty"], found.max_score
        return NbGraderPreprocessor.preprocess(self, nb, resources)

    def read_score(self, cell: NotebookNode, resources: dict) -> None:
        data = cell.metadata.nbgrader
        grade = _entry(self._grades, data, resources)
        data["score"], data["points"] = grade.score, grade.max_score
        data["waits"] = grade.needs_manual_grade

    def read_comment(self, cell: NotebookNode, resources: dict) -> None:
        data = cell.metadata.nbgrader
        data["comment"] = _entry(self._comments, data, resources).comment


GRADE = ("score", "max_score", "needs_manual_grade")


@lru_cache(maxsize=8)
def _engine(db_url: str) -> Engine:
    """Make what remembers how queries are compiled, which takes longer than to ask.

    It keeps no connection: by the next page the gradebook may be another file of the same name.
    """
    return create_engine(db_url, poolclass=NullPool)


def _find_notebook(connection: Connection, assignment: str, student: str, notebook: str) -> Row:
    """Return what the gradebook says of one notebook that was handed in. Raises MissingEntry."""
    handed, own = api.SubmittedAssignment, api.SubmittedNotebook
    query = (
        select(
            own.id,
            own.assignment_id,
            own.late_submission_penalty,
            own.score.label("score"),
            own.max_score.label("max_score"),
            handed.timestamp,
        )
        .join(handed, handed.id == own.assignment_id)
        .join(api.Assignment, api.Assignment.id == handed.assignment_id)
        .join(api.Notebook, api.Notebook.id == own.notebook_id)
        .where(
            api.Assignment.name == assignment,
            api.Notebook.name == notebook,
            handed.student_id == student,
        )
    )
    found = connection.execute(query).one_or_none()
    if found is None:
        raise MissingEntry(f"No such notebook: {assignment}/{notebook} for {student}")
    return found


def _of_cells(
    connection: Connection, kind: Any, notebook: str, columns: tuple[str, ...]
) -> dict[str, Row]:
    """Return the grades or comments of one SubmittedNotebook, by the grade id of the cell."""
    cell = api.BaseCell.__table__
    values = [getattr(kind, name).label(name) for name in columns]
    query = select(cell.c.name, *values).join_from(kind, cell, cell.c.id == kind.cell_id)
    return {row.name: row for row in connection.execute(query.where(kind.notebook_id == notebook))}


def _entry(found: dict[str, Row], data: dict, resources: dict) -> Row:
    """Return that of the cell with these nbgrader fields. Raises MissingEntry."""
    if data["grade_id"] not in found:
        names = resources["nbgrader"]
        raise MissingEntry(
            f"No such cell: {names['assignment']}/{names['notebook']}/{data['grade_id']} for "
            f"{names['student']}"
        )
    return found[data["grade_id"]]


def grades_digests(db_url: str) -> dict[tuple[str, str], str]:
    """Digest the points, penalties and comments of all that is graded, by assignment and student.

    A page of feedback that shows another digest is not of today.
    """
    with _engine(db_url).connect() as connection:
        return _digests(connection)


def _digests(connection: Connection, handed_in: str | None = None) -> dict[tuple[str, str], str]:
    """Digest as `grades_digests` does, for one SubmittedAssignment or all."""
    handed, notebook, cell = api.SubmittedAssignment, api.SubmittedNotebook, api.BaseCell.__table__
    grade, comment = api.Grade, api.Comment
    shown = {
        grade: ("auto_score", "manual_score", "extra_credit", "needs_manual_grade"),
        comment: ("auto_comment", "manual_comment"),
    }
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for kind, columns in shown.items():
        query = (
            select(
                api.Assignment.name,
                handed.student_id,
                notebook.late_submission_penalty,
                cell.c.name,
                *(getattr(kind, column) for column in columns),
            )
            .join(handed, handed.assignment_id == api.Assignment.id)
            .join(notebook, notebook.assignment_id == handed.id)
            .join(kind, kind.notebook_id == notebook.id)
            .join(cell, cell.c.id == kind.cell_id)
        )
        if handed_in is not None:
            query = query.where(handed.id == handed_in)
        for name, student, *values in connection.execute(query):
            found[name, student].append(repr(values))
    return {
        place: hashlib.sha256("".join(sorted(rows)).encode()).hexdigest()
        for place, rows in found.items()
    }
