"""What students answered in words, as it lies in `autograded/`."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from markupsafe import escape

from autograder.cell_fields import fields_of
from autograder.errors import UnreadableFile
from autograder.hooks.clean_html import as_html
from autograder.intake.files import MAX_OWN_BYTES
from autograder.intake.notebooks import parse, read_bytes


@dataclass(frozen=True)
class AnswerText:
    """What stands in a cell for an answer.

    source  as it was written, in Markdown
    digest  the same for texts that differ in nothing but the space between words
    """

    source: str
    digest: str


@dataclass
class Texts:
    """The answers in graded notebooks, each file read once as long as it stays as it is."""

    _read: dict[Path, tuple[tuple[int, int, int], dict[str, AnswerText]]] = field(
        default_factory=dict
    )

    def of(self, path: Path) -> dict[str, AnswerText]:
        """Return the answers in a notebook by grade id; none where there is no notebook to be
        read."""
        try:
            seen = os.stat(path)
            stamp = (seen.st_mtime_ns, seen.st_size, seen.st_ino)
            known = self._read.get(path)
            if known is None or known[0] != stamp:
                known = stamp, {name: _text(cell) for name, cell in _cells(path).items()}
                self._read[path] = known
        except (OSError, UnreadableFile):
            return {}
        return known[1]


def after(asks: str, source: str) -> str:
    """Return what stands in a cell after the question that it asks itself, where that is as it
    was."""
    return source.strip().removeprefix(asks).strip()


def answer_html(path: Path, name: str, asks: str) -> str:
    """Return the answer to the question `name` in a graded notebook, as HTML that is only looked
    at.

    asks  the question, where it stands in the answer's own cell, or ""
    """
    try:
        cell = _cells(path)[name]
    except (OSError, UnreadableFile, KeyError):
        return ""
    if cell["cell_type"] == "code":
        return f"<pre>{escape(source_of(cell))}</pre>"
    return as_html(after(asks, source_of(cell)), cell.get("attachments") or {})


def source_of(cell: dict) -> str:
    """Return the text of a cell, which a file may hold in lines."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _cells(path: Path) -> dict[str, dict]:
    # nbformat would look at each cell for its shape, which this package gave it.
    cells = parse(read_bytes(path, MAX_OWN_BYTES)).get("cells", [])
    return {
        fields["grade_id"]: cell
        for cell in cells
        if (fields := fields_of(cell)).get("solution") and fields.get("grade")
    }


def _text(cell: dict) -> AnswerText:
    source = source_of(cell)
    pictures = json.dumps(cell.get("attachments") or {}, sort_keys=True)
    said = " ".join(source.split()) + "\0" + pictures
    return AnswerText(source, hashlib.sha256(said.encode()).hexdigest()[:16])
