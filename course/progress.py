"""`progress()`: all notebooks, exercise by verdict, with points, minutes left, and what is next."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from course import journal, words
from course.kinds import VerdictKind
from course.session import (
    NotebookCard,
    judge_is_here,
    name_of_open_notebook,
    notebooks,
    open_notebook,
    place_of_progress,
)


def progress() -> None:
    """Print how far you are in every notebook, by the verdicts that were given so far."""
    here = open_notebook()
    place = place_of_progress(here.file if here else None)
    if not judge_is_here() and not journal.latest(journal.read(place), journal.VERDICT):
        print(words.NO_VERDICTS)
        return
    print("\n".join(told(place, name_of_open_notebook())))


def told(place: Path, at: str | None = None) -> list[str]:
    """Return the lines that tell of the progress which is kept in `place`.

    at  the notebook that is open, where the next exercise is looked for first
    """
    entries = journal.read(place)
    verdicts = journal.latest(entries, journal.VERDICT)
    lines, total, total_most = [], 0.0, 0.0
    width = max(len(notebook.title) for notebook in notebooks().values())
    for notebook in notebooks().values():
        points, most, minutes = _counted(notebook, verdicts)
        total, total_most = total + points, total_most + most
        marks = "".join(_mark(verdicts.get(id)) for id in _ids(notebook))
        lines.append(
            _sentence(minutes).format(
                title=notebook.title.ljust(width),
                marks=marks,
                points=f"{points:g}",
                most=f"{most:g}",
                minutes=minutes,
                hours=f"{round(minutes / 30) / 2:g}",
            )
        )
        if minutes and points:
            open_ones = [
                words.JUDGED_OPEN.format(name=name, verdict=words.title(verdicts[id]["verdict"]))
                if id in verdicts
                else name
                for id, name in zip(_ids(notebook), _names(notebook), strict=True)
                if _is_open(verdicts.get(id))
            ]
            lines.append(f"   {words.STILL_OPEN.format(names=', '.join(open_ones))}")
    lines.append(words.PROGRESS_OF_ALL.format(points=f"{total:g}", most=f"{total_most:g}"))
    lines.append(words.MARKS_MEAN)
    lines.append(_next(verdicts, at))
    return lines


def _ids(notebook: NotebookCard) -> list[str]:
    number = notebook.name.partition("-")[0]
    return [f"{number}.{exercise.name}" for exercise in notebook.exercises]


def _names(notebook: NotebookCard) -> list[str]:
    return [exercise.name for exercise in notebook.exercises]


def _mark(entry: dict[str, Any] | None) -> str:
    verdict = VerdictKind.NOT_ATTEMPTED if entry is None else entry.get("verdict", "")
    return words.WRITTEN_MARK if verdict == journal.WRITTEN else words.mark(verdict)


def _is_open(entry: dict[str, Any] | None) -> bool:
    return entry is None or entry.get("verdict") not in (VerdictKind.RIGHT, journal.WRITTEN)


def _counted(
    notebook: NotebookCard, verdicts: dict[str, dict[str, Any]]
) -> tuple[float, float, int]:
    """Count the points that are there, the points that checks give, and the minutes of what is
    still open."""
    points = most = 0.0
    minutes = 0
    for id, exercise in zip(_ids(notebook), notebook.exercises, strict=True):
        entry = verdicts.get(id)
        if not exercise.written:
            most += exercise.points
            points += exercise.points if entry and entry.get("verdict") == VerdictKind.RIGHT else 0
        minutes += exercise.minutes if _is_open(entry) else 0
    return points, most, minutes


def _sentence(minutes: int) -> str:
    """Return what is said of a notebook with so many minutes of writing left."""
    if not minutes:
        return words.PROGRESS_DONE
    return words.PROGRESS_MINUTES if minutes < 90 else words.PROGRESS_HOURS


def _next(verdicts: dict[str, dict[str, Any]], at: str | None) -> str:
    """Say what to do next: the first open exercise of the open notebook, else of one that is begun,
    else of the first that is not finished."""
    known = notebooks()
    begun = [name for name in known if any(id in verdicts for id in _ids(known[name]))]
    for name in [*([at] if at in known else []), *begun, *known]:
        notebook = known[name]
        for id, exercise in zip(_ids(notebook), notebook.exercises, strict=True):
            entry = verdicts.get(id)
            if not _is_open(entry):
                continue
            gaps = {"name": exercise.name, "title": notebook.title, "minutes": exercise.minutes}
            if entry is None or entry["verdict"] == VerdictKind.NOT_ATTEMPTED:
                return words.NEXT.format(**gaps)
            return words.NEXT_TO_MEND.format(**gaps, said=entry.get("message", ""))
    return words.ALL_DONE
