"""The step in the place of nbgrader's `Execute`: a notebook runs in a room, and the judge writes
the outputs of its graded cells, which are never executed.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from nbformat import NotebookNode, from_dict
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Dict, Enum, Unicode

from autograder.hooks.course_cells import cells_of_gradebook
from autograder.hooks.verdict_cells import notes_of, refusal, write_judgement
from autograder.intake.files import files_beside
from autograder.intake.repair import CourseCell
from autograder.judge.verdicts import seed_of
from autograder.run.assess import GradedCell, is_graded_code, plain_cells
from autograder.run.task import Result, Task, perform
from autograder.sandbox import Limits

NO_CHECKS = (
    "{name} cannot be graded here: {reason}. Without one, every student would get its points: mend "
    "source/ and run `nbgrader generate_assignment {name}`, or give an assignment whose tests are "
    "of another kind a course folder of its own."
)


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

    follow_on = Bool(
        True,
        help="Whether an exercise that uses another one which is not right is judged once more "
        "with a right one in its place, and earns its points if it is right then.",
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
        notes = notes_of(nb)
        if notes["refused"]:
            return None
        names = resources["nbgrader"]
        seed = seed_of(self.course_key, names["assignment"], names["student"])
        self.log.info("Cases are drawn from seed %d", seed)
        if self.isolation == "none":
            notes["repairs"].append("The code was run without walls around it (isolation: none).")
        folder = resources.get("metadata", {}).get("path", "")
        return Task(
            cells=plain_cells(nb),
            graded=list(self._graded_cells(names).values()),
            seed=seed,
            files=files_beside(folder, Limits(**self.limits).disk_bytes // 2),
            isolation=self.isolation,
            limits=Limits(**self.limits),
            follow_on=self.follow_on,
        )

    def empty_task(self) -> Task:
        """A task that nobody's code is in: where it fails, the machine is in the way."""
        return Task([], [], seed=0, isolation=self.isolation, limits=Limits(**self.limits))

    def write(self, nb: NotebookNode, resources: dict, result: bytes | None) -> None:
        """Write what `task` came to, None where there was none, into the notebook."""
        graded = self._graded_cells(resources["nbgrader"])
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        if result is None:
            reason = notes_of(nb)["refused"]
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
