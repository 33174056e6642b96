"""What else a wrong answer would be right for: the same function asked otherwise.

Two arguments exchanged, a parameter left at its default, the last entry left out, rows and columns
exchanged, a whole batch taken for one row, a mean over groups that all count alike: where the
reference, asked like that, says what the student's function said in every ordinary case, the
question that leads on is true, and shows nothing of the right value.
"""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.exercises import Case
from autograder.exercises.specification import unchanged
from autograder.judge import words
from autograder.judge.recognise import same_value
from autograder.judge.trial import Subject, Trial, answer_of, unwarned
from autograder.sandbox.wire import Answer, plain
from course.compare import as_numbers

MOST_CASES = 4
MOST_EXAMPLES = 50


@dataclass(frozen=True)
class Other:
    """The question behind another one.

    says   what is told and asked where it is the one that was answered
    args   its arguments
    kwargs its keyword arguments
    back   makes of what the reference says to it what would have come back
    groups the arguments of each where it is several questions, whose mean is taken, in the place
           of `args`
    """

    says: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    back: Callable[[Any], Any] = lambda value: value
    groups: tuple[tuple[Any, ...], ...] = ()


def answered_otherwise(trial: Trial, answers: list[Answer]) -> str:
    """Return what is said of the question that the student's function answers instead; "" where it
    answers none of those that are known here."""
    exercise = trial.exercise
    wrong = []
    for index in trial.ordinary:
        answer = answers[index]
        if answer.kind != "value":
            return ""
        if not same_value(answer.value, trial.expected[index], exercise.rtol, exercise.atol):
            wrong.append(index)
    if not wrong:
        return ""
    holding: dict[str, int] = {}
    for index in wrong[:MOST_CASES]:
        found, case = answers[index].value, trial.cases[index]
        said = {
            other.says
            for other in _others(case, _names(trial))
            if same_value(_asked(trial, other), found, exercise.rtol, exercise.atol)
        }
        for says in said:
            holding[says] = holding.get(says, 0) + 1
    # One case may be a coincidence where a single number comes back.
    least = min(len(wrong), MOST_CASES)
    single = all(_is_one_number(trial.expected[index]) for index in wrong[:MOST_CASES])
    if single and least < 2:
        return ""
    return next((says for says, count in holding.items() if count == least), "")


def _is_one_number(value: Any) -> bool:
    return not isinstance(value, (tuple, list, dict)) and np.size(value) == 1


def same_when_exchanged(trial: Trial, answers: list[Answer], subject: Subject) -> str:
    """Return what is said where two arguments may be exchanged in the student's function, and not
    in the reference; "" where that is not so, or cannot be seen."""
    names = _names(trial)
    for index in trial.ordinary[:1] if names else ():
        case = trial.cases[index]
        for other in _exchanged(case, names, words.SAME_EXCHANGED):
            exact = trial.exercise.rtol, trial.exercise.atol
            if same_value(_asked(trial, other), trial.expected[index], *exact):
                continue
            answer = subject([(plain(other.args), plain(other.kwargs))])[0]
            if answer.kind == "value" and same_value(answer.value, answers[index].value, *exact):
                return other.says
    return ""


def _asked(trial: Trial, other: Other) -> Any:
    """Return what the reference says to another question; None where it has no answer."""
    subject = trial.exercise.subject(trial.exercise.reference)
    answers = [answer_of(subject, args, other.kwargs) for args in other.groups or (other.args,)]
    if any(answer.kind != "value" for answer in answers):
        return None
    try:
        values = [other.back(answer.value) for answer in answers]
        return _mean(values) if other.groups else values[0]
    except (TypeError, ValueError, IndexError, KeyError):
        return None


def _names(trial: Trial) -> list[str]:
    """Return the names of the student's parameters; [] where a wrapper stands before them."""
    if trial.exercise.subject is not unchanged:
        return []
    return list(inspect.signature(trial.exercise.reference).parameters)


def _others(case: Case, names: list[str]) -> Iterator[Other]:
    args, kwargs = case.args, case.kwargs
    if names:
        for key in kwargs:
            left = {name: value for name, value in kwargs.items() if name != key}
            yield Other(words.DEFAULT_INSTEAD.format(name=key), args, left)
        yield from _exchanged(case, names, words.EXCHANGED)
    for axis in (0, -1):
        for length in sorted({_length(value, axis) for value in args}):
            if length > 1:
                last = tuple(_cut(value, length, axis, slice(None, -1)) for value in args)
                rest = tuple(_cut(value, length, axis, slice(1, None)) for value in args)
                yield Other(words.WITHOUT_LAST, last, kwargs)
                yield Other(words.WITHOUT_FIRST, rest, kwargs)
    for groups in _grouped(case):
        yield Other(words.MEAN_OF_MEANS, args, kwargs, groups=groups)
    tables = [place for place, value in enumerate(args) if np.ndim(_array(value)) == 2]
    if len(tables) == 1:
        place = tables[0]
        table = args[place]
        turned = (*args[:place], table.T.copy(), *args[place + 1 :])
        yield Other(words.TURNED, turned, kwargs, np.transpose)
        shape = table.shape
        flat = (*args[:place], table.ravel(), *args[place + 1 :])
        yield Other(words.LAID_IN_ONE, flat, kwargs, lambda value: np.reshape(value, shape))
    for place, value in enumerate(args):
        if isinstance(_array(value), np.ndarray) and value.dtype.kind == "f" and value.any():
            turned = (*args[:place], -value, *args[place + 1 :])
            said = words.OTHER_SIGN if len(args) == 1 or not names else words.OTHER_SIGN_OF
            name = names[place] if names else ""
            yield Other(said.format(name=name), turned, kwargs)


def _grouped(case: Case) -> Iterator[tuple[tuple[Any, ...], ...]]:
    """Yield the arguments of each of several groups of examples, unequal in size: batches, the last
    of which is short, and the examples of each class."""
    lengths = [_length(value, 0) for value in case.args]
    for length in sorted(set(lengths)):
        if not 2 < length <= MOST_EXAMPLES:
            continue
        places = np.arange(length)
        ways = [places // size for size in (2, 3, 4, 5, (length + 1) // 2) if length % size]
        labels = [as_numbers(value) for value in case.args if _length(value, 0) == length]
        ways += [one for one in labels if one is not None and one.ndim == 1]
        for group in ways:
            kinds = [np.flatnonzero(group == one) for one in np.unique(group)]
            if 1 < len(kinds) < length:
                yield tuple(tuple(_taken(v, length, kind) for v in case.args) for kind in kinds)


def _taken(value: Any, length: int, places: np.ndarray) -> Any:
    if _length(value, 0) != length:
        return value
    if isinstance(value, np.ndarray):
        return value[places]
    return type(value)(value[place] for place in places)


def _mean(values: list[Any]) -> Any:
    """Return the mean of numbers, of arrays of one shape, or part by part of tuples and dicts."""
    first = values[0]
    if isinstance(first, dict):
        return {key: _mean([value[key] for value in values]) for key in first}
    if isinstance(first, (tuple, list)):
        return tuple(map(_mean, map(list, zip(*values, strict=True))))
    return np.mean(values, axis=0)


def _exchanged(case: Case, names: list[str], says: str) -> Iterator[Other]:
    """Yield the questions with two arguments of one form exchanged."""
    args = case.args
    for first, second in itertools.combinations(range(len(args)), 2):
        if _interchangeable(args[first], args[second]):
            changed = list(args)
            changed[first], changed[second] = args[second], args[first]
            said = says.format(first=names[first], second=names[second])
            yield Other(said, tuple(changed), case.kwargs)


def _array(value: Any) -> Any:
    return value if isinstance(value, np.ndarray) else None


def _interchangeable(one: Any, other: Any) -> bool:
    if type(one) is not type(other) or isinstance(one, (str, bool, dict)):
        return False
    return np.shape(one) == np.shape(other) and not np.array_equal(one, other)


def _length(value: Any, axis: int) -> int:
    """Return the length of a list or an array along its first or last axis; 0 for anything else."""
    if isinstance(value, (list, tuple)):
        return len(value)
    return value.shape[axis] if isinstance(value, np.ndarray) and value.ndim else 0


def _cut(value: Any, length: int, axis: int, part: slice) -> Any:
    if _length(value, axis) != length:
        return value
    return value[part] if axis == 0 or isinstance(value, (list, tuple)) else value[..., part]


class _NoAnswer(Exception):
    """The student's function gave no value where a property asked it."""


def broken_property(trial: Trial, subject: Subject) -> str:
    """Return what is said of the first property of the exercise that the student's function lacks;
    "" where it lacks none."""

    def ask(*args: Any, **kwargs: Any) -> Any:
        answer = subject([(plain(args), plain(kwargs))])[0]
        if answer.kind != "value":
            raise _NoAnswer
        return answer.value

    for prop in trial.exercise.properties:
        for index in trial.ordinary:
            case = trial.cases[index]
            try:
                with unwarned():
                    broken = prop.broken(ask, *case.args, **case.kwargs)
            except Exception:
                # A strange answer may have no such property at all. The build proves that right
                # answers have it, so what fails here is not the property.
                continue
            if broken is not None:
                gaps = {key: words.describe(value) for key, value in broken.items()}
                return prop.says.format(**gaps)
    return ""
