"""`verdict("entropy")`: what the hidden checks say of an answer, below it, in the notebook.

The judge is a program of its own, `autograder`, which runs the notebook from the top in a room of
its own and knows nothing of this kernel. Where it is not installed, as in a class, one sentence
says so. It is started with the first verdict and stays beside the kernel: the next takes less than
a second.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from course import words
from course.kinds import VerdictKind
from course.session import JUDGE, OpenNotebook, judge_is_here, open_notebook

_running: subprocess.Popen[str] | None = None


def verdict(exercise: str | Callable[..., Any] | None = None) -> None:
    """Print the verdict of the hidden checks on one exercise, or on all of the open notebook.

    exercise  its name, "entropy", or the function itself
    """
    here = _here()
    if here is None:
        return
    report = _ask({"do": "check", "file": str(here.file), "cells": here.cells})
    if report is None:
        return
    name = _name(exercise)
    rows = [row for row in report["exercises"] if name in (None, *_names(row["exercise"]))]
    questions = [one for one in report["written"] if name in (None, one["question"])]
    if not rows and not questions:
        known = [row["exercise"].partition(".")[2] for row in report["exercises"]]
        print(words.NOT_IN_NOTEBOOK.format(name=name, names=", ".join(known)))
        return
    for row in rows:
        _say_row(row, alone=name is not None)
    for question in questions:
        said = words.ANSWERED if question["answered"] else words.UNANSWERED
        print(said.format(question=question["question"], points=f"{question['max_points']:g}"))
    if name is None:
        score, most = f"{report['score']:g}", f"{report['max_score']:g}"
        print(words.SCORE.format(score=score, most=most))
    for shown in report["solutions"]:
        if any(row["exercise"] == shown for row in rows):
            print(words.SOLUTION_OPEN.format(name=shown.partition(".")[2]))
    _say_what_was_judged(here, report)


def solution(exercise: str | Callable[..., Any]) -> None:
    """Show the solution of an exercise or the model answer of a question, after honest tries that
    were judged.

    exercise  its name, "entropy", or the function itself, or a question's name, "sure-and-right"
    """
    here = _here()
    if here is None:
        return
    answer = _ask({"do": "solution", "file": str(here.file), "exercise": _name(exercise)})
    if answer is not None:
        _show(answer["text"])


def _here() -> OpenNotebook | None:
    """Find the open notebook, if there is one and a judge; else print one sentence."""
    if not judge_is_here():
        print(words.NO_JUDGE)
        return None
    here = open_notebook()
    if here is None:
        print(words.NO_FILE)
    return here


def _name(exercise: str | Callable[..., Any] | None) -> str | None:
    return exercise if exercise is None or isinstance(exercise, str) else exercise.__name__


def _names(id: str) -> tuple[str, str]:
    """Return how an exercise may be asked for: "01.entropy" and "entropy"."""
    return id, id.partition(".")[2]


def _say_row(row: dict[str, Any], alone: bool) -> None:
    name = row["exercise"].partition(".")[2]
    points, most = f"{row['points']:g}", f"{row['max_points']:g}"
    line = words.VERDICT.format(
        mark=words.mark(row["verdict"]),
        name=name,
        verdict=words.title(row["verdict"]),
        points=points,
        most=most,
    )
    print(line)
    quiet = (VerdictKind.RIGHT, VerdictKind.NOT_ATTEMPTED)
    if row["verdict"] not in quiet or (alone and row["message"]):
        print(f"  {row['message']}")


def _say_what_was_judged(here: OpenNotebook, report: dict[str, Any]) -> None:
    saved = time.strftime("%H:%M", time.localtime(here.file.stat().st_mtime))
    if not here.seen:
        print(words.JUDGED_FILE.format(file=here.file.name, saved=saved))
    elif here.cells:
        said = words.JUDGED_WITH_CELL if len(here.cells) == 1 else words.JUDGED_WITH_CELLS
        print(said.format(saved=saved, count=len(here.cells)))
    else:
        print(words.JUDGED.format(saved=saved))
    if here.unsaved:
        print(words.NEW_CELLS)
    for remark in report["remarks"]:
        print(remark)
    if report["unkept"]:
        print(words.UNKEPT.format(why=report["unkept"]))


def _show(text: str) -> None:
    """Show Markdown in a notebook, and its text elsewhere."""
    from IPython.display import Markdown, display

    display(Markdown(text))


# ------------------------------------------------------------------------------- the judge


def _ask(request: dict[str, Any]) -> dict[str, Any] | None:
    """Return what the judge answers; where it does not, print one sentence."""
    global _running
    if _running is None or _running.poll() is not None:
        _running = _started()
    judge = _running
    assert judge.stdin is not None and judge.stdout is not None
    try:
        judge.stdin.write(json.dumps(request) + "\n")
        judge.stdin.flush()
        line = judge.stdout.readline()
    except OSError:
        line = ""
    except BaseException:
        # Interrupted: the answer that comes later is none to the next question.
        judge.kill()
        _running = None
        raise
    if not line:
        _running = None
        print(words.JUDGE_ENDED)
        return None
    answer: dict[str, Any] = json.loads(line)
    if "problem" in answer:
        print(answer["problem"])
        return None
    return answer


def _started() -> subprocess.Popen[str]:
    # Nothing is imported from the folder of the notebook, where a student may have a random.py.
    return subprocess.Popen(
        [sys.executable, "-P", "-m", JUDGE, "companion"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        # An interrupt is for the kernel, which ends the judge by itself.
        start_new_session=True,
    )
