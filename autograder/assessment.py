"""One notebook, judged: its ordinary cells run in a room, its graded cells are read, not run.

A graded cell's exercises and expressions come from the course's own copy of the cell. At its place
in the notebook the judge draws cases, the room answers with plain values, and the judge compares.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from nbformat import NotebookNode
from threadpoolctl import ThreadpoolController

import course
from autograder.exercises import exercise
from autograder.judge import Verdict, judge
from autograder.sandbox import Limits, Room, Sandbox
from autograder.shortcuts import StudentCode

# It binds no name in the student's notebook.
NO_PICTURES = '__import__("course.plots.style", fromlist=["drawing"]).drawing = False'


@dataclass(frozen=True)
class Check:
    """One `autograder.check(id, expression)` of a graded cell."""

    id: str
    expression: str


@dataclass(frozen=True)
class GradedCell:
    """A graded cell as the course has it; its points are shared equally among its checks."""

    grade_id: str
    points: float
    checks: tuple[Check, ...]

    @classmethod
    def read(cls, grade_id: str, points: float, source: str) -> GradedCell:
        """The graded cell with this source; ValueError where it holds no check."""
        checks = tuple(checks_in(source))
        if not checks:
            raise ValueError(f"the graded cell {grade_id} holds no autograder.check(...)")
        return cls(grade_id, points, checks)


@dataclass(frozen=True)
class Judgement:
    """The verdicts of one graded cell, with the points each earns."""

    cell: GradedCell
    verdicts: tuple[Verdict, ...]

    @property
    def score(self) -> float:
        """The points earned, between 0 and the cell's points; all of them where all is right."""
        right = sum(verdict.right for verdict in self.verdicts)
        return self.cell.points * right / len(self.verdicts)

    @property
    def rows(self) -> list[dict]:
        """The verdicts as `check --json` prints them."""
        share = self.cell.points / len(self.verdicts)
        return [
            {
                "exercise": verdict.exercise,
                "points": share if verdict.right else 0.0,
                "max_points": share,
                "verdict": verdict.verdict,
                "mistake": verdict.mistake,
                "message": verdict.message,
            }
            for verdict in self.verdicts
        ]


def checks_in(source: str) -> Iterator[Check]:
    """The checks that a graded cell's source calls, in order."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and ast.unparse(node.func) == "autograder.check"
            and len(node.args) == 2
            and isinstance(node.args[0], ast.Constant)
        ):
            yield Check(node.args[0].value, ast.unparse(node.args[1]))


def graded_cells(notebook: NotebookNode) -> dict[str, GradedCell]:
    """The graded code cells of a source notebook, by grade id, in order."""
    cells = {}
    for cell in notebook.cells:
        if is_graded_code(cell):
            data = cell.metadata["nbgrader"]
            cells[data["grade_id"]] = GradedCell.read(
                data["grade_id"], float(data["points"]), cell.source
            )
    return cells


def is_graded_code(cell: NotebookNode) -> bool:
    """Whether a cell is a test: graded, code, and not written by the student."""
    data = cell.metadata.get("nbgrader", {})
    return cell.cell_type == "code" and bool(data.get("grade")) and not data.get("solution")


def course_sandbox(isolation: str = "walls", limits: Limits = Limits()) -> Sandbox:
    """A sandbox whose rooms can import `course`; isolation is "walls" or "none"."""
    return Sandbox(isolation, limits, readable=[Path(course.__file__).parent])


def assess(
    notebook: NotebookNode,
    graded: Mapping[str, GradedCell],
    room: Room,
    seed: int,
    pictures: bool = False,
    ran: Callable[[NotebookNode, list], None] = lambda cell, outputs: None,
    judged: Callable[[NotebookNode, Judgement], None] = lambda cell, judgement: None,
) -> dict[str, Judgement]:
    """Run and judge `notebook` in `room`; judgements by grade id, in the order of `graded`.

    graded    the course's graded cells; one that is not in the notebook is judged at its end
    seed      draws the cases
    pictures  whether the course's pictures are drawn; they take most of a notebook's time
    ran       called with each ordinary code cell and its outputs
    judged    called with each graded cell and its judgement
    """
    # Whatever the references need is imported here, before its threads are limited.
    exercises = {check.id: exercise(check.id) for cell in graded.values() for check in cell.checks}
    judgements: dict[str, Judgement] = {}
    code = StudentCode()

    def judge_cell(cell: GradedCell) -> Judgement:
        verdicts = [
            judge(exercises[check.id], partial(room.probe, check.expression), seed, code)
            for check in cell.checks
        ]
        return Judgement(cell, tuple(verdicts))

    with single_threaded():
        if not pictures:
            room.run(NO_PICTURES)
        for cell in notebook.cells:
            grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
            if grade_id in graded:
                if grade_id not in judgements:
                    judgements[grade_id] = judge_cell(graded[grade_id])
                    judged(cell, judgements[grade_id])
            elif cell.cell_type == "code":
                code.add(cell.source)
                ran(cell, room.run(cell.source).outputs)
        for grade_id, cell in graded.items():
            if grade_id not in judgements:
                judgements[grade_id] = judge_cell(cell)
    return {grade_id: judgements[grade_id] for grade_id in graded}


def single_threaded() -> AbstractContextManager:
    """Within it, NumPy and PyTorch compute in the calling thread alone; afterwards as before.

    What an exercise computes is small: more threads would only wait for each other, and burn the
    processors that the rooms need. BLAS has one limit for the whole process: what judges in
    several threads enters this around all of them as well.
    """
    return _pools("torch" in sys.modules).limit(limits=1)


@lru_cache
def _pools(torch: bool) -> ThreadpoolController:
    """The thread pools of the libraries that are loaded, with and without PyTorch's."""
    return ThreadpoolController()
