"""The graded cells of a course's notebook: which checks each calls, and the verdicts it got."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.judge.verdicts import Verdict


@dataclass(frozen=True)
class GradedCheck:
    """One `autograder.check(id, expression)` of a graded cell."""

    id: str
    expression: str


@dataclass(frozen=True)
class GradedCell:
    """A graded cell as the course has it; its points are shared equally among its checks."""

    grade_id: str
    points: float
    checks: tuple[GradedCheck, ...]

    @classmethod
    def read(cls, grade_id: str, points: float, source: str) -> GradedCell:
        """The graded cell with this source; ValueError where it holds no check."""
        checks = tuple(checks_in(source))
        if not checks:
            raise ValueError(f"the graded cell {grade_id} holds no autograder.check(...)")
        return cls(grade_id, points, checks)


@dataclass(frozen=True)
class CellVerdicts:
    """The verdicts of one graded cell, with the points each earns."""

    cell: GradedCell
    verdicts: tuple[Verdict, ...]

    @property
    def score(self) -> float:
        """The points earned, between 0 and the cell's points; all of them where all is right."""
        right = sum(verdict.right for verdict in self.verdicts)
        return self.cell.points * right / len(self.verdicts)

    @property
    def rows(self) -> list[dict]:
        """The verdicts as `check --json` prints them."""
        share = self.cell.points / len(self.verdicts)
        return [
            {
                "exercise": verdict.exercise,
                "points": share if verdict.right else 0.0,
                "max_points": share,
                "verdict": verdict.verdict,
                "mistake": verdict.mistake,
                "message": verdict.message,
            }
            for verdict in self.verdicts
        ]


def checks_in(source: str) -> Iterator[GradedCheck]:
    """The checks that a graded cell's source calls, in order."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and ast.unparse(node.func) == "autograder.check"
            and len(node.args) == 2
            and isinstance(node.args[0], ast.Constant)
        ):
            yield GradedCheck(node.args[0].value, ast.unparse(node.args[1]))


def graded_cells(notebook: NotebookNode) -> dict[str, GradedCell]:
    """The graded code cells of a source notebook, by grade id, in order."""
    cells = {}
    for cell in notebook.cells:
        if is_graded_cell(cell):
            data = cell.metadata["nbgrader"]
            cells[data["grade_id"]] = GradedCell.read(
                data["grade_id"], float(data["points"]), cell.source
            )
    return cells


def is_graded_cell(cell: NotebookNode) -> bool:
    """Say whether it is a graded cell: code that earns points and that no student writes."""
    data = cell.metadata.get("nbgrader", {})
    return cell.cell_type == "code" and bool(data.get("grade")) and not data.get("solution")
