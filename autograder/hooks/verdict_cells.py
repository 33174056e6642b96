"""What the judge leaves in a notebook, written and read here alone.

A graded cell's outputs are its verdicts and one number, its score. What one step has to tell the
next stands in the notebook's metadata under NOTES, which no submission can fill in: reading it
leaves no metadata. Functions that read take cells and metadata as JSON has them, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode, from_dict

from autograder.hooks.words import NOT_GRADED
from autograder.judge.verdicts import Verdict
from autograder.judge.words import RIGHT
from autograder.run.assess import CellVerdicts, GradedCell, is_graded_cell
from course import words
from course.kinds import VerdictKind

NOTES = "autograder"
VERDICT_TYPE = "application/vnd.autograder.verdict+json"
# What stands in the text of a saved cell where it holds verdicts.
ROW_MARK = f'"{VERDICT_TYPE}":'.encode()
# How the error of a cell begins that was stopped for time; a student's own may have its name.
STOPPED = "This cell was "


def refusal(cell: GradedCell, reason: str) -> CellVerdicts:
    """Return the judgement of a graded cell of a submission that could not be read: no points."""
    message = NOT_GRADED.format(reason=reason)
    verdicts = [
        Verdict(check.id, VerdictKind.NOT_ATTEMPTED, None, message) for check in cell.checks
    ]
    return CellVerdicts(cell, tuple(verdicts))


def read_notes(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the steps have noted on a notebook, from its metadata.

    repairs    what was put right, in sentences
    refused    why the file could not be read, or ""
    lost       the grade ids of answers in words whose cell is not there
    elsewhere  those whose cell is empty while another holds a text
    judged     whether all steps have been taken
    """
    nothing = {"repairs": [], "refused": "", "lost": [], "elsewhere": [], "judged": False}
    return {**nothing, **metadata.get(NOTES, {})}


def write_notes(nb: NotebookNode, **notes: object) -> None:
    """Note this on a notebook, by the names in `read_notes`; what else is noted stays."""
    nb.metadata[NOTES] = {**nb.metadata.get(NOTES, {}), **notes}


def write_judgement(cell: NotebookNode, judgement: CellVerdicts) -> None:
    """Make a judgement a graded cell's outputs: the words, then one number, its score."""
    shown = [
        {
            "output_type": "display_data",
            "data": {"text/plain": _say(row), VERDICT_TYPE: row},
            "metadata": {"slips": list(verdict.slips)},
        }
        for row, verdict in zip(judgement.rows, judgement.verdicts, strict=True)
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
    """Say whether a cell's outputs are what `write_judgement` made of them."""
    return bool(_verdicts_in(cell))


def is_score(output: NotebookNode) -> bool:
    """Say whether an output of a judged cell is the one number that nbgrader reads."""
    return output.output_type == "execute_result"


def rows_of(cell: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rows that `write_judgement` left in a graded cell, as `check --json` has them."""
    return [dict(output["data"][VERDICT_TYPE]) for output in _verdicts_in(cell)]


def slips_of(cell: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Return for each row of a graded cell the exercises with right ones of which it is right."""
    return [
        tuple(map(str, output.get("metadata", {}).get("slips", [])))
        for output in _verdicts_in(cell)
    ]


def _verdicts_in(cell: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    outputs = cell.get("outputs", [])
    return [output for output in outputs if VERDICT_TYPE in output.get("data", {})]


def rows_in(notebook: NotebookNode) -> list[dict[str, Any]]:
    """Return the rows that `write_judgement` left in an autograded notebook."""
    return [row for cell in notebook.cells if is_graded_cell(cell) for row in rows_of(cell)]


def was_stopped(output: NotebookNode) -> bool:
    """Say whether an error among a cell's outputs says that the cell was stopped for time."""
    return output.ename == "TimeoutError" and output.evalue.startswith(STOPPED)
