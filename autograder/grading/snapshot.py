"""What the gradebook and source/ say about an assignment, read once for a whole class.

The objects have the attributes of nbgrader's own that its preprocessors ask for, but belong to no
session: they can be read as often as anybody likes.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from functools import cached_property
from types import SimpleNamespace

from nbgrader import api
from nbgrader.utils import find_all_files

from autograder.hooks.course_cells import cells_of_gradebook, graded_cells_of_course
from autograder.intake.written import Given, read_given
from autograder.run.assess import GradedCell
from autograder.run.checks_digest import checks_version

CELL = ("id", "name", "max_score", "cell_type")
SOURCE = ("id", "name", "cell_type", "source", "locked", "checksum")


@dataclass
class NotebookSnapshot:
    """A notebook of an assignment, with the attributes of nbgrader's Notebook.

    given  what else students were given
    """

    id: str
    name: str
    kernelspec: str | None
    grade_cells: list[SimpleNamespace]
    solution_cells: list[SimpleNamespace]
    task_cells: list[SimpleNamespace]
    source_cells: list[SimpleNamespace]
    given: Given = Given()

    @cached_property
    def sources(self) -> dict[str, SimpleNamespace]:
        """The source cells, by name."""
        return {cell.name: cell for cell in self.source_cells}

    @cached_property
    def graded(self) -> dict[str, SimpleNamespace]:
        """The cells that earn points, by name."""
        return {cell.name: cell for cell in [*self.grade_cells, *self.task_cells]}

    @cached_property
    def commented(self) -> dict[str, SimpleNamespace]:
        """The cells that the gradebook keeps a comment on, by name."""
        return {cell.name: cell for cell in [*self.solution_cells, *self.task_cells]}


@dataclass
class Snapshot:
    """An assignment.

    files    what lies in source/ beside the notebooks and is given to every submission
    """

    id: str
    name: str
    notebooks: list[NotebookSnapshot]
    source: str
    files: list[str]

    @cached_property
    def max_score(self) -> float:
        """The points that can be had."""
        return sum(cell.max_score or 0.0 for n in self.notebooks for cell in n.graded.values())

    @cached_property
    def tests(self) -> dict[str, GradedCell]:
        """The graded code cells, by grade id; ValueError or SyntaxError for one that no check
        judges."""
        return {
            name: test
            for notebook in self.notebooks
            for name, test in graded_cells_of_course(cells_of_gradebook(notebook)).items()
        }

    @cached_property
    def digest(self) -> str:
        """Changes when anything of the course that the grades depend on does: the released cells,
        the files beside them, the checks."""
        checks = [check.id for test in self.tests.values() for check in test.checks]
        numbers = frozenset(id.partition(".")[0] for id in checks)
        digest = hashlib.sha256(checks_version(numbers).encode())
        for notebook in self.notebooks:
            cells = [asdict(cell) for cell in cells_of_gradebook(notebook, notebook.given.order)]
            digest.update(json.dumps([notebook.name, notebook.kernelspec, cells]).encode())
        for path in self.files:
            digest.update(os.path.relpath(path, self.source).encode())
            with open(path, "rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        return digest.hexdigest()


def read_snapshot(assignment: api.Assignment, converter) -> Snapshot:
    """The snapshot of an assignment in the gradebook.

    converter  nbgrader's Autograde, for its settings
    """
    directory = converter.coursedir
    source = directory.format_path(directory.source_directory, ".", assignment.name)
    release = directory.format_path(directory.release_directory, ".", assignment.name)
    given = (release, source)
    kept = {os.path.join(source, n) for n in converter.exclude_overwriting.get(assignment.name, [])}
    return Snapshot(
        id=assignment.id,
        name=assignment.name,
        notebooks=[_read_notebook(notebook, given) for notebook in assignment.notebooks],
        source=source,
        files=sorted(set(find_all_files(source, [*directory.ignore, "*.ipynb"])) - kept),
    )


def _read_notebook(notebook: api.Notebook, folders: tuple[str, ...]) -> NotebookSnapshot:
    return NotebookSnapshot(
        id=notebook.id,
        name=notebook.name,
        kernelspec=notebook.kernelspec,
        grade_cells=[_plain(cell, CELL) for cell in notebook.grade_cells],
        solution_cells=[_plain(cell, CELL[:2]) for cell in notebook.solution_cells],
        task_cells=[_plain(cell, CELL) for cell in notebook.task_cells],
        source_cells=[_plain(cell, SOURCE) for cell in notebook.source_cells],
        given=read_given(
            [os.path.join(folder, f"{notebook.name}.ipynb") for folder in folders],
            [cell.name for cell in notebook.source_cells],
        ),
    )


def _plain(record, names: tuple[str, ...]) -> SimpleNamespace:
    return SimpleNamespace(**{name: getattr(record, name) for name in names})
