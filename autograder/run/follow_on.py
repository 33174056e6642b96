"""Nobody loses points twice for one slip: what leans on an answer that is not right is judged once
more with a right one in its place.

The stand-in of an exercise is there only after that exercise was judged for good, and so was every
one whose right function is the same: nothing that is asked of it, and nothing that is kept of what
it said, can earn anything for them.
"""

from __future__ import annotations

import ast
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache, partial

from autograder.errors import Lost
from autograder.exercises import Exercise, exercise
from autograder.judge.cells import RanCell
from autograder.judge.kinds import VerdictKind
from autograder.judge.shortcuts import StudentCode
from autograder.judge.trial import Call, InProcess, Subject, Trial
from autograder.judge.verdicts import Verdict, judge, judge_trial
from autograder.judge.words import say_begin_with, say_followed, say_seen_with
from autograder.run.graded_cells import GradedCheck
from autograder.run.stand_in_answers import answering_processes
from autograder.sandbox import Room
from autograder.sandbox.wire import Answer
from course.compare import compare

# What comes from nothing that is used.
OWN_FAULT = (VerdictKind.RIGHT, VerdictKind.NOT_ATTEMPTED, VerdictKind.SHORTCUT)


class Judging:
    """Judges the checks of one notebook in one room, as the notebook comes to them.

    checks     all checks of the notebook
    code       the student's code so far; it grows
    follow_on  whether what leans on an answer that is not right gets a second trial
    """

    def __init__(
        self,
        checks: Sequence[GradedCheck],
        room: Room,
        seed: int,
        code: StudentCode,
        follow_on: bool,
    ):
        # Whatever the references need is imported here, before its threads are limited.
        self._exercises = {check.id: exercise(check.id) for check in checks}
        self._room, self._seed, self._code, self._follow_on = room, seed, code, follow_on
        self._judged: dict[str, tuple[GradedCheck, Verdict]] = {}
        # What was right, and whose name stands for something else by now that is not.
        self._given_away: set[str] = set()

    def judge(self, check: GradedCheck, cells: Sequence[RanCell]) -> Verdict:
        """The verdict of one check, here and now.

        cells  as `judge_trial` takes them
        """
        verdict = self._verdict(check, cells)
        self._judged.setdefault(self._exercises[check.id].name, (check, verdict))
        return verdict

    def _verdict(self, check: GradedCheck, cells: Sequence[RanCell]) -> Verdict:
        put = Trial(self._exercises[check.id], self._seed)
        slips = self._slips_in(check) if self._follow_on else {}
        subject = partial(self._room.probe, check.expression)
        verdict = None
        # What never comes back is not waited for again, and one wrong answer is enough.
        if not any(self._judged[name][1].verdict == "timed out" for name in slips):
            answers = _until_wrong(put, subject) if slips else []
            if answers is not None:
                verdict = judge_trial(put, _beginning_with(answers, subject), self._code, cells)
                if verdict.right or not self._follow_on:
                    return verdict
        slips |= self._given_away_in(check)
        if slips and (second := self._again(check, put, slips, cells)):
            return second
        if verdict is None:
            verdict = judge_trial(put, subject, self._code, cells, naming=False)
        return _doubted(verdict, list(slips)) if slips else verdict

    def _names_used(self, check: GradedCheck, stop: Container[str]) -> set[str]:
        """The names that a check's exercise uses here; what is used by those in `stop` only is
        left out."""
        own = self._exercises[check.id].name
        tree = ast.parse(check.expression)
        roots = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        return self._code.names_reached(roots | {own}, stop) - {own}

    def _slips_in(self, check: GradedCheck) -> dict[str, Exercise]:
        """The exercises that this one uses and that are not right, by name."""
        faulty = {name for name, (_, verdict) in self._judged.items() if not verdict.right}
        used = self._names_used(check, stop=faulty) & faulty if faulty else set()
        return {name: self._exercises[self._judged[name][0].id] for name in sorted(used)}

    def _given_away_in(self, check: GradedCheck) -> dict[str, Exercise]:
        """The exercises that this one uses and that were right, before their names stood for
        something else, by name."""
        faulty = {name for name, (_, verdict) in self._judged.items() if not verdict.right}
        right = self._names_used(check, stop=faulty) & (self._judged.keys() - faulty)
        changed = right - self._room.kept(sorted(right)) if right else set()
        for name in changed:
            other = self._judged[name][0]
            subject = partial(self._room.probe, other.expression)
            right_here = judge(self._exercises[other.id], subject, self._seed, self._code).right
            (self._given_away.discard if right_here else self._given_away.add)(name)
        given = sorted(right & self._given_away)
        return {name: self._exercises[self._judged[name][0].id] for name in given}

    def _again(
        self,
        check: GradedCheck,
        put: Trial,
        slips: dict[str, Exercise],
        cells: Sequence[RanCell],
    ) -> Verdict | None:
        """The verdict with right ones in the places of `slips`; None where that cannot be told."""
        waiting = [other for other in self._exercises.values() if other.name not in self._judged]
        replaced = {
            name: slip.id
            for name, slip in slips.items()
            if may_stand_in(slip, put.exercise, waiting)
        }
        if not replaced:
            return None
        try:
            with answering_processes.stand_ins(replaced) as stand_ins:
                code = self._code.without(slips[name] for name in replaced)
                whole = len(replaced) == len(slips)
                with self._room.copy(list(replaced), stand_ins.channel, stand_ins.why) as probe:
                    subject = partial(probe, check.expression)
                    verdict = judge_trial(put, subject, code, cells, naming=whole)
                if stand_ins.ended().void:
                    return None
        except Lost:
            return None
        if not verdict.right:
            message = f"{verdict.message} {say_seen_with(list(replaced))}"
            return replace(verdict, message=message) if whole else None
        own = [name for name in replaced if not self._judged[name][1].right]
        return replace(verdict, message=say_followed(list(replaced), own), slips=tuple(own))


def may_stand_in(slip: Exercise, here: Exercise, waiting: Iterable[Exercise]) -> bool:
    """Whether a right `slip` can be put in its place where `here` is judged, and gives nothing
    away: neither the answer to `here` nor to one of those that are judged later."""
    # Objects of a class of its own cannot be passed on, but for those of PyTorch's functions.
    if isinstance(slip.reference, type) and not hasattr(slip.reference, "apply"):
        return False
    return not any(same_function(slip, other) for other in {here, *waiting} if other is not slip)


@lru_cache(maxsize=4096)
def same_function(one: Exercise, other: Exercise) -> bool:
    """Whether the right answer to `one` is a right answer to `other` as well."""
    return _until_wrong(_usual(other), InProcess(other.subject(one.reference))) is not None


@lru_cache(maxsize=256)
def _usual(specified: Exercise) -> Trial:
    """Cases of an exercise that are the same for everybody."""
    return Trial(specified, seed=0)


def _until_wrong(put: Trial, subject: Subject) -> list[Answer] | None:
    """The answers to all calls, or None as soon as one of them is not right."""
    answers: list[Answer] = []
    tolerances = {"rtol": put.exercise.rtol, "atol": put.exercise.atol}
    for call, expected in zip(put.calls, put.expected, strict=True):
        answers += subject([call])
        if answers[-1].kind != "value" or compare(answers[-1].value, expected, **tolerances):
            return None
    return answers


def _beginning_with(answers: list[Answer], subject: Subject) -> Subject:
    """`subject` where its first answers are known; it gives them once."""
    known = list(answers)

    def ask(calls: Sequence[Call]) -> Sequence[Answer]:
        given, known[:] = known[:], []
        return given or subject(calls)

    return ask


def _doubted(verdict: Verdict, slips: list[str]) -> Verdict:
    """A verdict that may come from what `slips` do wrong: nothing is named as the student's
    mistake here."""
    if verdict.verdict in OWN_FAULT:
        return verdict
    kind = verdict.verdict
    if kind is VerdictKind.KNOWN_MISTAKE:
        kind = VerdictKind.WRONG
    message = f"{say_begin_with(slips)} {verdict.message}"
    return replace(verdict, verdict=kind, mistake=None, message=message)
