"""The slope of the exponential linear unit."""

from __future__ import annotations

import numpy as np

from autograder.exercises.activations import inputs, notebook, reference
from autograder.exercises.activations.reference import elu
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.elu_derivative,
    points=1,
    minutes=5,
    by_hand=True,
    hints=(
        "Differentiate each branch by itself: what becomes of a constant?",
        "Just left of 0, how steep is your negative branch for alpha = 2?",
        "Which of the two slopes does the card choose at exactly 0?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(inputs.MODERATE)
    yield case(inputs.MODERATE, alpha=0.7)
    yield case(inputs.TABLE, alpha=2.0)
    yield case(inputs.FAR, alpha=1.6)
    for scores, alpha in zip(inputs.random_scores(rng), rng.uniform(0.3, 0.9, 3).tolist()):
        yield case(scores, alpha=alpha)
    yield case(inputs.AT_ZERO, alpha=2.0, about="with a score of exactly 0")
    yield case(np.array([-22.0, 22.0, -25.0]), about="scores of up to 25")


@exercise.style
def elu_slope_where(x, alpha=1.0):
    return np.where(x > 0, 1.0, alpha * np.exp(x))


@exercise.style
def elu_slope_from_value(x, alpha=1.0):
    return np.where(x > 0, 1.0, elu(x, alpha) + alpha)


@exercise.style
def elu_slope_by_mask(x, alpha=1.0):
    slope = np.ones_like(x)
    slope[x <= 0] = alpha * np.exp(x[x <= 0])
    return slope


@exercise.style
def elu_slope_sum(x, alpha=1.0):
    return (x > 0) + (x <= 0) * alpha * np.exp(np.minimum(x, 0))


@exercise.style
def elu_slope_as_printed(x, alpha=1.0):
    return np.where(x > 0, 1.0, alpha * (np.exp(x) - 1) + alpha)


@exercise.mistake(
    "Scale the negative branch by 2 and look at its slope: what happens to it?",
    said="The factor alpha is missing in the slope of the negative branch.",
    root=Root.CHAIN,
)
def delu_no_alpha(x, alpha=1.0):
    return np.where(x > 0, 1.0, np.exp(x))


@exercise.mistake(
    "Is the negative branch flat?",
    said="The slope on the negative side is 0, as for the plain ReLU.",
    root=None,
)
def delu_relu_rule(x, alpha=1.0):
    return np.where(x > 0, 1.0, 0.0)


@exercise.mistake(
    "Which of the two slopes does the card choose at exactly 0?",
    said="The slope at 0 is 1, that of the right side; the convention asked for is alpha (E47).",
    root=None,
)
def delu_one_at_zero(x, alpha=1.0):
    return np.where(x >= 0, 1.0, alpha * np.exp(x))


@exercise.mistake(
    "Can the slope be negative while the curve rises?",
    said="The value of the negative branch is returned where its slope is asked for.",
    root=Root.CHAIN,
)
def delu_value(x, alpha=1.0):
    return np.where(x > 0, 1.0, alpha * (np.exp(x) - 1))


@exercise.mistake(
    "Far left the curve levels off: what should its slope approach there?",
    said="The slope of the negative branch is the constant alpha, as in the leaky ReLU.",
    root=None,
)
def delu_leaky_rule(x, alpha=1.0):
    return np.where(x > 0, 1.0, alpha)


@exercise.mistake(
    "Right of 0 the curve is a straight line: what is its slope?",
    said="The exponential is used on both sides.",
    root=None,
)
def delu_one_branch(x, alpha=1.0):
    return alpha * np.exp(x)


@exercise.mistake(
    "Does the slope shrink or grow as you go left?",
    said="The exponential has the wrong sign in its exponent.",
    root=Root.SIGN,
)
def delu_exponent_sign(x, alpha=1.0):
    return np.where(x > 0, 1.0, alpha * np.exp(-x))


@exercise.mistake(
    "Just left of 0, how steep is the curve for alpha = 2?",
    said="1 is added back to the value where alpha should be.",
    root=None,
)
def delu_value_plus_one(x, alpha=1.0):
    return np.where(x > 0, 1.0, alpha * (np.exp(x) - 1) + 1)


@exercise.mistake(
    "Is the curve rising or falling left of 0?",
    said="The slope of the negative branch has the wrong sign.",
    root=Root.SIGN,
)
def delu_sign(x, alpha=1.0):
    return np.where(x > 0, 1.0, -alpha * np.exp(x))


@exercise.mistake(
    "Differentiate e to the x: does a factor x come down?",
    said="The exponential is differentiated like a power: a factor x stands in front.",
    root=Root.CHAIN,
)
def delu_power_rule(x, alpha=1.0):
    return np.where(x > 0, 1.0, alpha * x * np.exp(x))


@exercise.mistake(
    "Right of 0, how much does the output grow when the score grows by 1?",
    said="The positive side returns the score itself instead of its slope.",
    root=Root.CHAIN,
)
def delu_score_on_the_right(x, alpha=1.0):
    return np.where(x > 0, x, alpha * np.exp(x))


@exercise.mistake(
    "Does alpha act on the positive side as well?",
    said="alpha multiplies the slopes of both sides; it belongs to the negative one.",
    root=None,
)
def delu_alpha_on_both(x, alpha=1.0):
    return alpha * np.where(x > 0, 1.0, np.exp(x))


@exercise.mistake(
    "A comparison of an array gives one answer for each score: which of them should decide?",
    said="An `if` is asked about a whole array, which has one answer for each score.",
    root=Root.AXIS,
)
def delu_if(x, alpha=1.0):
    if x > 0:
        return 1.0
    return alpha * np.exp(x)


@exercise.mistake(
    "Is alpha in front of the exponential, or inside it?",
    said="alpha stands in the exponent instead of in front.",
    root=Root.SWAPPED,
)
def delu_alpha_in_exponent(x, alpha=1.0):
    return np.where(x > 0, 1.0, np.exp(alpha * x))


@exercise.property(
    "Far to the left the curve is flat, and your slope at -50 is {found}. What is left of the "
    "exponential there?"
)
def flat_far_to_the_left(f, x, alpha=1.0):
    found = np.asarray(f(np.array([-50.0]), alpha=alpha))
    if found.shape == (1,) and not np.isclose(found[0], 0, atol=1e-9):
        return {"found": found[0]}


@exercise.property(
    "On the right the unit is the line y = x, and your slope at {x} is {found}. Which branch does "
    "it take?"
)
def one_on_the_right(f, x, alpha=1.0):
    found, up = np.asarray(f(x, alpha=alpha)), np.asarray(x) > 0
    if found.shape == np.shape(x) and not np.allclose(found[up], 1):
        place = np.argmax(np.abs(found[up] - 1))
        return {"found": found[up][place], "x": x[up][place]}


exercise.equivalent(
    "np.minimum(x, 0) -> np.minimum(x, 1)",
    because="Where x is positive, the exponential is multiplied by 0.",
)
