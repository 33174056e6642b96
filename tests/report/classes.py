"""Invented classes: as plain data, and as a course folder with a gradebook and graded notebooks."""

import json
import shutil

import numpy as np
from nbgrader import api
from sqlalchemy import insert

from autograder.course_folder import CourseFolder
from autograder.exercises import NOTEBOOKS, notebook
from autograder.hooks.verdict_cells import VERDICT_TYPE
from autograder.report.collect import GradedAssignment, GradedSubmission, Row, SchoolClass, Student
from tests.conftest import ROOT

FIRST = "01-surprise-and-entropy"
ALL = tuple(NOTEBOOKS)


def right(exercise, rng):
    """Everybody is right."""
    return "right", None


def blank(exercise, rng):
    """Nobody writes anything."""
    return "not attempted", None


def mixed(exercise, rng):
    """Two thirds are right, most others make a named mistake."""
    draw = rng.random()
    if draw < 0.65:
        return "right", None
    if draw < 0.9:
        names = [mistake.name for mistake in exercise.mistakes]
        return "known mistake", names[min(rng.geometric(0.4) - 1, len(names) - 1)]
    return str(rng.choice(["not attempted", "crashed", "wrong", "shortcut", "timed out"])), None


def rows_of(name, answer, rng):
    """The judge's rows of one submission."""
    rows = []
    for exercise in notebook(name).exercises.values():
        verdict, mistake = answer(exercise, rng)
        points = 2.0 * (verdict == "right")
        rows.append(Row(exercise.id, points, 2.0, verdict, mistake, f"{verdict}: what next?"))
    return tuple(rows)


def invented(students, answer=mixed, names=(FIRST,), seed=0):
    """A class as plain data. `students`: how many, or Student objects."""
    rng = np.random.default_rng(seed)
    if isinstance(students, int):
        students = [Student(f"s{number:03}") for number in range(students)]
    assignments = []
    for name in names:
        submissions = {}
        for student in students:
            rows = rows_of(name, answer, rng)
            score = sum(row.points for row in rows)
            submissions[student.id] = GradedSubmission(student.id, score, rows=rows)
        ids = tuple(exercise.id for exercise in notebook(name).exercises.values())
        assignments.append(GradedAssignment(name, 2.0 * len(ids), ids, {}, submissions))
    return SchoolClass("invented", {s.id: s for s in students}, tuple(assignments))


def write_folder(root, school_class, pictures=0, handed_in=True):
    """The class as a course folder, as nbgrader and the judge would leave it.

    pictures  bytes of pictures in each notebook
    """
    root.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    directory = CourseFolder(root).directory
    with api.Gradebook(directory.db_url, directory.course_id) as gradebook:
        for student in school_class.students.values():
            gradebook.db.add(
                api.Student(
                    id=student.id,
                    first_name=student.first_name or None,
                    last_name=student.last_name or None,
                    email=student.email or None,
                    lms_user_id=student.lms_user_id or None,
                )
            )
        gradebook.db.commit()
        for assignment in school_class.assignments:
            name = assignment.name
            (root / "source" / name).mkdir(parents=True)
            (root / "source" / name / f"{name}.ipynb").write_text("{}")
            gradebook.add_assignment(name)
            gradebook.add_notebook(name, name)
            ids = [_grade_id(exercise) for exercise in assignment.exercises]
            cells = {
                id: gradebook.add_grade_cell(id, name, name, max_score=2.0, cell_type="code").id
                for id in ids
            }
            for id in ids:
                gradebook.add_solution_cell(id[3:], name, name)
            cells["why"] = gradebook.add_grade_cell(
                "why", name, name, max_score=3.0, cell_type="markdown"
            ).id
            gradebook.add_solution_cell("why", name, name)
            _write_submissions(gradebook, root, assignment, cells, pictures, handed_in)


def _write_submissions(gradebook, root, assignment, cells, pictures, handed_in):
    name = assignment.name
    entry = gradebook.find_assignment(name)
    handed, notebooks, grades = [], [], []
    for student, submission in assignment.submissions.items():
        of, at = api.new_uuid(), api.new_uuid()
        handed.append({"id": of, "assignment_id": entry.id, "student_id": student})
        notebooks.append(
            {
                "id": at,
                "assignment_id": of,
                "notebook_id": entry.notebooks[0].id,
                "late_submission_penalty": submission.penalty,
            }
        )
        scores = {_grade_id(row.exercise): row.points for row in submission.rows}
        for id, cell in cells.items():
            waits = id == "why"
            grades.append(
                {
                    "id": api.new_uuid(),
                    "notebook_id": at,
                    "cell_id": cell,
                    "auto_score": None if waits else scores.get(id, 0.0),
                    "needs_manual_grade": waits,
                }
            )
        place = root / "autograded" / student / name
        place.mkdir(parents=True)
        text = as_text(graded_notebook(submission, pictures))
        (place / f"{name}.ipynb").write_text(text, encoding="utf-8")
        if handed_in:
            (root / "submitted" / student / name).mkdir(parents=True)
    for kind, values in (
        (api.SubmittedAssignment, handed),
        (api.SubmittedNotebook, notebooks),
        (api.Grade, grades),
    ):
        if values:
            gradebook.db.execute(insert(kind.__table__), values)
    gradebook.db.commit()


def _grade_id(exercise):
    return exercise.replace(".", "-")


def graded_notebook(submission, pictures=0):
    """An autograded notebook with the rows of a submission."""
    cells = []
    for row in submission.rows:
        data = {"text/plain": row.verdict, VERDICT_TYPE: vars(row)}
        cells.append(_code("print('\\n  },\\n  {\\n')", [], pictures // len(submission.rows)))
        name = row.exercise.partition(".")[2]
        if name in submission.answers:
            cells.append(_code(submission.answers[name], [], 0, name, solution=True))
        cells.append(_code("check()", [data], 0, _grade_id(row.exercise)))
    return {
        "cells": cells,
        "metadata": {
            "autograder": {
                "judged": True,
                "refused": submission.refused,
                "repairs": list(submission.repairs),
            }
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _code(source, shown, picture=0, grade_id=None, solution=False):
    outputs = [{"output_type": "display_data", "metadata": {}, "data": data} for data in shown]
    if picture:
        image = {"image/png": "A" * picture, "text/plain": "a picture"}
        outputs.append({"output_type": "display_data", "metadata": {}, "data": image})
    fields = {"nbgrader": {"grade": not solution, "grade_id": grade_id, "solution": solution}}
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": api.new_uuid(),
        "metadata": fields if grade_id else {},
        "outputs": outputs,
        "source": source.splitlines(True),
    }


def as_text(notebook):
    """The notebook as nbformat writes it."""
    return json.dumps(
        notebook, ensure_ascii=False, indent=1, sort_keys=True, separators=(",", ": ")
    )
