"""Nobody loses points twice for one slip: what leans on an answer that is not right is judged once
more with a right one in its place.

The stand-in of an exercise is there only after that exercise was judged for good, and so was every
one whose right function is the same: nothing that is asked of it, and nothing that is kept of what
it said, can earn anything for them.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache, partial

from autograder.errors import Lost
from autograder.exercises import Exercise, exercise
from autograder.judge.cells import RanCell
from autograder.judge.shortcuts import StudentCode
from autograder.judge.trial import InProcess
from autograder.judge.verdicts import Verdict, judge
from autograder.judge.words import say_followed, say_seen_with
from autograder.run.graded_cells import GradedCheck
from autograder.run.references import references
from autograder.sandbox import Room
from autograder.sandbox.wire import Answer


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
        # What never comes back is not waited for again.
        if (
            self._follow_on
            and (slips := self._slips(check, only="timed out"))
            and (second := self._again(check, slips, cells))
        ):
            return second
        verdict = self._put(check, cells)
        if self._follow_on and not verdict.right and (slips := self._slips(check)):
            return self._again(check, slips, cells) or verdict
        return verdict

    def _put(self, check: GradedCheck, cells: Sequence[RanCell] = ()) -> Verdict:
        subject = partial(self._room.probe, check.expression)
        return judge(self._exercises[check.id], subject, self._seed, self._code, cells)

    def _slips(self, check: GradedCheck, only: str | None = None) -> dict[str, Exercise]:
        """The exercises that this one uses and that are not right here, by name.

        only  a verdict: only those that have it
        """
        specified = self._exercises[check.id]
        faulty = {
            name
            for name, (_, verdict) in self._judged.items()
            if not verdict.right and (only is None or verdict.verdict == only)
        }
        roots = {
            node.id for node in ast.walk(ast.parse(check.expression)) if isinstance(node, ast.Name)
        }
        used = self._code.names_reached(roots | {specified.name}, stop=faulty) - {specified.name}
        slips = used & faulty
        if only is None and (right := used & self._judged.keys() - faulty):
            changed = right - self._room.kept(sorted(right))
            for name in changed:
                right_here = self._put(self._judged[name][0]).right
                (self._given_away.discard if right_here else self._given_away.add)(name)
            slips |= right & self._given_away
        found = {name: self._exercises[self._judged[name][0].id] for name in sorted(slips)}
        return {name: slip for name, slip in found.items() if self._may_stand_in(slip, specified)}

    def _may_stand_in(self, slip: Exercise, here: Exercise) -> bool:
        """Whether a right `slip` gives nothing away: not the answer of the exercise that is judged
        here, nor that of one that is judged later."""
        waiting = [other for other in self._exercises.values() if other.name not in self._judged]
        return not any(
            same_function(slip, other, self._seed)
            for other in {here, *waiting}
            if other is not slip
        )

    def _again(
        self, check: GradedCheck, slips: dict[str, Exercise], cells: Sequence[RanCell]
    ) -> Verdict | None:
        """The verdict with right ones in the places of `slips`; None where that cannot be told."""
        specified = self._exercises[check.id]
        names = {name: slip.id for name, slip in slips.items()}
        try:
            with references.stand_ins(names) as stand_ins:

                def subject(calls) -> list[Answer]:
                    return self._room.follow(check.expression, calls, list(names), stand_ins.answer)

                code = self._code.without(slips.values())
                verdict = judge(specified, subject, self._seed, code, cells)
                if stand_ins.void:
                    return None
        except Lost:
            return None
        own = [name for name in names if not self._judged[name][1].right]
        if verdict.right:
            message = say_followed(list(names), own)
        else:
            message = f"{verdict.message} {say_seen_with(list(names))}"
        return replace(verdict, message=message, slips=tuple(own) if verdict.right else ())


@lru_cache(maxsize=4096)
def same_function(one: Exercise, other: Exercise, seed: int) -> bool:
    """Whether the right answer to `one` is a right answer to `other` as well."""
    return judge(other, InProcess(other.subject(one.reference)), seed).right
