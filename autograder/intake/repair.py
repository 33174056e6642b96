"""A handed-in notebook, brought back into the shape of the course's own.

Repairing restores the course's cells: each once, at its place, with its type, its nbgrader fields
and, where it is locked, its text. What a student wrote stays. Every repair that may matter to
somebody is told in one sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode

from autograder.intake import words
from autograder.intake.notebooks import grade_id_of, new_cell, unique_id
from autograder.source_text import parse

MAX_REMARKS = 20
FEW_COPIES = 3

REGIONS = re.compile(
    r"^[^\n]*BEGIN (HIDDEN TESTS|MARK SCHEME).*?END \1[^\n]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True)
class CourseCell:
    """A cell of the course's own notebook that grading relies on; fields as nbgrader has them."""

    grade_id: str
    cell_type: str
    source: str
    grade: bool = False
    solution: bool = False
    locked: bool = False
    task: bool = False
    points: float | None = None
    checksum: str | None = None

    @property
    def is_graded(self) -> bool:
        """Say whether it is a graded cell: it earns points, and no student writes it."""
        return self.grade and not self.solution

    @property
    def released(self) -> str:
        """Return the text a student was given."""
        return REGIONS.sub("", self.source).strip()

    @property
    def metadata(self) -> dict:
        """Return the cell's nbgrader fields."""
        fields = {
            "cell_type": self.cell_type,
            "checksum": self.checksum,
            "grade": self.grade,
            "grade_id": self.grade_id,
            "locked": self.locked,
            "points": self.points,
            "schema_version": 3,
            "solution": self.solution,
            "task": self.task,
        }
        return {name: value for name, value in fields.items() if value is not None}


def is_untouched(notebook: NotebookNode, course: Iterable[CourseCell]) -> bool:
    """Say whether every answer of a rebuilt notebook is as it was given out, or not there."""
    answers: dict[str | None, CourseCell] = {
        cell.grade_id: cell for cell in course if cell.solution or cell.task
    }
    return all(
        cell.source.strip() in (own.released, own.source.strip())
        for cell in notebook.cells
        if (own := answers.get(grade_id_of(cell))) is not None
    )


def repair(notebook: NotebookNode, course: Iterable[CourseCell]) -> list[str]:
    """Give a rebuilt notebook the course's cells again; return what was put right, in sentences."""
    course = list(course)
    known = {cell.grade_id: cell for cell in course}
    remarks: list[str] = []
    unknown = 0
    for cell in notebook.cells:
        if grade_id_of(cell) not in known:
            unknown += cell.metadata.pop("nbgrader", None) is not None
    if unknown:
        remarks.append(words.counted(unknown, words.UNKNOWN_CELL, words.UNKNOWN_CELLS))
    times = Counter(map(grade_id_of, notebook.cells))
    copies: list[str] = []
    for own in course:
        if times[own.grade_id] > 1:
            _merge_copies(notebook, own, remarks, copies)
    if len(copies) > FEW_COPIES:
        # As a rule the whole notebook, which an editor for several people had doubled.
        copies = [words.DOUBLED_CELLS.format(count=len(copies))]
    remarks += copies
    _restore_fields(notebook, known, remarks)
    _restore_missing(notebook, course, remarks)
    _restore_order(notebook, course, remarks)
    return remarks


def _merge_copies(
    notebook: NotebookNode, own: CourseCell, remarks: list[str], kept_copies: list[str]
) -> None:
    """Leave one of several cells with the id of `own`; the student's changed copy wins.

    kept_copies  what is said where nothing got lost by it
    """
    copies = [cell for cell in notebook.cells if grade_id_of(cell) == own.grade_id]
    changed = [cell for cell in copies if cell.source.strip() != own.released]
    # Copies that say the same are one, and an empty one says nothing.
    texts = {cell.source.strip(): cell for cell in changed}
    if len(texts) > 1:
        texts.pop("", None)
    changed = [cell for cell in changed if any(cell is last for last in texts.values())]
    unchanged = [cell for cell in copies if not any(cell is other for other in changed)]
    name = own.grade_id
    if own.solution or own.task:
        # An unchanged copy further down would take the student's function back.
        kept = changed[-1] if changed else copies[0]
        dropped = [cell for cell in unchanged if cell is not kept]
        if _belong_together(changed, own):
            dropped += changed[:-1]
            kept.source = "\n".join(cell.source for cell in changed)
            pictures = {
                name: p for cell in changed for name, p in cell.get("attachments", {}).items()
            }
            if pictures and kept.cell_type != "code":
                kept.attachments = NotebookNode(pictures)
            remarks.append(words.ANSWER_SPLIT.format(cell=name, count=len(changed)))
        elif len(changed) > 1:
            remarks.append(words.ANSWERS_RUN.format(cell=name, count=len(changed)))
        else:
            kept_copies.append(words.ANSWER_DOUBLED.format(cell=name, count=len(copies)))
    else:
        # What a student wrote into a copy of a locked cell stays as a cell of the student's own.
        kept = ([cell for cell in unchanged if cell.source.strip() == own.released] or copies)[-1]
        dropped = [cell for cell in unchanged if cell is not kept]
        kept_copies.append(words.LOCKED_DOUBLED.format(cell=name, count=len(copies)))
    for cell in copies:
        if cell is not kept:
            del cell.metadata["nbgrader"]
    notebook.cells = [cell for cell in notebook.cells if not any(cell is d for d in dropped)]


def _belong_together(parts: list[NotebookNode], own: CourseCell) -> bool:
    """Say whether changed copies of an answer are pieces of one: text, or code cut in the
    middle."""
    if len(parts) < 2 or own.cell_type != "code":
        return len(parts) > 1
    whole = "\n".join(part.source for part in parts)
    return _is_python(whole) and not all(_is_python(part.source) for part in parts)


def _is_python(source: str) -> bool:
    try:
        parse(source)
    except SyntaxError:
        return False
    return True


def _restore_fields(notebook: NotebookNode, known: dict, remarks: list[str]) -> None:
    cells = []
    for cell in notebook.cells:
        own = known.get(grade_id_of(cell))
        if own is not None:
            if cell.cell_type != own.cell_type:
                kinds = {"found": cell.cell_type, "own": own.cell_type}
                remarks.append(words.OTHER_TYPE.format(cell=own.grade_id, **kinds))
                pictures = cell.get("attachments")
                cell = new_cell(own.cell_type, cell.source, cell.id)
                if pictures and own.cell_type != "code":
                    cell.attachments = pictures
            cell.metadata = nbformat.from_dict({"nbgrader": own.metadata})
            if own.locked:
                if cell.source.strip() not in (own.released, own.source.strip()):
                    cells += _written_into(cell, own, notebook, remarks)
                cell.source = own.source
        cells.append(cell)
    notebook.cells = cells


def _written_into(
    cell: NotebookNode, own: CourseCell, notebook: NotebookNode, remarks: list[str]
) -> list[NotebookNode]:
    """Return what a student wrote into a locked cell, as a cell of their own; [] for nothing."""
    given = Counter(line.rstrip() for line in own.released.splitlines())
    added = []
    for line in cell.source.splitlines():
        given[line.rstrip()] -= 1
        if given[line.rstrip()] < 0:
            added.append(line)
    text = "\n".join(added)
    if own.cell_type == "code" and not _is_python(text):
        text = cell.source
    if not text.strip():
        remarks.append(words.LOCKED_RESET.format(cell=own.grade_id))
        return []
    remarks.append(words.LOCKED_RESET_WRITTEN.format(cell=own.grade_id))
    taken = {other.id for other in notebook.cells}
    return [new_cell(own.cell_type, text, unique_id(f"own-{own.grade_id}", taken, 0))]


def _restore_missing(notebook: NotebookNode, course: list[CourseCell], remarks: list[str]) -> None:
    """Put back what was deleted.

    A graded cell comes before the next cell of the course, all else after the one before. An answer
    comes back empty, as its stub would undo a function written elsewhere.
    """
    places = _places(notebook)
    for index, own in enumerate(course):
        if own.grade_id in places:
            continue
        before = [places[c.grade_id] for c in course[:index] if c.grade_id in places]
        after = [places[c.grade_id] for c in course[index + 1 :] if c.grade_id in places]
        place = max(before, default=-1) + 1
        if own.is_graded:
            place = max(place, min(after, default=len(notebook.cells)))
        empty = own.solution and own.cell_type == "code"
        taken = {cell.id for cell in notebook.cells}
        cell = new_cell(
            own.cell_type, "" if empty else own.source, unique_id(own.grade_id, taken, place)
        )
        cell.metadata = nbformat.from_dict({"nbgrader": own.metadata})
        notebook.cells.insert(place, cell)
        places = _places(notebook)
        missing = words.ANSWER_MISSING if own.solution else words.CELL_MISSING
        remarks.append(missing.format(cell=own.grade_id))


def _restore_order(notebook: NotebookNode, course: list[CourseCell], remarks: list[str]) -> None:
    """Move a graded cell down to behind every cell of the course that comes before it there."""
    places = _places(notebook)
    for index, own in enumerate(course):
        if not own.is_graded:
            continue
        last = max((places[earlier.grade_id] for earlier in course[:index]), default=-1)
        if places[own.grade_id] < last:
            cell = notebook.cells.pop(places[own.grade_id])
            notebook.cells.insert(last, cell)
            places = _places(notebook)
            remarks.append(words.MOVED_BACK.format(cell=own.grade_id))


def _places(notebook: NotebookNode) -> dict[str | None, int]:
    return {grade_id_of(cell): place for place, cell in enumerate(notebook.cells)}


def as_comment(remarks: Sequence[str]) -> str:
    """Return the remarks on a submission as one comment, or "" where there are none."""
    if not remarks:
        return ""
    shown, more = " ".join(remarks[:MAX_REMARKS]), len(remarks) - MAX_REMARKS
    if more > 0:
        return words.COMMENT_CUT.format(remarks=shown, more=more)
    return words.COMMENT.format(remarks=shown)
