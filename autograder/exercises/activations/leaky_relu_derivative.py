"""The slope of the leaky rectified linear unit."""

from __future__ import annotations

import numpy as np

from autograder.exercises.activations import inputs, notebook, reference
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.leaky_relu_derivative,
    points=1,
    minutes=3,
    by_hand=True,
    hints=(
        "Two straight lines: does the slope of either depend on where you are?",
        "Which of the two slopes does the card choose at exactly 0?",
        "Let alpha be 2: does your answer still choose by the sign of the score?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(inputs.MODERATE)
    yield case(inputs.MODERATE, alpha=0.2)
    yield case(inputs.TABLE, alpha=2.0)
    yield case(inputs.FAR, alpha=-0.3)
    yield case(40 * inputs.FAR, alpha=-0.3, about="large scores")
    for scores, alpha in zip(inputs.random_scores(rng), rng.uniform(0.05, 0.9, 3).tolist()):
        yield case(scores, alpha=alpha)
    yield case(inputs.AT_ZERO, alpha=0.4, about="with a score of exactly 0")


@exercise.style
def leaky_slope_where(x, alpha=0.01):
    return np.where(x > 0, 1.0, alpha)


@exercise.style
def leaky_slope_by_mask(x, alpha=0.01):
    slope = np.full(x.shape, float(alpha))
    slope[x > 0] = 1
    return slope


@exercise.style
def leaky_slope_sum(x, alpha=0.01):
    return (x > 0) + alpha * (x <= 0)


@exercise.style
def leaky_slope_heaviside(x, alpha=0.01):
    return alpha + (1 - alpha) * np.heaviside(x, 0)


@exercise.style
def leaky_slope_select(x, alpha=0.01):
    return np.select([x > 0], [np.ones_like(x)], default=alpha)


@exercise.mistake(
    "Which of the two slopes does the card choose at exactly 0?",
    said="The slope at 0 is 1; the convention asked for is alpha.",
    root=None,
)
def dleaky_one_at_zero(x, alpha=0.01):
    return np.where(x >= 0, 1.0, alpha)


@exercise.mistake(
    "Does a negative score move the output of this unit at all?",
    said="The slope on the negative side is 0, as for the plain ReLU.",
    root=None,
)
def dleaky_relu_rule(x, alpha=0.01):
    return np.where(x > 0, 1.0, 0.0)


@exercise.mistake(
    "What changes in your answer when another alpha is asked for?",
    said="The argument alpha is ignored; 0.01 is written into the function.",
    root=None,
)
def dleaky_alpha_ignored(x, alpha=0.01):
    return np.where(x > 0, 1.0, 0.01)


@exercise.mistake(
    "Is this what comes out of the unit, or how fast it changes?",
    said="The value of the unit is returned where its slope is asked for.",
    root=Root.CHAIN,
)
def dleaky_value(x, alpha=0.01):
    return np.where(x > 0, x, alpha * x)


@exercise.mistake(
    "Is the slope of a straight line the same everywhere on it?",
    said="The negative side has alpha times the score instead of alpha.",
    root=Root.CHAIN,
)
def dleaky_times_score(x, alpha=0.01):
    return np.where(x > 0, 1.0, alpha * x)


@exercise.mistake(
    "Which half of the axis is the leaky one?",
    said="The slopes of the two sides are exchanged.",
    root=Root.SWAPPED,
)
def dleaky_swapped(x, alpha=0.01):
    return np.where(x > 0, alpha, 1.0)


@exercise.mistake(
    "On the negative side, does the unit pass everything on?",
    said="The slope is 1 everywhere, as for a linear unit.",
    root=None,
)
def dleaky_ones(x, alpha=0.01):
    return np.ones_like(x)


@exercise.mistake(
    "With a positive alpha, does the output fall anywhere when the score rises?",
    said="The slope on the negative side has the wrong sign.",
    root=Root.SIGN,
)
def dleaky_sign(x, alpha=0.01):
    return np.where(x > 0, 1.0, -alpha)


@exercise.mistake(
    "Let alpha be 2: which line does your unit follow right of 0?",
    said="The slope is that of max(alpha x, x), which is wrong for an alpha above 1 (E45).",
    root=None,
)
def dleaky_max_form(x, alpha=0.01):
    return np.where(x > alpha * x, 1.0, alpha)


@exercise.mistake(
    "How steep is the positive side?",
    said="alpha is added to the slope of the positive side, too.",
    root=None,
)
def dleaky_added_on_both_sides(x, alpha=0.01):
    return (x > 0) + alpha


@exercise.mistake(
    "A comparison of an array gives one answer for each score: which of them should decide?",
    said="An `if` is asked about a whole array, which has one answer for each score.",
    root=Root.AXIS,
)
def dleaky_if(x, alpha=0.01):
    return 1.0 if x > 0 else alpha


@exercise.mistake(
    "How steep is the line whose value is alpha times the score?",
    said="The slope on the negative side is 1 minus alpha.",
    root=None,
)
def dleaky_complement(x, alpha=0.01):
    return np.where(x > 0, 1.0, 1 - alpha)


@exercise.property(
    "With an alpha of 1 the unit is a straight line of slope 1, and yours has a slope of {found} "
    "at {x} there. Which slope has each branch?"
)
def one_for_alpha_one(f, x, alpha=0.01):
    found = np.asarray(f(x, alpha=1.0))
    if found.shape == np.shape(x) and not np.allclose(found, 1):
        place = np.unravel_index(np.argmax(np.abs(found - 1)), found.shape)
        return {"found": found[place], "x": x[place]}
