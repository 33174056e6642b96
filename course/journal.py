"""What is kept beside the work: which verdicts were given, and which hints were read.

It is a file of lines, each a JSON object that stands alone and begins with its time. Two of them,
from two computers, are merged by putting one's lines behind the other's; the order does not matter,
and a line that is there twice counts once.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

VERDICT, HINT = "verdict", "hint"
# What stands in place of a verdict's kind for an answer in words, which a person reads.
WRITTEN = "written"


def append(place: Path, entries: list[dict[str, Any]]) -> str:
    """Add lines to the journal; why they could not be kept, or ""."""
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    text = "".join(json.dumps({"at": now, **entry}, ensure_ascii=False) + "\n" for entry in entries)
    if not text:
        return ""
    try:
        # In one piece, so that two notebooks that are open at once do not mix their lines.
        with place.open("a+b") as file:
            if _is_cut_off(file):
                text = f"\n{text}"
            file.write(text.encode())
    except OSError as problem:
        return problem.strerror or str(problem)
    return ""


def _is_cut_off(file: BinaryIO) -> bool:
    """Say whether the last line has no end, as a full disk leaves it: what follows begins its
    own."""
    if file.seek(0, os.SEEK_END) == 0:
        return False
    file.seek(-1, os.SEEK_END)
    return file.read() != b"\n"


def read(place: Path) -> list[dict[str, Any]]:
    """Read the lines of a journal, in the order of their times; what is none of ours is left
    out."""
    return sorted(_lines(place), key=lambda entry: entry["at"])


def _lines(place: Path) -> Iterator[dict[str, Any]]:
    try:
        text = place.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    for line in dict.fromkeys(text.splitlines()):
        try:
            entry = json.loads(line)
        except ValueError:
            # Half a line, after a power cut, or a mark that a merge has left.
            continue
        if isinstance(entry, dict) and all(
            isinstance(entry.get(key), str) for key in ("at", "what", "exercise")
        ):
            yield entry


def latest(entries: list[dict[str, Any]], what: str) -> dict[str, dict[str, Any]]:
    """Return the last entry of a kind for each exercise."""
    return {entry["exercise"]: entry for entry in entries if entry["what"] == what}
