"""What the gradebook says of one hand-in, for the page that its student gets back."""

from __future__ import annotations

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import GetGrades


class ReadGrades(GetGrades):
    """nbgrader's own, which says besides what still waits for a person to read it.

    cell.metadata.nbgrader["waits"]  whether the points of an answer in words are not final
    resources["handed_in"]           when it was handed in, in UTC, or None
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        nb, resources = super().preprocess(nb, resources)
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            found = gradebook.find_submission(names["assignment"], names["student"])
            resources["handed_in"] = found.timestamp
        return nb, resources

    def _get_score(self, cell: NotebookNode, resources: dict) -> None:
        super()._get_score(cell, resources)
        grade = self.gradebook.find_grade(
            cell.metadata.nbgrader["grade_id"],
            self.notebook_id,
            self.assignment_id,
            self.student_id,
        )
        cell.metadata.nbgrader["waits"] = grade.needs_manual_grade
