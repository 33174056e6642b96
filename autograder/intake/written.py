"""Written answers that do not stand in their cells: nobody but a person can find and mark them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.errors import UnreadableFile
from autograder.intake.notebooks import grade_id_of, parse, read_bytes
from autograder.intake.repair import CourseCell
from autograder.source_text import parse as parse_python

# What nbgrader puts in the place of a written answer.
PLACEHOLDER = "YOUR ANSWER HERE"
# What it takes out of an instructor's cell.
SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)
WORD = re.compile(r"\w+")
# Five words in a row, which are a sentence rather than code.
PROSE = re.compile(r"(?:[^\W\d_]+[,;:.]? ){4}[^\W\d_]")
# Of so many lines that are not the course's, one is taken for the student's without a look.
MANY_LINES = 500
SAME_LINE = 0.5


@dataclass(frozen=True)
class Given:
    """What students were given that the gradebook does not keep.

    order  the grade ids, in the order of the notebook
    lines  the lines of all texts
    """

    order: tuple[str, ...] = ()
    lines: frozenset[str] = frozenset()


def read_given(paths: Iterable[str], known: Iterable[str]) -> Given:
    """Read what was given out, from the notebooks of an assignment in `release/` and `source/`.

    known  the grade ids of the gradebook: the order is that of the first notebook with all of them,
           as a cell may have got another name in `source/` since
    """
    known, orders, lines = set(known), [()], set()
    for path in paths:
        try:
            cells = parse(read_bytes(path))["cells"]
        except (UnreadableFile, KeyError):
            continue
        fields = [cell.get("metadata", {}).get("nbgrader", {}) for cell in cells]
        orders.append(tuple(entry["grade_id"] for entry in fields if entry.get("grade_id")))
        for cell in cells:
            lines.update(_lines("".join(cell["source"])))
    return Given(max(orders, key=lambda order: len(known.intersection(order))), frozenset(lines))


def lost_texts(notebook: NotebookNode, course: Iterable[CourseCell]) -> list[str]:
    """Return the ids of written answers without a cell in a rebuilt notebook before its repair.

    They may have been typed anywhere, so that only a person can find them.
    """
    there = set(map(grade_id_of, notebook.cells))
    return [own.grade_id for own in _questions(course) if own.grade_id not in there]


def texts_elsewhere(
    notebook: NotebookNode, course: Iterable[CourseCell], given: Given
) -> list[str]:
    """Return the ids of written answers that may stand in other cells of a repaired notebook.

    Their own cells are empty or as they were given out, and another cell holds a text of the
    student's own.
    """
    texts = {grade_id_of(cell): cell.source.strip() for cell in notebook.cells}
    blank = [
        own.grade_id
        for own in _questions(course)
        if texts[own.grade_id] in ("", PLACEHOLDER, own.released, own.source.strip())
    ]
    return blank if blank and _holds_own_text(notebook, given) else []


def _questions(course: Iterable[CourseCell]) -> list[CourseCell]:
    return [own for own in course if own.cell_type != "code" and (own.solution or own.task)]


def _holds_own_text(notebook: NotebookNode, given: Given) -> bool:
    others = (cell for cell in notebook.cells if grade_id_of(cell) is None)
    lines = {
        line
        for cell in others
        if cell.cell_type != "code" or _is_prose(cell.source)
        for line in _lines(cell.source)
    } - given.lines
    if len(lines) > MANY_LINES:
        return True
    # A line that was reworded since, in a newer release, is still the course's.
    known = [set(WORD.findall(line)) for line in given.lines]
    return any(_is_new(set(WORD.findall(line)), known) for line in lines)


def _lines(source: str) -> list[str]:
    return [line.strip() for line in source.splitlines() if WORD.search(line)]


def _is_new(words: set[str], known: Sequence[set[str]]) -> bool:
    return not any(len(words & other) > SAME_LINE * len(words | other) for other in known)


def _is_prose(source: str) -> bool:
    """Say whether a code cell holds a text and no program."""
    if not PROSE.search(source):
        return False
    try:
        body = parse_python(source).body
    except SyntaxError:
        return True
    return all(
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        for statement in body
    )
