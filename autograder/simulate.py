"""A course folder with a class whose true scores and mistakes are known.

Each student has a skill; each exercise is answered right in one of its honest styles, with a named
mistake, or not at all. What everybody did stands in `truth.json`, which no grading reads.
"""

from __future__ import annotations

import ast
import json
import shutil
from pathlib import Path

import nbformat
import numpy as np
from nbformat import NotebookNode

from autograder.assessment import graded_cells
from autograder.build import generate
from autograder.course_folder import CONFIG, CourseFolder, Problem
from autograder.exercises import Exercise, answer_source
from autograder.exercises import notebook as exercises_of
from autograder.exercises.specification import names_used

NAMES = (
    "adela alonso amara anouk bao beatriz bruno camila chidi clara daichi diego elena emre fatima "
    "felipe gael giulia hana hugo ines ivan jamila joao kenji laila lucas lucia mateo mei miguel "
    "nadia noor olga omar paula pedro priya quispe rafael ravi rosa sami sofia tariq teresa uma "
    "valentina wei ximena yara youssef zoe"
).split()
WRITTEN = "I would say it in my own words: the average is taken over what really happens."


def simulate(folder: CourseFolder, out: Path, students: int, seed: int, names: list[str]) -> dict:
    """Write a course folder with a simulated class; returns what stands in its `truth.json`.

    folder    where nbgrader_config.py and source/ come from
    out       a folder that does not exist yet, or is empty
    students  how many
    seed      the same seed makes the same class
    names     the assignments; all that have exercises where empty
    """
    if out.exists() and any(out.iterdir()):
        raise Problem(f"{out} is not empty: choose a new folder with --out.")
    rng = np.random.default_rng(seed)
    unknown = [name for name in names if name not in folder.assignments]
    if unknown:
        raise Problem(f"There is no source notebook {unknown[0]}.")
    chosen = names or folder.assignments
    shutil.copytree(
        folder.root / "source",
        out / "source",
        ignore=shutil.ignore_patterns(".*"),
        dirs_exist_ok=True,
    )
    shutil.copy(folder.root / CONFIG, out)
    people = [_student_id(index) for index in range(students)]
    skill = dict(zip(people, rng.beta(4, 1.6, students)))
    truth: dict = {"seed": seed, "students": {student: {} for student in people}}
    for name in chosen:
        source = folder.source(name)
        release = nbformat.reads(generate(folder, name), as_version=4)
        for student in people:
            submission, entry = _submission(release, source, name, skill[student], rng)
            place = out / "submitted" / student / name / f"{name}.ipynb"
            place.parent.mkdir(parents=True)
            nbformat.write(submission, place)
            truth["students"][student][name] = entry
    (out / "truth.json").write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")
    return truth


def _student_id(index: int) -> str:
    name = NAMES[index % len(NAMES)]
    return name if index < len(NAMES) else f"{name}-{index // len(NAMES) + 1}"


def _submission(release, source, name, skill, rng) -> tuple[NotebookNode, dict]:
    """One student's notebook and the truth about it."""
    notebook = nbformat.from_dict(json.loads(json.dumps(release)))
    exercises = exercises_of(name).exercises
    answers: dict[str, str] = {}
    rows = []
    for cell in graded_cells(source).values():
        share = cell.points / len(cell.checks)
        for check in cell.checks:
            specified = exercises[check.id.split(".", 1)[1]]
            text, row = _answer(specified, skill, rng, set(exercises), rows)
            rows.append({"exercise": check.id, "points": share * (row["kind"] == "right"), **row})
            if text:
                answers[specified.name] = text
    for cell in notebook.cells:
        data = cell.metadata.get("nbgrader", {})
        if data.get("solution") and cell.cell_type == "markdown" and rng.random() < skill:
            cell.source = WRITTEN
        elif data.get("solution") and data.get("grade_id") in answers:
            cell.source = answers[data["grade_id"]]
    return notebook, {"score": sum(row["points"] for row in rows), "exercises": rows}


def _answer(specified: Exercise, skill, rng, known: set[str], rows) -> tuple[str, dict]:
    """A cell's text and what it is: a right answer, a named mistake, or a blank.

    An answer that calls other exercises is given only where these are right in their first style,
    whose values every other answer can go on with, so that its own verdict is known.
    """
    firm = {row["exercise"][3:] for row in rows if row.get("first_style")}
    draw = rng.random()
    if draw < skill and (texts := _usable(specified, specified.styles, known, firm)):
        first = next(iter(specified.styles))
        name = first if first in texts and rng.random() < 0.5 else str(rng.choice(list(texts)))
        return texts[name], {"kind": "right", "style": name, "first_style": name == first}
    mistakes = {mistake.name: mistake.function for mistake in specified.mistakes}
    if draw < skill + 0.75 * (1 - skill) and (texts := _usable(specified, mistakes, known, firm)):
        name = str(rng.choice(list(texts)))
        like = list(specified.mistake(name).like)
        return texts[name], {"kind": "mistake", "mistake": name, "like": like}
    return "", {"kind": "blank"}


def _usable(specified: Exercise, functions: dict, known: set[str], firm: set[str]) -> dict:
    """The texts of those functions that can be a student's answer in this notebook."""
    texts = {}
    for name, function in functions.items():
        try:
            text = answer_source(function, specified.name)
        except ValueError:
            continue
        if (names_used(ast.parse(text)) & known) - {specified.name} <= firm:
            texts[name] = text
    return texts
