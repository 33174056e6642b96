"""Slope of the sigmoid."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.backprop_by_hand import by_hand, reference
from autograder.exercises.backprop_by_hand.inputs import away_from_zero
from autograder.exercises.backprop_by_hand.reference import sigmoid
from autograder.exercises.guards import clipped
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = by_hand(
    reference.sigmoid_derivative,
    points=1,
    minutes=5,
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
    yield case(np.array([-24.0, -18.0, -13.8, -4.6, 4.6, 13.8, 18.0, 24.0]), about="far out")


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


@exercise.mistake(
    "How steep is the sigmoid far out: does your slope go on falling there?",
    said="The scores are cut off, so the slope stops falling far out.",
    root=Root.DIGITS,
    family={"size": (2.0, 5.0, 10.0, 15.0)},
)
def dsig_cut_scores(u, *, size=10.0):
    s = 1 / (1 + np.exp(-np.clip(u, -size, size)))
    return s * (1 - s)


@exercise.mistake(
    "How steep is the sigmoid far out: does your slope go on falling there?",
    said="The values of the sigmoid are cut off, so the slope stops falling far out.",
    root=Root.DIGITS,
    like=("dsig-cut-scores",),
    family={"size": (1e-2, 1e-4, 1e-6)},
)
def dsig_cut_values(u, *, size=1e-6):
    s = clipped(1 / (1 + np.exp(-u)), size)
    return s * (1 - s)


@exercise.mistake(
    "The sigmoid is a tanh that was moved and stretched: by how much is the score stretched?",
    said="The tanh form has the score itself where its half belongs.",
    root=Root.FACTOR_TWO,
)
def dsig_tanh_of_whole_score(u):
    return (1 - np.tanh(u) ** 2) / 4


@exercise.mistake(
    "The scores are a whole array: which library has an exponential for arrays?",
    said="A function for single numbers is used on a whole array, which fails.",
)
def dsig_for_one_number(u):
    s = 1 / (1 + math.exp(-u))
    return s * (1 - s)


@exercise.mistake(
    "Which slope is this: that of the sigmoid, or that of tanh?",
    said="The derivative of tanh is computed instead of that of the sigmoid.",
)
def dsig_tanh_rule(u):
    return 1 - np.tanh(u) ** 2


@exercise.mistake(
    "Print all digits of a slope far out: where do they end, and who cut them off?",
    said="The slopes are rounded to a few decimals.",
    root=Root.DIGITS,
    family={"digits": (2, 3, 4)},
)
def dsig_rounded(u, *, digits=4):
    s = 1 / (1 + np.exp(-u))
    return np.round(s * (1 - s), digits)


@exercise.property(
    "The sigmoid always rises, and nowhere more steeply than one quarter; yours has a slope of "
    "{found} at {u}. What multiplies what?"
)
def between_zero_and_one_quarter(f, u):
    found = np.asarray(f(u))
    bad = (found < -1e-9) | (found > 0.25 + 1e-9)
    if found.shape == np.shape(u) and bad.any():
        return {"found": found[bad].flat[0], "u": np.asarray(u)[bad].flat[0]}


@exercise.property(
    "The sigmoid is as steep at -u as at u; yours has slopes of {there} and {back} at {u} and its "
    "opposite. Which of your terms knows the sign of u?"
)
def as_steep_on_the_other_side(f, u):
    there, back = np.asarray(f(u)), np.asarray(f(-u))
    if there.shape == np.shape(u) and not np.allclose(there, back, rtol=1e-6):
        place = np.unravel_index(np.argmax(np.abs(there - back)), there.shape)
        return {"there": there[place], "back": back[place], "u": u[place]}


exercise.equivalent(
    "1 + np.tanh(u / 2) -> 1 - np.tanh(u / 2)",
    "-np.abs(u).astype('float32') -> np.abs(u).astype('float32')",
    because="The slope of the sigmoid is the same on both sides of 0.",
)
