"""The content: one package a notebook, one module an exercise; both are found, not registered.

`exercise("01.surprise")` finds one; `notebook("01-surprise-and-entropy")` all of a notebook.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from autograder.exercises.roots import Root
from autograder.exercises.specification import Case, Exercise, Mistake, Notebook

__all__ = [
    "NOTEBOOKS",
    "Case",
    "Exercise",
    "Mistake",
    "Notebook",
    "Root",
    "exercise",
    "neighbours",
    "notebook",
]

# The modules of a notebook's package that hold no exercise.
NO_EXERCISES = ("inputs", "parts", "reference")


def _packages() -> dict[str, str]:
    """Find the packages of the notebooks, by the names of the assignments, in order."""
    packages = [module.name for module in pkgutil.iter_modules(__path__) if module.ispkg]
    found = {import_module(f"{__name__}.{name}").notebook.name: name for name in packages}
    return dict(sorted(found.items()))


NOTEBOOKS = _packages()


@cache
def notebook(name: str) -> Notebook:
    """Find the exercises of an assignment; KeyError where there is no such assignment."""
    package = import_module(f"{__name__}.{NOTEBOOKS[name]}")
    for module in pkgutil.iter_modules(package.__path__):
        if module.name not in NO_EXERCISES:
            import_module(f"{package.__name__}.{module.name}")
    package.notebook.exercises = dict(sorted(package.notebook.exercises.items()))
    found: Notebook = package.notebook
    return found


def neighbours(id: str) -> tuple[str, ...]:
    """Return the names of all exercises in the notebook of an exercise; () where it is in none."""
    number = id.partition(".")[0]
    return tuple(
        name
        for assignment in NOTEBOOKS
        if assignment.startswith(f"{number}-")
        for name in notebook(assignment).exercises
    )


def exercise(id: str) -> Exercise:
    """Find the exercise of an id such as "01.surprise"; KeyError where there is none."""
    number, _, name = id.partition(".")
    for assignment in NOTEBOOKS:
        if assignment.startswith(f"{number}-"):
            return notebook(assignment).exercises[name]
    raise KeyError(id)
