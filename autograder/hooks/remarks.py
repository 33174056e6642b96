"""The step after nbgrader has saved its scores: what was put right becomes a comment."""

from __future__ import annotations

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.hooks.verdict_cells import NOTES
from autograder.intake.notebooks import grade_id_of
from autograder.intake.repair import as_comment


class SaveRemarks(NbGraderPreprocessor):
    """Adds what was put right to the comment on the submission's first answer, after nbgrader's
    SaveAutoGrades has written its own, and marks the notebook as judged."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        notes = nb.metadata.get(NOTES, {})
        names = resources["nbgrader"]
        refused = notes.get("refused", "")
        remarks = as_comment(notes.get("repairs", []))
        said = " ".join(filter(None, [f"Not graded: {refused}" if refused else "", remarks]))
        first = next(filter(is_answer, nb.cells), None)
        if said and first is not None:
            place = (names["notebook"], names["assignment"], names["student"])
            with Gradebook(names["db_url"]) as gradebook:
                comment = gradebook.find_comment(grade_id_of(first), *place)
                comment.auto_comment = "\n\n".join(filter(None, [comment.auto_comment, said]))
                gradebook.db.commit()
        nb.metadata.setdefault(NOTES, {})["judged"] = True
        return nb, resources


def is_answer(cell: NotebookNode) -> bool:
    """Whether the gradebook keeps a comment on a cell: one that a student writes."""
    fields = cell.metadata.get("nbgrader", {})
    return bool(fields.get("solution") or fields.get("task"))
