"""nbgrader plug-ins: repair a submission, run it in a room, write the judge's outputs.

`nbgrader_config.py` puts `Repair` before nbgrader's own sanitizing, and `Judge` where nbgrader has
`Execute`. Ordinary cells get the outputs of the room; a graded cell is never executed, and the
judge alone writes its outputs. `SaveRemarks` makes what was put right a comment on the submission.
What one stage has to tell the next stands in the notebook's metadata under NOTES, which no
submission can fill in: reading it leaves no metadata.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import lru_cache

from nbformat import NotebookNode, from_dict
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Dict, Enum, Unicode

from autograder.assessment import GradedCell, Judgement, is_graded_code
from autograder.judge import Verdict, seed_of
from autograder.repair import (
    CourseCell,
    as_comment,
    cells_of_gradebook,
    grade_id_of,
    rebuild,
    repair,
)
from autograder.sandbox import Limits
from autograder.tasks import Result, Task, perform

NOTES = "autograder"
MAX_FILES = 200
VERDICT_TYPE = "application/vnd.autograder.verdict+json"


class Repair(NbGraderPreprocessor):
    """Gives a submission the shape of the course's notebook again, and notes what was put right.

    It needs `c.Autograde.exporter_class`, which reads the file; without it, only what nbformat
    could read gets this far.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        read = resources.get("autograder") or {}
        remarks = list(read.get("remarks", []))
        if "order" not in read:
            nb, remarks = rebuild(nb)
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            notebook = gradebook.find_notebook(names["notebook"], names["assignment"])
            course = cells_of_gradebook(notebook, read.get("order", []))
        refused = read.get("refused", "")
        repairs = repair(nb, course)
        # Of a file that could not be read, every cell is missing.
        remarks += [] if refused else repairs
        for remark in remarks:
            self.log.info("%s: %s", names["student"], remark)
        if refused:
            self.log.warning("%s: not graded: %s", names["student"], refused)
        nb.metadata[NOTES] = {"repairs": remarks, "refused": refused}
        return nb, resources


class Judge(NbGraderPreprocessor):
    """Runs the student's cells in a room and judges the graded ones outside it."""

    isolation = Enum(
        ["walls", "none"],
        "walls",
        help="How student code is kept apart: in a room with walls, or in a plain process.",
    ).tag(config=True)

    limits = Dict(
        help="What a room may use where that differs from autograder.sandbox.Limits, by name.",
    ).tag(config=True)

    course_key = Unicode(
        "surprise-to-autograd",
        help="Draws the cases, together with the assignment and the student.",
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        task = self.task(nb, resources)
        self.write(nb, resources, perform(task.encode()) if task else None)
        return nb, resources

    def task(self, nb: NotebookNode, resources: dict) -> Task | None:
        """What has to be done for a repaired notebook; None for one that could not be read."""
        notes = _notes(nb)
        if notes["refused"]:
            return None
        names = resources["nbgrader"]
        seed = seed_of(self.course_key, names["assignment"], names["student"])
        self.log.info("Cases are drawn from seed %d", seed)
        if self.isolation == "none":
            notes["repairs"].append("The code was run without walls around it (isolation: none).")
        folder = resources.get("metadata", {}).get("path", "")
        return Task(
            cells=[
                (
                    cell.cell_type,
                    cell.source if cell.cell_type == "code" else "",
                    grade_id_of(cell),
                )
                for cell in nb.cells
            ],
            graded=list(self._graded_cells(names).values()),
            seed=seed,
            files=files_beside(folder, Limits(**self.limits).disk_bytes // 2),
            isolation=self.isolation,
            limits=dict(self.limits),
        )

    def write(self, nb: NotebookNode, resources: dict, result: bytes | None) -> None:
        """Write what `task` came to, None where there was none, into the notebook."""
        graded = self._graded_cells(resources["nbgrader"])
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        if result is None:
            reason = _notes(nb)["refused"]
            judgements = {name: refusal(cell, reason) for name, cell in graded.items()}
        else:
            found = Result.decode(result, graded)
            judgements = found.judgements
            for index, outputs in found.outputs.items():
                nb.cells[index].outputs = [from_dict(output) for output in outputs]
        for cell in nb.cells:
            if is_graded_code(cell):
                write_judgement(cell, judgements[cell.metadata.nbgrader.grade_id])

    def _graded_cells(self, names: dict) -> dict[str, GradedCell]:
        """The tests of the gradebook, whose sources hold the hidden checks."""
        with Gradebook(names["db_url"]) as gradebook:
            notebook = gradebook.find_notebook(names["notebook"], names["assignment"])
            return tests_of(cells_of_gradebook(notebook))


def tests_of(course: Iterable[CourseCell]) -> dict[str, GradedCell]:
    """The graded code cells among the course's cells, by grade id; ValueError for one that no
    check judges, as there is nothing to give points for."""
    return {
        cell.grade_id: _read_test(cell)
        for cell in course
        if cell.is_test and cell.cell_type == "code"
    }


@lru_cache(maxsize=1024)
def _read_test(cell: CourseCell) -> GradedCell:
    return GradedCell.read(cell.grade_id, float(cell.points), cell.source)


def refusal(cell: GradedCell, reason: str) -> Judgement:
    """The judgement of a graded cell of a submission that could not be read: no points."""
    message = f"Not graded: {reason}"
    verdicts = [Verdict(check.id, "not attempted", None, message) for check in cell.checks]
    return Judgement(cell, tuple(verdicts))


def files_beside(folder: str, limit: int) -> dict[str, bytes]:
    """What lies beside the notebook in the autograded folder, such as a data file, up to `limit`
    bytes of it, small files first."""
    entries = [
        (entry.stat(follow_symlinks=False).st_size, entry)
        for entry in (os.scandir(folder) if folder else ())
        if entry.is_file(follow_symlinks=False) and not entry.name.endswith(".ipynb")
    ]
    files = {}
    for size, entry in sorted(entries, key=lambda found: (found[0], found[1].name))[:MAX_FILES]:
        if size <= limit:
            limit -= size
            with open(entry.path, "rb") as file:
                files[entry.name] = file.read()
    return files


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


def _notes(nb: NotebookNode) -> dict:
    return nb.metadata.setdefault(NOTES, {"repairs": [], "refused": ""})


def write_judgement(cell: NotebookNode, judgement: Judgement) -> None:
    """Make a judgement a graded cell's outputs: the words, then one number, its score."""
    shown = [
        {
            "output_type": "display_data",
            "data": {"text/plain": _say(row), VERDICT_TYPE: row},
            "metadata": {},
        }
        for row in judgement.rows
    ]
    score = {
        "output_type": "execute_result",
        "data": {"text/plain": repr(judgement.score)},
        "metadata": {},
        "execution_count": None,
    }
    cell.outputs = [from_dict(output) for output in [*shown, score]]


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
