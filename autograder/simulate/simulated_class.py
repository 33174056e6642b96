"""Writes a course folder with a simulated class.

Each student has a skill; each exercise is answered right in one of its honest styles, with a named
mistake, or not at all, and so is what is built on it; a few submissions are faulty or hostile.
What everybody did stands in `truth.json`, which no grading reads. Every submission is drawn from a
seed of its own, so that it stays the same whatever the size of the class and the other notebooks
are.
"""

from __future__ import annotations

import ast
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path

import numpy as np
from numpy.random import Generator

from autograder.build.generate import generate
from autograder.cell_fields import fields_of
from autograder.course_folder import CONFIG, CourseFolder
from autograder.errors import Problem, no_such_notebook
from autograder.exercises import NOTEBOOKS, Exercise, Root
from autograder.exercises import notebook as exercises_of
from autograder.exercises.sources import answer_source, names_used
from autograder.judge.verdicts import seed_of
from autograder.run.assess import GradedCell, graded_cells, may_stand_in
from autograder.simulate.damage import DAMAGES, Damage, set_source

DAMAGED_SHARE = 0.04
ORDINARY = Damage("")
TERM = datetime(2026, 3, 2)
NAMES = (
    "adela alonso amara anouk bao beatriz bruno camila chidi clara daichi diego elena emre fatima "
    "felipe gael giulia hana hugo ines ivan jamila joao kenji laila lucas lucia mateo mei miguel "
    "nadia noor olga omar paula pedro priya quispe rafael ravi rosa sami sofia tariq teresa uma "
    "valentina wei ximena yara youssef zoe"
).split()
WRITTEN = "I would say it in my own words: the average is taken over what really happens."


def simulate(
    folder: CourseFolder,
    out: Path,
    students: int,
    seed: int,
    names: list[str],
    skill: float | None = None,
) -> dict:
    """Write a course folder with a simulated class; returns what stands in its `truth.json`.

    folder    where nbgrader_config.py and source/ come from
    out       a folder that does not exist yet, or is empty
    students  how many, at least 1
    seed      the same seed makes the same class
    names     the assignments; all that have exercises where empty
    skill     how often an answer is right where one can be built on what is there already, the
              same for everybody, between 0 and 1; drawn for each student where not given

    Problem where the names are unknown or `out` cannot be written to. The entry of a submission in
    `truth.json` holds `score`, `damage` (the kind of a faulty or hostile one, else null), `problem`
    (words of the reason why it cannot be graded, else "") and `exercises`: per exercise its
    `points` and `kind`: "right" with its `style`; "follow-on" with its `style` and its `slips`, the
    exercises that are not right and on which it is built; "mistake" with its name and those `like`
    it; or "blank".
    """
    chosen = _chosen(folder, names)
    if folder.root / "source" in out.resolve().parents:
        raise Problem(f"{out} lies in source/: choose another folder with --out.")
    try:
        if out.exists() and any(out.iterdir()):
            raise Problem(f"{out} is not empty: choose a new folder with --out.")
        ignored = shutil.ignore_patterns(".*")
        shutil.copytree(folder.root / "source", out / "source", ignore=ignored, dirs_exist_ok=True)
        shutil.copy(folder.root / CONFIG, out)
        people = {
            student: _rng(seed, student).beta(4, 1.6) if skill is None else skill
            for student in map(_student_id, range(students))
        }
        truth = {"seed": seed, "students": _write_class(folder, out, people, seed, chosen)}
        (out / "truth.json").write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise Problem(f"The class cannot be written to {out}: {error.strerror}.") from None
    return truth


def _chosen(folder: CourseFolder, names: list[str]) -> list[str]:
    known = [name for name in folder.assignments if name in NOTEBOOKS]
    for name in names:
        if name not in folder.assignments:
            raise no_such_notebook(name, known)
        if name not in known:
            raise Problem(f"No exercises are declared for {name}: there is nothing to answer.")
    if not known:
        raise Problem(f"There is no notebook with exercises in {folder.root / 'source'}.")
    return list(dict.fromkeys(names)) or known


def _write_class(
    folder: CourseFolder, out: Path, people: dict[str, float], seed: int, names: list[str]
) -> dict:
    """Write everybody's submissions; the truth by student and assignment.

    people  the skill of each student
    """
    truth: dict[str, dict] = {student: {} for student in people}
    for name in names:
        release = generate(folder, name)
        graded = graded_cells(folder.source(name))
        for student, skill in people.items():
            rng = _rng(seed, student, name)
            damage = _draw_damage(rng)
            notebook, truth[student][name] = _submission(
                json.loads(release), name, graded, skill, damage, rng
            )
            place = out / "submitted" / student / name / f"{name}.ipynb"
            place.parent.mkdir(parents=True)
            (place.parent / "timestamp.txt").write_text(_handed_in(name, rng))
            # As nbformat writes a notebook.
            text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True)
            damage.save(place, text + "\n")
    return truth


def _student_id(index: int) -> str:
    name = NAMES[index % len(NAMES)]
    return name if index < len(NAMES) else f"{name}-{index // len(NAMES) + 1}"


def _rng(seed: int, *of: str) -> Generator:
    return np.random.default_rng(seed_of(str(seed), *of))


def _draw_damage(rng: Generator) -> Damage:
    if rng.random() < DAMAGED_SHARE:
        return DAMAGES[rng.integers(len(DAMAGES))]
    return ORDINARY


def _handed_in(name: str, rng: Generator) -> str:
    """Return a time in the evening of a day in the notebook's week, as nbgrader writes it."""
    week = list(NOTEBOOKS).index(name)
    seconds = int(rng.integers(17 * 3600, 24 * 3600))
    time = TERM + timedelta(weeks=week, days=int(rng.integers(7)), seconds=seconds)
    return f"{time} UTC"


def _submission(
    notebook: dict,
    name: str,
    graded: dict[str, GradedCell],
    skill: float,
    damage: Damage,
    rng: Generator,
) -> tuple[dict, dict]:
    """Return one student's notebook, made from the release, and its entry in `truth.json`."""
    answers, rows = _answers(name, graded, skill, rng)
    for cell in [] if damage.blank else notebook["cells"]:
        fields = fields_of(cell)
        if fields.get("solution") and cell["cell_type"] == "markdown" and rng.random() < skill:
            set_source(cell, WRITTEN)
        elif fields.get("solution") and fields["grade_id"] in answers:
            set_source(cell, answers[fields["grade_id"]])
    damage.change(notebook, rng)
    if damage.blank or damage.problem:
        rows = [{"exercise": row["exercise"], "points": 0.0, "kind": "blank"} for row in rows]
    entry = {
        "score": sum(row["points"] for row in rows),
        "damage": damage.name or None,
        "problem": damage.problem,
        "exercises": rows,
    }
    return notebook, entry


def _answers(
    name: str, graded: dict[str, GradedCell], skill: float, rng: Generator
) -> tuple[dict[str, str], list[dict]]:
    """Return the texts of a student's answers by the names of their functions, and the true
    rows."""
    exercises = exercises_of(name).exercises
    asked = [(cell, check.id) for cell in graded.values() for check in cell.checks]
    order = [exercises[id.partition(".")[2]] for _, id in asked]
    texts: dict[str, str] = {}
    leans: dict[str, frozenset[str]] = {}
    rows = []
    for place, (cell, id) in enumerate(asked):
        specified = order[place]
        slips_of = partial(_slips, exercises, leans, order[place:])
        text, row = _answer(specified, frozenset(exercises), slips_of, skill, rng)
        if text:
            texts[specified.name] = text
        earns = row["kind"] in ("right", "follow-on")
        if not earns:
            leans[specified.name] = frozenset({specified.name})
        elif row["style"] == next(iter(specified.styles)):
            # What answers in another style is right, too, but not of the kind that all go on with.
            leans[specified.name] = frozenset(row.get("slips", ()))
        rows.append({"exercise": id, "points": cell.points / len(cell.checks) * earns, **row})
    return texts, rows


def _slips(
    exercises: dict[str, Exercise],
    leans: dict[str, frozenset[str]],
    rest: list[Exercise],
    answer: _Answer,
) -> frozenset[str] | None:
    """Return the exercises that are not right and on which an answer leans; None where its verdict
    would not be known.

    leans  the same of what the student wrote so far, by exercise, if others can be built on it
    rest   the exercise of the answer, and those behind it
    """
    if not answer.calls <= leans.keys():
        return None
    slips = frozenset().union(*(leans[called] for called in answer.calls))
    known = all(may_stand_in(exercises[slip], rest[0], rest[1:]) for slip in slips)
    return slips if known else None


def _answer(
    specified: Exercise,
    names: frozenset[str],
    slips_of: Callable[[_Answer], frozenset[str] | None],
    skill: float,
    rng: Generator,
) -> tuple[str, dict]:
    """Return a cell's text and what it is: a right answer, also one that is right on a wrong one, a
    named mistake, or a blank.

    names     of all exercises of the notebook
    slips_of  the exercises that are not right and on which an answer leans, as `_slips`
    """
    styles, mistakes = _possible(specified, names - {specified.name})
    draw = rng.random()
    if draw < skill and (usable := [answer for answer in styles if slips_of(answer) is not None]):
        first = usable[0].name == next(iter(specified.styles)) and rng.random() < 0.5
        answer = usable[0] if first else usable[rng.integers(len(usable))]
        if slips := slips_of(answer):
            row = {"kind": "follow-on", "style": answer.name, "slips": sorted(slips)}
            return answer.text, row
        return answer.text, {"kind": "right", "style": answer.name}
    # Whether a mistake is recognised on top of another depends on what the other does.
    usable = [answer for answer in mistakes if slips_of(answer) == frozenset()]
    if draw < skill + 0.75 * (1 - skill) and usable:
        answer = usable[rng.integers(len(usable))]
        like = list(specified.named_mistake(answer.name).like)
        return answer.text, {"kind": "mistake", "mistake": answer.name, "like": like}
    return "", {"kind": "blank"}


@dataclass(frozen=True)
class _Answer:
    """A style or a mistake as the text of a cell; `calls` are the other exercises it uses."""

    name: str
    text: str
    calls: frozenset[str]


@cache
def _possible(
    specified: Exercise, others: frozenset[str]
) -> tuple[tuple[_Answer, ...], tuple[_Answer, ...]]:
    """Return the styles and the mistakes that can be a student's answer in a notebook where
    `others` are exercises, too."""

    def as_answers(functions: dict) -> tuple[_Answer, ...]:
        answers = []
        for name, function in functions.items():
            try:
                text = answer_source(function, specified.name)
            except ValueError:
                continue
            answers.append(_Answer(name, text, others & names_used(ast.parse(text))))
        return tuple(answers)

    mistakes = {mistake.name: mistake.function for mistake in specified.mistakes}
    # Which digits are lost depends on how the others are written, and so does what is recognised.
    lossy = {mistake.name for mistake in specified.mistakes if mistake.root is Root.DIGITS}
    known = (
        answer for answer in as_answers(mistakes) if not (answer.calls and answer.name in lossy)
    )
    return as_answers(specified.styles), tuple(known)
