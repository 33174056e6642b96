"""What the judge says: of an error, of a difference, of the arguments of a call."""

from __future__ import annotations

import numpy as np

from autograder.exercises import Case
from autograder.sandbox.wire import Answer
from course.compare import Difference, name_type


def say_error(answer: Answer) -> str:
    text = f"{answer.error}: {answer.text}" if answer.text else answer.error
    return f"{text} (line {answer.line} of its cell)" if answer.line else text


def say_difference(name: str, case: Case, difference: Difference, answer: Answer) -> str:
    where = f"{difference.where} of what {name} returns" if difference.where else f"{name}"
    text = f"{where}, called with {about_call(case)}: {difference.text}."
    return f"{text} {difference.symptom}".strip()


def about_call(case: Case) -> str:
    """The arguments in words: their shapes, or the values of short ones."""
    words = [describe(argument) for argument in case.args]
    words += [f"{key}={describe(value)}" for key, value in case.kwargs.items()]
    text = ", ".join(words)
    return f"{text} ({case.about})" if case.about else text


def describe(value) -> str:
    if isinstance(value, np.ndarray):
        if value.size <= 4:
            return str(np.round(value, 4).tolist())
        return name_type(value)
    if isinstance(value, dict):
        inner = ", ".join(f"{key!r}: {describe(entry)}" for key, entry in value.items())
        return "{" + inner + "}" if len(inner) < 80 else f"a dict of {len(value)}"
    if isinstance(value, (list, tuple)) and any(isinstance(item, np.ndarray) for item in value):
        # Arrays in a list, such as the weights of several layers, are told by their shapes.
        return "[" + ", ".join(name_type(item) for item in value) + "]"
    if isinstance(value, (list, tuple, str)):
        return repr(value) if len(value) <= 8 else f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, float):
        return f"{value:.6g}"
    return repr(value) if isinstance(value, int) else type(value).__name__
