"""What stands at the top of a student's feedback: each exercise with its verdict and where to look.

`nbgrader_config.py` puts `Summary` before the preprocessor that cleans the outputs, as the judge's
rows are in them; the feedback's template shows what it finds. A named mistake leads to the section
of the notebook that teaches the point: the last heading before the exercise's card.
"""

from __future__ import annotations

import re

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

from autograder.cell_fields import fields_of
from autograder.hooks.verdict_cells import rows_of
from autograder.hooks.words import SENTENCES
from autograder.run.assess import is_graded_cell
from course import words
from course.kinds import VerdictKind

HEADING = re.compile(r"^#{1,3}\s+(?!Exercise\b)(.+?)\s*$", re.MULTILINE)
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


class Summary(Preprocessor):
    """Leaves in the resources what the top of the page says, and which cells are linked to.

    resources["summary"]   the judge's rows, each with `cell`, the grade id of its graded cell, with
                           `is_right`, `mark` and `title`, how its verdict is shown, and with
                           `section` and `anchor` where a section teaches the point
    resources["anchors"]   the name of the anchor before a cell, by the cell's id
    resources["answers"]   what the page of a student says of each answer in words: nbgrader's
                           `grade_id`, `points`, `score` and `comment`, and whether it `waits`
    resources["title"]     the notebook's own, its first heading
    resources["sentences"] what a page says, by the names in `autograder.hooks.words`
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        rows, anchors, section = [], {}, None
        for number, cell in enumerate(nb.cells):
            if cell.cell_type == "markdown":
                headings = HEADING.findall(FENCED.sub("", cell.source))
                if headings and "id" in cell:
                    section = (headings[-1], cell.id, f"section-{number}")
            elif is_graded_cell(cell):
                for row in rows_of(cell):
                    place = {
                        "cell": cell.metadata.nbgrader.grade_id,
                        "is_right": row["verdict"] == VerdictKind.RIGHT,
                        "mark": words.mark(row["verdict"]),
                        "title": words.title(row["verdict"]),
                    }
                    if row.get("mistake") and section:
                        place |= {"section": section[0], "anchor": section[2]}
                        anchors[section[1]] = section[2]
                    rows.append({**row, **place})
        resources["summary"], resources["anchors"] = rows, anchors
        # Not copied: in the pages of students what the gradebook says is added later.
        resources["answers"] = [
            data
            for cell in nb.cells
            if (data := fields_of(cell)).get("grade") and data.get("solution")
        ]
        resources["title"] = _title(nb)
        resources["sentences"] = SENTENCES
        return nb, resources


def _title(nb: NotebookNode) -> str:
    headings = (HEADING.search(cell.source) for cell in nb.cells if cell.cell_type == "markdown")
    return next((found[1] for found in headings if found), "")
