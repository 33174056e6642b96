"""Slope of the sigmoid."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.backprop_by_hand import by_hand, reference
from autograder.exercises.backprop_by_hand.inputs import away_from_zero
from autograder.exercises.backprop_by_hand.reference import sigmoid
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = by_hand(
    reference.sigmoid_derivative,
    points=1,
    minutes=3,
    hints=(
        "Where is the sigmoid steepest, and how steep is it there?",
        "The rule needs the output of the sigmoid in two places. Store it in a variable first.",
        (
            "Your slope should fall to 0 on both sides and be 0.25 at 0: which factor takes care "
            "of the left side, which of the right?"
        ),
    ),
)


@exercise.cases
def cases(rng):
    yield case(away_from_zero(rng, 5))
    yield case(away_from_zero(rng, 3, 4))
    yield case(away_from_zero(rng, 2, 2))
    yield case(np.array([-20.0, -3.0, 0.0, 2.0, 20.0]), about="with saturated units")
    yield case(np.array([0.0, 1.0, -1.0, 5.0]), about=VISIBLE)
    yield case(np.array([-18.0, -13.8, -4.6, 4.6, 13.8, 18.0]), about="scores of up to 18")


@exercise.style
def dsig_one_line(u):
    return sigmoid(u) * (1 - sigmoid(u))


@exercise.style
def dsig_of_exponentials(u):
    return np.exp(-u) / (1 + np.exp(-u)) ** 2


@exercise.style
def dsig_by_tanh(u):
    s = 0.5 * (1 + np.tanh(u / 2))
    return s - s**2


@exercise.style
def dsig_by_cosh(u):
    return 1 / (2 * np.cosh(u / 2)) ** 2


@exercise.style
def dsig_in_single_precision(u):
    e = np.exp(-np.abs(u).astype("float32"))
    return (e / (1 + e) ** 2).astype(float)


@exercise.style
def dsig_loop(u):
    flat = [math.exp(-x) / (1 + math.exp(-x)) ** 2 for x in u.ravel()]
    return np.array(flat).reshape(u.shape)


@exercise.mistake(
    "The rule speaks of the output of the sigmoid: what do you put in?",
    said="The rule is applied to the score itself instead of to its sigmoid.",
    root=Root.CHAIN,
)
def dsig_preactivation(u):
    return u * (1 - u)


@exercise.mistake(
    "How often is the sigmoid applied in your answer?",
    said="The sigmoid is applied twice before the rule is used.",
    root=Root.CHAIN,
)
def dsig_twice(u):
    return sigmoid(sigmoid(u)) * (1 - sigmoid(sigmoid(u)))


@exercise.mistake(
    "Does the curve become flat on both sides? Does your slope?",
    said="The value of the sigmoid is returned instead of its slope.",
)
def dsig_only_sigma(u):
    return sigmoid(u)


@exercise.mistake(
    "Which of the two activations has this rule?",
    said="The rule of tanh, one minus the square, is applied to the sigmoid.",
)
def dsig_one_minus_square(u):
    return 1 - sigmoid(u) ** 2


@exercise.mistake(
    "Put in 0: the slope there should be 1/4. One factor too many?",
    said="The slope is multiplied by the sigmoid once too often.",
    root=Root.CHAIN,
)
def dsig_printed_extra_factor(u):
    return np.exp(-u) / (1 + np.exp(-u)) ** 2 / (1 + np.exp(-u))


@exercise.mistake(
    "Is the curve rising or falling?",
    said="The slope has the wrong sign, as if the sigmoid were falling.",
    root=Root.SIGN,
)
def dsig_sign(u):
    return -sigmoid(u) * (1 - sigmoid(u))
