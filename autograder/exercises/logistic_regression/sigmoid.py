"""The logistic function 1 / (1 + e^-z)."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.guards import clipped, raised
from autograder.exercises.logistic_regression import notebook, reference
from autograder.exercises.logistic_regression.inputs import scores, signed
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.sigmoid,
    points=2,
    minutes=8,
    hints=(
        (
            "Start with the fraction as it is printed and try -1000, 0 and 1000. Which "
            "exponential is too large?"
        ),
        (
            "np.exp(-np.abs(z)) never overflows. Which fraction is right for z >= 0, and which "
            "for z < 0, in terms of this number?"
        ),
        (
            "np.where chooses entry by entry between two arrays. What do both fractions have "
            "below the line?"
        ),
    ),
)


@exercise.cases
def cases(rng):
    yield case(np.array([-1.5, 0, 0.7, 2]), about=VISIBLE)
    yield case(np.array([-1000.0, 1000]), about=VISIBLE)
    yield case(np.array([[0.5, -0.5], [1, -1]]), about=VISIBLE)
    # 5 and 13.8 bring a part in 100 and a part in a million, 20.7 a part in a thousand million.
    yield case(np.array([-4.6, 4.6, -13.8, 13.8, -20.7, 20.7]), about="scores of up to 21")
    yield from scores(rng)
    yield case(signed(rng, 11.0, 19.0, 4), about="scores of 11 to 19")
    yield case(np.array([-1000.0, rng.uniform(0.5, 2.0), 1000.0]), about="extreme scores")


@exercise.style
def sigmoid_one_line(z):
    return 1 / (1 + np.exp(-z))


@exercise.style
def sigmoid_tanh_form(z):
    return 0.5 * (1 + np.tanh(z / 2))


@exercise.style
def sigmoid_two_sides(z):
    out = np.empty_like(z)
    up = z >= 0
    out[up] = 1 / (1 + np.exp(-z[up]))
    out[~up] = np.exp(z[~up]) / (1 + np.exp(z[~up]))
    return out


@exercise.style
def sigmoid_logaddexp(z):
    return np.exp(-np.logaddexp(0, -z))


@exercise.style
def sigmoid_clipped_far_out(z):
    return 1.0 / (1.0 + np.exp(-np.clip(z, -500, 500)))


@exercise.style
def sigmoid_entry_by_entry(z):
    def one(x):
        return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))

    return np.vectorize(one)(z)


@exercise.style
def sigmoid_lists(z):
    if np.ndim(z) == 0:
        return 1 / (1 + math.exp(-z)) if z > -700 else 0.0
    return [sigmoid_lists(x) for x in z]


@exercise.mistake(
    "Should a large score give a probability near 1 or near 0?",
    said="The exponent is z instead of -z, so the curve falls.",
    root=Root.SIGN,
    leads=("COMPLEMENT",),
)
def sigmoid_sign(z):
    return 1 / (1 + np.exp(z))


@exercise.mistake(
    "Between which two numbers does a probability lie?",
    said="The hyperbolic tangent is returned, which runs from -1 to 1.",
)
def sigmoid_tanh(z):
    return np.tanh(z)


@exercise.mistake(
    "Move the score a little: does your answer move a little, too?",
    said="A hard step from 0 to 1 replaces the smooth curve.",
)
def sigmoid_step(z):
    return (z >= 0).astype(float)


@exercise.mistake(
    "What is left of your fraction once the exponential is infinite?",
    said="The exponential of a large score overflows, which leaves nan.",
    root=Root.DIGITS,
)
def sigmoid_exp_over_exp_overflow(z):
    return np.exp(z) / (1 + np.exp(z))


@exercise.mistake(
    "In which order does Python divide and add here?",
    said="The parentheses around the denominator are missing, so 1 is divided by 1 only.",
)
def sigmoid_missing_parentheses(z):
    return 1 / 1 + np.exp(-z)


@exercise.mistake(
    "Which of the two functions takes a whole array, math.exp or np.exp?",
    said="The function math.exp is used, which fails on an array of several scores.",
)
def sigmoid_math_exp(z):
    return 1 / (1 + math.exp(-z))


@exercise.mistake(
    "An array is neither above nor below zero as a whole: where could you choose?",
    said="An if asks about a whole array of scores at once, which fails.",
)
def sigmoid_if_on_array(z):
    if z >= 0:
        return 1 / (1 + np.exp(-z))
    return np.exp(z) / (1 + np.exp(z))


@exercise.mistake(
    "Do the two exponents of your fraction have the same sign?",
    said="The numerator holds exp(z) but the denominator exp(-z).",
    root=Root.SIGN,
)
def sigmoid_mixed_exponents(z):
    return np.exp(z) / (1 + np.exp(-z))


@exercise.mistake(
    "Two scores, one large and one very large: does your answer tell them apart?",
    said="The probabilities, or the scores before them, are cut off, so that sure ones look alike.",
    root=Root.DIGITS,
    family={"size": (1e-2, 1e-4, 1e-6, 1e-8), "guard": (clipped, raised)},
)
def sigmoid_clipped(z, *, size=1e-6, guard=clipped):
    return guard(1 / (1 + np.exp(-z)), size)


@exercise.mistake(
    "The sigmoid is a tanh that was moved and stretched: by how much is the score stretched?",
    said="The tanh form has the score itself where its half belongs.",
    root=Root.FACTOR_TWO,
)
def sigmoid_tanh_of_whole_score(z):
    return 0.5 * (1 + np.tanh(z))


@exercise.property(
    "A probability lies between 0 and 1, and yours is {found} at the score {z}. Which part of the "
    "fraction is too large or too small?"
)
def between_zero_and_one(f, z):
    found = np.asarray(f(z))
    bad = (found < 0) | (found > 1)
    if bad.any():
        return {"found": found[bad].flat[0], "z": z[bad].flat[0]}


@exercise.property(
    "Turn a score round and the two probabilities must add up to 1; yours are {one} and {other} at "
    "{z} and its opposite. Where does the sign of z come in?"
)
def one_with_the_opposite_score(f, z):
    one, other = np.asarray(f(z)), np.asarray(f(-z))
    bad = np.abs(one + other - 1) > 1e-9
    if bad.any():
        return {"one": one[bad].flat[0], "other": other[bad].flat[0], "z": z[bad].flat[0]}


exercise.equivalent(
    "z >= 0 -> z > 0",
    "z >= 0 -> z >= 1",
    "x >= 0 -> x >= 1",
    "x >= 0 -> x > 0",
    because="Both fractions are the sigmoid: between 0 and 1 neither overflows.",
)

exercise.equivalent(
    "np.exp(z[~up]) -> np.exp(np.clip(z[~up], -20, 20))",
    "np.exp(-z[up]) -> np.exp(np.clip(-z[up], -20, 20))",
    because="Beside the 1 below the line what is cut off lies within the tolerance.",
)

exercise.equivalent(
    "np.clip(z, -500, 500) -> np.clip(z, -500, 501)",
    "np.clip(z, -500, 500) -> np.clip(z, -501, 500)",
    "z > -700 -> z >= -700",
    "z > -700 -> z > -701",
    because="The sigmoid is 0 or 1 there to the last digit.",
)
