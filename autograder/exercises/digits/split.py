"""Which examples are for training and which for testing."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.digits import notebook, reference
from autograder.exercises.roots import Root
from autograder.exercises.specification import case
from course.wrappers import seeded

exercise = notebook.exercise(
    reference.split,
    parts=("the training examples", "the test examples"),
    points=1,
    minutes=6,
    subject=seeded,
    hints=(
        "Which single call of `rng` puts the numbers 0 to n - 1 into a random order?",
        "How many of them are for the test, as a whole number? What does `round` do with 4.6, "
        "and what does `int` do?",
        "The first part of the permutation goes to the test. In which order are the two parts "
        "returned?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(10, 0.3, 5)
    yield case(23, 0.2, 1)
    yield case(22, 0.2, 2)
    yield case(9, 0.6, 3)
    yield case(1797, 0.2, 4)
    for _ in range(3):
        yield case(int(rng.integers(30, 60)) * 10 + 3, 0.2, int(rng.integers(1000)))


@exercise.style
def split_by_cutting(n, test_share, rng):
    order = rng.permutation(n)
    size = int(round(test_share * n))
    test, train = order[:size], order[size:]
    return train, test


@exercise.style
def split_with_numpy_split(n, test_share, rng):
    test, train = np.split(rng.permutation(np.arange(n)), [round(n * test_share)])
    return train, test


@exercise.style
def split_lists(n, test_share, rng):
    order = list(rng.permutation(n))
    test = [order.pop(0) for _ in range(round(n * test_share))]
    return order, test


@exercise.style
def split_by_mask(n, test_share, rng):
    order = rng.permutation(n)
    in_test = np.arange(n) < np.rint(n * test_share)
    return order[~in_test], order[in_test]


@exercise.mistake(
    "Which part of the permutation was agreed to be the test: its beginning or its end?",
    said="The test was taken from the end of the permutation instead of its beginning.",
    root=Root.INDEX,
)
def split_test_last(n, test_share, rng):
    order = rng.permutation(n)
    cut = n - round(n * test_share)
    return order[:cut], order[cut:]


@exercise.mistake(
    "How many examples are in the first of your two parts: the rest, or the share for the test?",
    said="Train and test are exchanged.",
    root=Root.SWAPPED,
)
def split_exchanged(n, test_share, rng):
    order = rng.permutation(n)
    cut = round(n * test_share)
    return order[:cut], order[cut:]


@exercise.mistake(
    "If the rows of the data were sorted by class, which classes would your test hold?",
    said="The examples were not shuffled before they were divided.",
)
def split_not_shuffled(n, test_share, rng):
    order = np.arange(n)
    cut = round(n * test_share)
    return order[cut:], order[:cut]


@exercise.mistake(
    "4.6 examples are asked for: which whole number is nearest?",
    said="The number of test examples was cut down to a whole number instead of rounded.",
)
def split_floor(n, test_share, rng):
    order = rng.permutation(n)
    cut = int(n * test_share)
    return order[cut:], order[:cut]


@exercise.mistake(
    "4.4 examples are asked for: which whole number is nearest?",
    said="The number of test examples was rounded up instead of to the nearest whole number.",
)
def split_ceil(n, test_share, rng):
    order = rng.permutation(n)
    cut = math.ceil(n * test_share)
    return order[cut:], order[:cut]


@exercise.mistake(
    "Are your indices still in the order of the permutation?",
    said="The indices were sorted after the permutation.",
    root=Root.INDEX,
)
def split_sorted(n, test_share, rng):
    order = rng.permutation(n)
    cut = round(n * test_share)
    return np.sort(order[cut:]), np.sort(order[:cut])


@exercise.mistake(
    "Is there an example that stands in both of your parts?",
    said="The test examples were left in the train.",
)
def split_overlapping(n, test_share, rng):
    order = rng.permutation(n)
    return order, order[: round(n * test_share)]


@exercise.mistake(
    "Does your answer change when another generator is handed in?",
    said="A generator of one's own took the place of the one that was handed in.",
)
def split_own_generator(n, test_share, rng):
    order = np.random.default_rng(0).permutation(n)
    cut = round(n * test_share)
    return order[cut:], order[:cut]


@exercise.mistake(
    "Can the same example be drawn twice in your way of drawing?",
    said="The test was drawn with replacement.",
)
def split_with_replacement(n, test_share, rng):
    test = rng.integers(0, n, round(n * test_share))
    return np.setdiff1d(np.arange(n), test), test


@exercise.mistake(
    "One permutation is to be cut in two: what else do you ask of the generator?",
    said="The test was drawn by `choice` instead of being cut from one permutation.",
)
def split_by_choice(n, test_share, rng):
    test = rng.choice(n, round(n * test_share), replace=False)
    return np.setdiff1d(np.arange(n), test), test


@exercise.mistake(
    "Is the row number of an example asked for, or yes and no for every row?",
    said="A mask of True and False came back instead of indices.",
    root=Root.INDEX,
)
def split_masks(n, test_share, rng):
    in_test = np.zeros(n, dtype=bool)
    in_test[rng.permutation(n)[: round(n * test_share)]] = True
    return ~in_test, in_test
