"""Every named mistake put to the visible checks, as a student would meet them.

A visible check has a few numbers only, so a mistake may pass it. One that does not is refused in
words, and with no reason that is not true of it: whatever else a check says is a defect of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from nbformat import NotebookNode, from_dict

from autograder.cell_fields import fields_of
from autograder.exercises import Exercise, Mistake, exercise
from autograder.exercises.sources import answer_source
from autograder.hooks.internals import remove_hidden_tests
from autograder.run.assess import GradedCell
from autograder.sandbox import Room
from course import words

IN_WORDS = ("CheckFailed", "NotAttempted")


@dataclass
class Visible:
    """What the visible checks of a notebook made of its mistakes.

    refused   how many are refused, in words
    passing   the names of those that pass
    problems  one sentence for each that is met with anything but words, or with a reason that is
              not true of it
    """

    refused: int = 0
    passing: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def try_mistakes(notebook: NotebookNode, graded: dict[str, GradedCell], room: Room) -> Visible:
    """Put every mistake to the visible checks of its exercise, in a room that runs the solved
    notebook up to there, and the solution again behind it."""
    result = Visible()
    cells: list[str] = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        grade_id = fields_of(cell).get("grade_id")
        if grade_id not in graded:
            room.run(cell.source)
            cells.append(cell.source)
            continue
        source = visible_source(cell)
        for check in graded[grade_id].checks:
            specified = exercise(check.id)
            solution = [text for text in cells if _defines(text, specified.name)]
            for mistake, text in _wrong_answers(specified):
                room.run(text)
                _look(result, check.id, mistake, room.run(source).outputs)
            for text in solution:
                room.run(text)
            # A check remembers what did not pass; now it does.
            room.run(source)
    return result


def reasons_in(message: str) -> list[str]:
    """Return the names of the reasons of `course.words` that a message gives."""
    return [name for name, pattern in _REASONS.items() if pattern.search(message)]


_REASONS = {
    name: re.compile(re.sub(r"\\{\w+\\}", r"[^ ]+", re.escape(getattr(words, name))))
    for name in words.REASONS
}


def visible_source(cell: NotebookNode) -> str:
    """Return what of a graded cell a student sees."""
    visible = from_dict(dict(cell))
    remove_hidden_tests(visible)
    return visible.source


def _wrong_answers(specified: Exercise) -> Iterator[tuple[Mistake, str]]:
    for mistake in specified.mistakes:
        try:
            yield mistake, answer_source(mistake.function, specified.name)
        except ValueError:
            # It spoils what the right function gives, so it cannot stand in its place.
            continue


def _defines(source: str, name: str) -> bool:
    return f"def {name}(" in source or f"class {name}(" in source


def _look(result: Visible, id: str, mistake: Mistake, outputs: list[dict]) -> None:
    subject = f"{id}: the mistake {mistake.name}"
    errors = [output for output in outputs if output["output_type"] == "error"]
    if not errors:
        result.passing.append(subject)
    elif errors[0]["ename"] not in IN_WORDS:
        said = f"{errors[0]['ename']}: {errors[0]['evalue'][:200]}"
        result.problems.append(f"{subject} is met by the visible check with {said}")
    else:
        result.refused += 1
        for reason in reasons_in(errors[0]["evalue"]):
            if not mistake.is_told_by(reason):
                said = getattr(words, reason)
                result.problems.append(
                    f'{subject} is told by the visible check: "{said}" Where that is true of it, '
                    f'say so with leads=("{reason}",).'
                )
