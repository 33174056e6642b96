"""Which checks these are: one digest of all code that a verdict depends on.

It stands in the gradebook beside every grade, so that a mended check regrades what it judged, and
travels with the work, so that a machine with other checks refuses it.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import autograder
import course
from autograder.exercises import NOTEBOOKS

# Of our own code, what no verdict depends on: everything else does.
WITHOUT_VERDICTS = {"build", "cleaning", "cli", "exports", "grading", "report", "simulate"}


@cache
def checks_version(notebooks: frozenset[str] | None = None) -> str:
    """The digest of this installation's checks, in hexadecimal digits.

    notebooks  numbers as in "01" of the notebooks whose exercises count; all where None
    """
    counted = {
        module
        for name, module in NOTEBOOKS.items()
        if notebooks is None or name.partition("-")[0] in notebooks
    }
    digest = hashlib.sha256()
    for package in (autograder, course):
        root = Path(package.__file__).parent
        for path in sorted(root.rglob("*.py")):
            place = path.relative_to(root)
            if root.name == "course" or _counts(place, counted):
                digest.update(f"{root.name}/{place.as_posix()}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _counts(place: Path, counted: set[str]) -> bool:
    first = place.parts[0].removesuffix(".py")
    if first == "exercises" and place.parts[1] in NOTEBOOKS.values():
        return place.parts[1] in counted
    return first not in WITHOUT_VERDICTS
