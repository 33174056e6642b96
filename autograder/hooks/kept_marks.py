"""The steps around nbgrader's SaveAutoGrades that let a mark stand when it is of the same answer.

nbgrader asks for every mark again that a person gave, whenever something new was handed in. Here a
mark waits for a person only where what it was given for is not as it was: the old mark and the
comment stay beside it until then.
"""

from __future__ import annotations

import hashlib
import json
from functools import partial
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade

from autograder.errors import UnreadableFile
from autograder.hooks.remarks import UNFOUND
from autograder.hooks.verdict_cells import NOTES
from autograder.intake.files import read_own
from autograder.intake.notebooks import grade_id_of

# What a person who marks a notebook reads of each cell, as a digest, by its grade id or place.
MarkedTexts = dict[str | int, str]
BEFORE, STANDING = "marked_before", "standing_marks"


def marked_texts(path: Path) -> MarkedTexts:
    """The texts of a notebook in `autograded/`; none where there is no such notebook."""
    try:
        return _texts(read_own(path)[0])
    except UnreadableFile:
        return {}


def remember(resources: dict, path: Path, texts: MarkedTexts | None = None) -> None:
    """Note in nbconvert's resources what lay in `autograded/` before this grading.

    texts  what `marked_texts` gave; it is read from `path` when it is needed where None
    """
    resources[BEFORE] = partial(marked_texts, path) if texts is None else partial(dict, texts)


def _texts(nb: NotebookNode) -> MarkedTexts:
    return {
        grade_id_of(cell) or place: hashlib.sha256(
            json.dumps(
                [
                    cell.cell_type,
                    cell.source,
                    cell.metadata.get("nbgrader"),
                    cell.get("attachments"),
                ],
                sort_keys=True,
            ).encode()
        ).hexdigest()
        for place, cell in enumerate(nb.cells)
    }


class NoteMarks(NbGraderPreprocessor):
    """Before SaveAutoGrades: notes the automatic scores beside the marks that stand."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        names = resources["nbgrader"]
        place = (names["notebook"], names["assignment"], names["student"])
        with Gradebook(names["db_url"]) as gradebook:
            grades = {
                cell.metadata.nbgrader.grade_id: gradebook.find_grade(
                    cell.metadata.nbgrader.grade_id, *place
                )
                for cell in filter(is_grade, nb.cells)
            }
            resources[STANDING] = {
                name: grade.auto_score
                for name, grade in grades.items()
                if grade.manual_score is not None and not grade.needs_manual_grade
            }
        return nb, resources


class KeepMarks(NbGraderPreprocessor):
    """After SaveRemarks: asks nobody again for a mark of something that is as it was when it was
    given. It needs `NoteMarks`, and what lay in `autograded/` before."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        standing, before = resources.get(STANDING), resources.get(BEFORE)
        if not standing or before is None:
            return nb, resources
        old, new = before(), _texts(nb)
        words = {grade_id_of(cell) for cell in nb.cells if cell.cell_type != "code"}
        unfound = {name for kind in UNFOUND for name in nb.metadata[NOTES].get(kind, [])}
        names = resources["nbgrader"]
        place = (names["notebook"], names["assignment"], names["student"])
        with Gradebook(names["db_url"]) as gradebook:
            for cell, auto_score in standing.items():
                grade = gradebook.find_grade(cell, *place)
                if grade.auto_score != auto_score:
                    continue
                # An answer in words stands alone; what else was marked may lean on any cell.
                alone = cell in words and cell not in unfound
                same = old.get(cell) == new[cell] if alone else old == new
                grade.needs_manual_grade = not same
            gradebook.db.commit()
        return nb, resources
