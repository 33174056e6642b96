"""The named mistake whose answers are the student's own, if there is one."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import Any

import numpy as np

from autograder.exercises import Exercise, Mistake
from autograder.judge.trial import Answers, Trial
from autograder.sandbox.wire import Answer
from course.compare import as_numbers, nearly_equal

# Python's own arithmetic raises where NumPy's gives infinity: the same mistake in two dialects.
ARITHMETIC = re.compile(r"math (domain|range) error|expected a positive input|division|too large")
BEYOND = 100.0  # how far outside the sizes that are declared a size is looked for
GRID = 4  # sizes that are tried in each decade


def recognise(trial: Trial, answers: list[Answer], neighbours: Sequence[str]) -> Mistake | None:
    """Return the known mistake whose answers equal the student's on all cases; failing that, on all
    ordinary cases (those without a remark), if it differs from the reference there. Return None
    where there is no such mistake.

    neighbours  the names of the notebook's exercises: what raises in one of them is another mistake
    """
    alike = partial(_alike, exercise=trial.exercise, neighbours=neighbours)
    mistakes = trial.exercise.mistakes

    def listed() -> list[tuple[Mistake, Answers]]:
        return [(mistake, found) for mistake in mistakes for found in trial.mistaken(mistake)]

    @cache
    def fitted() -> list[tuple[Mistake, Answers]]:
        return [
            (mistake, found) for mistake in mistakes for found in _fitted(trial, mistake, answers)
        ]

    for indices in (range(len(trial.cases)), sorted(trial.ordinary)):
        # To fit a size takes many calls: what is listed comes first.
        for candidates in (listed, fitted):
            for mistake, found in candidates():
                if all(alike(answers[i], found[i], mistake) for i in indices) and any(
                    not alike(found[i], Answer("value", trial.expected[i]), mistake)
                    for i in indices
                ):
                    return mistake
    return None


def _alike(
    answer: Answer,
    other: Answer,
    mistake: Mistake,
    *,
    exercise: Exercise,
    neighbours: Sequence[str],
) -> bool:
    """Tell whether two answers are the same: values within tolerance, or the same failure at the
    same place. The other is the mistake's own answer, or the reference's."""
    if answer.kind == other.kind == "raised":
        crashes = [
            _crash(one, exercise, neighbours, mistake.function.__name__) for one in (answer, other)
        ]
        return crashes[0] == crashes[1]
    if "raised" in (answer.kind, other.kind):
        raised, value = (answer, other) if answer.kind == "raised" else (other, answer)
        numbers = as_numbers(value.value) if value.kind == "value" else None
        arithmetic = ARITHMETIC.search(raised.text) is not None
        return arithmetic and numbers is not None and not np.isfinite(numbers).all()
    if answer.kind != "value" or other.kind != "value":
        return answer.kind == other.kind
    return same_value(answer.value, other.value, exercise.rtol, exercise.atol)


def _crash(
    answer: Answer, exercise: Exercise, neighbours: Sequence[str], alias: str
) -> tuple[str, str, str]:
    """Return what was raised, what it says without its numbers, and in which other exercise's
    function.

    alias  the name that a mistake's function bears in place of the exercise's own
    """
    text, place = answer.text.replace(alias, exercise.name), answer.function.partition(".")[0]
    text = re.sub(r"\d[\d., ]*", "#", text)
    return answer.error, text, place if place in neighbours and place != exercise.name else ""


def same_value(left: Any, right: Any, rtol: float, atol: float) -> bool:
    """Tell whether two values have one shape and the same numbers, as exactly as an exercise
    wants."""
    if isinstance(left, dict) and isinstance(right, dict):
        shared = left.keys() == right.keys()
        return shared and all(same_value(left[k], right[k], rtol, atol) for k in left)
    one, other = as_numbers(left), as_numbers(right)
    if one is not None and other is not None:
        return one.shape == other.shape and bool(nearly_equal(one, other, rtol, atol).all())
    if isinstance(left, (tuple, list)) and isinstance(right, (tuple, list)):
        same_length = len(left) == len(right)
        return same_length and all(
            same_value(a, b, rtol, atol) for a, b in zip(left, right, strict=True)
        )
    return type(left) is type(right) and left == right


def _fitted(trial: Trial, mistake: Mistake, answers: list[Answer]) -> Iterator[Answers]:
    """Yield the members of a family whose size is read off the student's answer.

    In the entry that is furthest from the reference's, the size is looked for with which the
    family gives what the student's function gave.
    """
    sizes = [key for key, values in mistake.family.items() if _are_sizes(values)]
    place = _furthest(trial, answers) if len(sizes) == 1 else None
    if place is None:
        return
    index, entry, wanted = place
    call, values = trial.calls[index], mistake.family[sizes[0]]
    others = {key: tried for key, tried in mistake.family.items() if key != sizes[0]}
    for chosen in itertools.product(*others.values()):
        member = partial(mistake.function, **dict(zip(others, chosen, strict=True)))

        def miss(size: float, member: Callable[..., Any] = member) -> float:
            # Every size is another function; each is asked about one case.
            answer = Answers(trial.exercise.subject(partial(member, **{sizes[0]: size})), [call])[0]
            numbers = _flat_numbers(answer, trial.expected[index])
            return np.nan if numbers is None else float(numbers[entry] - wanted)

        size = _crossing(miss, min(values) / BEYOND, max(values) * BEYOND)
        if size is not None:
            yield trial.answers_of(partial(member, **{sizes[0]: size}))


def _are_sizes(values: Sequence[Any]) -> bool:
    return all(isinstance(value, float) and value > 0 for value in values)


def _furthest(trial: Trial, answers: list[Answer]) -> tuple[int, int, float] | None:
    """Return the case and the entry of its flat numbers where the student's are furthest, relative
    to the reference's, and what they are there; None where no numbers can be compared."""
    furthest, place = 0.0, None
    for index in trial.declared:
        found = _flat_numbers(answers[index], trial.expected[index])
        expected = flat(trial.expected[index], trial.expected[index])
        if found is None or expected is None or not found.size:
            continue
        with np.errstate(invalid="ignore", over="ignore"):
            off = np.abs(found - expected) / np.maximum(np.abs(expected), 1e-12)
        # Where infinity is asked for, any finite number tells the size at once.
        off = np.where(np.isinf(expected) & np.isfinite(found), np.finfo(float).max, off)
        off = np.where(np.isfinite(found) & ~np.isnan(off), off, 0.0)
        entry = int(np.argmax(off))
        if off[entry] > furthest:
            furthest, place = float(off[entry]), (index, entry, float(found[entry]))
    return place


def _flat_numbers(answer: Answer, like: Any) -> np.ndarray | None:
    return flat(answer.value, like) if answer.kind == "value" else None


def _crossing(miss: Callable[[float], float], low: float, high: float) -> float | None:
    """Return a size between `low` and `high` where `miss` is 0 or changes its sign, or None."""
    count = int(GRID * np.log10(high / low)) + 2
    sizes = np.geomspace(low, high, count)
    misses = [miss(float(size)) for size in sizes]
    for (left, before), (right, after) in itertools.pairwise(zip(sizes, misses, strict=True)):
        if before == 0:
            return float(left)
        if before * after < 0:
            for _ in range(60):
                middle = float(np.sqrt(left * right))
                value = miss(middle)
                if value == 0:
                    return middle
                if value * before < 0:
                    right = middle
                else:
                    left = middle
            return float(np.sqrt(left * right))
    return None


def flat(value: Any, like: Any) -> np.ndarray | None:
    """Return all numbers of `value` in the order of `like`, or None where it is not shaped like
    that."""
    if isinstance(like, dict):
        if not isinstance(value, dict) or not like.keys() <= value.keys():
            return None
        value, like = [value[key] for key in like], list(like.values())
    if isinstance(like, (tuple, list)):
        if not isinstance(value, (tuple, list)) or len(value) != len(like):
            return None
        parts = [flat(inner, other) for inner, other in zip(value, like, strict=True)]
        known = [part for part in parts if part is not None]
        return np.concatenate(known) if known and len(known) == len(parts) else None
    numbers = as_numbers(value)
    return numbers.ravel() if numbers is not None and numbers.shape == np.shape(like) else None
