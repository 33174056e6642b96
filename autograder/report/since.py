"""What changed since the report was last made, from a small file that it leaves beside itself."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autograder.report.collect import GradedAssignment, GradedSubmission
from autograder.report.figures import MistakeFigures, mistakes

NAME = "last-time.json"
FORMAT = 1


@dataclass(frozen=True)
class GrownMistake:
    """A mistake that more have made than before."""

    figures: MistakeFigures
    before: int


@dataclass(frozen=True)
class GoneMistake:
    """A mistake that nobody makes any more."""

    exercise: str
    mistake: str
    before: int


@dataclass(frozen=True)
class Changes:
    """What changed since a time.

    first   assignment and student of hand-ins that were not there
    again   assignment and student of hand-ins that are others by now
    marked  how many written answers were marked that waited before
    grown   mistakes that more have made, the most frequent first
    gone    mistakes that nobody makes any more
    """

    since: str
    first: tuple[tuple[str, str], ...]
    again: tuple[tuple[str, str], ...]
    marked: int
    grown: tuple[GrownMistake, ...]
    gone: tuple[GoneMistake, ...]

    def __bool__(self) -> bool:
        return any((self.first, self.again, self.marked, self.grown, self.gone))


def read_last_time(folder: Path) -> dict:
    """Return what the last report in a folder left; nothing where there was none that can be
    read."""
    try:
        found = json.loads((folder / NAME).read_text(encoding="utf-8"))
        return found if found["format"] == FORMAT and isinstance(found["assignments"], dict) else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def write_last_time(
    folder: Path, last: dict, assignments: Iterable[GradedAssignment], made: datetime
) -> None:
    """Leave for the next report what is there now; of assignments that are not in this one, what
    the last left."""
    kept = dict(last.get("assignments", {}))
    for assignment in assignments:
        kept[assignment.name] = {"made": made.isoformat(timespec="seconds"), **_state(assignment)}
    # A report that is ended meanwhile leaves the old file or the new one.
    written = folder / f".{NAME}"
    text = json.dumps({"format": FORMAT, "assignments": kept}, ensure_ascii=False)
    written.write_text(text, encoding="utf-8")
    os.replace(written, folder / NAME)


def changes(last: dict, assignments: Iterable[GradedAssignment]) -> Changes | None:
    """Return what changed in assignments since the last report on them; None for the first."""
    first, again, marked, grown, gone, times = [], [], 0, [], [], []
    for assignment in assignments:
        try:
            before = last["assignments"][assignment.name]
            hand_ins, waited, made = before["hand_ins"], before["waiting"], before["mistakes"]
            times.append(datetime.fromisoformat(before["made"]).strftime("%Y-%m-%d %H:%M UTC"))
            now = _state(assignment)
            for student, version in now["hand_ins"].items():
                if student not in hand_ins:
                    first.append((assignment.name, student))
                elif version and hand_ins[student] not in ("", version):
                    again.append((assignment.name, student))
            for student, submission in assignment.graded.items():
                given = {name for name, points in submission.written.items() if points is not None}
                marked += len(given.intersection(waited.get(student, ())))
            figures = {f"{one.exercise} {one.mistake}": one for one in mistakes([assignment])}
            grown += [
                GrownMistake(one, int(made.get(key, 0)))
                for key, one in figures.items()
                if one.count > int(made.get(key, 0))
            ]
            gone += [
                GoneMistake(key.partition(" ")[0], key.partition(" ")[2], int(count))
                for key, count in made.items()
                if key not in figures
            ]
        except (KeyError, TypeError, ValueError, AttributeError):
            continue
    if not times:
        return None
    grown.sort(key=lambda one: (one.before - one.figures.count, one.figures.exercise))
    return Changes(min(times), tuple(first), tuple(again), marked, tuple(grown), tuple(gone))


def _state(assignment: GradedAssignment) -> dict:
    """Return what the next report has to know of an assignment."""
    return {
        "hand_ins": {
            **dict.fromkeys(assignment.unfinished, ""),
            **{student: _version(one) for student, one in assignment.submissions.items()},
        },
        "waiting": {
            student: [name for name, points in one.written.items() if points is None]
            for student, one in assignment.graded.items()
            if None in one.written.values()
        },
        "mistakes": {f"{one.exercise} {one.mistake}": one.count for one in mistakes([assignment])},
    }


def _version(submission: GradedSubmission) -> str:
    """Return what tells one hand-in from a later one, though neither may say when it came."""
    said = json.dumps([submission.handed_in, submission.answers], sort_keys=True)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]
