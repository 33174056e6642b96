"""The checks themselves on trial: honest answers pass, named mistakes fail and are named."""

import inspect

import numpy as np
import pytest

from autograder.exercises import NOTEBOOKS, exercise, notebook
from autograder.exercises.sources import answer_source
from autograder.judge.trial import InProcess
from autograder.judge.verdicts import judge
from tests.conftest import ROOT

WRITTEN = [name for name in NOTEBOOKS if (ROOT / "source" / name).is_dir()]
EXERCISES = [e for name in WRITTEN for e in notebook(name).exercises.values()]
IDS = [e.id for e in EXERCISES]


@pytest.mark.parametrize("specified", EXERCISES, ids=IDS)
def test_styles_and_mistakes_take_the_arguments_of_the_reference(specified):
    if inspect.isclass(specified.reference):
        pytest.skip("a class is applied, not called")
    wanted = list(inspect.signature(specified.reference).parameters)
    for function in [*specified.styles.values(), *(m.function for m in specified.mistakes)]:
        found = list(inspect.signature(function).parameters)[: len(wanted)]
        # An answer that is brought along from another notebook has that one's names.
        packages = [one.__module__.rpartition(".")[0] for one in (function, specified.reference)]
        brought = packages[0] != packages[1]
        assert found == wanted or (brought and len(found) == len(wanted))


@pytest.mark.parametrize("specified", EXERCISES, ids=IDS)
def test_every_style_can_stand_in_a_notebook_as_it_is(specified):
    for function in specified.styles.values():
        assert specified.name in answer_source(function, specified.name)


@pytest.mark.parametrize("specified", EXERCISES, ids=IDS)
def test_every_hint_is_a_sentence_of_its_own(specified):
    hints = [mistake.hint for mistake in specified.mistakes]
    assert all(hint.endswith(("?", ".")) and len(hint) > 20 for hint in hints)


@pytest.mark.parametrize("specified", EXERCISES, ids=IDS)
def test_cases_are_plain_data_and_differ_from_seed_to_seed(specified):
    first = specified.draw(np.random.default_rng(1))
    second = specified.draw(np.random.default_rng(2))
    assert len(first) >= 2
    assert repr(first) == repr(specified.draw(np.random.default_rng(1)))
    assert repr(first) != repr(second)


@pytest.mark.parametrize("specified", EXERCISES, ids=IDS)
def test_an_answer_learnt_by_heart_fails_on_another_seed(specified):
    right = specified.subject(specified.reference)
    learnt = {}

    def remember(*args, **kwargs):
        learnt[repr((args, kwargs))] = right(*args, **kwargs)
        return learnt[repr((args, kwargs))]

    assert judge(specified, InProcess(remember), seed=1).right

    def recite(*args, **kwargs):
        return learnt.get(repr((args, kwargs)))

    assert not judge(specified, InProcess(recite), seed=2).right


def test_an_unknown_exercise_is_a_key_error():
    for id in ("01.nothing", "99.surprise", "surprise"):
        with pytest.raises(KeyError):
            exercise(id)
