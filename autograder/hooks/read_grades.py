"""What the gradebook says of one hand-in, for the page that its student gets back."""

from __future__ import annotations

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import GetGrades
from nbgrader.utils import is_grade


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
            for cell in filter(is_grade, nb.cells):
                of_cell = cell.metadata.nbgrader["grade_id"], names["notebook"]
                grade = gradebook.find_grade(*of_cell, names["assignment"], names["student"])
                cell.metadata.nbgrader["waits"] = grade.needs_manual_grade
        return nb, resources
