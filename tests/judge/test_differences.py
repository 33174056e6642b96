"""Difference quotients are told from honest numbers by the digits they lost."""

import numpy as np
import pytest

from autograder.judge.difference_quotients import made_by_differences

AT = [np.linspace(-1.5, 1.4, 7), np.linspace(0.2, 2.1, 5), np.linspace(-2.0, 0.7, 6)]
EXACT = [np.cos(u) for u in AT]


def looks_differenced(found, **options):
    return made_by_differences(list(zip(found, EXACT)), **options)


@pytest.mark.parametrize("step", [1e-4, 1e-5, 3e-6, 1e-7])
def test_central_quotients_are_recognised_even_where_guards_are_allowed(step):
    quotients = [(np.sin(u + step) - np.sin(u - step)) / (2 * step) for u in AT]
    assert looks_differenced(quotients) and looks_differenced(quotients, guards=True)


def test_one_sided_quotients_are_recognised():
    assert looks_differenced([(np.sin(u + 1e-8) - np.sin(u)) / 1e-8 for u in AT])


def test_a_quotient_that_was_scaled_afterwards_loses_its_mark_but_not_its_missing_digits():
    scaled = [np.pi * (np.sin(u + 1e-5) - np.sin(u - 1e-5)) / 2e-5 / np.pi for u in AT]
    assert looks_differenced(scaled)


@pytest.mark.parametrize(
    "honest",
    [
        lambda u: np.cos(u),
        lambda u: 1 - 2 * np.sin(u / 2) ** 2,
        lambda u: np.cos(u.astype(np.float32)).astype(float),
        lambda u: np.cos(u.astype(np.float32).astype(float)),
        lambda u: np.cos(u) * 1.001,
    ],
)
def test_rules_other_forms_single_precision_and_wrong_values_are_not(honest):
    assert not looks_differenced([honest(u) for u in AT])


def test_a_guard_in_a_denominator_is_honest_where_the_exercise_allows_it():
    guarded = [1 / (1 / np.cos(u) + 1e-10) for u in AT]
    assert looks_differenced(guarded)
    assert not looks_differenced(guarded, guards=True)


@pytest.mark.filterwarnings("error")
def test_zeros_and_huge_numbers_say_nothing():
    zeros, huge = np.zeros(3), np.full(3, 1e300)
    assert not made_by_differences([])
    assert not made_by_differences([(zeros, zeros)])
    assert not made_by_differences([(huge * (1 + 1e-12), huge)] * 2, guards=True)
