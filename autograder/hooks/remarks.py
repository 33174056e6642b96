"""The step after nbgrader has saved its scores: what was put right becomes a comment."""

from __future__ import annotations

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.hooks.verdict_cells import NOTES
from autograder.intake.notebooks import grade_id_of
from autograder.intake.repair import as_comment

# Why a written answer waits for a person although its cell is empty, by what is noted.
UNFOUND = {
    "lost": (
        "The cell for this answer was not in the notebook. Whoever marks it looks for the answer "
        "elsewhere in the notebook."
    ),
    "elsewhere": (
        "The cell for this answer is as it was given out, and another cell holds a text. Whoever "
        "marks it looks whether that is the answer."
    ),
}


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
        place = (names["notebook"], names["assignment"], names["student"])
        unfound = [(grade_id, kind) for kind in UNFOUND for grade_id in notes.get(kind, [])]
        if unfound:
            with Gradebook(names["db_url"]) as gradebook:
                for grade_id, kind in unfound:
                    self._give_to_a_person(gradebook, grade_id, place, UNFOUND[kind])
                gradebook.db.commit()
        if said and first is not None:
            with Gradebook(names["db_url"]) as gradebook:
                comment = gradebook.find_comment(grade_id_of(first), *place)
                comment.auto_comment = "\n\n".join(filter(None, [comment.auto_comment, said]))
                gradebook.db.commit()
        nb.metadata.setdefault(NOTES, {})["judged"] = True
        return nb, resources

    def _give_to_a_person(
        self, gradebook: Gradebook, grade_id: str, place: tuple, reason: str
    ) -> None:
        """Let a written answer wait for its mark that may stand in another cell than its own:
        nbgrader would take it for one without a response."""
        grade = gradebook.find_grade(grade_id, *place)
        grade.auto_score = None
        grade.needs_manual_grade = grade.manual_score is None or grade.needs_manual_grade
        gradebook.find_comment(grade_id, *place).auto_comment = reason


def is_answer(cell: NotebookNode) -> bool:
    """Whether the gradebook keeps a comment on a cell: one that a student writes."""
    fields = cell.metadata.get("nbgrader", {})
    return bool(fields.get("solution") or fields.get("task"))
