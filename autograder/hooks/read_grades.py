"""What the gradebook says of one hand-in, for the page that its student gets back."""

from __future__ import annotations

import hashlib
from collections import defaultdict

from nbformat import NotebookNode
from nbgrader import api
from nbgrader.api import Gradebook
from nbgrader.preprocessors import GetGrades
from nbgrader.utils import is_grade
from sqlalchemy import create_engine, select


class ReadGrades(GetGrades):
    """nbgrader's own, which says besides what still waits for a person to read it.

    cell.metadata.nbgrader["waits"]  whether the points of an answer in words are not final
    resources["handed_in"]           when it was handed in, in UTC, or None
    resources["grades"]              the digest of the grades that the page shows
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        nb, resources = super().preprocess(nb, resources)
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            found = gradebook.find_submission(names["assignment"], names["student"])
            resources["handed_in"] = found.timestamp
            for cell in filter(is_grade, nb.cells):
                of_cell = cell.metadata.nbgrader["grade_id"], names["notebook"]
                grade = gradebook.find_grade(*of_cell, names["assignment"], names["student"])
                cell.metadata.nbgrader["waits"] = grade.needs_manual_grade
            resources["grades"] = _digests(gradebook.db, found.id)[
                names["assignment"], names["student"]
            ]
        return nb, resources


def grades_digests(db_url: str) -> dict[tuple[str, str], str]:
    """A digest of the points, penalties and comments of everything that is graded, by assignment
    and student: a page of feedback that shows another one is not of today."""
    engine = create_engine(db_url)
    try:
        with engine.connect() as connection:
            return _digests(connection)
    finally:
        engine.dispose()


def _digests(db, handed_in: str | None = None) -> dict[tuple[str, str], str]:
    """As `grades_digests`, by what can execute a query; for one SubmittedAssignment, or all."""
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
        for name, student, *values in db.execute(query):
            found[name, student].append(repr(values))
    return {
        place: hashlib.sha256("".join(sorted(rows)).encode()).hexdigest()
        for place, rows in found.items()
    }
