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
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from autograder.cell_fields import fields_of
from autograder.errors import Problem, UnreadableFile
from autograder.intake import words

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
    """Return the content of an ordinary file of at most `limit` bytes, no link; else
    UnreadableFile."""
    try:
        descriptor = os.open(path, FLAGS)
    except OSError as error:
        reasons = {
            errno.ENOENT: words.IS_MISSING,
            errno.ELOOP: words.IS_A_LINK,
            errno.EACCES: words.NO_PERMISSION,
            errno.ENXIO: words.NO_ORDINARY_FILE,
        }
        raise UnreadableFile(reasons.get(error.errno or 0, words.CANNOT_BE_READ)) from None
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        raise UnreadableFile(words.NO_ORDINARY_FILE)
    with open(descriptor, "rb") as file:
        if found.st_size > limit:
            raise UnreadableFile(words.TOO_LARGE, mib=limit // 2**20)
        try:
            return file.read(limit + 1)
        except OSError:
            raise UnreadableFile(words.CANNOT_BE_READ) from None


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
        remarks.insert(0, words.WINDOWS_1252)
    return notebook, remarks


def _is_unicode(content: bytes) -> bool:
    try:
        content.decode(json.detect_encoding(content))
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def parse(content: bytes) -> dict:
    """Return the JSON object in a notebook file, which Windows may have saved in its own encoding.

    Raises UnreadableFile.
    """
    try:
        text = content.decode(json.detect_encoding(content) if _is_unicode(content) else "cp1252")
    except UnicodeDecodeError:
        raise UnreadableFile(words.NOT_TEXT) from None
    if not _is_unicode(content) and not text.lstrip().startswith("{"):
        raise UnreadableFile(words.NOT_TEXT)
    text = text.removeprefix("\ufeff")
    if not text.strip("\0 \t\r\n"):
        raise UnreadableFile(words.EMPTY)
    if not _is_bounded(text):
        raise UnreadableFile(words.NESTED)
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise _no_json(text, error) from None
    except ValueError:
        raise UnreadableFile(words.NOT_JSON) from None
    if not isinstance(found, dict):
        raise UnreadableFile(words.NO_NOTEBOOK)
    return found


def read_object(path: Path) -> dict:
    """Return the JSON object in a notebook file of format 4; Problem where there is none."""
    if not path.exists():
        raise Problem(f"There is no file {path}.")
    try:
        found = parse(read_bytes(path.resolve()))
    except UnreadableFile as reason:
        raise Problem(reason.about(path)) from None
    if found.get("nbformat") != 4 or not isinstance(found.get("cells"), list):
        raise Problem(words.OTHER_FORMAT.format(name=path))
    return found


def _no_json(text: str, error: json.JSONDecodeError) -> UnreadableFile:
    """Return why a text is no JSON, with the line at which a student can mend it."""
    marks = [number for number, line in enumerate(text.splitlines(), 1) if CONFLICT.match(line)]
    if marks:
        return UnreadableFile(words.UNFINISHED_MERGE, line=marks[0])
    if not text.lstrip().startswith("{"):
        return UnreadableFile(words.NOT_JSON)
    return UnreadableFile(words.NOT_JSON_FROM, line=error.lineno)


def _is_bounded(text: str) -> bool:
    depth = 0
    for count, token in enumerate(TOKEN.finditer(text)):
        bracket = text[token.start()]
        depth += (bracket in "[{") - (bracket in "]}")
        if depth > MAX_DEPTH or count > MAX_TOKENS:
            return False
    return True


def rebuild_notebook(found: dict) -> tuple[NotebookNode, list[str]]:
    """Make a valid notebook of format 4 with the cells of `found`, and say what was put right.

    Raises UnreadableFile.
    """
    cells, remarks = _cells_of(found)
    whole = [cell for cell in cells if isinstance(cell, dict)]
    notebook = new_notebook(metadata={"language_info": {"name": "python"}})
    ids: set[str] = set()
    for place, cell in enumerate(whole):
        notebook.cells.append(_rebuild_cell(cell, unique_id(cell.get("id"), ids, place)))
    unknown = sum(cell.get("cell_type") not in KINDS for cell in whole)
    if broken := len(cells) - len(whole) + unknown:
        remarks.append(words.counted(broken, words.DAMAGED_CELL, words.DAMAGED_CELLS))
    # The course tags other cells only, by what they teach.
    graded = [
        cell
        for cell, new in zip(whole, notebook.cells, strict=True)
        if grade_id_of(new) is not None
    ]
    if tagged := sum(bool(_metadata(cell).get("tags")) for cell in graded):
        remarks.append(words.counted(tagged, words.TAGGED_CELL, words.TAGGED_CELLS))
    return notebook, remarks


def _cells_of(found: dict) -> tuple[list, list[str]]:
    """Return the cells of a notebook of format 4, or of format 3 converted, and what is to be said.

    The cells may be anything. Raises UnreadableFile.
    """
    version = found.get("nbformat")
    remarks = []
    if version == 3:
        try:
            found = nbformat.convert(nbformat.from_dict(found), 4)
        except Exception:
            raise UnreadableFile(words.OLD_FORMAT_BROKEN) from None
        # The old format knows no ids, and nbformat draws them anew each time.
        for cell in found["cells"]:
            cell.pop("id", None)
        remarks.append(words.OLD_FORMAT)
    elif version != 4 or isinstance(version, bool):
        raise UnreadableFile(words.OTHER_FORMAT)
    cells = found.get("cells")
    if not isinstance(cells, list):
        raise UnreadableFile(words.NO_CELLS)
    if len(cells) > MAX_CELLS:
        raise UnreadableFile(words.TOO_MANY_CELLS, most=MAX_CELLS)
    return cells, remarks


def _rebuild_cell(cell: dict, id: str) -> NotebookNode:
    """Make a valid cell with the type, the text, the grade id and the pictures of `cell`."""
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
    """Make an empty cell of nbformat 4, whose own functions validate each cell: what is written is
    validated as a whole."""
    fields: dict[str, Any] = {"cell_type": kind, "id": id, "metadata": NotebookNode()}
    fields["source"] = source
    if kind == "code":
        fields |= {"execution_count": None, "outputs": []}
    return NotebookNode(fields)


def _text(source: object) -> str:
    """Return a cell's text, which may be stored line by line, without what UTF-8 cannot write."""
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    if not isinstance(source, str):
        return ""
    return source.encode("utf-8", "replace").decode("utf-8")


def unique_id(claimed: object, taken: set[str], index: int) -> str:
    """Return a valid cell id that is not in `taken`, the claimed one if possible, and add it
    there."""
    chosen = claimed if isinstance(claimed, str) and CELL_ID.fullmatch(claimed) else f"cell-{index}"
    while chosen in taken:
        chosen = f"{chosen[:50]}-{index}"
        index += 1
    taken.add(chosen)
    return chosen


def _attachments(claimed: object) -> dict[str, dict[str, str]]:
    """Return the pictures in a text cell's attachments."""
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
    """Return the id that nbgrader knows a cell by, or None."""
    return fields_of(cell).get("grade_id")
