"""Slope of the sigmoid at the score z."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.guards import clipped, raised
from autograder.exercises.logistic_regression import notebook, reference
from autograder.exercises.logistic_regression.inputs import scores
from autograder.exercises.logistic_regression.reference import sigmoid
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.sigmoid_derivative,
    points=1,
    minutes=4,
    hints=(
        "Which slope can you read off the picture at z = 0? Does your rule give it?",
        (
            "The slope can be written with the value of the sigmoid alone: look at the last line "
            "of the derivation."
        ),
        "Compute the sigmoid once, keep it under a short name, and use that name twice.",
    ),
)


@exercise.cases
def cases(rng):
    yield case(np.array([0.0, 5.0]), about=VISIBLE)
    yield case(np.array([-1.5, 0.7, 2]), about=VISIBLE)
    yield case(
        np.array([-4.6, 4.6, -13.8, 13.8, -18.0, 18.0, -22.0, 22.0]), about="scores of up to 22"
    )
    yield from scores(rng)
    far = rng.uniform(17.0, 19.0, 20) * np.tile([1.0, 1.0, 1.0, -1.0], 5)
    yield case(far, about="far out, where the slope is tiny")


@exercise.style
def sigmoid_derivative_from_value(z):
    s = sigmoid(z)
    return s * (1 - s)


@exercise.style
def sigmoid_derivative_of_exponentials(z):
    return np.exp(-z) / (1 + np.exp(-z)) ** 2


@exercise.style
def sigmoid_derivative_symmetric(z):
    return sigmoid(z) * sigmoid(-z)


@exercise.style
def sigmoid_derivative_cosh(z):
    return 1 / (4 * np.cosh(z / 2) ** 2)


@exercise.style
def sigmoid_derivative_difference_of_squares(z):
    s = sigmoid(z)
    return s - s**2


@exercise.style
def sigmoid_derivative_lists(z):
    if np.ndim(z) == 0:
        s = 1 / (1 + math.exp(-z))
        return s * (1 - s)
    return [sigmoid_derivative_lists(x) for x in z]


@exercise.mistake(
    "In the short rule, is it the score that stands there or sigma?",
    said="The rule is applied to the score z instead of its sigmoid.",
)
def dsig_preactivation(z):
    return z * (1 - z)


@exercise.mistake(
    "How many times does the sigmoid act on the score?",
    said="The sigmoid is applied twice before the rule for the slope.",
)
def dsig_twice(z):
    h = sigmoid(z)
    return sigmoid(h) * (1 - sigmoid(h))


@exercise.mistake(
    "The curve is flat on both sides: what about your slope?",
    said="The sigmoid itself is returned: the factor 1 - sigma is missing.",
    root=Root.CHAIN,
)
def dsig_only_sigma(z):
    return sigmoid(z)


@exercise.mistake(
    "That rule belongs to another S-shaped curve: which one?",
    said="The rule for tanh, 1 minus the square, is used for the sigmoid.",
)
def dsig_one_minus_square(z):
    return 1 - sigmoid(z) ** 2


@exercise.mistake(
    "Read the slope at 0 off the picture. What does your rule say there?",
    said="The slope is multiplied by the sigmoid once too often.",
    root=Root.CHAIN,
)
def dsig_printed_extra_factor(z):
    return np.exp(-z) / (1 + np.exp(-z)) ** 2 * (1 / (1 + np.exp(-z)))


@exercise.mistake(
    "Does the curve rise or fall?",
    said="The slope has a minus sign, although the curve rises.",
    root=Root.SIGN,
)
def dsig_sign(z):
    return -sigmoid(z) * (1 - sigmoid(z))


@exercise.mistake(
    "The inner function is -z: what does the chain rule make of it?",
    said="The factor exp(-z) from the inner derivative is missing.",
    root=Root.CHAIN,
)
def dsig_power_only(z):
    return 1 / (1 + np.exp(-z)) ** 2


@exercise.mistake(
    "Far out, a difference of two almost equal numbers has few digits left: is there an exact way?",
    said="A difference quotient replaces the derivative, and digits are lost.",
    root=Root.DIGITS,
)
def dsig_difference_quotient(z):
    h = 1e-5
    return (sigmoid(z + h) - sigmoid(z - h)) / (2 * h)


@exercise.mistake(
    "Far out the slope gets smaller and smaller: from which score on does yours stay?",
    said="The sigmoid, or the score before it, is cut off before the slope is made of it.",
    root=Root.DIGITS,
    family={"size": (1e-2, 1e-4, 1e-6), "guard": (clipped, raised)},
)
def dsig_clipped(z, *, size=1e-6, guard=clipped):
    s = guard(sigmoid(z), size)
    return s * (1 - s)


@exercise.property(
    "The curve is steepest in the middle, with the slope 1/4, and never falls. Yours has the slope "
    "{found} at {z}: which two factors make it?"
)
def between_zero_and_a_quarter(f, z):
    found = np.asarray(f(z))
    bad = (found < 0) | (found > 0.25 + 1e-9)
    if bad.any():
        return {"found": found[bad].flat[0], "z": z[bad].flat[0]}


@exercise.property(
    "The curve looks alike on both sides of 0, so the slope is the same at z and at -z. Yours is "
    "{one} at {z} and {other} at its opposite: what is not symmetric in it?"
)
def the_same_at_the_opposite_score(f, z):
    one, other = np.asarray(f(z)), np.asarray(f(-z))
    bad = np.abs(one - other) > 1e-8
    if bad.any():
        return {"one": one[bad].flat[0], "other": other[bad].flat[0], "z": z[bad].flat[0]}


exercise.equivalent("-z -> z", because="The slope of the sigmoid is the same on both sides of 0.")
