"""One answer gets one verdict, whoever hands it in: for all styles and mistakes of all notebooks.

The build proves them with one seed. Here others are drawn, as many as `--students` says: `make
seeds` takes fifty.
"""

import pytest

from autograder.exercises import NOTEBOOKS, notebook
from autograder.judge.kinds import VerdictKind
from autograder.judge.trial import InProcess, Trial
from autograder.judge.verdicts import judge_trial
from tests.conftest import ROOT

WRITTEN = [name for name in NOTEBOOKS if (ROOT / "source" / name).is_dir()]
EXERCISES = [one for name in WRITTEN for one in notebook(name).exercises.values()]


@pytest.mark.slow
@pytest.mark.parametrize("specified", EXERCISES, ids=lambda one: one.id)
def test_one_answer_gets_one_verdict_from_every_student(specified, students):
    trials = {seed: Trial(specified, seed) for seed in range(students)}
    for name, function in specified.styles.items():
        for seed, put in trials.items():
            verdict = judge_trial(put, InProcess(specified.subject(function)))
            assert verdict.verdict is VerdictKind.RIGHT, (name, seed, verdict.message)
    for mistake in specified.mistakes:
        for member, function in mistake.members.items():
            for seed, put in trials.items():
                verdict = judge_trial(put, InProcess(specified.subject(function)))
                found = (mistake.name, member, seed, verdict.mistake, verdict.message)
                assert verdict.mistake in (mistake.name, *mistake.like), found
