"""Cross-entropy error of each example, in nats."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.guards import clipped, lowered, raised
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case
from autograder.exercises.surprise_and_entropy import notebook, reference

exercise = notebook.exercise(
    reference.binary_cross_entropy,
    points=2,
    minutes=8,
    hints=(
        "With y = 1 one of the two terms disappears. Which one stays?",
        "For y = 0 the model gave the truth the probability 1 - y_hat. Where does it go?",
        "Check the table's four numbers one by one; a confident mistake must be the largest.",
    ),
)


@exercise.cases
def cases(rng):
    yield case(1.0, 0.89, about=VISIBLE)
    yield case(1.0, 0.32, about=VISIBLE)
    yield case(np.array([0.0, 0.0]), np.array([0.89, 0.32]), about=VISIBLE)
    sure = np.array([1e-6, 1e-9, 1 - 1e-6, 1 - 1e-9])
    yield case(np.array([1.0, 1.0, 0.0, 0.0]), sure, about="sure and wrong")
    yield case(np.array([0.0, 0.0, 1.0, 1.0]), sure, about="sure and right")
    yield case(1.0, float(rng.uniform(0.6, 0.95)))
    yield case(0.0, float(rng.uniform(0.6, 0.95)))
    yield case(np.array([1.0, 0.0, 1.0, 0.0, 0.0]), rng.uniform(0.05, 0.45, 5))
    labels = rng.permuted([[0.0, 1.0, 1.0], [1.0, 0.0, 0.0]], axis=1)
    yield case(labels, rng.uniform(0.55, 0.95, (2, 3)))


@exercise.style
def bce_one_line(y, y_hat):
    return -(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat))


@exercise.style
def bce_cases(y, y_hat):
    return np.where(np.asarray(y) == 1, -np.log(y_hat), -np.log(1 - np.asarray(y_hat)))


@exercise.style
def bce_probability_of_truth(y, y_hat):
    y, y_hat = np.asarray(y), np.asarray(y_hat)
    return -np.log(y * y_hat + (1 - y) * (1 - y_hat))


@exercise.style
def bce_lists(y, y_hat):
    if np.ndim(y_hat):
        return [bce_lists(a, b) for a, b in zip(y, y_hat)]
    return -math.log(y_hat) if y else -math.log(1 - y_hat)


@exercise.mistake(
    "Which base has the logarithm in the lecture's four numbers?",
    said="The logarithms have base 2 instead of the natural base.",
    root=Root.BASE,
)
def ce_bits(y, y_hat):
    return -(y * np.log2(y_hat) + (1 - y) * np.log2(1 - y_hat))


@exercise.mistake(
    "Which sign has the logarithm of a number below one?",
    said="The minus sign is missing, so the errors come out negative.",
    root=Root.SIGN,
)
def bce_sign(y, y_hat):
    return y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat)


@exercise.mistake(
    "What is your error for an example of class 0?",
    said="The term of class 0 is missing, so its examples cost nothing.",
)
def bce_positive_term_only(y, y_hat):
    return -y * np.log(y_hat)


@exercise.mistake(
    "With y = 0, which probability did the model give to the truth?",
    said="The second logarithm holds the prediction instead of 1 minus it.",
)
def bce_same_log_twice(y, y_hat):
    return -(y * np.log(y_hat) + (1 - y) * np.log(y_hat))


@exercise.mistake(
    "Which of the two draws, and which one is surprised?",
    said="The label and the prediction are exchanged.",
    root=Root.SWAPPED,
)
def bce_swapped(y, y_hat):
    with np.errstate(all="ignore"):
        return -(y_hat * np.log(y) + (1 - y_hat) * np.log(1 - np.asarray(y)))


@exercise.mistake(
    "A confident mistake should cost a lot: how much does yours cost?",
    said="The absolute error is returned, without any logarithm.",
)
def bce_absolute_error(y, y_hat):
    return np.abs(y - y_hat)


@exercise.mistake(
    "One error per example: is an average asked for already?",
    said="The errors are averaged to one number instead of one per example.",
    root=Root.MEAN,
)
def bce_averaged_early(y, y_hat):
    return np.mean(-(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat)))


@exercise.mistake(
    "A model is sure and wrong: what stands in your logarithm beside the probability?",
    said="A small number is added inside the logarithms.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-6, 1e-9, 1e-12)},
)
def bce_guarded(y, y_hat, *, size=1e-9):
    return -(y * np.log(y_hat + size) + (1 - y) * np.log(1 - y_hat + size))


@exercise.mistake(
    "The surer a wrong prediction, the more it costs: from which probability on does yours not "
    "grow?",
    said="The prediction is cut off before the logarithm, which limits the error.",
    root=Root.DIGITS,
    family={"size": (1e-2, 1e-4, 1e-6, 1e-8), "guard": (clipped, raised, lowered)},
)
def bce_cut(y, y_hat, *, size=1e-4, guard=clipped):
    p = guard(y_hat, size)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


@exercise.mistake(
    "With y = 1 and a prediction near 1, should the error be small or large?",
    said="The two terms are exchanged between the classes.",
    root=Root.SWAPPED,
)
def bce_terms_exchanged(y, y_hat):
    return -(y * np.log(1 - y_hat) + (1 - y) * np.log(y_hat))


@exercise.mistake(
    "What stands inside the second logarithm, and what outside?",
    said="The second term holds 1 - log(y_hat) instead of log(1 - y_hat).",
)
def bce_one_minus_outside(y, y_hat):
    return -(y * np.log(y_hat) + (1 - y) * (1 - np.log(y_hat)))


@exercise.mistake(
    "A confident mistake should cost more and more without end: does yours?",
    said="The squared error is returned, without any logarithm.",
)
def bce_squared_error(y, y_hat):
    return (y - y_hat) ** 2


@exercise.mistake(
    "An array is neither 0 nor 1 as a whole: which function chooses entry by entry?",
    said="An if asks about a whole array of labels at once, which fails.",
)
def bce_if_on_array(y, y_hat):
    if y == 1:
        return -np.log(y_hat)
    return -np.log(1 - y_hat)


@exercise.mistake(
    "Which of the two takes a whole array, math.log or np.log?",
    said="The function math.log is used, which fails on an array of predictions.",
)
def bce_math_log(y, y_hat):
    return -(y * math.log(y_hat) + (1 - y) * math.log(1 - y_hat))


@exercise.mistake(
    "One error per example: is a sum asked for already?",
    said="The errors are summed to one number instead of one per example.",
    root=Root.MEAN,
)
def bce_summed_early(y, y_hat):
    return -np.sum(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat))


@exercise.property(
    "An error is never negative, and yours is {found}. Which sign has the logarithm of a "
    "probability?"
)
def never_negative(f, y, y_hat):
    found = np.asarray(f(y, y_hat))
    if (found < -1e-12).any():
        return {"found": found[found < -1e-12].flat[0]}


@exercise.property(
    "Calling class 0 class 1 and the other way round changes no error: yours gives {one} for y = 1 "
    "with 0.3 and {zero} for y = 0 with 0.7. What did the model give to the truth in both?"
)
def the_same_with_the_classes_exchanged(f, y, y_hat):
    one, zero = float(f(1.0, 0.3)), float(f(0.0, 0.7))
    if not np.isclose(one, zero, rtol=0, atol=1e-9):
        return {"one": one, "zero": zero}
