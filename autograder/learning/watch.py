"""`autograder watch`: a file judged at every save, by a process that stays warm."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autograder.check_file import CheckedFile, Checker, keep
from autograder.errors import Problem
from autograder.sandbox import Isolation

LOOK_SECONDS = 0.1
# A save may be under way: what cannot be read is looked at once more.
SETTLE_SECONDS = 0.3


@dataclass(frozen=True)
class Round:
    """One judgement: the report, and the rows whose verdict or message is not what it was.

    unkept  why the verdicts are not kept beside the work, or ""
    """

    report: CheckedFile
    changed: list[dict]
    first: bool
    at: datetime
    seconds: float
    unkept: str


def rounds(path: Path, isolation: Isolation | None = None) -> Iterator[Round | str]:
    """Judge now and after each save; say a sentence where the file cannot be judged.

    Raises Problem where that is so at the beginning.
    """
    with Checker(isolation) as checker:
        before: dict[str, tuple] = {}
        first = True
        while True:
            seen = _state(path)
            try:
                yield (found := _round(checker, path, before, first))
            except Problem as problem:
                if first:
                    raise
                time.sleep(SETTLE_SECONDS)
                if _state(path) == seen:
                    yield str(problem)
            else:
                first = False
                before = {row["exercise"]: _said(row) for row in found.report.exercises}
            while _state(path) in (seen, None):
                time.sleep(LOOK_SECONDS)


def _round(checker: Checker, path: Path, before: dict[str, tuple], first: bool) -> Round:
    started = time.monotonic()
    report = checker.check(path)
    unkept = keep(path, report)
    changed = [row for row in report.exercises if _said(row) != before.get(row["exercise"])]
    seconds = time.monotonic() - started
    return Round(report, changed, first, datetime.now(), seconds, unkept)


def _said(row: dict) -> tuple:
    return row["verdict"], row["message"]


def _state(path: Path) -> tuple[int, int] | None:
    """Return what changes when the file is saved; None while there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
