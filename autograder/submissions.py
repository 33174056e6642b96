"""What lies in `submitted/`, made safe for nbgrader before it looks inside.

nbgrader copies what it finds beside a notebook, follows links, waits for pipes, and skips a student
whose notebook has another name. `c.Autograde.exporter_class` names the one part of its Autograde
that is ours to choose and that is made before the first submission is opened: `SubmissionExporter`
looks through the folders first, and reads every notebook in nbgrader's place. What cannot be read
becomes the course's own empty notebook with the reason, so that its student gets a zero, a comment
and a feedback page, and nobody else notices.
"""

from __future__ import annotations

import glob
import os
import re
import stat
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import nbformat
from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import parse_utc

from autograder.repair import Unreadable, grade_id_of, parse, read_bytes, read_submission

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


class CheckedDirectory(CourseDirectory):
    """nbgrader's view of the course folder; a time stamp is read with care, as any file is."""

    def get_existing_timestamp(self, dest_path: str) -> datetime | None:
        """When a submission was handed in; None where there is no time to be read."""
        return read_timestamp(dest_path)


def read_timestamp(folder: str) -> datetime | None:
    """The time in a submission's `timestamp.txt`, or None."""
    try:
        text = read_bytes(os.path.join(folder, "timestamp.txt"), 1000).decode().strip()
        return parse_utc(text) if text else None
    except Exception:  # Whatever the parsers of dates and time zones raise for a hostile text.
        return None


class SubmissionExporter(NotebookExporter):
    """Reads submissions for nbgrader's Autograde, and writes what it makes of them."""

    def __init__(self, config=None, parent=None, **kwargs):
        super().__init__(config=config, parent=parent, **kwargs)
        self.remarks: dict[str, list[str]] = {}
        if parent is not None and hasattr(parent, "assignments"):
            self._look_through(parent)

    def _look_through(self, autograde) -> None:
        """Replace what Autograde found by what is really there, and hide what must not be copied.

        autograde  nbgrader's converter, which has listed folders and notebooks by their names
        """
        old = autograde.coursedir
        names = set(old.trait_names()) - {"config", "parent", "log"}
        checked = CheckedDirectory(
            config=old.config, log=old.log, **{name: getattr(old, name) for name in names}
        )
        place = (checked.submitted_directory, checked.student_id, checked.assignment_id)
        folders = {*autograde.assignments, *glob.glob(checked.format_path(*place))}
        hidden: list[str] = []
        assignments = {}
        for folder in sorted(folders):
            if not os.path.isdir(folder):
                continue
            student = Path(folder).parent.name
            if problem := name_problem(student):
                self.log.error("%r: %s", student, problem)
                continue
            found, self.remarks[folder] = to_hide(folder)
            hidden += found
            assignments[folder] = [
                os.path.join(folder, f"{name}.ipynb")
                for name in self._notebooks(checked)
                if checked.notebook_id in ("*", name)
            ] or autograde.assignments.get(folder, [])
        checked.ignore = [*checked.ignore, *map(glob.escape, hidden)]
        autograde.coursedir = checked
        autograde.assignments = assignments

    def _notebooks(self, directory: CourseDirectory) -> list[str]:
        """The names that the gradebook knows the assignment's notebooks by."""
        with Gradebook(directory.db_url, directory.course_id) as gradebook:
            try:
                assignment = gradebook.find_assignment(directory.assignment_id)
            except MissingEntry:
                return []
            return [notebook.name for notebook in assignment.notebooks]

    def from_filename(self, filename: str, resources=None, **kw):
        """Read a submission in the place of Exporter.from_filename, which follows everything."""
        resources = ResourcesDict() if resources is None else resources
        folder, name = os.path.split(filename)
        resources["metadata"] = ResourcesDict(name=os.path.splitext(name)[0], path=folder)
        # Autograde reads twice: what was handed in, and then what it made of that.
        if not self.parent._sanitizing:
            notebook, _ = read_own(filename)
            return self.from_notebook_node(notebook, resources=resources, **kw)
        remarks = list(self.remarks.get(folder, []))
        refused = ""
        try:
            notebook, found = read_handed_in(Path(filename), self._tests(resources["nbgrader"]))
            remarks += found
        except Unreadable as reason:
            notebook, refused = new_notebook(), f"{name} {reason}."
        resources["autograder"] = {
            "remarks": remarks,
            "refused": refused,
            "order": order_of_source(self._source(resources["nbgrader"])),
        }
        return self.from_notebook_node(notebook, resources=resources, **kw)

    def _tests(self, names: dict) -> set[str]:
        """The ids of the notebook's graded cells."""
        with Gradebook(names["db_url"]) as gradebook:
            notebook = gradebook.find_notebook(names["notebook"], names["assignment"])
            return {cell.name for cell in notebook.grade_cells}

    def _source(self, names: dict) -> str:
        directory = self.parent.coursedir
        folder = directory.format_path(directory.source_directory, ".", names["assignment"])
        return os.path.join(folder, f"{names['notebook']}.ipynb")


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
    except (Unreadable, KeyError):
        return []
    fields = [cell.get("metadata", {}).get("nbgrader", {}) for cell in cells]
    return [entry["grade_id"] for entry in fields if entry.get("grade_id")]


def read_own(path: str | Path) -> tuple[NotebookNode, dict]:
    """A notebook that this package wrote to `autograded/`, with what it noted there."""
    try:
        notebook = nbformat.reads(read_bytes(path, MAX_OWN_BYTES).decode(), as_version=4)
    except ValueError:
        raise Unreadable("was not written to its end") from None
    return notebook, dict(notebook.metadata.get("autograder", {}))


def read_handed_in(path: Path, tests: set[str]) -> tuple[NotebookNode, list[str]]:
    """The notebook at `path`, or the only one beside it that has cells of its tests; with what was
    put right. Or Unreadable."""
    if is_linked(path.parent):
        raise Unreadable("lies in a folder that is a link, which is not followed")
    if os.path.lexists(path):
        return read_submission(path)
    candidates = [
        found
        for found in map(Path, files_under(path.parent))
        if found.suffix.lower() == ".ipynb" and ".ipynb_checkpoints" not in found.parts
    ]
    if not candidates:
        raise Unreadable("is missing, and there is no other notebook")
    if len(candidates) > MAX_CANDIDATES:
        raise Unreadable("is missing, and there are too many other notebooks")
    meant = []
    for candidate in candidates:
        try:
            found = read_submission(candidate)
        except Unreadable:
            continue
        if any(grade_id_of(cell) in tests for cell in found[0].cells):
            meant.append((candidate, found))
    if len(meant) != 1:
        count = "none" if not meant else "more than one"
        raise Unreadable(f"is missing, and of the other notebooks {count} is of this assignment")
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
