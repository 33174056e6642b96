"""A way on for who is stuck: what an exercise wants, told after honest tries.

A solution is shown when the exercise was judged right, or when tries that differ were judged and
none of them was. It is made here, from the exercises and the instructor's notebook, and nothing of
it lies in what students install. `c.Solutions.shown = False` in `nbgrader_config.py` turns it off,
for a class whose machines have this package.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from autograder.check_file import assignment_of, course_around, model_answers
from autograder.course_folder import CourseFolder
from autograder.errors import Problem
from autograder.exercises import Exercise
from autograder.exercises import notebook as exercises_of
from autograder.exercises.sources import answer_source
from autograder.hooks.summary import FENCED, HEADING
from autograder.run.assess import checks_in, is_graded_cell
from course import journal
from course.kinds import VerdictKind

TRIES = 3
# Verdicts of what was no try.
NO_TRY = (VerdictKind.NOT_ATTEMPTED,)
MARKS = ("### BEGIN SOLUTION", "### END SOLUTION")
OTHERS = 5  # mistakes that are told

# Why nothing is shown.
TOO_EARLY = (
    "The solution of {name} is shown once it is right, or after {needed} tries that differ and "
    "were judged; so far there are {tries}. Change something, ask for a verdict, and read what it "
    'says; hint("{name}") helps.'
)
ONE_MORE_TRY = (
    "One more try of {name} that differs from those before, then it is shown: change something and "
    "ask for a verdict."
)
NOT_HERE = "This course shows no solutions and model answers: ask your teacher, or hint(...)."
UNKNOWN = "There is no exercise or question {name} in this notebook. It has {names}."
NOTHING_WRITTEN = "Nothing is written for {name} in the file yet: try it first, save, then compare."
# What is shown, in Markdown.
MODEL_ANSWER = "**A model answer to {name}**, with what is marked\n\n{answer}"
SOLVED = "**{name}, solved**"
DERIVED = "It is derived in section [{section}](#{anchor})."
GOT_WRONG = "What others got wrong here:\n\n{mistakes}"


def solution(path: Path, exercise: str, kept: Path) -> str:
    """Return the solution of an exercise, or the model answer of a question, in Markdown.

    path      the notebook that is worked in
    exercise  its name, "entropy" or "01.entropy", or a question's, "sure-and-right"
    kept      the journal that tells what was tried
    Raises Problem where there is none of that name, or it is too early.
    """
    course = course_around(path)
    refuse_where_off(course)
    assignment = assignment_of(path)
    name = exercise.rpartition(".")[2]
    declared = exercises_of(assignment).exercises
    if name not in declared:
        return _model_answer(path, name, list(declared))
    tries = tries_of(journal.read(kept), declared[name].id)
    if tries < TRIES:
        said = ONE_MORE_TRY if tries == TRIES - 1 else TOO_EARLY
        raise Problem(said.format(name=name, needed=TRIES, tries=tries))
    return _told(course.source(assignment), declared[name])


def refuse_where_off(course: CourseFolder) -> None:
    """Raise Problem where the course shows no solutions."""
    if not course.setting("Solutions", "shown", True):
        raise Problem(NOT_HERE)


def tries_of(entries: list[dict[str, Any]], exercise: str) -> int:
    """Count the tries of an exercise that differ and were judged; at least TRIES where it was
    right."""
    own = [
        entry
        for entry in entries
        if entry["what"] == journal.VERDICT
        and entry["exercise"] == exercise
        and entry.get("verdict") not in NO_TRY
    ]
    found = len({entry.get("answer") for entry in own if entry.get("answer")})
    right = any(entry.get("verdict") == VerdictKind.RIGHT for entry in own)
    return max(found, TRIES) if right else found


def _model_answer(path: Path, name: str, exercises: list[str]) -> str:
    found = {model.question: model for model in model_answers(path)}
    if name not in found:
        raise Problem(UNKNOWN.format(name=name, names=", ".join([*exercises, *found])))
    text = found[name].text
    if text is None:
        raise Problem(NOTHING_WRITTEN.format(name=name))
    return MODEL_ANSWER.format(name=name, answer=text)


def _told(source: NotebookNode, exercise: Exercise) -> str:
    """Tell where it is derived, two answers in different styles, and what others got wrong."""
    parts = [SOLVED.format(name=exercise.name)]
    own, section = _in_notebook(source, exercise)
    if section:
        parts.append(DERIVED.format(section=section, anchor=section.replace(" ", "-")))
    styles = [answer_source(style, exercise.name) for style in exercise.styles.values()]
    another = min(styles, key=lambda style: SequenceMatcher(None, own, style).ratio(), default="")
    parts += [f"```python\n{answer}\n```" for answer in (own, another) if answer]
    if exercise.mistakes:
        lines = [f"- {mistake.said} *{mistake.hint}*" for mistake in exercise.mistakes[:OTHERS]]
        parts.append(GOT_WRONG.format(mistakes="\n".join(lines)))
    return "\n\n".join(parts)


def _in_notebook(source: NotebookNode, exercise: Exercise) -> tuple[str, str]:
    """Find the answer that stands in the instructor's notebook, and the heading it stands under."""
    section = answer = ""
    for cell in source.cells:
        if cell.cell_type == "markdown":
            section = (HEADING.findall(FENCED.sub("", cell.source)) or [section])[-1]
        elif is_graded_cell(cell):
            if any(check.id == exercise.id for check in checks_in(cell.source)):
                return answer, section
        elif "### BEGIN SOLUTION" in cell.source and exercise.name in cell.source:
            lines = cell.source.splitlines()
            answer = "\n".join(line for line in lines if line.strip() not in MARKS)
    return answer, section
