"""nbgrader plug-ins: run a submission in a room and write the judge's outputs.

`nbgrader_config.py` puts `Judge` where nbgrader has `Execute`. Ordinary cells get the outputs of
the room; a graded cell is never executed, and the judge alone writes its outputs.
"""

from __future__ import annotations

import atexit
import os
from functools import cache

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_output
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Enum, Unicode

from autograder.assessment import GradedCell, Judgement, assess, course_sandbox, is_graded_code
from autograder.judge import seed_of
from autograder.sandbox import Sandbox

VERDICT_TYPE = "application/vnd.autograder.verdict+json"


@cache
def shared_sandbox(isolation: str) -> Sandbox:
    """One sandbox for all submissions of this process; it ends with the process."""
    sandbox = course_sandbox(isolation)
    atexit.register(sandbox.close)
    return sandbox


class Judge(NbGraderPreprocessor):
    """Runs the student's cells in a room and judges the graded ones outside it."""

    isolation = Enum(
        ["walls", "none"],
        "walls",
        help="How student code is kept apart: in a room with walls, or in a plain process.",
    ).tag(config=True)

    course_key = Unicode(
        "surprise-to-autograd",
        help="Draws the cases, together with the assignment and the student.",
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        names = resources["nbgrader"]
        seed = seed_of(self.course_key, names["assignment"], names["student"])
        self.log.info("Cases are drawn from seed %d", seed)
        graded = self._graded_cells(nb, names)
        files = self._files_beside(resources)
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        with shared_sandbox(self.isolation).open(files) as room:
            judgements = assess(nb, graded, room, seed, ran=_write_outputs)
        for cell in nb.cells:
            if is_graded_code(cell):
                write_judgement(cell, judgements[cell.metadata.nbgrader.grade_id])
        return nb, resources

    def _graded_cells(self, nb: NotebookNode, names: dict) -> dict[str, GradedCell]:
        """The graded cells of the gradebook, whose sources hold the hidden tests."""
        with Gradebook(names["db_url"]) as gradebook:
            notebook = gradebook.find_notebook(names["notebook"], names["assignment"])
            sources = {cell.name: cell.source for cell in notebook.source_cells}
            return {
                cell.name: GradedCell.read(cell.name, float(cell.max_score), sources[cell.name])
                for cell in notebook.grade_cells
                if cell.cell_type == "code" and "autograder.check" in sources[cell.name]
            }

    def _files_beside(self, resources: dict) -> dict[str, bytes]:
        """What lies beside the notebook in the autograded folder, such as a data file."""
        folder = resources.get("metadata", {}).get("path", "")
        files = {}
        for entry in os.scandir(folder) if folder else ():
            if entry.is_file(follow_symlinks=False) and not entry.name.endswith(".ipynb"):
                with open(entry.path, "rb") as file:
                    files[entry.name] = file.read()
        return files


def _write_outputs(cell: NotebookNode, outputs: list) -> None:
    cell.outputs = [from_dict(output) for output in outputs]


def write_judgement(cell: NotebookNode, judgement: Judgement) -> None:
    """Make a judgement a graded cell's outputs: the words, then one number, its score."""
    cell.outputs = [
        new_output(
            "display_data",
            data={"text/plain": _say(row), VERDICT_TYPE: row},
        )
        for row in judgement.rows
    ]
    score = {"text/plain": repr(judgement.score)}
    cell.outputs.append(new_output("execute_result", data=score, execution_count=None))


def _say(row: dict) -> str:
    if row["verdict"] == "right":
        return f"✓ {row['exercise']}: right"
    return f"✗ {row['exercise']}: {row['verdict']}\n  {row['message']}"


def rows_in(notebook: NotebookNode) -> list[dict]:
    """The rows that `write_judgement` left in an autograded notebook."""
    return [
        dict(output.data[VERDICT_TYPE])
        for cell in notebook.cells
        if is_graded_code(cell)
        for output in cell.outputs
        if VERDICT_TYPE in output.get("data", {})
    ]
