"""The course's own cells, as the source notebook or nbgrader's gradebook holds them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING

import nbformat
from nbformat import NotebookNode

from autograder.course_folder import CourseFolder
from autograder.errors import Problem, UnreadableFile
from autograder.intake.repair import CourseCell
from autograder.run.assess import GradedCell, graded_cells, needs_of, plain_cells
from autograder.run.sandboxes import Needs

if TYPE_CHECKING:
    from nbgrader import api


def cells_of_source(source: NotebookNode) -> list[CourseCell]:
    """Return the course's cells in an instructor's notebook, without the solutions."""
    # nbgrader takes a second to import, which is most of what checking one file takes.
    from nbgrader.preprocessors import ClearSolutions

    stubs, _ = ClearSolutions().preprocess(nbformat.from_dict(json.loads(json.dumps(source))), {})
    return cells_of_release(stubs)


def cells_of_release(release: NotebookNode) -> list[CourseCell]:
    """Return the course's cells in a notebook that holds no solutions."""
    return [
        CourseCell(
            grade_id=fields["grade_id"],
            cell_type=cell.cell_type,
            source=cell.source,
            grade=bool(fields.get("grade")),
            solution=bool(fields.get("solution")),
            locked=bool(fields.get("locked")),
            task=bool(fields.get("task")),
            points=fields.get("points"),
        )
        for cell in release.cells
        if (fields := cell.metadata.get("nbgrader")) and fields.get("grade_id")
    ]


def cells_of_gradebook(notebook: api.Notebook, order: Sequence[str] = ()) -> list[CourseCell]:
    """Return the course's cells as the gradebook has them.

    notebook  nbgrader's Notebook
    order     grade ids in the order of the source notebook, which the gradebook does not promise
    """
    graded = {cell.name: cell for cell in notebook.grade_cells}
    tasks = {cell.name: cell for cell in notebook.task_cells}
    solutions = {cell.name for cell in notebook.solution_cells}
    cells = [
        CourseCell(
            grade_id=cell.name,
            cell_type=cell.cell_type,
            source=cell.source,
            grade=cell.name in graded,
            solution=cell.name in solutions,
            locked=bool(cell.locked),
            task=cell.name in tasks,
            points=graded[cell.name].max_score
            if cell.name in graded
            else tasks[cell.name].max_score
            if cell.name in tasks
            else None,
            checksum=cell.checksum,
        )
        for cell in notebook.source_cells
    ]
    place = {grade_id: index for index, grade_id in enumerate(order)}
    return sorted(cells, key=lambda cell: place.get(cell.grade_id, len(place)))


def graded_cells_of_course(course: Iterable[CourseCell]) -> dict[str, GradedCell]:
    """Return the graded code cells among the course's cells, by grade id.

    Raises ValueError for one that no check judges, as there is nothing to give points for.
    """
    return {
        cell.grade_id: _read_graded_cell(cell)
        for cell in course
        if cell.is_graded and cell.cell_type == "code"
    }


@lru_cache(maxsize=1024)
def _read_graded_cell(cell: CourseCell) -> GradedCell:
    return GradedCell.read(cell.grade_id, float(cell.points or 0.0), cell.source)


def needs_of_course(course: CourseFolder, assignments: Iterable[str]) -> Needs:
    """Say what the course's own notebooks of these assignments need of a room."""
    found = Needs()
    for name in assignments:
        # Who goes on with a notebook that cannot be read says so.
        with suppress(Problem, UnreadableFile, ValueError):
            source = course.source(name)
            found |= needs_of(plain_cells(source), graded_cells(source))
    return found
