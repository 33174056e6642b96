"""An answer beside the reference: the verdict.

The judge draws an exercise's cases from a seed, asks a subject for its answers, and compares them
with the reference's. A subject is anything that maps a list of calls to a list of answers: a
function in this process, or a student's function in a room. The judge takes every answer as a claim
about values and trusts nothing else in it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from autograder.exercises import Case, Exercise
from autograder.judge.difference_quotients import made_by_differences
from autograder.judge.recognise import recognise
from autograder.judge.shortcuts import StudentCode, find_shortcut, uses_any
from autograder.judge.trial import Subject, Trial, trial
from autograder.judge.words import about_call, say_difference, say_error
from autograder.sandbox.wire import Answer
from course.compare import SEVERITY, Difference, as_numbers, compare

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
    mistake = recognise(put, answers)
    if mistake is None:
        return Verdict(exercise.id, verdict, None, message)
    if verdict == "wrong":
        return Verdict(exercise.id, "known mistake", mistake.name, mistake.hint)
    return Verdict(exercise.id, verdict, mistake.name, f"{message} {mistake.hint}")


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
            return "crashed", f"{name} raised {say_error(answer)}, called with {about_call(case)}."
        if answer.kind == "died":
            return "crashed", (
                f"{name} ended the whole program, called with {about_call(case)}. "
                "Does it exit, or use far too much memory?"
            )
    for case, answer in zip(cases, answers):
        if answer.kind == "timed out":
            return "timed out", (
                f"{name} did not come back in time, called with {about_call(case)}. "
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
        return difference.kind, say_difference(name, case, difference, answer)
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
