"""The fields that nbgrader keeps in a cell's metadata."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def fields_of(cell: Mapping[str, Any]) -> dict[str, Any]:
    """Return nbgrader's fields of a cell, as nbformat or JSON has it; none where it has no such.

    grade_id, grade, solution, locked, task, points, cell_type, checksum, schema_version
    """
    found: dict[str, Any] = cell["metadata"].get("nbgrader", {})
    return found
