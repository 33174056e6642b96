"""Slope of tanh."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.backprop_by_hand import by_hand, reference
from autograder.exercises.backprop_by_hand.inputs import away_from_zero, middles
from autograder.exercises.backprop_by_hand.reference import sigmoid, sigmoid_derivative
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = by_hand(
    reference.tanh_derivative,
    points=1,
    minutes=6,
    hints=(
        "What is the slope of tanh at 0, read off its graph? And far out?",
        "The rule needs the output of tanh, once. Which operation makes it the same for u and -u?",
        "Compare your value at 1 with 0.4200. If you get 0.4656, which function did you square?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(away_from_zero(rng, 5))
    yield case(away_from_zero(rng, 3, 4))
    yield case(away_from_zero(rng, 2, 2))
    yield case(np.array([-20.0, -3.0, 0.0, 2.0, 20.0]), about="with saturated units")
    yield case(np.array([0.0, 1.0, -1.0]), about=VISIBLE)
    yield case(np.array([-10.0, -6.9, -4.6, 4.6, 6.9, 10.0]), about="scores of up to 10")


@exercise.style
def dtanh_one_line(u):
    return 1 - np.tanh(u) ** 2


@exercise.style
def dtanh_of_output(u):
    h = np.tanh(u)
    return (1 - h) * (1 + h)


@exercise.style
def dtanh_by_cosh(u):
    return 1 / np.cosh(u) ** 2


@exercise.style
def dtanh_quotient_rule(u):
    plus, minus = np.exp(u) + np.exp(-u), np.exp(u) - np.exp(-u)
    return (plus * plus - minus * minus) / plus**2


@exercise.style
def dtanh_by_sigmoid(u):
    return 4 * sigmoid_derivative(2 * u)


@exercise.style
def dtanh_in_single_precision(u):
    return 1 / np.cosh(u.astype(np.float32)) ** 2


@exercise.style
def dtanh_lists(u):
    def slopes(values):
        if np.ndim(values):
            return [slopes(row) for row in values]
        return 1 - math.tanh(values) ** 2

    return slopes(u)


@exercise.mistake(
    "Read the slope of tanh at 0 off its graph: what does yours give?",
    said="The square of the sigmoid is subtracted from 1 instead of that of tanh.",
)
def dtanh_sigma_squared(u):
    return 1 - sigmoid(u) ** 2


@exercise.mistake(
    "Is the slope the same at u and at -u?",
    said="The tanh is subtracted from 1 without being squared.",
)
def dtanh_not_squared(u):
    return 1 - np.tanh(u)


@exercise.mistake(
    "Can the slope of a rising curve be negative?",
    said="The score itself is squared and subtracted from 1, instead of its tanh.",
    root=Root.CHAIN,
)
def dtanh_preactivation(u):
    return 1 - u**2


@exercise.mistake(
    "How often is the tanh applied in your answer?",
    said="The tanh is applied twice before the square is taken.",
    root=Root.CHAIN,
)
def dtanh_twice(u):
    return 1 - np.tanh(np.tanh(u)) ** 2


@exercise.mistake(
    "Which of the two activations has this rule?",
    said="The sigmoid's rule, output times one minus output, is applied to tanh.",
)
def dtanh_sigmoid_rule(u):
    return np.tanh(u) * (1 - np.tanh(u))


@exercise.mistake(
    "Where is tanh steepest, and where is your slope largest?",
    said="The squared tanh is added to 1 instead of subtracted.",
    root=Root.SIGN,
)
def dtanh_plus(u):
    return 1 + np.tanh(u) ** 2


@exercise.mistake(
    "Is the value of the curve asked for, or its slope?",
    said="The value of tanh is returned instead of its slope.",
)
def dtanh_only_tanh(u):
    return np.tanh(u)


@exercise.mistake(
    "How steep is tanh far out: does your slope go on falling there?",
    said="The scores are cut off, so the slope stops falling far out.",
    root=Root.DIGITS,
    family={"size": (2.0, 3.0, 5.0, 8.0)},
)
def dtanh_cut_scores(u, *, size=5.0):
    return 1 - np.tanh(np.clip(u, -size, size)) ** 2


@exercise.mistake(
    "The scores are a whole array: which library has a tanh for arrays?",
    said="A function for single numbers is used on a whole array, which fails.",
)
def dtanh_for_one_number(u):
    return 1 - math.tanh(u) ** 2


@exercise.mistake(
    "At 0, tanh is as steep as the line y = u: which slope do you give there?",
    said="The score is halved or doubled inside tanh.",
    root=Root.FACTOR_TWO,
    family={"halves": (1, 4)},
)
def dtanh_of_another_score(u, *, halves=1):
    return 1 - np.tanh(halves / 2 * u) ** 2


@exercise.mistake(
    "Print all digits of a slope far out: where do they end, and who cut them off?",
    said="The slopes are rounded to a few decimals.",
    root=Root.DIGITS,
    family={"digits": (2, 3, 4)},
)
def dtanh_rounded(u, *, digits=4):
    return np.round(1 - np.tanh(u) ** 2, digits)


@exercise.property(
    "tanh always rises, and nowhere more steeply than with slope 1; yours has a slope of {found} "
    "at {u}. What is taken from what?"
)
def between_zero_and_one(f, u):
    found = np.asarray(f(u))
    bad = (found < -1e-9) | (found > 1 + 1e-9)
    if found.shape == np.shape(u) and bad.any():
        return {"found": found[bad].flat[0], "u": np.asarray(u)[bad].flat[0]}


@exercise.property(
    "tanh is as steep at -u as at u; yours has slopes of {there} and {back} at {u} and its "
    "opposite. Which of your terms knows the sign of u?"
)
def as_steep_on_the_other_side(f, u):
    there, back = np.asarray(f(u)), np.asarray(f(-u))
    if there.shape == np.shape(u) and not np.allclose(there, back, rtol=1e-6):
        place = np.unravel_index(np.argmax(np.abs(there - back)), there.shape)
        return {"there": there[place], "back": back[place], "u": u[place]}


exercise.equivalent(
    "np.exp(u) -> np.exp(np.clip(u, -20, 20))",
    "np.exp(-u) -> np.exp(np.clip(-u, -20, 20))",
    because="Beyond 20 tanh is 1 to the last digit.",
)


@exercise.property(
    "From u = -1 to u = 1 tanh climbs by 1.523, and a curve with your slopes by {climb}. How steep "
    "is tanh on the way?"
)
def climbs_as_far(f, u):
    u, piece = middles(-1.0, 1.0)
    climb = np.sum(f(u)) * piece
    if not np.isclose(climb, 2 * np.tanh(1.0), rtol=1e-3):
        return {"climb": climb}
