"""A notebook in a room, judged: its ordinary cells run, its graded cells are read."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import Path

from nbformat import NotebookNode
from threadpoolctl import ThreadpoolController

import course
from autograder.judge.cells import SYNTAX_ERRORS, RanCell
from autograder.judge.shortcuts import StudentCode, watched_names
from autograder.run.follow_on import Judging
from autograder.run.graded_cells import CellVerdicts, GradedCell
from autograder.sandbox import PACKAGES, Limits, Room, Sandbox
from autograder.source_text import as_it_ran

# It binds no name in the student's notebook.
NO_PICTURES = '__import__("course.plots.style", fromlist=["drawing"]).drawing = False'


def course_sandbox(
    isolation: str = "walls",
    limits: Limits = Limits(),
    notebooks: Iterable[NotebookNode] = (),
    assignment: str = "",
) -> Sandbox:
    """A sandbox whose rooms can import `course`; isolation is "walls" or "none".

    notebooks   the only ones that will run there, so that nothing is imported before which none
                of them names; PyTorch alone takes longer than judging a notebook
    assignment  the only one that they are of, whose forbidden functions are watched
    """
    text = "\n".join(
        cell.source for one in notebooks for cell in one.cells if cell.cell_type == "code"
    )
    named = [name for name in PACKAGES if name.partition(".")[0] in text] if text else None
    readable = [Path(course.__file__).parent]
    return Sandbox(isolation, limits, readable, named, watched_names(assignment[:2]))


def assess(
    notebook: NotebookNode,
    graded: Mapping[str, GradedCell],
    room: Room,
    seed: int,
    pictures: bool = False,
    follow_on: bool = True,
    ran: Callable[[NotebookNode, list], None] = lambda cell, outputs: None,
    judged: Callable[[NotebookNode, CellVerdicts], None] = lambda cell, judgement: None,
) -> dict[str, CellVerdicts]:
    """Run and judge `notebook` in `room`; judgements by grade id, in the order of `graded`.

    graded     the course's graded cells; one that is not in the notebook is judged at its end
    seed       draws the cases
    pictures   whether the course's pictures are drawn; they take most of a notebook's time
    follow_on  whether what leans on an answer that is not right gets a second trial
    ran        called with each ordinary code cell and its outputs
    judged     called with each graded cell and its judgement
    """
    judgements: dict[str, CellVerdicts] = {}
    code = StudentCode()
    # What runs further down can say why a function is not there yet.
    waiting = [
        RanCell(cell.source, ran=False)
        for cell in notebook.cells
        if cell.cell_type == "code"
        and cell.metadata.get("nbgrader", {}).get("grade_id") not in graded
    ]
    ran_cells: list[RanCell] = []
    checks = [check for cell in graded.values() for check in cell.checks]
    judging = Judging(checks, room, seed, code, follow_on)

    def judge_cell(cell: GradedCell) -> CellVerdicts:
        cells = [*ran_cells, *waiting]
        return CellVerdicts(cell, tuple(judging.judge(check, cells) for check in cell.checks))

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
                outputs = room.run(cell.source, own=grade_id is None).outputs
                waiting.pop(0)
                ran_cells.append(RanCell.of_outputs(cell.source, outputs))
                # Nobody is accused for what never ran.
                if ran_cells[-1].error not in SYNTAX_ERRORS:
                    code.add(as_it_ran(cell.source, ran_cells[-1].line))
                ran(cell, outputs)
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
