"""What to say where `source/` is not what was released to students."""

from __future__ import annotations

from nbformat import NotebookNode

from autograder.grading.gradebook import Snapshot
from autograder.hooks.course_cells import cells_of_gradebook, cells_of_source
from autograder.intake.repair import CourseCell

CHANGED = (
    "source/{name} is not what was released: graded is what the gradebook has, which `autograder "
    "build` leaves as it is. To take over what changed: nbgrader generate_assignment --force {name}"
)
# nbgrader would delete the release first, and then refuse.
OTHER_CELLS = (
    "source/{name} is not what was released: graded is what the gradebook has, which `autograder "
    "build` leaves as it is. Cells were added, removed or renamed, which nbgrader refuses once "
    "something is handed in: put their names back, or give what is new a name of its own and "
    "release it as another assignment."
)


def difference_from_source(snapshot: Snapshot, source: NotebookNode) -> str:
    """Return what to say where an assignment's source is not what was released, or ""."""
    today = _by_name(cells_of_source(source))
    released = [_by_name(cells_of_gradebook(notebook)) for notebook in snapshot.notebooks]
    if all(today == cells for cells in released):
        return ""
    same_cells = all(today.keys() == cells.keys() for cells in released)
    return (CHANGED if same_cells else OTHER_CELLS).format(name=snapshot.name)


def _by_name(cells: list[CourseCell]) -> dict[str, tuple]:
    return {cell.grade_id: (cell.source, cell.points) for cell in cells}
