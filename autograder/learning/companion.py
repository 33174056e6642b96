"""The process beside a notebook's kernel that answers `verdict` and `solution`.

It is started by `course.verdict` with `python -m autograder companion`, stays warm as long as the
kernel lives, and ends when the kernel does. Each line of its input is a JSON object that asks for
something, and each line of its output the object that answers:

    {"do": "check", "file": ..., "cells": {id: text}}   the report of `autograder check --json`,
                                                        with "remarks" and "unkept"
    {"do": "solution", "file": ..., "exercise": ...}    {"text": Markdown}

Where it cannot be done, the answer is {"problem": one sentence}.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from autograder.check_file import Checker, course_around, keep
from autograder.errors import (
    Problem,
    SandboxUnavailable,
    defect,
    keep_trace,
    place_of,
    trace_of,
)
from autograder.learning.solutions import TRIES, solution, tries_of
from course import journal
from course.kinds import VerdictKind
from course.session import place_of_progress


def serve(requests: Iterable[str], answers: TextIO) -> None:
    """Answer requests until there are no more."""
    with Checker() as checker:
        for line in requests:
            try:
                answer = _answer(checker, json.loads(line))
            except (Problem, SandboxUnavailable) as problem:
                answer = {"problem": str(problem)}
            except Exception as error:
                _keep(line, error)
                answer = {"problem": defect(type(error).__name__, str(error), place_of(error))}
            answers.write(json.dumps(answer) + "\n")
            answers.flush()


def _keep(line: str, error: Exception) -> None:
    """Keep the whole of a defect in the course folder around the file that was asked about, for
    whoever maintains the course: nobody reads what this process writes to stderr."""
    with suppress(ValueError, KeyError, TypeError, Problem):
        keep_trace(course_around(Path(json.loads(line)["file"])).root, trace_of(error))


def _answer(checker: Checker, request: dict) -> dict:
    file = Path(request["file"])
    place = place_of_progress(file)
    if request["do"] == "solution":
        return {"text": solution(file, request["exercise"], place)}
    checked = checker.check(file, cells=request["cells"])
    unkept = keep(file, checked, everywhere=True)
    entries = journal.read(place)
    shown = [
        row["exercise"]
        for row in checked.exercises
        if row["verdict"] != VerdictKind.RIGHT and tries_of(entries, row["exercise"]) >= TRIES
    ]
    return {
        **checked.as_json(),
        "remarks": checked.remarks,
        "unkept": unkept,
        "solutions": shown,
    }
