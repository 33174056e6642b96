"""An answer beside the reference: the verdict.

The judge draws an exercise's cases from a seed, asks a subject for its answers, and compares them
with the reference's. A subject is anything that maps a list of calls to a list of answers: a
function in this process, or a student's function in a room. The judge takes every answer as a claim
about values and trusts nothing else in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.exercises import Exercise
from autograder.judge.cells import RanCell
from autograder.judge.findings import Evidence, find
from autograder.judge.kinds import VerdictKind
from autograder.judge.recognise import recognise
from autograder.judge.shortcuts import StudentCode
from autograder.judge.trial import Subject, Trial
from autograder.sandbox.wire import Answer

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
        return self.verdict is VerdictKind.RIGHT


def seed_of(*parts: str) -> int:
    """A seed that is the same for the same course key, assignment and student."""
    return int.from_bytes(hashlib.sha256("\0".join(parts).encode()).digest()[:8], "big")


def judge(
    exercise: Exercise,
    subject: Subject,
    seed: int = 0,
    source: str | StudentCode = "",
    cells: Sequence[RanCell] = (),
) -> Verdict:
    """Put `subject` to the cases of `seed` and say what was found; arguments as `judge_trial`."""
    return judge_trial(Trial(exercise, seed), subject, source, cells)


def judge_trial(
    put: Trial,
    subject: Subject,
    source: str | StudentCode = "",
    cells: Sequence[RanCell] = (),
    naming: bool = True,
) -> Verdict:
    """Put `subject` to the cases of a trial and say what was found.

    source  the student's code, searched for shortcuts
    cells   the student's cells as they ran, and those that did not run yet: where the function is
            missing, they say why
    naming  whether known mistakes are looked for
    """
    exercise = put.exercise
    answers = list(subject(put.calls))
    if len(answers) != len(put.calls):
        answers = [Answer("died")] * len(put.calls)
    evidence = Evidence(put, answers, subject, StudentCode.of(source), cells)
    finding = find(evidence)
    if not naming or finding.kind in COMPLETE or finding.says_all:
        return Verdict(exercise.id, finding.kind, None, finding.message())
    mistake = recognise(put, answers, evidence.neighbours)
    if mistake is None:
        return Verdict(exercise.id, finding.kind, None, finding.message())
    if finding.kind is VerdictKind.WRONG:
        return Verdict(exercise.id, VerdictKind.KNOWN_MISTAKE, mistake.name, mistake.hint)
    return Verdict(exercise.id, finding.kind, mistake.name, finding.message(mistake.hint))
