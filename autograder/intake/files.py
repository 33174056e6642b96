"""What lies in `submitted/`: which folders and files may be opened, and the notebook among them.

Links, pipes and huge files are never followed, waited for or copied; a notebook under another name
is found.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import parse_utc

from autograder.errors import UnreadableFile
from autograder.intake.notebooks import grade_id_of, parse, read_bytes, read_submission

MAX_FILE_BYTES = 16 * 2**20
MAX_FOLDER_BYTES = 48 * 2**20
MAX_FILES = 500
MAX_OWN_BYTES = 2**30
MAX_CANDIDATES = 20
# Of these nbgrader's pages make HTML and JavaScript without escaping them.
UNSAFE_NAME = re.compile(r"[<>\"'`&\\\x00-\x1f\x7f]")
# What Python reads in the place of a byte that is not UTF-8.
NOT_UTF_8 = re.compile("[\ud800-\udfff]")
MAX_NAME = 128


def read_timestamp(folder: str) -> datetime | None:
    """The time in a submission's `timestamp.txt`, or None."""
    try:
        text = read_bytes(os.path.join(folder, "timestamp.txt"), 1000).decode().strip()
        return parse_utc(text) if text else None
    except Exception:  # Whatever the parsers of dates and time zones raise for a hostile text.
        return None


def name_problem(student: str) -> str:
    """Why a folder's name cannot be a student's id, in one sentence; "" where it can."""
    if UNSAFE_NAME.search(student):
        reason = "it holds quotes, <, >, & or \\"
    elif NOT_UTF_8.search(student):
        reason = "it is not UTF-8"
    elif len(student) > MAX_NAME:
        reason = f"it is longer than {MAX_NAME} characters"
    else:
        return ""
    return f"The folder's name is no student id: {reason}. Rename the folder."


def order_of_source(path: str) -> list[str]:
    """The grade ids of a source notebook in order; [] where it is not there."""
    try:
        cells = parse(read_bytes(path))["cells"]
    except (UnreadableFile, KeyError):
        return []
    fields = [cell.get("metadata", {}).get("nbgrader", {}) for cell in cells]
    return [entry["grade_id"] for entry in fields if entry.get("grade_id")]


def read_own(path: str | Path) -> tuple[NotebookNode, dict]:
    """A notebook that this package wrote to `autograded/`, with what it noted there."""
    try:
        notebook = nbformat.reads(read_bytes(path, MAX_OWN_BYTES).decode(), as_version=4)
    except ValueError:
        raise UnreadableFile("was not written to its end") from None
    return notebook, dict(notebook.metadata.get("autograder", {}))


def read_handed_in(path: Path, tests: set[str]) -> tuple[NotebookNode, list[str]]:
    """The notebook at `path`, or the only one beside it that has cells of its tests; with what was
    put right. Or UnreadableFile."""
    if is_linked(path.parent):
        raise UnreadableFile("lies in a folder that is a link, which is not followed")
    if os.path.lexists(path):
        return read_submission(path)
    candidates = [
        found
        for found in map(Path, files_under(path.parent))
        if found.suffix.lower() == ".ipynb" and ".ipynb_checkpoints" not in found.parts
    ]
    if not candidates:
        raise UnreadableFile("is missing, and there is no other notebook")
    if len(candidates) > MAX_CANDIDATES:
        raise UnreadableFile("is missing, and there are too many other notebooks")
    meant = []
    for candidate in candidates:
        try:
            found = read_submission(candidate)
        except UnreadableFile:
            continue
        if any(grade_id_of(cell) in tests for cell in found[0].cells):
            meant.append((candidate, found))
    if len(meant) != 1:
        count = "none" if not meant else "more than one"
        raise UnreadableFile(
            f"is missing, and of the other notebooks {count} is of this assignment"
        )
    candidate, (notebook, remarks) = meant[0]
    return notebook, [
        f"The notebook had another name than {path.name}; it was accepted.",
        *remarks,
    ]


def to_hide(folder: str) -> tuple[list[str], list[str]]:
    """What nbgrader must not copy from a submission: links, special, unreadable, huge files. And
    what is to be said about it."""
    if is_linked(folder):
        return [folder], []
    remarks, hidden, total = [], [], 0
    stamp = os.path.join(folder, "timestamp.txt")
    if os.path.lexists(stamp) and read_timestamp(folder) is None:
        remarks.append("The file timestamp.txt is no time and was ignored.")
    for count, path in enumerate(files_under(folder)):
        found = os.lstat(path)
        total += found.st_size if stat.S_ISREG(found.st_mode) else 0
        if total > MAX_FOLDER_BYTES or count >= MAX_FILES:
            remarks.append("There are too many or too large files beside the notebook.")
            return [folder], remarks
        if (
            not stat.S_ISREG(found.st_mode)
            or found.st_size > MAX_FILE_BYTES
            or not os.access(path, os.R_OK)
            or ".ipynb/" in path  # A folder where a notebook will be written.
        ):
            hidden.append(path)
    ours = [path for path in hidden if not path.endswith(".ipynb")]
    if ours:
        remarks.append(
            f"{len(ours)} files beside the notebook were left out: links, special files, "
            "files that cannot be read or are too large."
        )
    return hidden, remarks


def is_linked(folder: str | Path) -> bool:
    """Whether a submission's folder, or its student's, is a link to somewhere else."""
    return os.path.islink(folder) or os.path.islink(Path(folder).parent)


def files_under(
    folder: str | Path, onerror: Callable[[OSError], None] | None = None
) -> Iterator[str]:
    """The paths of all that is no folder, at any depth; no link is followed. A folder that cannot
    be opened is left out; `onerror` hears of it."""
    for name, folders, files in os.walk(folder, onerror=onerror):
        for entry in files + [entry for entry in folders if os.path.islink(f"{name}/{entry}")]:
            yield os.path.join(name, entry)


MAX_BESIDE = 200


def files_beside(folder: str, limit: int) -> dict[str, bytes]:
    """What lies beside the notebook in the autograded folder, such as a data file, up to `limit`
    bytes of it, small files first."""
    entries = [
        (entry.stat(follow_symlinks=False).st_size, entry)
        for entry in (os.scandir(folder) if folder else ())
        if entry.is_file(follow_symlinks=False) and not entry.name.endswith(".ipynb")
    ]
    files = {}
    for size, entry in sorted(entries, key=lambda found: (found[0], found[1].name))[:MAX_BESIDE]:
        if size <= limit:
            limit -= size
            with open(entry.path, "rb") as file:
                files[entry.name] = file.read()
    return files
