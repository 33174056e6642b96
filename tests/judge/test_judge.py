"""Verdicts, in the order they are tried."""

import re
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

import autograder
from autograder.exercises import Mistake, exercise
from autograder.judge.trial import InProcess, Trial
from autograder.judge.verdicts import judge, seed_of
from autograder.sandbox.wire import NO_TIME_LEFT, Answer
from course.check import CheckFailed, NotAttempted

ENTROPY = exercise("01.entropy")


def verdict_of(function, specified=ENTROPY, **options):
    return judge(specified, InProcess(function), **options)


def right(p, base=2):
    p = np.asarray(p)
    return -np.sum(p * np.log(np.where(p > 0, p, 1)), axis=-1) / np.log(base)


def everywhere(kind, **fields):
    return lambda calls: [Answer(kind, **fields) for _ in calls]


@pytest.mark.parametrize(
    ("subject", "verdict"),
    [
        (everywhere("raised", error="NotImplementedError"), "not attempted"),
        (
            everywhere("raised", error="NameError", text="name 'entropy' is not defined"),
            "not attempted",
        ),
        (everywhere("raised", error="NameError", text="name 'np' is not defined"), "crashed"),
        (everywhere("raised", error="TypeError", text="no"), "crashed"),
        (everywhere("died"), "crashed"),
        (everywhere("timed out"), "timed out"),
        (everywhere("unreadable", text="a value of type set cannot be read"), "wrong type"),
        (everywhere("value", value=None), "wrong type"),
        (everywhere("value", value="0.469"), "wrong type"),
        (everywhere("value", value=[0.469]), "wrong shape"),
        (lambda calls: [], "crashed"),
    ],
)
def test_a_failure_has_its_verdict(subject, verdict):
    assert judge(ENTROPY, subject).verdict == verdict


def test_a_right_answer_is_right_and_names_nothing():
    found = verdict_of(right)
    assert (found.verdict, found.mistake, found.right) == ("right", None, True)


def test_only_a_wholly_untouched_stub_is_not_attempted():
    def half_done(p, base=2):
        if p.ndim > 1:
            raise NotImplementedError
        return right(p, base)

    assert verdict_of(half_done).verdict == "crashed"


def test_a_shortcut_is_named_even_if_its_values_are_right():
    source = "from scipy.stats import entropy as h\ndef entropy(p, base=2):\n    return h(p)"
    found = verdict_of(right, source=source)
    assert found.verdict == "shortcut"
    assert "scipy.stats.entropy" in found.message


def test_a_not_finite_answer_carries_the_mistake_that_explains_it():
    found = verdict_of(lambda p, base=2: -np.sum(p * np.log(p), axis=-1) / np.log(base))
    assert (found.verdict, found.mistake) == ("not finite", "entropy-nan-zero")


def test_a_mistake_is_recognised_in_another_dialect():
    import math

    def nats_with_math(p, base=2):
        if p.ndim > 1:
            return [nats_with_math(row) for row in p]
        return -sum(x * math.log(x) for x in p)

    found = verdict_of(nats_with_math)
    assert found.mistake == "entropy-nats"


def test_a_wrong_answer_that_nobody_named_gets_its_symptom():
    without = replace(ENTROPY, properties=[])
    found = verdict_of(lambda p, base=2: -right(p, base) * 3, without)
    assert found.verdict == "wrong"
    assert "times what it should be" in found.message


def test_changing_the_input_is_told():
    def spoil(p, base=2):
        result = right(p.copy(), base)
        p *= 0
        return result

    found = verdict_of(spoil)
    assert found.verdict == "wrong"
    assert "changes the array" in found.message


def test_an_input_that_becomes_another_kind_of_thing_is_changed():
    def spoil(outcomes, probabilities, base=2):
        probabilities["C"] = list(probabilities)
        return 0.0

    assert InProcess(spoil)([(("CS", {"C": 0.9, "S": 0.1}), {})])[0].changed


def counting(asked, function):
    def count(*args, **kwargs):
        asked.append(args)
        return function(*args, **kwargs)

    return count


def test_what_nobody_wrote_asks_nothing_of_the_reference():
    asked = []
    specified = replace(ENTROPY, reference=counting(asked, right))
    assert judge(specified, everywhere("raised", error="NotImplementedError")).verdict != "right"
    assert not asked
    assert judge(specified, InProcess(right)).right
    assert len(asked) == len(specified.draw(np.random.default_rng(0)))


def test_a_mistake_is_put_to_the_cases_in_order_until_it_differs():
    asked = []
    mistakes = [Mistake("zero", "?", "It is 0.", None, counting(asked, lambda *a: 0.0))]
    specified = replace(exercise("01.likelihood"), mistakes=mistakes)
    put = Trial(specified, 0)
    calls, first = put.calls, min(put.ordinary) + 1
    assert judge(specified, InProcess(lambda *a: 1.0)).mistake is None
    assert asked == [args for args, _ in calls[:first]]
    assert judge(specified, InProcess(lambda *a: 0.0)).mistake == "zero"
    assert asked == [args for args, _ in [*calls[:first], *calls]]


def test_threads_that_judge_leave_the_warnings_as_they_were():
    before = list(warnings.filters)
    wrong = exercise("01.kl_divergence").mistakes[0].function
    with ThreadPoolExecutor(4) as pool:
        found = list(
            pool.map(
                lambda seed: verdict_of(wrong, exercise("01.kl_divergence"), seed=seed),
                range(100, 140),
            )
        )
    assert not any(verdict.right for verdict in found)
    assert warnings.filters == before


def test_an_answer_that_depends_on_earlier_calls_is_not_right():
    calls = []

    def forgetful(p, base=2):
        calls.append(1)
        return right(p, base) if len(calls) < 5 else right(p, base) + 1e-3

    assert not verdict_of(forgetful).right


def test_the_judge_works_on_its_own_copies():
    seen = []

    def keep(p, base=2):
        seen.append(p)
        return right(p, base)

    verdict_of(keep, seed=77)
    for array in seen:
        array[...] = 0.5
    assert verdict_of(right, seed=77).right


def test_no_message_shows_the_expected_value():
    for specified in (ENTROPY, exercise("01.kl_divergence"), exercise("01.likelihood")):
        found = verdict_of(lambda *a, **k: 0.123456, specified, seed=7)
        expected = np.concatenate([np.ravel(value) for value in Trial(specified, 7).expected])
        shown = re.findall(r"-?[0-9]*\.[0-9]+", found.message)
        secret = [value for value in expected if value not in (0, 1) and not np.isnan(value)]
        assert len(secret) > 5
        for number in map(float, shown):
            assert not np.isclose(number, secret, rtol=1e-3).any(), found.message


def test_a_seed_belongs_to_course_assignment_and_student():
    assert seed_of("course", "01", "ana") == seed_of("course", "01", "ana")
    assert len({seed_of("course", "01", "ana"), seed_of("course", "01", "bo")}) == 2
    assert seed_of("a", "bc") != seed_of("ab", "c")


def test_in_this_process_a_right_answer_passes_silently(capsys):
    assert autograder.check("01.entropy", right) is None
    assert capsys.readouterr() == ("", "")


def test_what_a_function_prints_is_not_its_answer(capsys):
    def talkative(p, base=2):
        print("entropy of", p)
        return right(p, base)

    autograder.check("01.entropy", talkative)
    assert capsys.readouterr() == ("", "")


def test_in_this_process_anything_else_raises_with_the_message():
    with pytest.raises(CheckFailed, match="known mistake: .*fair coin"):
        autograder.check("01.entropy", lambda p, base=2: right(p, np.e))

    def stub(p, base=2):
        raise NotImplementedError

    with pytest.raises(NotAttempted):
        autograder.check("01.entropy", stub)


def test_what_no_time_was_left_for_is_not_said_to_be_slow():
    none_left = everywhere("timed out", error=NO_TIME_LEFT)
    verdict = judge(exercise("01.surprise"), none_left)
    assert verdict.verdict == "timed out"
    assert verdict.message.startswith("surprise was not judged: The notebook's time was used up.")
