"""A file of a stranger, read with care: a notebook of format 4, built anew from the few fields
that grading needs. Size and depth are bounded before anything is parsed, and no link is followed.
"""

from __future__ import annotations

import errno
import json
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from autograder.errors import UnreadableFile

MAX_BYTES = 32 * 2**20
MAX_DEPTH = 64
MAX_TOKENS = 2_000_000
MAX_CELLS = 2_000

# No link is followed and no pipe waited for, where the system has such flags; Windows has others,
# and bytes as they are want one of them.
FLAGS = os.O_RDONLY
for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY", "O_NOINHERIT"):
    FLAGS |= getattr(os, flag, 0)

# A string, which may miss its end, or a bracket outside all strings.
TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
CONFLICT = re.compile(r"<{7} |={7}$|>{7} ")
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")

KINDS = ("code", "markdown", "raw")
PICTURES = tuple(
    f"image/{kind}" for kind in ("png", "jpeg", "jpg", "gif", "webp", "bmp", "x-ms-bmp")
)


def read_bytes(path: Path | str, limit: int = MAX_BYTES) -> bytes:
    """The content of an ordinary file of at most `limit` bytes, no link; else UnreadableFile."""
    try:
        descriptor = os.open(path, FLAGS)
    except OSError as error:
        reasons = {
            errno.ENOENT: "is missing",
            errno.ELOOP: "is a link to another file, which is not followed",
            errno.EACCES: "cannot be read: permission is denied",
            errno.ENXIO: "is no ordinary file",
        }
        raise UnreadableFile(reasons.get(error.errno, "cannot be read")) from None
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        raise UnreadableFile("is no ordinary file")
    with open(descriptor, "rb") as file:
        if found.st_size > limit:
            raise UnreadableFile(
                f"is larger than {limit // 2**20} MiB: clear its outputs, save it and hand it in "
                "again"
            )
        try:
            return file.read(limit + 1)
        except OSError:
            raise UnreadableFile("cannot be read") from None


def read_submission(
    path: Path | str, newer: Mapping[str, str] = {}
) -> tuple[NotebookNode, list[str]]:
    """Read a notebook, rebuilt in format 4, with what was put right; or raise UnreadableFile.

    newer  the text of cells that is newer than the file, by id
    """
    content = read_bytes(path)
    notebook, remarks = rebuild_notebook(parse(content))
    for cell in notebook.cells:
        if cell.id in newer:
            cell.source = _text(newer[cell.id])
    if not _is_unicode(content):
        remarks.insert(0, "The file was not saved as UTF-8; it was read as Windows-1252.")
    return notebook, remarks


def _is_unicode(content: bytes) -> bool:
    try:
        content.decode(json.detect_encoding(content))
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def parse(content: bytes) -> dict:
    """The JSON object in a notebook file, which Windows may have saved in its own encoding. Or
    UnreadableFile."""
    try:
        text = content.decode(json.detect_encoding(content) if _is_unicode(content) else "cp1252")
    except UnicodeDecodeError:
        raise UnreadableFile("cannot be read: it is not text") from None
    if not _is_unicode(content) and not text.lstrip().startswith("{"):
        raise UnreadableFile("cannot be read: it is not text")
    text = text.removeprefix("\ufeff")
    if not text.strip("\0 \t\r\n"):
        raise UnreadableFile("is empty: save the notebook in JupyterLab and try again")
    if not _is_bounded(text):
        raise UnreadableFile(
            "is no notebook that Jupyter writes: it is nested or split far too much"
        )
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise UnreadableFile(_where(text, error)) from None
    except ValueError:
        raise UnreadableFile("is not a notebook: its text is not JSON") from None
    if not isinstance(found, dict):
        raise UnreadableFile("is not a notebook that Jupyter knows")
    return found


def _where(text: str, error: json.JSONDecodeError) -> str:
    """Why a text is no JSON, with the line at which a student can mend it. It quotes nothing."""
    marks = [number for number, line in enumerate(text.splitlines(), 1) if CONFLICT.match(line)]
    if marks:
        return (
            f"is not a notebook: its text is not JSON, because line {marks[0]} holds a mark of a "
            "merge that was not finished (<<<<<<<, ======= or >>>>>>>): choose one version of the "
            "lines between the marks, and take the marks out"
        )
    if not text.lstrip().startswith("{"):
        return "is not a notebook: its text is not JSON"
    return f"is not a notebook: its text is not JSON from line {error.lineno} on"


def _is_bounded(text: str) -> bool:
    depth = 0
    for count, token in enumerate(TOKEN.finditer(text)):
        bracket = text[token.start()]
        depth += (bracket in "[{") - (bracket in "]}")
        if depth > MAX_DEPTH or count > MAX_TOKENS:
            return False
    return True


def rebuild_notebook(found: dict) -> tuple[NotebookNode, list[str]]:
    """A valid notebook of format 4 with the cells of `found`, and what was put right."""
    cells, remarks = _cells_of(found)
    whole = [cell for cell in cells if isinstance(cell, dict)]
    notebook = new_notebook(metadata={"language_info": {"name": "python"}})
    ids: set[str] = set()
    for place, cell in enumerate(whole):
        notebook.cells.append(_rebuild_cell(cell, unique_id(cell.get("id"), ids, place)))
    unknown = sum(cell.get("cell_type") not in KINDS for cell in whole)
    if broken := len(cells) - len(whole) + unknown:
        remarks.append(f"{broken} damaged cells were left out or kept as plain text.")
    # The course tags other cells only, by what they teach.
    graded = [
        cell
        for cell, new in zip(whole, notebook.cells, strict=True)
        if grade_id_of(new) is not None
    ]
    if tagged := sum(bool(_metadata(cell).get("tags")) for cell in graded):
        remarks.append(f"The tags of {tagged} graded cells were dropped; grading heeds none.")
    return notebook, remarks


def _cells_of(found: dict) -> tuple[list, list[str]]:
    """The cells of a notebook of format 4, or of format 3 converted, and what is to be said of it;
    they may be anything. Or UnreadableFile."""
    version = found.get("nbformat")
    remarks = []
    if version == 3:
        try:
            found = nbformat.convert(nbformat.from_dict(found), 4)
        except Exception:
            raise UnreadableFile(
                "is a notebook of the old format 3 that cannot be converted"
            ) from None
        # The old format knows no ids, and nbformat draws them anew each time.
        for cell in found["cells"]:
            cell.pop("id", None)
        remarks.append("The notebook was of the old format 3 and was converted.")
    elif version != 4 or isinstance(version, bool):
        raise UnreadableFile(
            "is not a notebook of format 4: open it in JupyterLab and save it again"
        )
    cells = found.get("cells")
    if not isinstance(cells, list):
        raise UnreadableFile("is not a notebook that Jupyter knows: it has no list of cells")
    if len(cells) > MAX_CELLS:
        raise UnreadableFile(f"has more than {MAX_CELLS} cells")
    return cells, remarks


def _rebuild_cell(cell: dict, id: str) -> NotebookNode:
    """A valid cell with the type, the text, the grade id and the pictures of `cell`."""
    kind = cell.get("cell_type")
    new = new_cell(kind if kind in KINDS else "raw", _text(cell.get("source")), id)
    fields = _metadata(cell).get("nbgrader")
    grade_id = fields.get("grade_id") if isinstance(fields, dict) else None
    if isinstance(grade_id, str) and grade_id:
        new.metadata["nbgrader"] = {"grade_id": grade_id}
    if new.cell_type != "code" and (attachments := _attachments(cell.get("attachments"))):
        new.attachments = attachments
    return new


def _metadata(cell: dict) -> dict:
    found = cell.get("metadata")
    return found if isinstance(found, dict) else {}


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


def unique_id(claimed, taken: set[str], index: int) -> str:
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
        if kind in PICTURES and isinstance(content, str) and content.isascii()
    }


def grade_id_of(cell: Mapping) -> str | None:
    """The id that nbgrader knows a cell by, or None."""
    return cell["metadata"].get("nbgrader", {}).get("grade_id")
