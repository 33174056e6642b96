"""The cells of a notebook as they ran, and why a function is not there when it is asked for."""

from __future__ import annotations

import ast
import difflib
import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograder.judge import words
from autograder.judge.shortcuts import StudentCode
from course.kinds import VerdictKind
from course.stubs import is_stub

SYNTAX_ERRORS = ("SyntaxError", "IndentationError", "TabError")
# What only a newer Python reads: nested quotes in an f-string, type parameters, `type X = ...`.
NEWER = re.compile(r"f(['\"]).*\{[^}]*\1.*\}|^\s*(def|class)\s+\w+\s*\[|^\s*type\s+\w+")


@dataclass(frozen=True)
class RanCell:
    """An ordinary cell of a notebook.

    source  its text
    error   the class of the exception that it ended with, "" where it ran to its end
    text    the message of that exception
    line    the line of the cell that raised, or None where it is not known
    ran     whether it has run before the check that is judged
    """

    source: str
    error: str = ""
    text: str = ""
    line: int | None = None
    ran: bool = True

    @classmethod
    def of_outputs(cls, source: str, outputs: Sequence[dict[str, Any]]) -> RanCell:
        """Return a cell that ran, with the outputs it left."""
        errors = [output for output in outputs if output["output_type"] == "error"]
        if not errors:
            return cls(source)
        error = errors[-1]
        name, text = error["ename"], error["evalue"]
        # Of a syntax error the message has the line; of others the arrow in the traceback.
        inside = re.search(r" \([^()]*, line (\d+)\)$", text)
        if inside:
            return cls(source, name, text[: inside.start()], int(inside[1]))
        arrow = re.search(r"^-+> ?(\d+) ", "\n".join(error["traceback"]), re.MULTILINE)
        return cls(source, name, text, int(arrow[1]) if arrow else None)

    def defines(self, name: str) -> bool:
        """Tell whether its text defines `name`, although it may not be Python at all."""
        known = re.escape(name)
        pattern = rf"^\s*((async\s+)?def|class)\s+{known}\b|^\s*{known}\s*=[^=]"
        return re.search(pattern, self.source, re.MULTILINE) is not None

    def definition(self, name: str) -> ast.stmt | None:
        """Return the last statement of it that defines `name`, or None."""
        return StudentCode(self.source).tree_of(name)


def explain_missing(
    name: str, cells: Sequence[RanCell], code: StudentCode, known: Sequence[str]
) -> tuple[VerdictKind, str]:
    """Why there is no function `name`: the kind of the verdict, and the message.

    known  the names that are not a misspelling of this one: those of the other exercises
    """
    if failed := _failed(name, cells):
        return failed
    if any(cell.defines(name) for cell in cells if not cell.ran):
        return VerdictKind.CRASHED, words.DEFINED_LATER.format(name=name)
    near = _misspelt(name, [other for other in code.definitions if other not in known])
    if near:
        return VerdictKind.CRASHED, words.MISSPELT.format(name=name, near=near)
    return VerdictKind.NOT_ATTEMPTED, words.NO_FUNCTION.format(name=name)


def explain_stub(name: str, cells: Sequence[RanCell]) -> tuple[VerdictKind, str]:
    """Return what is to be said where the line that `name` came with was reached: the cell that was
    to put an answer in its place failed, stands elsewhere, or is not there."""
    if failed := _failed(name, cells):
        return failed
    for cell in cells:
        definition = cell.definition(name) if cell.defines(name) else None
        if definition is not None and not is_stub(definition):
            said = words.TAKEN_BACK if cell.ran else words.ANSWER_BELOW_CHECK
            return VerdictKind.CRASHED, said.format(name=name)
    return VerdictKind.NOT_ATTEMPTED, words.NOT_WRITTEN.format(name=name)


def _failed(name: str, cells: Sequence[RanCell]) -> tuple[VerdictKind, str] | None:
    """Return what is to be said of the last cell that would define `name` and failed, if one
    did."""
    for cell in reversed(cells):
        if cell.ran and cell.error and cell.defines(name):
            return _say_failure(name, cell)
    return None


def _say_failure(name: str, cell: RanCell) -> tuple[VerdictKind, str]:
    line = cell.line or 0
    error = f"{cell.error}: {cell.text}" if cell.text else cell.error
    gaps = {"name": name, "line": line, "error": error}
    if cell.error in SYNTAX_ERRORS:
        lines = cell.source.splitlines()
        text = lines[line - 1] if 0 < line <= len(lines) else ""
        if "U+00A0" in cell.text or "\N{NO-BREAK SPACE}" in text:
            return VerdictKind.CRASHED, words.NO_BREAK_SPACE.format(**gaps)
        if NEWER.search(text):
            version = ".".join(platform.python_version_tuple()[:2])
            return VerdictKind.CRASHED, words.NEWER_PYTHON.format(**gaps, version=version)
        if cell.error != "SyntaxError" and line:
            return VerdictKind.CRASHED, words.INDENTATION.format(**gaps)
        said = words.SYNTAX if line else words.SYNTAX_NO_LINE
        return VerdictKind.CRASHED, said.format(**gaps)
    if cell.error == "TimeoutError":
        return VerdictKind.TIMED_OUT, words.CELL_OUT_OF_TIME.format(**gaps)
    if cell.error in ("ModuleNotFoundError", "ImportError"):
        return VerdictKind.CRASHED, words.IMPORT_FAILED.format(**gaps)
    said = words.CELL_STOPPED_AT if line else words.CELL_STOPPED
    return VerdictKind.CRASHED, said.format(**gaps)


def _misspelt(name: str, others: Sequence[str]) -> str:
    """Return the one of `others` that `name` is likely to be, whatever its capitals; "" for
    none."""
    folded = {_fold(other): other for other in others if other != name}
    near = difflib.get_close_matches(_fold(name), folded, n=1, cutoff=0.8)
    return folded[near[0]] if near else ""


def _fold(name: str) -> str:
    return name.replace("_", "").lower()
