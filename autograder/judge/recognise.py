"""The named mistake whose answers are the student's own, if there is one."""

from __future__ import annotations

import numpy as np

from autograder.exercises import Exercise, Mistake
from autograder.judge.trial import Trial
from autograder.sandbox.wire import Answer
from course.compare import as_numbers, nearly_equal


def recognise(put: Trial, answers: list[Answer]) -> Mistake | None:
    """The known mistake that answers every case as the student did, or at least every ordinary
    case (one that needs no remark) while differing from the reference there; else None. Of
    several that raise the same exception, the one whose exception says the same as well."""
    exercise = put.exercise
    everything = range(len(put.cases))
    ordinary = [index for index in everything if not put.cases[index].about]
    for indices in (everything, ordinary):
        named = []
        for mistake in exercise.mistakes:
            found = put.mistaken(mistake)
            if all(_alike(answers[i], found[i], exercise) for i in indices) and any(
                not _alike(found[i], Answer("value", put.expected[i]), exercise) for i in indices
            ):
                if all(answers[i].text == found[i].text for i in indices):
                    return mistake
                named.append(mistake)
        if named:
            return named[0]
    return None


def _alike(answer: Answer, other: Answer, exercise: Exercise) -> bool:
    """Whether two answers are the same: values within tolerance, or the same kind of failure."""
    if answer.kind == other.kind == "raised":
        return answer.error == other.error
    if "raised" in (answer.kind, other.kind):
        # math.log(0) raises where np.log(0) gives -inf: the same mistake in two dialects.
        raised, value = (answer, other) if answer.kind == "raised" else (other, answer)
        numbers = as_numbers(value.value) if value.kind == "value" else None
        arithmetic = raised.error in ("ValueError", "ZeroDivisionError", "OverflowError")
        return arithmetic and numbers is not None and not np.isfinite(numbers).all()
    if answer.kind != "value" or other.kind != "value":
        return answer.kind == other.kind
    return _same_value(answer.value, other.value, exercise.rtol, exercise.atol)


def _same_value(left, right, rtol: float, atol: float) -> bool:
    if isinstance(left, dict) and isinstance(right, dict):
        shared = left.keys() == right.keys()
        return shared and all(_same_value(left[k], right[k], rtol, atol) for k in left)
    numbers = as_numbers(left), as_numbers(right)
    if numbers[0] is not None and numbers[1] is not None:
        same_shape = numbers[0].shape == numbers[1].shape
        return same_shape and bool(nearly_equal(*numbers, rtol, atol).all())
    if isinstance(left, (tuple, list)) and isinstance(right, (tuple, list)):
        same_length = len(left) == len(right)
        return same_length and all(_same_value(a, b, rtol, atol) for a, b in zip(left, right))
    return type(left) is type(right) and left == right
