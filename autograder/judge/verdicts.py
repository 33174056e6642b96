"""An answer beside the reference: the verdict.

The judge draws an exercise's cases from a seed, asks a subject for its answers, and compares them
with the reference's. A subject is anything that maps a list of calls to a list of answers: a
function in this process, or a student's function in a room. The judge takes every answer as a claim
about values and trusts nothing else in it.

What is found in the answers comes first: the finders are tried in the order of FINDERS, and the
first that finds something has the word. Known mistakes are looked for after that.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from autograder.exercises import Case, Exercise, neighbours
from autograder.judge import words
from autograder.judge.cells import RanCell, explain_missing, explain_stub
from autograder.judge.difference_quotients import made_by_differences
from autograder.judge.other_questions import (
    answered_otherwise,
    broken_property,
    same_when_exchanged,
)
from autograder.judge.recognise import flat, recognise
from autograder.judge.shortcuts import (
    StudentCode,
    entered_shortcut,
    find_shortcut,
    takes_complex_step,
    uses_any,
    watched_names,
)
from autograder.judge.trial import Subject, Trial, is_flat
from autograder.sandbox.wire import NO_TIME_LEFT, Answer
from course.compare import SEVERITY, Difference, compare
from course.kinds import VerdictKind
from course.stubs import is_stub, methods_of
from course.words import ask_about_crash

# What a known mistake neither explains nor adds to.
COMPLETE = (
    VerdictKind.RIGHT,
    VerdictKind.NOT_ATTEMPTED,
    VerdictKind.TIMED_OUT,
    VerdictKind.SHORTCUT,
)


@dataclass(frozen=True)
class Verdict:
    """What a check found.

    exercise  as in "01.surprise"
    verdict   its kind
    mistake   the name of a known mistake, or None
    message   for the student: what was found, and the question that leads on
    slips     the exercises that this one uses and that are not right; it is right with right ones
              in their places
    """

    exercise: str
    verdict: VerdictKind
    mistake: str | None
    message: str
    slips: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        # Files hold the kind as text.
        object.__setattr__(self, "verdict", VerdictKind(self.verdict))

    @property
    def right(self) -> bool:
        """Tell whether the exercise earns its points."""
        return self.verdict is VerdictKind.RIGHT


def seed_of(*parts: str) -> int:
    """Return a seed that is the same for the same course key, assignment and student."""
    return int.from_bytes(hashlib.sha256("\0".join(parts).encode()).digest()[:8], "big")


def judge(
    exercise: Exercise,
    subject: Subject,
    seed: int = 0,
    source: str | StudentCode = "",
) -> Verdict:
    """Put `subject` to the cases of `seed` and say what was found; `source` may be text."""
    code = StudentCode(source) if isinstance(source, str) else source
    return judge_trial(Trial(exercise, seed), subject, code)


def judge_trial(
    trial: Trial,
    subject: Subject,
    code: StudentCode | None = None,
    cells: Sequence[RanCell] = (),
    naming: bool = True,
) -> Verdict:
    """Put `subject` to the cases of a trial and say what was found.

    code    the student's, searched for shortcuts
    cells   the student's cells as they ran, and those that did not run yet: where the function is
            missing, they say why
    naming  whether known mistakes are looked for
    """
    exercise = trial.exercise
    answers = list(subject(trial.calls))
    if len(answers) != len(trial.calls):
        answers = [Answer("died")] * len(trial.calls)
    evidence = Evidence(trial, answers, subject, code or StudentCode(), cells)
    finding = find(evidence)
    if not naming or finding.kind in COMPLETE or finding.says_all:
        return Verdict(exercise.id, finding.kind, None, finding.message())
    mistake = recognise(trial, answers, evidence.neighbours)
    if mistake is None:
        return Verdict(exercise.id, finding.kind, None, finding.message())
    if finding.kind is VerdictKind.WRONG:
        return Verdict(exercise.id, VerdictKind.KNOWN_MISTAKE, mistake.name, mistake.hint)
    return Verdict(exercise.id, finding.kind, mistake.name, finding.message(mistake.hint))


@dataclass(frozen=True)
class Evidence:
    """All that a verdict is made of.

    trial    the cases, and what the reference says to them
    answers  what the student's function answered, in the same order
    subject  the student's function, which can be asked again
    code     the student's definitions
    cells    the student's cells as they ran
    """

    trial: Trial
    answers: list[Answer]
    subject: Subject
    code: StudentCode
    cells: Sequence[RanCell]

    @property
    def name(self) -> str:
        """Return the name of the student's function."""
        return self.trial.exercise.name

    @cached_property
    def neighbours(self) -> tuple[str, ...]:
        """Return the names of all exercises of the notebook."""
        return neighbours(self.trial.exercise.id)

    def plainest(self, kind: str) -> tuple[Case, Answer] | None:
        """Return the plainest case with an answer of that kind, ordinary ones before special
        ones."""
        found = [
            (case, answer)
            for case, answer in zip(self.trial.cases, self.answers, strict=True)
            if answer.kind == kind
        ]
        return min(found, key=lambda pair: _plainness(pair[0]), default=None)


@dataclass(frozen=True)
class Finding:
    """A verdict in the making.

    kind      of the verdict
    says      the message, or what makes it of the question that leads on
    asked     finds the question where no known mistake has a better one
    says_all  whether no known mistake has anything to add
    """

    kind: VerdictKind
    says: str | Callable[[str], str]
    asked: Callable[[], str] = str
    says_all: bool = False

    def message(self, hint: str = "") -> str:
        """Return the words for the student, with `hint` as the question that leads on, if there is
        one."""
        if isinstance(self.says, str):
            return f"{self.says} {hint}".strip()
        return self.says(hint or self.asked())


def find(evidence: Evidence) -> Finding:
    """Return the first finding; RIGHT where nothing is to be found."""
    found = (finder(evidence) for finder in FINDERS)
    right = Finding(VerdictKind.RIGHT, words.RIGHT)
    return next((finding for finding in found if finding), right)


def _missing(evidence: Evidence) -> Finding | None:
    """Find that the name of the function stands for nothing."""
    name = evidence.name
    if not all(
        answer.kind == "raised"
        and answer.error == "NameError"
        and f"'{name}'" in answer.text
        and not answer.function
        for answer in evidence.answers
    ):
        return None
    others = [other for other in evidence.neighbours if other != name]
    kind, message = explain_missing(name, evidence.cells, evidence.code, others)
    return Finding(kind, message, says_all=True)


def _unwritten(evidence: Evidence) -> Finding | None:
    """Find that the line that the exercise came with was reached, in the function or in one it
    calls."""
    reached = [
        answer
        for answer in evidence.answers
        if answer.kind == "raised" and answer.error == "NotImplementedError"
    ]
    if not reached or not (reached[0].own or not reached[0].function):
        return None
    name, everywhere = evidence.name, len(reached) == len(evidence.answers)
    place, _, method = reached[0].function.rpartition("<locals>.")[2].partition(".")
    other = evidence.code.tree_of(place)
    if place != name and other is not None and (place in evidence.neighbours or is_stub(other)):
        message = words.CALLS_UNWRITTEN.format(name=name, other=place)
        return Finding(VerdictKind.CRASHED, message, says_all=True)
    definition = evidence.code.tree_of(name)
    if definition is None or is_stub(definition):
        if not everywhere:
            return None
        kind, message = explain_stub(name, evidence.cells)
        return Finding(kind, message, says_all=True)
    if isinstance(definition, ast.ClassDef):
        stubs = [inner.name for inner in methods_of(definition) if is_stub(inner)]
        if method in stubs:
            message = words.METHOD_NOT_WRITTEN.format(name=name, method=method)
            return Finding(VerdictKind.CRASHED, message, says_all=True)
    if not everywhere:
        return None
    return Finding(VerdictKind.CRASHED, words.LEFTOVER_RAISE.format(name=name), says_all=True)


def _crashed(evidence: Evidence) -> Finding | None:
    """Find that a call raised, or ended the process."""
    found = evidence.plainest("raised")
    if found:
        case, answer = found
        place = answer.function.partition(".")[0]
        if answer.line is None:
            said = words.CRASHED
        elif place in (evidence.name, "", "<module>"):
            said = words.CRASHED_AT_LINE
        else:
            said = words.CRASHED_ELSEWHERE
        gaps = {
            "name": evidence.name,
            "error": words.about_error(answer),
            "line": answer.line,
            "function": answer.function.replace(".<locals>", ""),
            "call": words.about_call(evidence.trial.exercise, case),
        }
        return Finding(
            VerdictKind.CRASHED,
            lambda asked: said.format(**gaps, asked=asked),
            lambda: ask_about_crash(answer.error, answer.text),
        )
    found = evidence.plainest("died")
    if found:
        call = words.about_call(evidence.trial.exercise, found[0])
        return Finding(
            VerdictKind.CRASHED, words.ENDED_PROGRAM.format(name=evidence.name, call=call)
        )
    return None


def _late(evidence: Evidence) -> Finding | None:
    """Find that a call did not come back in time."""
    found = evidence.plainest("timed out")
    if not found:
        return None
    case, answer = found
    if answer.error == NO_TIME_LEFT:
        message = words.NO_TIME_LEFT.format(name=evidence.name)
        return Finding(VerdictKind.TIMED_OUT, message)
    call = words.about_call(evidence.trial.exercise, case)
    return Finding(VerdictKind.TIMED_OUT, words.TOO_SLOW.format(name=evidence.name, call=call))


def _shortcut(evidence: Evidence) -> Finding | None:
    """Find that a library does the exercise, or what it asks for is not used."""
    name, exercise = evidence.name, evidence.trial.exercise
    noted = [answer.entered for answer in evidence.answers]
    entered = {name for names in noted for name in names or ()}
    watched = watched_names((exercise.id.partition(".")[0],))
    seen = () if None in noted else tuple(watched)
    shortcut = entered_shortcut(entered, exercise.forbidden) or find_shortcut(
        evidence.code, name, exercise.forbidden, seen
    )
    if shortcut:
        message = words.SHORTCUT.format(name=name, shortcut=shortcut)
        return Finding(VerdictKind.SHORTCUT, message)
    if exercise.required and not uses_any(evidence.code, name, exercise.required.names):
        message = exercise.required.message.format(name=name)
        return Finding(VerdictKind.SHORTCUT, message)
    return None


def _by_differences(evidence: Evidence) -> Finding | None:
    """Find that a derivative that is to be made by hand has lost the digits that quotients lose."""
    exercise = evidence.trial.exercise
    if exercise.by_hand and made_by_differences(_numbers(evidence), exercise.guards):
        message = words.BY_DIFFERENCES.format(name=evidence.name)
        return Finding(VerdictKind.SHORTCUT, message)
    return None


def _different(evidence: Evidence) -> Finding | None:
    """Find that a value is not the reference's."""
    exercise, name = evidence.trial.exercise, evidence.name
    found = list(_differences(evidence))
    if not found:
        return None
    # Ordinary cases first: they say more about a mistake than the special ones. Of these the one
    # in which a reason can be seen.
    case, difference = min(
        found,
        key=lambda one: (
            SEVERITY.index(one[1].kind),
            bool(one[0].about),
            0 if one[1].symptom else 1 if one[1].hunch else 2,
            _plainness(one[0]),
        ),
    )
    gaps = {
        "name": name,
        "call": words.about_call(exercise, case),
        "part": words.about_part(exercise, difference),
        "difference": difference.text,
    }
    said = words.PART_OFF if difference.path else words.OFF
    if difference.kind is VerdictKind.WRONG and difference.close is not None:
        gaps["entry"], gaps["found"] = words.first_wrong_entry(difference)
        if difference.close.ndim:
            said = words.PART_OFF_AT_ENTRY if difference.path else words.OFF_AT_ENTRY
        else:
            said = words.PART_OFF_BY_NUMBER if difference.path else words.OFF_BY_NUMBER

    def asked() -> str:
        if difference.kind in (VerdictKind.WRONG_TYPE, VerdictKind.WRONG_SHAPE):
            return difference.lead
        return (
            _seen_everywhere(difference, found)
            or answered_otherwise(evidence.trial, evidence.answers)
            or broken_property(evidence.trial, evidence.subject)
            or same_when_exchanged(evidence.trial, evidence.answers, evidence.subject)
            or difference.hunch
            or _right_elsewhere(evidence, [case for case, _ in found])
            or words.WORK_IT_OUT
        )

    return Finding(
        difference.kind,
        lambda hint: said.format(**gaps, asked=hint).strip(),
        asked,
    )


def _seen_everywhere(difference: Difference, found: Sequence[tuple[Case, Difference]]) -> str:
    """Return the symptom of a difference; "" where other ordinary cases show that it is a
    coincidence of this one."""
    group = next((group for group in ALIKE if difference.symptom.name in group), None)
    others = [one for case, one in found if one.path == difference.path and not case.about]
    if group is None or all(one.symptom.name in group for one in others):
        return difference.symptom
    return ""


def _right_elsewhere(evidence: Evidence, wrong: Sequence[Case]) -> str:
    """Return the plainest case that was answered right, beside those that were not; "" where there
    is none."""
    right = [case for case in evidence.trial.cases if all(case is not other for other in wrong)]
    if not right:
        return ""
    call = words.about_call(evidence.trial.exercise, min(right, key=_plainness))
    return words.RIGHT_ELSEWHERE.format(call=call)


def _by_complex_step(evidence: Evidence) -> Finding | None:
    """Find that the values are right because a function was asked beside the real numbers."""
    if takes_complex_step(evidence.code, evidence.name):
        message = words.BY_COMPLEX_STEP.format(name=evidence.name)
        return Finding(VerdictKind.SHORTCUT, message)
    return None


def _changed(evidence: Evidence) -> Finding | None:
    """Find that the values are right, and an argument is not what it was."""
    if any(answer.changed for answer in evidence.answers):
        message = words.CHANGED_ARGUMENT.format(name=evidence.name)
        return Finding(VerdictKind.WRONG, message)
    return None


FINDERS = (
    _missing,
    _unwritten,
    _crashed,
    _late,
    _shortcut,
    _by_differences,
    _different,
    _by_complex_step,
    _changed,
)


def _plainness(case: Case) -> tuple[bool, int]:
    """Return what orders cases from the plainest on: special ones last, then by the numbers in
    them."""
    return bool(case.about), _count([*case.args, *case.kwargs.values()])


def _count(value: Any) -> int:
    if isinstance(value, dict):
        return _count(list(value.values()))
    if isinstance(value, (list, tuple)):
        return len(value) if is_flat(value) else sum(map(_count, value))
    return int(np.size(value))


def _differences(evidence: Evidence) -> Iterator[tuple[Case, Difference]]:
    trial = evidence.trial
    for case, answer, value in zip(trial.cases, evidence.answers, trial.expected, strict=True):
        if answer.kind == "unreadable":
            yield case, Difference(VerdictKind.WRONG_TYPE, (), answer.text)
            continue
        difference = compare(
            answer.value,
            value,
            rtol=trial.exercise.rtol,
            atol=trial.exercise.atol,
            inputs=case.args,
        )
        if difference:
            yield case, difference


def _numbers(evidence: Evidence) -> list[tuple[np.ndarray, np.ndarray]]:
    """Found and expected numbers of every ordinary case, flat; [] where their shapes differ."""
    trial, pairs = evidence.trial, []
    for case, answer, expected in zip(trial.cases, evidence.answers, trial.expected, strict=True):
        found, right = flat(answer.value, expected), flat(expected, expected)
        if found is None or right is None or not np.isfinite(found).all():
            return []
        if not case.about:
            pairs.append((found, right))
    return pairs


# What has to be seen in every ordinary case: one may show it by a coincidence of its numbers.
ALIKE = (
    ("TWICE", "TWICE_OF_TWO"),
    ("HALF", "HALF_OF_TWO"),
    ("FEW_DIGITS", "ROUNDED", "SINGLE_PRECISION"),
)
