"""What the judge leaves in a notebook, written and read here alone.

A graded cell's outputs are its verdicts and one number, its score. What one step has to tell the
next stands in the notebook's metadata under NOTES, which no submission can fill in: reading it
leaves no metadata.
"""

from __future__ import annotations

from nbformat import NotebookNode, from_dict

from autograder.judge.verdicts import Verdict
from autograder.judge.words import RIGHT
from autograder.run.assess import CellVerdicts, GradedCell, is_graded_cell
from course import words
from course.kinds import VerdictKind

NOTES = "autograder"
VERDICT_TYPE = "application/vnd.autograder.verdict+json"


def refusal(cell: GradedCell, reason: str) -> CellVerdicts:
    """The judgement of a graded cell of a submission that could not be read: no points."""
    message = f"Not graded: {reason}"
    verdicts = [
        Verdict(check.id, VerdictKind.NOT_ATTEMPTED, None, message) for check in cell.checks
    ]
    return CellVerdicts(cell, tuple(verdicts))


def notes_of(nb: NotebookNode) -> dict:
    return nb.metadata.setdefault(NOTES, {"repairs": [], "refused": ""})


def write_judgement(cell: NotebookNode, judgement: CellVerdicts) -> None:
    """Make a judgement a graded cell's outputs: the words, then one number, its score."""
    shown = [
        {
            "output_type": "display_data",
            "data": {"text/plain": _say(row), VERDICT_TYPE: row},
            "metadata": {"slips": list(verdict.slips)},
        }
        for row, verdict in zip(judgement.rows, judgement.verdicts)
    ]
    score = {
        "output_type": "execute_result",
        "data": {"text/plain": repr(judgement.score)},
        "metadata": {},
        "execution_count": None,
    }
    cell.outputs = [from_dict(output) for output in [*shown, score]]


def _say(row: dict) -> str:
    title = words.title(row["verdict"])
    if row["verdict"] == VerdictKind.RIGHT:
        said = title if row["message"] == RIGHT else row["message"]
        return f"✓ {row['exercise']}: {said}"
    return f"✗ {row['exercise']}: {title}\n  {row['message']}"


def judged(cell: NotebookNode) -> bool:
    """Whether a cell's outputs are what `write_judgement` made of them."""
    return any(VERDICT_TYPE in output.get("data", {}) for output in cell.outputs)


def is_score(output: NotebookNode) -> bool:
    """Whether an output of a judged cell is the one number that nbgrader reads."""
    return output.output_type == "execute_result"


def rows_in(notebook: NotebookNode) -> list[dict]:
    """The rows that `write_judgement` left in an autograded notebook."""
    return [
        dict(output.data[VERDICT_TYPE])
        for cell in notebook.cells
        if is_graded_cell(cell)
        for output in cell.outputs
        if VERDICT_TYPE in output.get("data", {})
    ]
