"""A notebook in a room, judged: its ordinary cells run, its graded cells are read."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from nbformat import NotebookNode
from threadpoolctl import ThreadpoolController

from autograder.judge.cells import SYNTAX_ERRORS, RanCell
from autograder.judge.shortcuts import StudentCode
from autograder.run.follow_on import Judging
from autograder.run.graded_cells import CellVerdicts, GradedCell
from autograder.run.sandboxes import Needs
from autograder.sandbox import Room
from autograder.source_text import as_it_ran

# It binds no name in the student's notebook.
NO_PICTURES = '__import__("course.plots.style", fromlist=["drawing"]).drawing = False'


class Cell(NamedTuple):
    """A cell as far as it matters for judging: `kind` is "code" or that of a text, whose source is
    not needed; `grade_id` is None for a cell of the student's own."""

    kind: str
    source: str
    grade_id: str | None


@dataclass(frozen=True)
class CellOutputs:
    """An ordinary code cell has run; its place in the notebook, and what it showed."""

    place: int
    outputs: list[dict]


@dataclass(frozen=True)
class CellJudged:
    """A graded cell has its verdicts; its place, or None where the notebook lacks the cell."""

    place: int | None
    verdicts: CellVerdicts


def plain_cells(notebook: NotebookNode) -> list[Cell]:
    """The cells of a notebook, without the sources of its texts."""
    return [
        Cell(
            cell.cell_type,
            cell.source if cell.cell_type == "code" else "",
            cell.metadata.get("nbgrader", {}).get("grade_id"),
        )
        for cell in notebook.cells
    ]


def needs_of(cells: Iterable[Cell], graded: Mapping[str, GradedCell]) -> Needs:
    """What a notebook with these cells needs of a room."""
    checks = [check for cell in graded.values() for check in cell.checks]
    return Needs.of(
        (cell.source for cell in cells if cell.kind == "code"), (check.id[:2] for check in checks)
    )


def assess(
    cells: Sequence[Cell],
    graded: Mapping[str, GradedCell],
    room: Room,
    seed: int,
    pictures: bool = False,
    follow_on: bool = True,
) -> Generator[CellOutputs | CellJudged, None, None]:
    """Run and judge the cells of a notebook in `room`, and tell of each code cell when it is done.

    graded     the course's graded cells; one that is not in the notebook is judged at its end
    seed       draws the cases
    pictures   whether the course's pictures are drawn; they take most of a notebook's time
    follow_on  whether what leans on an answer that is not right gets a second trial
    """
    code = StudentCode()
    # What runs further down can say why a function is not there yet.
    waiting = [
        RanCell(cell.source, ran=False)
        for cell in cells
        if cell.kind == "code" and cell.grade_id not in graded
    ]
    ran_cells: list[RanCell] = []
    checks = [check for cell in graded.values() for check in cell.checks]
    judging = Judging(checks, room, seed, code, follow_on)

    def judge_cell(cell: GradedCell) -> CellVerdicts:
        seen = [*ran_cells, *waiting]
        return CellVerdicts(cell, tuple(judging.judge(check, seen) for check in cell.checks))

    left = dict(graded)
    with single_threaded():
        if not pictures:
            room.run(NO_PICTURES)
        for place, cell in enumerate(cells):
            if cell.grade_id in graded:
                if cell.grade_id in left:
                    yield CellJudged(place, judge_cell(left.pop(cell.grade_id)))
            elif cell.kind == "code":
                outputs = room.run(cell.source, own=cell.grade_id is None).outputs
                waiting.pop(0)
                ran_cells.append(RanCell.of_outputs(cell.source, outputs))
                # Nobody is accused for what never ran.
                if ran_cells[-1].error not in SYNTAX_ERRORS:
                    code.add(as_it_ran(cell.source, ran_cells[-1].line))
                yield CellOutputs(place, outputs)
        for missing in left.values():
            yield CellJudged(None, judge_cell(missing))


def verdicts_of(
    events: Iterable[CellOutputs | CellJudged], graded: Mapping[str, GradedCell]
) -> dict[str, CellVerdicts]:
    """The verdicts that `assess` tells of, by grade id, in the order of `graded`.

    Nobody needs to run what stands behind the last graded cell for it: it is not asked for.
    """
    found: dict[str, CellVerdicts] = {}
    for event in events:
        if isinstance(event, CellJudged):
            found[event.verdicts.cell.grade_id] = event.verdicts
        if len(found) == len(graded):
            break
    return {grade_id: found[grade_id] for grade_id in graded}


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
