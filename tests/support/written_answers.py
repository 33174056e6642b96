"""A class whose answers in words wait for a mark: rows in a gradebook and notebooks in
`autograded/`, as grading would leave them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from nbgrader import api
from sqlalchemy import insert

from autograder.course_folder import CONFIG, CourseFolder
from tests.conftest import FIRST, ROOT

QUESTION = "sure-and-right"
POINTS = 3.0


def write_class(root: Path, answers: Mapping[str, str], settings: str = "") -> CourseFolder:
    """A course folder in which each student answered the first question of the first notebook.

    answers   what each student wrote, by id
    settings  lines for the end of nbgrader_config.py
    """
    shutil.copytree(ROOT / "source" / FIRST, root / "source" / FIRST)
    (root / CONFIG).write_text((ROOT / CONFIG).read_text() + settings)
    folder = CourseFolder(root)
    directory = folder.directory
    with api.Gradebook(directory.db_url, directory.course_id) as gradebook:
        gradebook.add_assignment(FIRST)
        gradebook.add_notebook(FIRST, FIRST)
        place = (QUESTION, FIRST, FIRST)
        cell = gradebook.add_grade_cell(*place, max_score=POINTS, cell_type="markdown").id
        commented = gradebook.add_solution_cell(*place).id
        assignment = gradebook.find_assignment(FIRST)
        rows: dict[type, list[dict]] = {}

        def add(kind: type, **fields) -> str:
            fields = {"id": api.new_uuid(), **fields}
            rows.setdefault(kind, []).append(fields)
            return fields["id"]

        for number, (student, text) in enumerate(answers.items()):
            write_answer(root, student, text)
            add(api.Student, id=student, first_name="Student", last_name=str(number))
            handed = add(api.SubmittedAssignment, assignment_id=assignment.id, student_id=student)
            notebook = add(
                api.SubmittedNotebook,
                assignment_id=handed,
                notebook_id=assignment.notebooks[0].id,
                late_submission_penalty=0.0,
            )
            answered = bool(text)
            add(
                api.Grade,
                notebook_id=notebook,
                cell_id=cell,
                auto_score=None if answered else 0.0,
                needs_manual_grade=answered,
            )
            add(
                api.Comment,
                notebook_id=notebook,
                cell_id=commented,
                auto_comment=None if answered else "No response.",
            )
        for kind, values in rows.items():
            gradebook.db.execute(insert(kind.__table__), values)
        gradebook.db.commit()
    return folder


def write_answer(root: Path, student: str, text: str) -> None:
    """The graded notebook of a student who answered this."""
    fields = {"grade": True, "solution": True, "locked": False, "task": False, "points": POINTS}
    cell = {
        "cell_type": "markdown",
        "id": "answer",
        "metadata": {"nbgrader": {**fields, "grade_id": QUESTION, "schema_version": 3}},
        "source": text.splitlines(True),
    }
    notebook = {
        "cells": [cell],
        "metadata": {"autograder": {"judged": True, "refused": "", "repairs": []}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    place = root / "autograded" / student / FIRST
    place.mkdir(parents=True, exist_ok=True)
    # At once, as grading moves what it wrote: nobody reads half of it.
    new = place / "new"
    new.write_text(json.dumps(notebook), encoding="utf-8")
    new.rename(place / f"{FIRST}.ipynb")
