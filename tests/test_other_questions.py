"""A wrong answer that is right for another question is told which one."""

import warnings

import numpy as np
import pytest

from autograder.exercises import exercise
from autograder.judge import words
from autograder.judge.trial import InProcess
from autograder.judge.verdicts import judge


def entropy(p, base, part=slice(None)):
    p = np.asarray(p)[..., part]
    return -(p * np.log(np.where(p > 0, p, 1))).sum(axis=-1) / np.log(base)


OTHERWISE = {
    "without the last": (
        "01.entropy",
        lambda p, base=2: entropy(p, base, slice(None, -1)),
        words.WITHOUT_LAST,
    ),
    "without the first": (
        "01.entropy",
        lambda p, base=2: entropy(p, base, slice(1, None)),
        words.WITHOUT_FIRST,
    ),
    "the last of a mean": (
        "07.mae",
        lambda y, y_hat: np.abs(y - y_hat)[:-1].mean(),
        words.WITHOUT_LAST,
    ),
}


@pytest.mark.parametrize("name", OTHERWISE)
def test_the_question_that_was_answered_is_named(name):
    id, wrong, said = OTHERWISE[name]
    verdict = judge(exercise(id), InProcess(wrong))
    assert verdict.verdict == "wrong" and said in verdict.message


def test_nothing_is_said_where_no_other_question_fits():
    verdict = judge(exercise("01.entropy"), InProcess(lambda p, base=2: entropy(p, base) ** 1.1))
    assert "would be right" not in verdict.message


def test_what_is_no_number_is_looked_at_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        verdict = judge(
            exercise("01.entropy"), InProcess(lambda p, base=2: entropy(p, base) * np.inf)
        )
    assert verdict.verdict == "not finite"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.array([1e-9, 0.5]), "[1e-09, 0.5]"),
        (np.array([1 - 1e-9, 0.0]), "[0.999999999, 0.0]"),
        (np.array([[0.25, 12345.0]]), "[[0.25, 12345.0]]"),
        (np.array(0.12345678), "0.1235"),
    ],
)
def test_numbers_of_an_array_have_the_digits_that_tell_them_apart(value, text):
    assert words.describe(value) == text
