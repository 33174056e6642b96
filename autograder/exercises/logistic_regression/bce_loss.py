"""Mean binary cross-entropy, in nats."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.guards import clipped, lowered, raised
from autograder.exercises.logistic_regression import notebook, reference
from autograder.exercises.logistic_regression.inputs import labels, probabilities
from autograder.exercises.logistic_regression.reference import bce_loss, sigmoid
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.bce_loss,
    points=2,
    minutes=8,
    hints=(
        (
            "Do the first row of the table by hand: y = 1, p = 0.775. Which logarithm is it, and "
            "of what?"
        ),
        (
            "y and 1 - y act as switches: for every row one of the two terms is 0. Which one is "
            "left for y = 0?"
        ),
        "Every row gives one number that is not negative. How do five numbers become one?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(np.array([1.0]), np.array([0.32]), about=VISIBLE)
    yield case(np.array([0.0]), np.array([0.89]), about=VISIBLE)
    p = np.array([1e-6, 1e-9, 1 - 1e-6, 1 - 1e-9])
    yield case(np.array([1.0, 1.0, 0.0, 0.0]), p, about="sure and wrong")
    yield case(np.array([0.0, 0.0, 1.0, 1.0]), p, about="sure and right")
    yield case(np.array([1.0, 0, 1, 0, 0]), np.array([0.775, 0.116, 0.884, 0.744, 0.320]))
    for n in (4, 9):
        yield case(labels(rng, n), probabilities(rng, n))


@exercise.style
def bce_one_line(y, p):
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@exercise.style
def bce_by_cases(y, p):
    return np.where(y == 1, -np.log(p), -np.log(1 - p)).mean()


@exercise.style
def bce_loop(y, p):
    total = 0.0
    for label, probability in zip(y, p):
        total -= math.log(probability) if label else math.log(1 - probability)
    return total / len(y)


@exercise.style
def bce_probability_of_truth(y, p):
    return -np.log(np.abs(1 - y - p)).mean()


@exercise.style
def bce_dot_products(y, p):
    return float(-(y @ np.log(p) + (1 - y) @ np.log(1 - p)) / y.size)


@exercise.style
def bce_with_tiny_guard(y, p):
    p = np.clip(p, 1e-15, 1 - 1e-15)
    return np.array(-np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)) / len(y))


@exercise.mistake(
    "Write every row down twice: should the loss double?",
    said="The loss is summed over the examples and not divided by N.",
    root=Root.MEAN,
)
def bce_sum(y, p):
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))


@exercise.mistake(
    "Which sign has the logarithm of a probability?",
    said="The minus sign is missing, so the loss comes out negative.",
    root=Root.SIGN,
)
def bce_sign(y, p):
    return np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@exercise.mistake(
    "Which logarithm does the lecture's table use?",
    said="The logarithms have base 2 instead of the natural base.",
    root=Root.BASE,
)
def bce_bits(y, p):
    return -np.mean(y * np.log2(p) + (1 - y) * np.log2(1 - p))


@exercise.mistake(
    "What does an example of class 0 add to your loss?",
    said="The term of class 0 is missing, so its examples cost nothing.",
)
def bce_positive_term_only(y, p):
    return -np.mean(y * np.log(p))


@exercise.mistake(
    "With y = 1 and p near 1, should the loss be small or large?",
    said="The logarithms of p and 1 - p are exchanged between the classes.",
    root=Root.SWAPPED,
)
def bce_swapped_terms(y, p):
    return -np.mean(y * np.log(1 - p) + (1 - y) * np.log(p))


@exercise.mistake(
    "One of the two vectors holds exact zeros: may a logarithm see it?",
    said="Labels and probabilities are exchanged, so the logarithm meets exact zeros.",
    root=Root.SWAPPED,
)
def bce_swapped_arguments(y, p):
    return -np.mean(p * np.log(y) + (1 - p) * np.log(1 - y))


@exercise.mistake(
    "A confident mistake should cost more and more without end: does it here?",
    said="The mean squared error is returned instead of the cross-entropy.",
)
def bce_squared_error(y, p):
    return np.mean((p - y) ** 2)


@exercise.mistake(
    "Is p a score, or a probability already?",
    said="A sigmoid is applied to p, which is a probability already.",
)
def bce_double_sigmoid(y, p):
    return bce_loss(y, sigmoid(p))


@exercise.mistake(
    "There is no square to differentiate here: what is the one half for?",
    said="The loss is divided by 2 without a reason.",
    root=Root.FACTOR_TWO,
)
def bce_half(y, p):
    return bce_loss(y, p) / 2


@exercise.mistake(
    "What stands inside the second logarithm, and what outside?",
    said="The second term holds 1 - log(p) instead of log(1 - p).",
)
def bce_one_minus_outside(y, p):
    return -np.mean(y * np.log(p) + (1 - y) * (1 - np.log(p)))


@exercise.mistake(
    "How much does the worst possible answer cost with your loss?",
    said="The mean absolute error is returned instead of the cross-entropy.",
)
def bce_absolute_error(y, p):
    return np.mean(np.abs(y - p))


@exercise.mistake(
    "May a mean and a logarithm change places?",
    said="The logarithm of the mean replaces the mean of the logarithms.",
    root=Root.MEAN,
)
def bce_log_of_mean(y, p):
    return -np.log(np.mean(y * p + (1 - y) * (1 - p)))


@exercise.mistake(
    "One number for the whole data set is asked for: how do the rows combine?",
    said="One loss per example is returned instead of their mean.",
    root=Root.MEAN,
)
def bce_not_averaged(y, p):
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


@exercise.mistake(
    "A model is sure and wrong: what stands in your logarithm beside the probability?",
    said="A small number is added inside the logarithms.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-6, 1e-9, 1e-12)},
)
def bce_guarded(y, p, *, size=1e-9):
    return -np.mean(y * np.log(p + size) + (1 - y) * np.log(1 - p + size))


@exercise.mistake(
    "Are the probabilities you measure still those of the model?",
    said="The probabilities are cut off before the logarithm, which limits the loss.",
    root=Root.DIGITS,
    family={"size": (0.2, 1e-2, 1e-4, 1e-6, 1e-8), "guard": (clipped, raised, lowered)},
)
def bce_hard_clip(y, p, *, size=0.2, guard=clipped):
    p = guard(p, size)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@exercise.mistake(
    "An array is neither 0 nor 1 as a whole: which function chooses entry by entry?",
    said="An if asks about a whole array of labels at once, which fails.",
)
def bce_if_on_array(y, p):
    if y == 1:
        return -np.log(p)
    return -np.log(1 - p)


@exercise.property(
    "Write every row down twice and a mean stays as it is; yours goes from {once} to {twice}. By "
    "what do you divide?"
)
def the_same_for_every_row_twice(f, y, p):
    once, twice = f(y, p), f(np.tile(y, 2), np.tile(p, 2))
    if not np.isclose(twice, once, rtol=1e-6, atol=0):
        return {"once": once, "twice": twice}


@exercise.property(
    "Who says one half of everybody pays ln 2 = 0.6931 for every example, and yours says {found}. "
    "What does each row add?"
)
def ln_two_for_one_half(f, y, p):
    found = f(y, np.full(len(y), 0.5))
    if abs(found - np.log(2)) > 1e-6:
        return {"found": found}


@exercise.property(
    "Calling class 0 class 1 and the other way round changes no loss, and yours goes from {one} to "
    "{other}. Which probability does each of your terms take?"
)
def the_same_with_the_classes_exchanged(f, y, p):
    one, other = f(y, p), f(1 - y, 1 - p)
    if not np.isclose(one, other, rtol=1e-6, atol=0):
        return {"one": one, "other": other}


exercise.equivalent(
    "np.clip(p, 1e-15, 1 - 1e-15) -> np.clip(p, 0.0, 1 - 1e-15)",
    "1 - 1e-15 -> 1 - 0.0",
    "1 - 1e-15 -> 1 + 1e-15",
    "1 - 1e-15 -> 1",
    "1 - 1e-15 -> 2 - 1e-15",
    because="What rounding cannot tell is right.",
)
