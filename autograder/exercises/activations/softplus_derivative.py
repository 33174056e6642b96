"""The slope of the smooth softplus."""

from __future__ import annotations

import numpy as np

from autograder.exercises.activations import inputs, notebook, reference
from autograder.exercises.activations.reference import sigmoid
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.softplus_derivative,
    points=1,
    minutes=4,
    by_hand=True,
    hints=(
        "The outer function is a logarithm, the inner one a sum: in which order do you "
        "differentiate them?",
        "A factor beta comes down from the exponent. What stands in front of the logarithm?",
        "Which function that you know rises from 0 to 1 like this?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(inputs.MODERATE)
    yield case(inputs.MODERATE, beta=2.0)
    yield case(inputs.TABLE, beta=0.6)
    yield case(inputs.FAR, beta=1.2)
    for scores, beta in zip(inputs.random_scores(rng), rng.uniform(1.3, 2.5, 3).tolist()):
        yield case(scores, beta=beta)
    yield case(inputs.AT_ZERO, beta=1.7, about="with a score of exactly 0")


@exercise.style
def softplus_slope_sigmoid(x, beta=1.0):
    return sigmoid(beta * x)


@exercise.style
def softplus_slope_written_out(x, beta=1.0):
    return 1 / (1 + np.exp(-beta * x))


@exercise.style
def softplus_slope_chain(x, beta=1.0):
    e = np.exp(beta * x)
    return (1 / beta) * beta * e / (1 + e)


@exercise.style
def softplus_slope_tanh(x, beta=1.0):
    return (1 + np.tanh(beta * x / 2)) / 2


@exercise.style
def softplus_slope_logaddexp(x, beta=1.0):
    return np.exp(-np.logaddexp(0, -beta * x))


@exercise.mistake(
    "For which beta was that rule stated?",
    said="The slope is sigma(x), which holds for beta = 1 only (E44).",
    root=Root.CHAIN,
)
def dsoftplus_no_beta(x, beta=1.0):
    return 1 / (1 + np.exp(-x))


@exercise.mistake(
    "What does the factor in front of the logarithm do to the factor that comes down?",
    said="A factor beta is left over; the one in front of the logarithm cancels it.",
    root=Root.CHAIN,
    leads=("TWICE_OF_TWO",),
)
def dsoftplus_extra_beta(x, beta=1.0):
    return beta / (1 + np.exp(-beta * x))


@exercise.mistake(
    "How steep is the curve far right?",
    said="The slope is divided by beta: the inner derivative is missing.",
    root=Root.CHAIN,
    leads=("HALF_OF_TWO",),
)
def dsoftplus_over_beta(x, beta=1.0):
    return 1 / (1 + np.exp(-beta * x)) / beta


@exercise.mistake(
    "Does the slope of this curve jump anywhere?",
    said="The slope of the kinked ReLU stands where that of the smooth curve is asked for.",
    root=None,
)
def dsoftplus_relu(x, beta=1.0):
    return np.where(x > 0, 1.0, 0.0)


@exercise.mistake(
    "Did you differentiate once, or once too often?",
    said="The function is differentiated twice: the slope of the sigmoid is returned.",
    root=Root.CHAIN,
)
def dsoftplus_twice(x, beta=1.0):
    s = 1 / (1 + np.exp(-beta * x))
    return s * (1 - s)


@exercise.mistake(
    "On which side is the curve flat?",
    said="The exponent has the wrong sign: the slope falls from 1 to 0.",
    root=Root.SIGN,
    leads=("COMPLEMENT",),
)
def dsoftplus_exponent_sign(x, beta=1.0):
    return 1 / (1 + np.exp(beta * x))


@exercise.mistake(
    "Can the slope of this curve grow beyond 1?",
    said="The value of the softplus is returned where its slope is asked for.",
    root=Root.CHAIN,
)
def dsoftplus_value(x, beta=1.0):
    return np.logaddexp(0, beta * x) / beta


@exercise.mistake(
    "The logarithm's derivative has the inner function below the line: where is yours?",
    said="Only the inner derivative is returned, without dividing by 1 plus the exponential.",
    root=Root.CHAIN,
)
def dsoftplus_inner_only(x, beta=1.0):
    return np.exp(beta * x)


@exercise.mistake(
    "The logarithm's derivative is multiplied by another one: which is missing?",
    said="The inner derivative is missing: 1 over 1 plus the exponential is all there is.",
    root=Root.CHAIN,
    like=("dsoftplus-exponent-sign",),
    leads=("COMPLEMENT",),
)
def dsoftplus_outer_only(x, beta=1.0):
    return 1 / (1 + np.exp(x * beta))


@exercise.mistake(
    "Are all the exponents in your fraction the same?",
    said="beta stands in one of the two exponentials and is missing in the other.",
    root=Root.CHAIN,
)
def dsoftplus_beta_once(x, beta=1.0):
    return np.exp(beta * x) / (1 + np.exp(x))


@exercise.mistake(
    "Can the slope of this curve be negative?",
    said="tanh stands where the sigmoid belongs.",
    root=None,
)
def dsoftplus_tanh(x, beta=1.0):
    return np.tanh(beta * x)


@exercise.mistake(
    "It agrees to a few digits for moderate scores: is something cut off on the way?",
    said="The scores are cut off before the sigmoid is taken.",
    root=Root.DIGITS,
    family={"size": (2.0, 5.0, 10.0)},
)
def dsoftplus_clipped(x, beta=1.0, *, size=10.0):
    return 1 / (1 + np.exp(-np.clip(beta * x, -size, size)))


@exercise.property(
    "Softplus always rises and never faster than y = x; at {x} your slope is {found}. Which "
    "function of the score lies between 0 and 1?"
)
def between_zero_and_one(f, x, beta=1.0):
    found = np.asarray(f(x, beta=beta))
    bad = (found < -1e-9) | (found > 1 + 1e-9)
    if found.shape == np.shape(x) and bad.any():
        return {"found": found[bad].flat[0], "x": np.asarray(x)[bad].flat[0]}


@exercise.property(
    "What is missing to 1 on the left is there on the right: your slopes at {x} and its opposite "
    "are {there} and {back}. What do they add up to?"
)
def one_together_with_the_opposite(f, x, beta=1.0):
    there, back = np.asarray(f(x, beta=beta)), np.asarray(f(-x, beta=beta))
    if there.shape == np.shape(x) and not np.allclose(there + back, 1, rtol=1e-6):
        place = np.unravel_index(np.argmax(np.abs(there + back - 1)), there.shape)
        return {"there": there[place], "back": back[place], "x": x[place]}


exercise.equivalent(
    "1 / beta * beta * e -> e",
    because="One over beta times beta is 1.",
)
