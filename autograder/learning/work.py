"""The folder that a learner works in: copies of the release, and what a newer release does to them.

Nothing that somebody wrote is ever overwritten. A file is there whole or not at all: it is written
under another name and takes its own when it is complete.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.cell_fields import fields_of
from autograder.check_file import assignment_of, course_around
from autograder.course_folder import CourseFolder, read_notebook
from autograder.errors import Problem
from autograder.intake.notebooks import grade_id_of
from autograder.intake.written import PLACEHOLDER

WORK = "work"
# The course gives its cells such ids; those of a student's own come from Jupyter.
COURSE_ID = re.compile(r"(md|code|setup|answer|check)-")
STUB = "NotImplementedError"


def copy_missing(folder: CourseFolder) -> list[Path]:
    """Copy what is missing in work/ from release/, and return the copies.

    A copy that was cut off, which is the beginning of the released file and no more, is made anew.
    Raises Problem where that cannot be done; what is copied stays.
    """
    made = []
    for file in sorted(folder.root.glob("release/*/*")):
        place = folder.root / WORK / file.relative_to(folder.root / "release")
        try:
            if place.exists() and not _is_cut_off(place, file):
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            _put(place, file.read_bytes())
        except OSError as problem:
            raise Problem(
                f"{place} cannot be written: {problem.strerror}. Mend that and run this again; "
                "what is there stays as it is."
            ) from None
        made.append(place)
    return made


def _is_cut_off(place: Path, whole: Path) -> bool:
    if place.stat().st_size >= whole.stat().st_size:
        return False
    return whole.read_bytes().startswith(place.read_bytes())


def _put(place: Path, content: bytes) -> None:
    partial = place.with_name(f".{place.name}.part")
    try:
        partial.write_bytes(content)
        os.replace(partial, place)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


@dataclass
class Updated:
    """What became of a file: how many answers and cells of the learner's own went into the new
    notebook, which answers have no place there, and where the old file is."""

    kept_at: Path
    answers: int = 0
    own_cells: int = 0
    without_place: list[str] = field(default_factory=list)


def update(path: Path) -> Updated | None:
    """Bring a work file of an older release to the one that is here; None where it is of this one.

    The answers and the learner's own cells are carried over, and the old file is kept beside the
    notebook's folder, or beside the file. Raises Problem where that cannot be done.
    """
    assignment = assignment_of(path)
    place = course_around(path).notebook_path("release", assignment)
    old, new = read_notebook(path), read_notebook(place)
    if place.resolve() == path.resolve():
        raise Problem(f"{path} is the release itself: update your copy of it, in {WORK}/.")
    if _course_texts(old) == _course_texts(new):
        return None
    folder = path.resolve().parent
    beside = folder.parent if folder.name == assignment else folder
    updated = Updated(next(_free(beside / f"{path.stem}.before-update.ipynb")))
    _carry(old, new, updated)
    try:
        _put(updated.kept_at, path.read_bytes())
        shutil.copystat(path, updated.kept_at)
        _put(path, (nbformat.writes(new).rstrip("\n") + "\n").encode())
    except OSError as problem:
        updated.kept_at.unlink(missing_ok=True)
        raise Problem(f"{path} stays as it is: {problem.strerror}.") from None
    return updated


def _free(path: Path) -> Iterator[Path]:
    """Yield names that no file has, this one first."""
    number = 1
    while path.exists():
        number += 1
        path = path.with_name(re.sub(r"(-\d+)?\.ipynb$", f"-{number}.ipynb", path.name))
    yield path


def _course_texts(notebook: NotebookNode) -> list[tuple[str, str]]:
    """Return the cells of the course in order, and the texts of those that a student does not
    write."""
    return [
        (cell.id, "" if _is_answer(cell) else cell.source)
        for cell in notebook.cells
        if COURSE_ID.match(cell.get("id", ""))
    ]


def _is_answer(cell: NotebookNode) -> bool:
    return bool(fields_of(cell).get("solution"))


def _carry(old: NotebookNode, new: NotebookNode, updated: Updated) -> None:
    """Put the answers and the own cells of `old` into `new`."""
    places = {grade_id_of(cell): cell for cell in new.cells if _is_answer(cell)}
    at_end = []
    before: str | None = None
    # Where an editor has given all cells new ids, nobody can tell whose a cell is.
    told_apart = any(COURSE_ID.match(cell.get("id", "")) for cell in old.cells)
    texts = {cell.source.strip() for cell in new.cells} | {""}
    for cell in old.cells:
        if COURSE_ID.match(cell.get("id", "")):
            before = cell.id
        if _is_answer(cell):
            stub = STUB if cell.cell_type == "code" else PLACEHOLDER
            name = grade_id_of(cell)
            if stub in cell.source or not cell.source.strip():
                continue
            if name in places:
                places[name].source = cell.source
                updated.answers += 1
            else:
                updated.without_place.append(str(name))
                at_end.append(_own(cell))
        elif (
            told_apart
            and not COURSE_ID.match(cell.get("id", ""))
            and cell.source.strip() not in texts
        ):
            updated.own_cells += 1
            ids = [one.get("id") for one in new.cells]
            own = _own(cell)
            if before in ids:
                new.cells.insert(ids.index(before) + 1, own)
                before = own.id
            else:
                at_end.append(own)
    new.cells += at_end


def _own(cell: NotebookNode) -> NotebookNode:
    """Return a cell of the learner's own, without what nbgrader noted on it."""
    new = nbformat.from_dict(dict(cell))
    new.metadata = nbformat.from_dict({k: v for k, v in cell.metadata.items() if k != "nbgrader"})
    if new.cell_type == "code":
        new.outputs, new.execution_count = [], None
    return new
