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


def over_batches(loss, size=4):
    """A mean over batches of means over their examples; the last batch may be short."""

    def mean_of_means(*arrays):
        starts = range(0, len(arrays[0]), size)
        return np.mean([loss(*(array[i : i + size] for array in arrays)) for i in starts])

    return mean_of_means


@pytest.mark.parametrize(
    ("id", "wrong"),
    [
        ("07.mse", over_batches(lambda y, y_hat: np.mean((y - y_hat) ** 2))),
        ("07.mae", over_batches(lambda y, y_hat: np.mean(np.abs(y - y_hat)), 3)),
        ("02.bce_loss", over_batches(exercise("02.bce_loss").reference, 2)),
    ],
)
def test_a_mean_of_means_of_unequal_groups_is_told_so(id, wrong):
    assert words.MEAN_OF_MEANS in message(id, wrong)


@pytest.mark.parametrize("name", OTHERWISE)
def test_the_question_that_was_answered_is_named(name):
    id, wrong, said = OTHERWISE[name]
    verdict = judge(exercise(id), InProcess(wrong))
    assert verdict.verdict == "wrong" and said in verdict.message


def message(id, wrong):
    return judge(exercise(id), InProcess(exercise(id).subject(wrong))).message


def test_a_factor_of_one_case_alone_is_no_lead():
    def half_of_the_sum(y, p):
        return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)) / 2

    said = message("02.bce_loss", half_of_the_sum)
    assert "factor 2" not in said and "By what do you divide?" in said


def test_a_function_that_does_not_tell_two_arguments_apart_is_told_so():
    def both_ways(p, q, base=2):
        def one(p, q):
            return np.sum(np.where(p > 0, p * np.log(np.where(p > 0, p, 1) / q), 0), axis=-1)

        return (one(p, q) + one(q, np.where(p > 0, p, 1))) / 2 / np.log(base)

    assert "the same with p and q exchanged" in message("01.kl_divergence", both_ways)


def test_a_case_that_is_right_stands_beside_one_that_is_not():
    def of_two_kinds(labels, base=2):
        share = np.mean(np.asarray(labels) == labels[0])
        return 0.0 if share == 1 else float(entropy(np.array([share, 1 - share]), base))

    said = message("01.group_entropy", of_two_kinds)
    assert "yours is right: what is different here?" in said


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
