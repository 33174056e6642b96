"""Per notebook, per exercise: the reference, the cases to draw, the named mistakes, the forbidden
shortcuts. `exercise("01.surprise")` finds one; `notebook("01-surprise-and-entropy")` a whole table.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from autograder.exercises.specification import Case, Exercise, Mistake, Notebook, answer_source

__all__ = ["Case", "Exercise", "Mistake", "Notebook", "answer_source", "exercise", "notebook"]

NOTEBOOKS = {
    "01-surprise-and-entropy": "surprise_and_entropy",
    "02-logistic-regression": "logistic_regression",
    "03-softmax-jacobian": "softmax_jacobian",
    "04-backprop-by-hand": "backprop_by_hand",
    "05-autograd": "autograd",
}


@cache
def notebook(name: str) -> Notebook:
    """The exercises of an assignment; KeyError where there is no such assignment."""
    return import_module(f"autograder.exercises.{NOTEBOOKS[name]}").notebook


def exercise(id: str) -> Exercise:
    """The exercise of an id such as "01.surprise"; KeyError where there is none."""
    number, _, name = id.partition(".")
    for assignment in NOTEBOOKS:
        if assignment.startswith(f"{number}-"):
            return notebook(assignment).exercises[name]
    raise KeyError(id)
