"""The slope of the rectified linear unit."""

from __future__ import annotations

import numpy as np

from autograder.exercises.activations import inputs, notebook, reference
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.relu_derivative,
    points=1,
    minutes=3,
    by_hand=True,
    hints=(
        "Look at the graph: how steep is it left of 0, and how steep right of 0?",
        "At 0 itself the curve has no slope. Which number does the card choose?",
        "Does your comparison count 0 to the left or to the right?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(inputs.MODERATE)
    yield case(inputs.TABLE)
    yield case(inputs.FAR)
    yield case(40 * inputs.FAR, about="large scores")
    for scores in inputs.random_scores(rng):
        yield case(scores)
    yield case(inputs.AT_ZERO, about="with a score of exactly 0")
    yield case(np.array([1e-9, -1e-9, 3e-7]), about="with scores of almost 0")


@exercise.style
def relu_slope_where(x):
    return np.where(x > 0, 1.0, 0.0)


@exercise.style
def relu_slope_comparison(x):
    return (x > 0).astype(float)


@exercise.style
def relu_slope_heaviside(x):
    return np.heaviside(x, 0.0)


@exercise.style
def relu_slope_by_mask(x):
    slope = np.zeros_like(x)
    slope[x > 0] = 1
    return slope


@exercise.style
def relu_slope_sign(x):
    return np.maximum(np.sign(x), 0)


@exercise.style
def relu_slope_bools(x):
    return x > 0


@exercise.mistake(
    "What does the card ask for at exactly 0?",
    said="The slope at 0 is 1; the convention asked for is 0.",
    root=None,
)
def drelu_one_at_zero(x):
    return np.where(x >= 0, 1.0, 0.0)


@exercise.mistake(
    "What does the card ask for at exactly 0: a choice between the two sides, or their mean?",
    said="The slope at 0 is one half, the mean of both sides; the convention asked for is 0.",
    root=None,
)
def drelu_half_at_zero(x):
    return np.heaviside(x, 0.5)


@exercise.mistake(
    "Is this what comes out of the unit, or how fast it changes with the score?",
    said="The value of the unit is returned where its slope is asked for.",
    root=Root.CHAIN,
)
def drelu_value(x):
    return np.maximum(x, 0)


@exercise.mistake(
    "Does the output fall anywhere when the score rises?",
    said="The slope on the negative side is -1 instead of 0.",
    root=Root.SIGN,
)
def drelu_sign(x):
    return np.where(x > 0, 1.0, -1.0)


@exercise.mistake(
    "On the negative side, does anything come out that could change?",
    said="The slope is 1 everywhere, as for a linear unit.",
    root=None,
)
def drelu_ones(x):
    return np.ones_like(x)


@exercise.mistake(
    "On which side of 0 does the unit pass the score on?",
    said="The slopes of the two sides are exchanged.",
    root=Root.SWAPPED,
)
def drelu_swapped(x):
    return np.where(x < 0, 1.0, 0.0)


@exercise.mistake(
    "What is 0 divided by 0 on a computer?",
    said="The value is divided by the score, which gives nan at a score of 0.",
    root=Root.DIGITS,
)
def drelu_divided(x):
    return np.maximum(x, 0) / x


@exercise.mistake(
    "May anything of the slope be left where the unit is silent?",
    said="A small slope is kept on the negative side, as in the leaky variant.",
    root=None,
)
def drelu_leaky(x):
    return np.where(x > 0, 1.0, 0.01)


@exercise.mistake(
    "Does the slope change little by little, or at one point?",
    said="The slope of the smooth softplus stands where the one of the kinked unit is asked for.",
    root=None,
)
def drelu_smooth(x):
    return 1 / (1 + np.exp(-x))


@exercise.mistake(
    "Is the slope the same for the scores 0.5 and 50?",
    said="The slope is cut off for large scores, as if the unit were bounded above.",
    root=Root.DIGITS,
    family={"size": (1, 6, 20)},
)
def drelu_capped(x, *, size=6):
    return ((x > 0) & (x < size)).astype(float)


@exercise.mistake(
    "A comparison of an array gives one answer for each score: which of them should decide?",
    said="An `if` is asked about a whole array, which has one answer for each score.",
    root=Root.AXIS,
)
def drelu_if(x):
    if x > 0:
        return 1.0
    return 0.0


exercise.equivalent(
    "np.where(x > 0, 1.0, 0.0) -> np.where(1.0, x > 0, 0.0)",
    because="A comparison is 1 where it holds and 0 where it does not.",
)


@exercise.property(
    "Twice a score lies on the same side of the kink, so its slope is the same: yours are {once} "
    "and {twice} at {x} and at twice as much. Does your slope depend on how large a score is?"
)
def the_same_for_twice_the_score(f, x):
    once, twice = np.asarray(f(x)), np.asarray(f(2 * x))
    if once.shape == np.shape(x) and not np.array_equal(once, twice):
        place = np.unravel_index(np.argmax(np.abs(once - twice)), once.shape)
        return {"once": once[place], "twice": twice[place], "x": x[place]}
