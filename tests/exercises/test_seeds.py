"""One answer gets one verdict, whoever hands it in: for all styles and mistakes of all notebooks.

The build proves them with one seed. Here others are drawn, one fewer than `--students` says: `make
seeds` takes fifty. What every seed draws alike is asked once an answer.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from autograder.exercises import NOTEBOOKS, Exercise, neighbours, notebook
from autograder.judge.recognise import recognise
from autograder.judge.shortcuts import StudentCode
from autograder.judge.trial import InProcess, Trial, identical
from autograder.judge.verdicts import COMPLETE, Evidence, find, judge_trial
from autograder.sandbox.wire import Answer
from course.kinds import VerdictKind
from tests.conftest import ROOT

WRITTEN = [name for name in NOTEBOOKS if (ROOT / "source" / name).is_dir()]
EXERCISES = [one for name in WRITTEN for one in notebook(name).exercises.values()]


class SeedTrial(Trial):
    """The cases of one seed, of which the `shared` are what every seed draws; what functions
    answered to these is kept for the other seeds."""

    def __init__(self, exercise: Exercise, seed: int, shared: set[int], kept: dict):
        super().__init__(exercise, seed)
        self._shared, self._kept = shared, kept

    def answered(self, function: Callable) -> list[Answer]:
        """What a function answers to every call, asked anew only where the seed matters."""
        ask = InProcess(self.exercise.subject(function))
        return [
            self._kept[function, index]
            if (function, index) in self._kept
            else self._keep(function, index, ask([call])[0])
            for index, call in zip(self._order, self.calls, strict=True)
        ]

    def _keep(self, function: Callable, index: int, answer: Answer) -> Answer:
        if index in self._shared:
            self._kept[function, index] = answer
        return answer

    @property
    def expected(self) -> list:
        """What the reference says to each call."""
        if not hasattr(self, "_expected"):
            self._expected = [answer.value for answer in self.answered(self.exercise.reference)]
        return self._expected


def drawn_alike(exercise: Exercise, seeds: range) -> set[int]:
    """The places of the cases that every seed draws alike."""
    first, *others = [exercise.draw(np.random.default_rng(seed)) for seed in seeds]

    def is_shared(place: int) -> bool:
        mine = (first[place].args, first[place].kwargs)
        return all(identical(mine, (other[place].args, other[place].kwargs)) for other in others)

    length = min(map(len, (first, *others)))
    return set(filter(is_shared, range(length)))


@pytest.mark.slow
@pytest.mark.parametrize("specified", EXERCISES, ids=lambda one: one.id)
def test_one_answer_gets_one_verdict_from_every_student(specified, students):
    shared, kept = drawn_alike(specified, range(students)), {}
    trials = {seed: SeedTrial(specified, seed, shared, kept) for seed in range(1, students)}
    cases = specified.draw(np.random.default_rng(0))
    fixed = Trial(replace(specified, _generator=lambda rng: (cases[i] for i in sorted(shared))), 0)

    def found(function: Callable, put: SeedTrial) -> VerdictKind:
        subject = InProcess(specified.subject(function))
        return find(Evidence(put, put.answered(function), subject, StudentCode(), ())).kind

    for name, function in specified.styles.items():
        for seed, put in trials.items():
            assert found(function, put) is VerdictKind.RIGHT, (name, seed)
    for mistake in specified.mistakes:
        for member, function in mistake.members.items():
            named = None
            if shared:
                answers = InProcess(specified.subject(function))(fixed.calls)
                named = recognise(fixed, answers, neighbours(specified.id))
            for seed, put in trials.items():
                if named is mistake:
                    # No other answers all that is fixed like this, whatever is drawn.
                    kind = found(function, put)
                    assert kind not in COMPLETE, (mistake.name, member, seed, kind)
                else:
                    subject = InProcess(specified.subject(function))
                    verdict = judge_trial(put, subject)
                    known = (mistake.name, member, seed, verdict.mistake, verdict.message)
                    assert verdict.mistake in (mistake.name, *mistake.like), known
