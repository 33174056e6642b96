"""A handed-in notebook, read with care and brought back into the shape of the course's own.

Reading bounds size and depth before anything is parsed, follows no link, and builds every cell
anew from the few fields that grading needs. Repairing restores the course's cells: each once, at
its place, with its type, its nbgrader fields and, where it is locked, its text. What a student
wrote stays. Every repair that may matter to somebody is told in one sentence.
"""

from __future__ import annotations

import ast
import errno
import json
import os
import re
import stat
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from nbgrader.preprocessors import ClearSolutions

MAX_BYTES = 32 * 2**20
MAX_DEPTH = 64
MAX_TOKENS = 2_000_000
MAX_CELLS = 2_000
MAX_REMARKS = 20

# A string, which may miss its end, or a bracket outside all strings.
TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
REGIONS = re.compile(
    r"^[^\n]*BEGIN (HIDDEN TESTS|MARK SCHEME).*?END \1[^\n]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
KINDS = ("code", "markdown", "raw")


class Unreadable(Exception):
    """Why a file cannot be taken for a notebook: the end of a sentence that starts with its name.

    It quotes nothing of the file, which may be a link to somebody else's.
    """


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
    def is_test(self) -> bool:
        """Whether it is a locked cell that earns points."""
        return self.grade and not self.solution

    @property
    def released(self) -> str:
        """The text a student was given."""
        return REGIONS.sub("", self.source).strip()

    @property
    def metadata(self) -> dict:
        """The cell's nbgrader fields."""
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


def cells_of_source(source: NotebookNode) -> list[CourseCell]:
    """The course's cells in an instructor's notebook, without the solutions."""
    stubs, _ = ClearSolutions().preprocess(nbformat.from_dict(json.loads(json.dumps(source))), {})
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
        for cell in stubs.cells
        if (fields := cell.metadata.get("nbgrader")) and fields.get("grade_id")
    ]


def cells_of_gradebook(notebook, order: Sequence[str] = ()) -> list[CourseCell]:
    """The course's cells as the gradebook has them.

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


def read_bytes(path: Path | str, limit: int = MAX_BYTES) -> bytes:
    """What is in an ordinary file of at most `limit` bytes; no link is followed. Or Unreadable."""
    try:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        descriptor = os.open(path, flags)
    except OSError as error:
        reasons = {
            errno.ENOENT: "is missing",
            errno.ELOOP: "is a link to another file, which is not followed",
            errno.EACCES: "cannot be read: permission is denied",
            errno.ENXIO: "is no ordinary file",
        }
        raise Unreadable(reasons.get(error.errno, "cannot be read")) from None
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        raise Unreadable("is no ordinary file")
    with open(descriptor, "rb") as file:
        if found.st_size > limit:
            raise Unreadable(
                f"is larger than {limit // 2**20} MiB: clear its outputs, save it and hand it in "
                "again"
            )
        try:
            return file.read(limit + 1)
        except OSError:
            raise Unreadable("cannot be read") from None


def read_submission(path: Path | str) -> tuple[NotebookNode, list[str]]:
    """The notebook in a file, of format 4 and rebuilt, and what was put right. Or Unreadable."""
    return rebuild(parse(read_bytes(path)))


def parse(content: bytes) -> dict:
    """The JSON object in a notebook file. Or Unreadable."""
    try:
        text = content.decode(json.detect_encoding(content))
    except (UnicodeDecodeError, LookupError):
        raise Unreadable("cannot be read: it is not text") from None
    text = text.removeprefix("\ufeff")
    if not text.strip("\0 \t\r\n"):
        raise Unreadable("is empty: save the notebook in JupyterLab and try again")
    if not _is_bounded(text):
        raise Unreadable("is no notebook that Jupyter writes: it is nested or split far too much")
    try:
        found = json.loads(text)
    except ValueError:
        raise Unreadable("is not a notebook: its text is not JSON") from None
    if not isinstance(found, dict):
        raise Unreadable("is not a notebook that Jupyter knows")
    return found


def _is_bounded(text: str) -> bool:
    depth = 0
    for count, token in enumerate(TOKEN.finditer(text)):
        bracket = text[token.start()]
        depth += (bracket in "[{") - (bracket in "]}")
        if depth > MAX_DEPTH or count > MAX_TOKENS:
            return False
    return True


def rebuild(found: dict) -> tuple[NotebookNode, list[str]]:
    """A valid notebook of format 4 with the cells of `found`, and what was put right."""
    version = found.get("nbformat")
    remarks = []
    if version == 3:
        try:
            found = nbformat.convert(nbformat.from_dict(found), 4)
        except Exception:
            raise Unreadable("is a notebook of the old format 3 that cannot be converted") from None
        remarks.append("The notebook was of the old format 3 and was converted.")
    elif version != 4 or isinstance(version, bool):
        raise Unreadable("is not a notebook of format 4: open it in JupyterLab and save it again")
    cells = found.get("cells")
    if not isinstance(cells, list):
        raise Unreadable("is not a notebook that Jupyter knows: it has no list of cells")
    if len(cells) > MAX_CELLS:
        raise Unreadable(f"has more than {MAX_CELLS} cells")
    notebook = new_notebook(metadata={"language_info": {"name": "python"}})
    ids: set[str] = set()
    tagged = broken = 0
    for cell in cells:
        if not isinstance(cell, dict):
            broken += 1
            continue
        kind = cell.get("cell_type")
        if kind not in KINDS:
            kind, broken = "raw", broken + 1
        # The old format knows no ids, and nbformat would draw them anew each time.
        claimed = cell.get("id") if version == 4 else None
        place = _unique(claimed, ids, len(notebook.cells))
        new = new_cell(kind, _text(cell.get("source")), place)
        metadata = cell.get("metadata")
        metadata = metadata if isinstance(metadata, dict) else {}
        tagged += bool(metadata.get("tags"))
        fields = metadata.get("nbgrader")
        grade_id = fields.get("grade_id") if isinstance(fields, dict) else None
        if isinstance(grade_id, str) and grade_id:
            new.metadata["nbgrader"] = {"grade_id": grade_id}
        if kind != "code":
            attachments = _attachments(cell.get("attachments"))
            if attachments:
                new.attachments = attachments
        notebook.cells.append(new)
    if broken:
        remarks.append(f"{broken} damaged cells were left out or kept as plain text.")
    if tagged:
        remarks.append(f"The tags of {tagged} cells were dropped; grading heeds none.")
    return notebook, remarks


def new_cell(kind: str, source: str, id: str) -> NotebookNode:
    """An empty cell of nbformat 4; nbformat's own functions validate each cell on its own, and what
    is written is validated as a whole."""
    fields = {"cell_type": kind, "id": id, "metadata": NotebookNode(), "source": source}
    if kind == "code":
        fields |= {"execution_count": None, "outputs": []}
    return NotebookNode(fields)


def _text(source) -> str:
    """A cell's text, which may be stored line by line, without what cannot be written as UTF-8."""
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    if not isinstance(source, str):
        return ""
    return source.encode("utf-8", "replace").decode("utf-8")


def _unique(claimed, taken: set[str], index: int) -> str:
    """A valid cell id that is not in `taken`, the claimed one if possible; it is added there."""
    chosen = claimed if isinstance(claimed, str) and CELL_ID.fullmatch(claimed) else f"cell-{index}"
    while chosen in taken:
        chosen = f"{chosen[:50]}-{index}"
        index += 1
    taken.add(chosen)
    return chosen


def _attachments(claimed) -> dict:
    """The pictures in a text cell's attachments."""
    if not isinstance(claimed, dict):
        return {}
    return {
        _text(name): {kind: content}
        for name, bundle in claimed.items()
        if isinstance(bundle, dict)
        for kind, content in bundle.items()
        if kind in ("image/png", "image/jpeg") and isinstance(content, str) and content.isascii()
    }


def repair(notebook: NotebookNode, course: Iterable[CourseCell]) -> list[str]:
    """Give a rebuilt notebook the course's cells again; what was put right, in sentences."""
    course = list(course)
    known = {cell.grade_id: cell for cell in course}
    remarks: list[str] = []
    unknown = 0
    for cell in notebook.cells:
        if grade_id_of(cell) not in known:
            unknown += cell.metadata.pop("nbgrader", None) is not None
    if unknown:
        remarks.append(f"{unknown} cells claimed to be graded cells that the course does not have.")
    times = Counter(map(grade_id_of, notebook.cells))
    for own in course:
        if times[own.grade_id] > 1:
            _merge_copies(notebook, own, remarks)
    _restore_fields(notebook, known, remarks)
    _restore_missing(notebook, course, remarks)
    _restore_order(notebook, course, remarks)
    return remarks


def grade_id_of(cell: Mapping) -> str | None:
    """The id that nbgrader knows a cell by, or None."""
    return cell["metadata"].get("nbgrader", {}).get("grade_id")


def _merge_copies(notebook: NotebookNode, own: CourseCell, remarks: list[str]) -> None:
    """Leave one of several cells with the id of `own`; the student's changed copy wins."""
    copies = [cell for cell in notebook.cells if grade_id_of(cell) == own.grade_id]
    changed = [cell for cell in copies if cell.source.strip() != own.released]
    unchanged = [cell for cell in copies if cell.source.strip() == own.released]
    name = f"`{own.grade_id}`"
    if own.solution or own.task:
        # An unchanged copy further down would take the student's function back.
        kept = changed[-1] if changed else copies[0]
        dropped = [cell for cell in unchanged if cell is not kept]
        if _belong_together(changed, own):
            dropped += changed[:-1]
            kept.source = "\n".join(cell.source for cell in changed)
            remarks.append(f"The answer {name} was split into {len(changed)} cells: joined again.")
        elif len(changed) > 1:
            remarks.append(
                f"The answer {name} was there {len(changed)} times: all were run, the last counts."
            )
        else:
            remarks.append(f"The answer {name} was there {len(copies)} times: one copy was kept.")
    else:
        # What a student wrote into a copy of a locked cell stays as a cell of the student's own.
        kept = (unchanged or changed)[-1]
        dropped = [cell for cell in unchanged if cell is not kept]
        remarks.append(f"The locked cell {name} was there {len(copies)} times: one was kept.")
    for cell in copies:
        if cell is not kept:
            del cell.metadata["nbgrader"]
    notebook.cells = [cell for cell in notebook.cells if not any(cell is d for d in dropped)]


def _belong_together(parts: list[NotebookNode], own: CourseCell) -> bool:
    """Whether changed copies of an answer are pieces of one: text, or code cut in the middle."""
    if len(parts) < 2 or own.cell_type != "code":
        return len(parts) > 1
    whole = "\n".join(part.source for part in parts)
    return _is_python(whole) and not all(_is_python(part.source) for part in parts)


def _is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _restore_fields(notebook: NotebookNode, known: dict, remarks: list[str]) -> None:
    for index, cell in enumerate(notebook.cells):
        own = known.get(grade_id_of(cell))
        if own is None:
            continue
        if cell.cell_type != own.cell_type:
            remarks.append(
                f"The cell `{own.grade_id}` had been made a {cell.cell_type} cell; it is a "
                f"{own.cell_type} cell again."
            )
            cell = new_cell(own.cell_type, cell.source, cell.id)
            notebook.cells[index] = cell
        cell.metadata = nbformat.from_dict({"nbgrader": own.metadata})
        if own.locked:
            if cell.source.strip() not in (own.released, own.source.strip()):
                remarks.append(f"The locked cell `{own.grade_id}` had been changed; it was reset.")
            cell.source = own.source


def _restore_missing(notebook: NotebookNode, course: list[CourseCell], remarks: list[str]) -> None:
    """Put back what was deleted: a test before the next cell of the course, all else after the
    one before. An answer comes back empty, as its stub would undo a function written elsewhere."""
    places = _places(notebook)
    for index, own in enumerate(course):
        if own.grade_id in places:
            continue
        before = [places[c.grade_id] for c in course[:index] if c.grade_id in places]
        after = [places[c.grade_id] for c in course[index + 1 :] if c.grade_id in places]
        place = max(before, default=-1) + 1
        if own.is_test:
            place = max(place, min(after, default=len(notebook.cells)))
        empty = own.solution and own.cell_type == "code"
        taken = {cell.id for cell in notebook.cells}
        cell = new_cell(
            own.cell_type, "" if empty else own.source, _unique(own.grade_id, taken, place)
        )
        cell.metadata = nbformat.from_dict({"nbgrader": own.metadata})
        notebook.cells.insert(place, cell)
        places = _places(notebook)
        state = " without an answer" if own.solution else ""
        remarks.append(f"The cell `{own.grade_id}` was missing; it was added back{state}.")


def _restore_order(notebook: NotebookNode, course: list[CourseCell], remarks: list[str]) -> None:
    """Move a test down to behind every cell of the course that comes before it there."""
    places = _places(notebook)
    for index, own in enumerate(course):
        if not own.is_test:
            continue
        last = max((places[earlier.grade_id] for earlier in course[:index]), default=-1)
        if places[own.grade_id] < last:
            cell = notebook.cells.pop(places[own.grade_id])
            notebook.cells.insert(last, cell)
            places = _places(notebook)
            remarks.append(f"The locked cell `{own.grade_id}` was back behind its answer.")


def _places(notebook: NotebookNode) -> dict[str | None, int]:
    return {grade_id_of(cell): place for place, cell in enumerate(notebook.cells)}


def as_comment(remarks: Sequence[str]) -> str:
    """The remarks on a submission as one comment, or "" where there are none."""
    if not remarks:
        return ""
    shown = list(remarks[:MAX_REMARKS])
    if len(remarks) > MAX_REMARKS:
        shown.append(f"... and {len(remarks) - MAX_REMARKS} more.")
    return "Before grading: " + " ".join(shown)
