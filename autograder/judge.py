"""An answer beside the reference: the verdict.

The judge draws an exercise's cases from a seed, asks a subject for its answers, and compares them
with the reference's. A subject is anything that maps a list of calls to a list of answers: a
function in this process, or a student's function in a room. The judge takes every answer as a claim
about values and trusts nothing else in it.
"""

from __future__ import annotations

import hashlib
import io
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np

from autograder.differences import made_by_differences
from autograder.exercises import Case, Exercise, Mistake
from autograder.shortcuts import StudentCode, find_shortcut, uses_any
from autograder.wire import Answer
from course.comparing import (
    SEVERITY,
    Difference,
    as_numbers,
    compare,
    name_type,
    nearly_equal,
)

VERDICTS = (
    "not attempted",
    "crashed",
    "timed out",
    "shortcut",
    "wrong type",
    "wrong shape",
    "not finite",
    "right",
    "known mistake",
    "wrong",
)

Call = tuple[tuple, dict]
Subject = Callable[[Sequence[Call]], Sequence[Answer]]


@dataclass(frozen=True)
class Verdict:
    """What a check found.

    exercise  as in "01.surprise"
    verdict   one of VERDICTS
    mistake   the name of a known mistake, or None
    message   for the student: what was found, and the question that leads on
    """

    exercise: str
    verdict: str
    mistake: str | None
    message: str

    @property
    def right(self) -> bool:
        return self.verdict == "right"


def seed_of(*parts: str) -> int:
    """A seed that is the same for the same course key, assignment and student."""
    return int.from_bytes(hashlib.sha256("\0".join(parts).encode()).digest()[:8], "big")


class Trial:
    """The cases of one seed in the order they are put, and what the reference says to each.

    Every function is asked again about some cases, in mixed order, so that one that remembers its
    last answer or spoils its own state is seen.
    """

    def __init__(self, exercise: Exercise, seed: int):
        rng = np.random.default_rng(seed)
        cases = exercise.cases(rng)
        order = [*rng.permutation(len(cases)), *rng.permutation(len(cases))[:2]]
        self.exercise = exercise
        self.cases = [cases[index] for index in order]
        self._order = order
        self.calls = [(case.args, case.kwargs) for case in self.cases]
        self._mistakes: dict[str, Answers] = {}

    @cached_property
    def expected(self) -> list:
        """What the reference says to each call."""
        # It says the same whenever it is asked, so it is asked about each case once.
        answers = self._answers(self.exercise.reference)
        every = self._order[: len(set(self._order))]
        values = {index: answers[place].value for place, index in enumerate(every)}
        return [values[index] for index in self._order]

    def mistaken(self, mistake: Mistake) -> Answers:
        """The answers of a known mistake."""
        if mistake.name not in self._mistakes:
            self._mistakes[mistake.name] = self._answers(mistake.function)
        return self._mistakes[mistake.name]

    def _answers(self, function: Callable) -> Answers:
        return Answers(self.exercise.subject(function), self.calls)


trial = lru_cache(maxsize=64)(Trial)


def judge(
    exercise: Exercise, subject: Subject, seed: int = 0, source: str | StudentCode = ""
) -> Verdict:
    """Put `subject` to the cases of `seed` and say what was found.

    source  the student's code, searched for shortcuts
    """
    put = trial(exercise, seed)
    answers = list(subject(put.calls))
    if len(answers) != len(put.calls):
        answers = [Answer("died")] * len(put.calls)
    verdict, message = _find(put, answers, source)
    if verdict in ("right", "not attempted", "timed out", "shortcut"):
        return Verdict(exercise.id, verdict, None, message)
    mistake = _recognise(put, answers)
    if mistake is None:
        return Verdict(exercise.id, verdict, None, message)
    if verdict == "wrong":
        return Verdict(exercise.id, "known mistake", mistake.name, mistake.hint)
    return Verdict(exercise.id, verdict, mistake.name, f"{message} {mistake.hint}")


class InProcess:
    """A function of this process as a subject; it works on copies of the arguments."""

    def __init__(self, function: Callable):
        self.function = function

    def __call__(self, calls: Sequence[Call]) -> list[Answer]:
        nowhere = io.StringIO()
        # What a function prints is not its answer; nor does a room pass it on.
        with _unwarned(), redirect_stdout(nowhere), redirect_stderr(nowhere):
            return [self._answer(*call) for call in calls]

    def _answer(self, args: tuple, kwargs: dict) -> Answer:
        """One call, answered as a room would answer it."""
        own = _copied((args, kwargs))
        answer = _answer(self.function, *own)
        return replace(answer, changed=not _identical(own, (args, kwargs)))


class Answers:
    """What a known function answers to each of `calls`, by index. It is called when an answer is
    needed, in the order of the calls all the same: it may remember earlier ones."""

    def __init__(self, function: Callable, calls: Sequence[Call]):
        self._function = function
        self._calls = calls
        self._known: list[Answer] = []

    def __getitem__(self, index: int) -> Answer:
        if index >= len(self._known):
            with _unwarned():
                for call in self._calls[len(self._known) : index + 1]:
                    self._known.append(_answer(self._function, *_copied(call)))
        return self._known[index]


def _answer(function: Callable, args: tuple, kwargs: dict) -> Answer:
    try:
        return Answer.of(function(*args, **kwargs))
    except Exception as error:
        return Answer.raised(error)


_SCALARS = frozenset((bool, int, float, str, type(None)))
_filters = threading.RLock()


@contextmanager
def _unwarned() -> Iterator[None]:
    """Without warnings. Their filters belong to the whole process: one thread at a time."""
    with _filters, warnings.catch_warnings(action="ignore"):
        yield


def _copied(value):
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, dict):
        return {key: _copied(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(value if _is_flat(value) else map(_copied, value))
    return value


def _is_flat(value: list | tuple) -> bool:
    """Whether it holds plain scalars alone; a sequence of 10,000 labels does."""
    return _SCALARS.issuperset(map(type, value))


def _identical(left, right) -> bool:
    if type(left) is not type(right):
        return False
    if isinstance(left, (tuple, list)):
        if _is_flat(left) and _is_flat(right) and left == right:
            return True
        return len(left) == len(right) and all(map(_identical, left, right))
    if isinstance(left, dict):
        return list(left) == list(right) and all(_identical(left[k], right[k]) for k in left)
    if isinstance(left, np.ndarray):
        return left.shape == right.shape and left.tobytes() == right.tobytes()
    return left is right or left == right or repr(left) == repr(right)


def _find(put: Trial, answers: list[Answer], source: str | StudentCode) -> tuple[str, str]:
    """The verdict and its message, before known mistakes are looked for."""
    exercise, cases = put.exercise, put.cases
    name = exercise.name
    errors = [answer for answer in answers if answer.kind == "raised"]
    if errors and all(_stub(answer, name) for answer in answers):
        if errors[0].error == "NameError":
            return "not attempted", f"There is no function named {name} in the notebook."
        return "not attempted", f"{name} is not written yet."
    for case, answer in zip(cases, answers):
        if answer.kind == "raised":
            return "crashed", f"{name} raised {_say_error(answer)}, called with {_about(case)}."
        if answer.kind == "died":
            return "crashed", (
                f"{name} ended the whole program, called with {_about(case)}. "
                "Does it exit, or use far too much memory?"
            )
    for case, answer in zip(cases, answers):
        if answer.kind == "timed out":
            return "timed out", (
                f"{name} did not come back in time, called with {_about(case)}. "
                "Does a loop run longer than it needs to?"
            )
    shortcut = find_shortcut(source, name, exercise.forbidden)
    if shortcut:
        return "shortcut", (
            f"{name} leaves the exercise to {shortcut}. Here the steps themselves are asked for: "
            "which operations does that function do for you?"
        )
    if exercise.required and not uses_any(source, name, exercise.required.names):
        return "shortcut", f"{name} {exercise.required.message}"
    if exercise.by_hand and made_by_differences(_numbers(put, answers), exercise.guards):
        return "shortcut", (
            f"{name} is right to a few digits only, as difference quotients are. Here the "
            "derivative itself is asked for: which rule gives all its digits? (If you rounded "
            "something on the way, leave it as it is.)"
        )
    found = _first_difference(put, answers)
    if found:
        case, difference, answer = found
        return difference.kind, _say_difference(name, case, difference, answer)
    if any(answer.changed for answer in answers):
        return "wrong", (
            f"{name} gives the right values, but changes the array it is given. "
            "What happens to the caller's data? Work on a copy."
        )
    return "right", "Right."


def _first_difference(put: Trial, answers) -> tuple[Case, Difference, Answer] | None:
    exercise, differences = put.exercise, []
    for case, answer, value in zip(put.cases, answers, put.expected):
        if answer.kind == "unreadable":
            difference = Difference(SEVERITY[0], "", answer.text)
        else:
            difference = compare(
                answer.value, value, rtol=exercise.rtol, atol=exercise.atol, inputs=case.args
            )
        if difference:
            differences.append((case, difference, answer))
    # Ordinary cases first: they say more about a mistake than the special ones.
    return min(
        differences,
        key=lambda found: (SEVERITY.index(found[1].kind), bool(found[0].about)),
        default=None,
    )


def _numbers(put: Trial, answers) -> list[tuple[np.ndarray, np.ndarray]]:
    """Found and expected numbers of every ordinary case, flat; [] where their shapes differ."""
    pairs = []
    for case, answer, expected in zip(put.cases, answers, put.expected):
        pair = [_flat(answer.value, expected), _flat(expected, expected)]
        if pair[0] is None or not np.isfinite(pair[0]).all():
            return []
        if not case.about:
            pairs.append(tuple(pair))
    return pairs


def _flat(value, like) -> np.ndarray | None:
    """All numbers of `value` in the order of `like`, or None where it is not shaped like that."""
    if isinstance(like, dict):
        if not isinstance(value, dict) or not like.keys() <= value.keys():
            return None
        value, like = [value[key] for key in like], list(like.values())
    if isinstance(like, (tuple, list)):
        if not isinstance(value, (tuple, list)) or len(value) != len(like):
            return None
        parts = [_flat(inner, other) for inner, other in zip(value, like)]
        return None if any(part is None for part in parts) else np.concatenate(parts)
    numbers = as_numbers(value)
    return numbers.ravel() if numbers is not None and numbers.shape == np.shape(like) else None


def _stub(answer: Answer, name: str) -> bool:
    if answer.kind != "raised":
        return False
    missing = answer.error == "NameError" and f"'{name}'" in answer.text
    return answer.error == "NotImplementedError" or missing


def _say_error(answer: Answer) -> str:
    text = f"{answer.error}: {answer.text}" if answer.text else answer.error
    return f"{text} (line {answer.line} of its cell)" if answer.line else text


def _say_difference(name: str, case: Case, difference: Difference, answer: Answer) -> str:
    where = f"{difference.where} of what {name} returns" if difference.where else f"{name}"
    text = f"{where}, called with {_about(case)}: {difference.text}."
    return f"{text} {difference.symptom}".strip()


def _about(case: Case) -> str:
    """The arguments in words: their shapes, or the values of short ones."""
    words = [_describe(argument) for argument in case.args]
    words += [f"{key}={_describe(value)}" for key, value in case.kwargs.items()]
    text = ", ".join(words)
    return f"{text} ({case.about})" if case.about else text


def _describe(value) -> str:
    if isinstance(value, np.ndarray):
        if value.size <= 4:
            return str(np.round(value, 4).tolist())
        return name_type(value)
    if isinstance(value, dict):
        inner = ", ".join(f"{key!r}: {_describe(entry)}" for key, entry in value.items())
        return "{" + inner + "}" if len(inner) < 80 else f"a dict of {len(value)}"
    if isinstance(value, (list, tuple, str)):
        return repr(value) if len(value) <= 8 else f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, float):
        return f"{value:.6g}"
    return repr(value) if isinstance(value, int) else type(value).__name__


def _recognise(put: Trial, answers: list[Answer]) -> Mistake | None:
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
