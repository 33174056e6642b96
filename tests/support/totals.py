"""How many exercises and points a notebook has, as the exercises and the source say themselves."""

import nbformat

from autograder.exercises import notebook
from tests.conftest import ROOT


def exercises_in(name: str) -> int:
    """How many exercises a notebook has."""
    return len(notebook(name).exercises)


def checked_points(name: str) -> float:
    """The points of a notebook that the judge gives."""
    return sum(exercise.points for exercise in notebook(name).exercises.values())


def all_points(name: str) -> float:
    """The points of a notebook, with those that a person gives for written answers."""
    source = nbformat.read(ROOT / "source" / name / f"{name}.ipynb", as_version=4)
    return sum(cell.metadata.get("nbgrader", {}).get("points", 0) for cell in source.cells)
