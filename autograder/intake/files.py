"""What lies in `submitted/`: which folders and files may be opened, and the notebook among them.

Links, pipes and huge files are never followed, waited for or copied; a notebook under another name
is found.
"""

from __future__ import annotations

import base64
import io
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from itertools import islice
from pathlib import Path
from urllib.parse import unquote

import nbformat
from nbformat import NotebookNode

from autograder.errors import UnreadableFile
from autograder.intake import words
from autograder.intake.notebooks import (
    MAX_BYTES,
    PICTURES,
    grade_id_of,
    parse,
    read_bytes,
    read_submission,
    rebuild_notebook,
)
from autograder.intake.repair import CourseCell, is_untouched

MAX_FILE_BYTES = 16 * 2**20
MAX_FOLDER_BYTES = 48 * 2**20
MAX_FILES = 500
MAX_OWN_BYTES = 2**30
MAX_CANDIDATES = 20
MAX_NAMED = 3
OF_NOTEBOOKS = (".ipynb", ".ipynb.txt", ".ipynb.json", ".zip")
# Of these nbgrader's pages make HTML and JavaScript without escaping them.
UNSAFE_NAME = re.compile(r"[<>\"`&\\\x00-\x1f\x7f]")
# What Python reads in the place of a byte that is not UTF-8.
NOT_UTF_8 = re.compile("[\ud800-\udfff]")
MAX_NAME = 128
BRACKETS = str.maketrans("[]", "()")
# A zone's name as the tables of time zones have it, America/Bogota, or short, CET; never a path.
ZONE = re.compile(r"[A-Za-z]+(?:/[A-Za-z_+-]+)*")
# A notebook's path, and what was read there with what was put right.
_Found = tuple[Path, tuple[NotebookNode, list[str]]]


def read_timestamp(folder: str) -> datetime | None:
    """Return the time in a submission's `timestamp.txt`, in UTC as nbgrader keeps it, or None."""
    try:
        return parse_time(read_bytes(os.path.join(folder, "timestamp.txt"), 1000).decode())
    except (UnreadableFile, ValueError):
        return None


def parse_time(text: str) -> datetime:
    """Return a date and time in UTC, as nbgrader keeps it; ValueError where the text is none.

    Without a zone it is UTC, as in nbgrader. A zone may be an offset or a name that is no one's
    but its own; of `IST`, say, nobody can tell what it means.
    """
    try:
        first, _, last = text.strip().rpartition(" ")
        if "/" in last:
            found = _parse_date(first).replace(tzinfo=_zone(last, None))
        else:
            found = _parse_date(text.strip())
        if found.tzinfo is not None:
            found = found.astimezone(UTC).replace(tzinfo=None)
        return found
    except Exception:  # Whatever the parsers of dates and time zones raise for a hostile text.
        raise ValueError("no date and time") from None


def _parse_date(text: str) -> datetime:
    """Return a date and time; ValueError where either is missing: the parser would take today's."""
    # Whoever checks one file has no such text, and needs not wait for this.
    from dateutil import parser as date_parser

    first, second = (
        date_parser.parse(text, tzinfos=_zone, default=datetime(year, month, day, hour=hour))
        for year, month, day, hour in ((2000, 1, 1, 1), (2004, 2, 2, 2))
    )
    if first != second:
        raise ValueError("a part of the date is missing")
    return first


def _zone(name: str | None, offset: int | None) -> tzinfo | None:
    """Return a time zone, None where the text has none; ValueError for one that is not known.

    offset  seconds east of Greenwich, where the text has that
    """
    from dateutil import tz

    if offset is not None:
        return timezone(timedelta(seconds=offset))
    if name is None:
        return None
    zone = tz.gettz(name) if ZONE.fullmatch(name) else None
    if zone is None:
        raise ValueError("no such time zone")
    return zone


def name_problem(student: str) -> str:
    """Say in one sentence why a folder's name cannot be a student's id; "" where it can."""
    if UNSAFE_NAME.search(student):
        sentence = words.NAME_WITH_SIGNS
    elif re.search(r"[\[\]]", student) or student != student.strip():
        sentence = words.NAME_WITH_BRACKETS
    elif NOT_UTF_8.search(student):
        sentence = words.NAME_NOT_UTF_8
    elif len(student) > MAX_NAME:
        sentence = words.NAME_TOO_LONG
    else:
        return ""
    allowed = UNSAFE_NAME.sub("", student.translate(BRACKETS)).strip()
    allowed = NOT_UTF_8.sub("", allowed)[:MAX_NAME].strip() or words.ANY_NAME
    return sentence.format(allowed=allowed, most=MAX_NAME)


def read_own(path: str | Path) -> NotebookNode:
    """Read a notebook that this package wrote to `autograded/`. Raises UnreadableFile."""
    try:
        return nbformat.reads(read_bytes(path, MAX_OWN_BYTES).decode(), as_version=4)
    except ValueError:
        raise UnreadableFile(words.CUT_OFF) from None


def read_handed_in(path: Path, course: Sequence[CourseCell]) -> tuple[NotebookNode, list[str]]:
    """Read the notebook at `path`, or the only one beside it that is meant, with what was put
    right.

    Meant is one that has graded cells of its assignment, and an answer. Raises UnreadableFile.

    course  the cells of the course's own notebook
    """
    if is_linked(path.parent):
        raise UnreadableFile(words.IN_A_LINK)
    if not os.path.lexists(path):
        return _read_renamed(path, course)
    notebook, remarks = read_submission(path)
    others = [found for found in _candidates(path.parent) if found != path]
    written = _of_this_course(others, course, untouched=False) if others else []
    if latest := _latest_attempt(path.stem, written):
        other, (notebook, remarks) = latest
        return notebook, [words.LATEST_ATTEMPT.format(name=other.name), *remarks]
    if not is_untouched(notebook, course):
        texts = _texts(notebook)
        names = [other.name for other, read in written if _texts(read[0]) != texts]
        if names:
            listed = ", ".join(names[:MAX_NAMED])
            said = words.GRADED_ALONE.format(name=path.name, others=listed)
            remarks = [said, *remarks]
        return notebook, remarks
    if len(written) == 1:
        other, (notebook, remarks) = written[0]
        said = words.OTHER_HOLDS_ANSWERS.format(name=path.name, other=other.name)
        return notebook, [said, *remarks]
    if written:
        raise UnreadableFile(words.SEVERAL_HOLD_ANSWERS, count=len(written))
    return notebook, remarks


def _latest_attempt(name: str, found: Sequence[_Found]) -> _Found | None:
    """Return the notebook with the highest number, of those that Canvas numbered at every new
    upload: `name-1.ipynb`, `name-2.ipynb`."""
    attempt = re.compile(rf"{re.escape(name)}-(\d{{1,4}})")
    numbered = [(int(at[1]), one) for one in found if (at := attempt.fullmatch(one[0].stem))]
    return max(numbered, key=lambda pair: pair[0], default=(0, None))[1]


def _texts(notebook: NotebookNode) -> tuple[str, ...]:
    return tuple(cell.source for cell in notebook.cells)


def _read_renamed(path: Path, course: Sequence[CourseCell]) -> tuple[NotebookNode, list[str]]:
    candidates = _candidates(path.parent)
    if not candidates:
        raise UnreadableFile(words.NO_OTHER_NOTEBOOK)
    if len(candidates) > MAX_CANDIDATES:
        raise UnreadableFile(words.TOO_MANY_OTHERS)
    meant = _of_this_course(candidates, course)
    if len(meant) > 1:
        written = [found for found in meant if not is_untouched(found[1][0], course)]
        texts = {_texts(found[1][0]) for found in written}
        # Of several drafts the one that was worked in is meant; copies are one.
        meant = (written[:1] if len(texts) == 1 else written) or meant[:1]
        if latest := _latest_attempt(path.stem, meant):
            meant = [latest]
    if len(meant) != 1:
        raise UnreadableFile(words.SEVERAL_ARE_MEANT if meant else words.NONE_IS_MEANT)
    candidate, (notebook, remarks) = meant[0]
    return notebook, [words.ANOTHER_NAME.format(name=path.name), *remarks]


def _candidates(folder: Path) -> list[Path]:
    """List what may be the notebook under another name, as browsers and people change names."""
    found = map(Path, files_under(folder))
    return [path for path in found if path.name.lower().endswith(OF_NOTEBOOKS)]


def _of_this_course(
    paths: Sequence[Path], course: Sequence[CourseCell], untouched: bool = True
) -> list[_Found]:
    """Choose the notebooks that hold graded cells of the course; with `untouched` False, an
    answer."""
    graded = {cell.grade_id for cell in course if cell.is_graded}
    found = []
    for path in paths[:MAX_CANDIDATES]:
        try:
            read = _read_zipped(path) if path.suffix.lower() == ".zip" else read_submission(path)
        except UnreadableFile:
            continue
        is_meant = any(grade_id_of(cell) in graded for cell in read[0].cells)
        if is_meant and (untouched or not is_untouched(read[0], course)):
            found.append((path, read))
    return found


def _read_zipped(path: Path) -> tuple[NotebookNode, list[str]]:
    """Read the only notebook in a zip. Raises UnreadableFile."""
    try:
        with zipfile.ZipFile(io.BytesIO(read_bytes(path))) as packed:
            inside = [
                item
                for item in packed.infolist()[:MAX_FILES]
                if item.filename.lower().endswith(".ipynb") and "__MACOSX" not in item.filename
            ]
            if len(inside) != 1 or inside[0].file_size > MAX_BYTES:
                raise UnreadableFile(words.NOT_ONE_IN_ZIP)
            with packed.open(inside[0]) as file:
                content = file.read(MAX_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, ValueError, EOFError):
        raise UnreadableFile(words.NO_ZIP) from None
    return rebuild_notebook(parse(content))


def to_hide(folder: str) -> tuple[list[str], list[str]]:
    """List what nbgrader must not copy from a submission, and say what is to be said about it.

    That is links, special, unreadable and huge files, what belongs to tools, and what would lie
    where its own pages go.
    """
    if is_linked(folder):
        return [folder], []
    remarks, hidden, sizes = [], [], []
    stamp = os.path.join(folder, "timestamp.txt")
    if os.path.lexists(stamp) and read_timestamp(folder) is None:
        remarks.append(words.NO_TIMESTAMP)
    page = os.path.join(folder, f"{os.path.basename(folder)}.html")
    if os.path.lexists(page):
        remarks.append(words.PAGE_LEFT_OUT.format(name=os.path.basename(page)))
    for count, path in enumerate(files_under(folder)):
        if count >= MAX_SEEN:
            remarks.append(words.ALL_LEFT_OUT)
            return [folder], remarks
        found = os.lstat(path)
        if path == page or path.startswith(page + os.sep):
            continue
        if (
            not stat.S_ISREG(found.st_mode)
            or found.st_size > MAX_FILE_BYTES
            or not os.access(path, os.R_OK)
            or ".ipynb/" in path  # A folder where a notebook will be written.
        ):
            hidden.append(path)
        elif not path.endswith(".ipynb"):
            sizes.append((found.st_size, path))
    total = 0
    for count, (size, path) in enumerate(sorted(sizes)):
        total += size
        if total > MAX_FOLDER_BYTES or count >= MAX_FILES:
            hidden.append(path)
    ours = [path for path in hidden if not path.endswith(".ipynb")]
    if ours:
        remarks.append(words.counted(len(ours), words.FILE_LEFT_OUT, words.FILES_LEFT_OUT))
    return [*hidden, *_of_tools(folder), *([page] if os.path.lexists(page) else [])], remarks


def _of_tools(folder: str) -> Iterator[str]:
    """Find the folders that belong to tools, at any depth."""
    for name, folders, _ in os.walk(folder):
        mine = [entry for entry in folders if _is_of_a_tool(os.path.join(name, entry))]
        yield from (os.path.join(name, entry) for entry in mine)
        folders[:] = [entry for entry in folders if entry not in mine]


def _is_of_a_tool(folder: str) -> bool:
    """Say whether a folder holds nothing a student wrote: hidden ones, environments, caches."""
    name = os.path.basename(folder)
    hidden = name.startswith(".") or name in ("__pycache__", "node_modules", "__MACOSX")
    return hidden or os.path.lexists(os.path.join(folder, "pyvenv.cfg"))


def is_linked(folder: str | Path) -> bool:
    """Say whether a submission's folder, or its student's, is a link to somewhere else."""
    return os.path.islink(folder) or os.path.islink(Path(folder).parent)


def files_under(
    folder: str | Path, onerror: Callable[[OSError], None] | None = None
) -> Iterator[str]:
    """List the paths of all that is no folder, at any depth.

    No link is followed, and no folder of a tool is entered. A folder that cannot be opened is left
    out; `onerror` hears of it.
    """
    for name, folders, files in os.walk(folder, onerror=onerror):
        for entry in files + [entry for entry in folders if os.path.islink(f"{name}/{entry}")]:
            yield os.path.join(name, entry)
        folders[:] = [entry for entry in folders if not _is_of_a_tool(os.path.join(name, entry))]


MAX_BESIDE = 200
# More than this is no folder of a notebook, but one that a notebook lies in by chance.
MAX_SEEN = 5_000


def files_beside(folder: str, limit: int) -> dict[str, bytes]:
    """Read what lies beside the notebook, such as a data file, at any depth, by relative path.

    limit  how many bytes all of it may have; small files come first
    """
    entries = []
    for path in islice(files_under(folder), MAX_SEEN) if folder else ():
        found = os.lstat(path)
        name = os.path.relpath(path, folder)
        # A room's files have names that can be written as text.
        if stat.S_ISREG(found.st_mode) and not name.endswith(".ipynb") and _is_text(name):
            entries.append((found.st_size, name))
    files = {}
    for size, name in sorted(entries)[:MAX_BESIDE]:
        if size <= limit and os.access(path := os.path.join(folder, name), os.R_OK):
            limit -= size
            with open(path, "rb") as file:
                files[name] = file.read(size)
    return files


def _is_text(name: str) -> bool:
    return NOT_UTF_8.search(name) is None


# A picture in Markdown or HTML that names a file.
NAMED_PICTURE = re.compile(
    r"""!\[[^\]]*\]\(\s*<?([^)\s>"']+)|<img\b[^>]*?\bsrc\s*=\s*["']?([^"'>\s]+)""", re.IGNORECASE
)
MAX_PICTURES = 20


def attach_pictures(notebook: NotebookNode, folder: str) -> None:
    """Give the text cells of a notebook, as attachments, the pictures beside it that they name: a
    page that shows the notebook has no folder."""
    left = MAX_PICTURES
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            continue
        for found in NAMED_PICTURE.finditer(cell.source):
            name = found[1] or found[2]
            kind = f"image/{name.rpartition('.')[2].lower()}".replace("jpg", "jpeg")
            path = os.path.normpath(os.path.join(folder, unquote(name)))
            if left == 0 or kind not in PICTURES or not path.startswith(folder + os.sep):
                continue
            try:
                content = base64.b64encode(read_bytes(path, MAX_FILE_BYTES)).decode()
            except (UnreadableFile, ValueError):
                continue
            left -= 1
            cell.setdefault("attachments", NotebookNode())[name] = NotebookNode({kind: content})
