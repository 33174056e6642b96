"""What of the gradebook is lent to nbgrader's preprocessors while a submission is entered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from nbgrader import api
from sqlalchemy.orm.attributes import set_committed_value

from autograder.errors import Problem

if TYPE_CHECKING:
    from autograder.grading.gradebook import Entry, NotebookSnapshot, Writer

REFUSED = (
    "A preprocessor of nbgrader_config.py asks nbgrader's Gradebook for {name}, which it does not "
    "have while `autograder grade` is at work: leave that preprocessor out, or grade with "
    "`nbgrader autograde`."
)


class LentRelease:
    """nbgrader's Gradebook as far as its preprocessors know it, while a submission is read.

    What is not here is refused: it would be written outside the submission's transaction, or read
    for each student what is the same for all.
    """

    def __init__(self, writer: Writer):
        self._writer = writer
        self.db = _Uncommitted(writer)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem) -> None:
        pass

    def close(self) -> None:
        """Do nothing: the writer closes the gradebook."""

    def __getattr__(self, name: str):
        raise Problem(REFUSED.format(name=name))

    def find_notebook(self, name: str, assignment: str) -> NotebookSnapshot:
        """Return the released notebook; MissingEntry where there is none."""
        snapshot = self._writer.snapshot(assignment)
        for notebook in snapshot.notebooks if snapshot else ():
            if notebook.name == name:
                return notebook
        raise api.MissingEntry(f"No such notebook: {assignment}/{name}")

    def find_source_cell(self, name: str, notebook: str, assignment: str):
        """Return the cell as it was released; MissingEntry where there is none."""
        return _one(self.find_notebook(notebook, assignment).sources, name)

    def find_graded_cell(self, name: str, notebook: str, assignment: str):
        """Return the cell that earns points; MissingEntry where there is none."""
        return _one(self.find_notebook(notebook, assignment).graded, name)


class LentEntry(LentRelease):
    """nbgrader's Gradebook as its preprocessors know it, while a submission is entered."""

    def __init__(self, writer: Writer, entry: Entry):
        super().__init__(writer)
        self._entry = entry

    def find_submission(self, assignment: str, student: str) -> api.SubmittedAssignment:
        """Return the submission that is being entered."""
        self._writer.db.flush()
        return self._entry.row

    def find_submission_notebook(self, notebook: str, assignment: str, student: str):
        """Return the notebook that is being entered, with its score so far."""
        self._writer.db.flush()
        row = _one(self._entry.notebooks, notebook)
        # Counted here, as the database would look through every grade there is.
        set_committed_value(row, "score", self._entry.score_of(notebook))
        return row

    def find_grade(self, cell: str, notebook: str, assignment: str, student: str) -> api.Grade:
        """Return the grade of a cell of the submission that is being entered."""
        return _one(self._entry.grades, (notebook, cell))

    def find_comment(self, cell: str, notebook: str, assignment: str, student: str) -> api.Comment:
        """Return the comment on a cell of the submission that is being entered."""
        return _one(self._entry.comments, (notebook, cell))


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
        """Do nothing: the transaction ends when all of the submission is entered."""


def _one(rows: dict, key):
    try:
        return rows[key]
    except KeyError:
        raise api.MissingEntry(f"No such entry: {key}") from None
