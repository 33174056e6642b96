"""The swish, also called SiLU."""

from __future__ import annotations

import numpy as np

from autograder.exercises.activations import inputs, notebook, reference
from autograder.exercises.activations.reference import sigmoid
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.swish,
    points=1,
    minutes=4,
    forbidden=("torch.sigmoid",),
    hints=(
        "The score opens its own gate: which of the two factors is the gate?",
        "Where in the formula does beta stand?",
        "Try the scores -1000 and 1000: are both answers finite numbers?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(inputs.MODERATE)
    yield case(inputs.MODERATE, beta=1.5)
    yield case(inputs.TABLE, beta=0.4)
    yield case(inputs.FAR, beta=1.2)
    for scores, beta in zip(inputs.random_scores(rng), rng.uniform(1.2, 2.5, 3).tolist()):
        yield case(scores, beta=beta)
    yield case(inputs.AT_ZERO, beta=1.5, about="with a score of exactly 0")
    yield case(inputs.EXTREME, beta=1.3, about="extreme scores")


@exercise.style
def swish_product(x, beta=1.0):
    return x * sigmoid(beta * x)


@exercise.style
def swish_fraction(x, beta=1.0):
    return x / (1 + np.exp(-beta * x))


@exercise.style
def swish_tanh(x, beta=1.0):
    return x * (1 + np.tanh(beta * x / 2)) / 2


@exercise.style
def swish_two_fractions(x, beta=1.0):
    e = np.exp(-np.abs(beta * x))
    gate = np.where(beta * x >= 0, 1 / (1 + e), e / (1 + e))
    return gate * x


@exercise.style
def swish_logaddexp(x, beta=1.0):
    return x * np.exp(-np.logaddexp(0, -beta * x))


@exercise.mistake(
    "What changes in your answer when another beta is asked for?",
    said="The argument beta is not used.",
    root=None,
)
def swish_no_beta(x, beta=1.0):
    return x / (1 + np.exp(-x))


@exercise.mistake(
    "Far right, where the gate is open, should the output be the score or a multiple of it?",
    said="beta stands in front of the product instead of inside the gate.",
    root=None,
)
def swish_beta_outside(x, beta=1.0):
    return beta * x / (1 + np.exp(-x))


@exercise.mistake(
    "Far right, where the gate is open, should the output be the score or a multiple of it?",
    said="beta stands in the gate and in front of the product as well.",
    root=None,
)
def swish_beta_twice(x, beta=1.0):
    return beta * x / (1 + np.exp(-beta * x))


@exercise.mistake(
    "The gate is there: what is it that passes through it?",
    said="Only the gate, the sigmoid, is returned; the score it is multiplied with is missing.",
    root=None,
)
def swish_gate_only(x, beta=1.0):
    return 1 / (1 + np.exp(-beta * x))


@exercise.mistake(
    "For which sign of the score should the gate be open?",
    said="The gate opens for negative scores instead of positive ones.",
    root=Root.SIGN,
)
def swish_gate_sign(x, beta=1.0):
    return x / (1 + np.exp(beta * x))


@exercise.mistake(
    "What is infinity divided by infinity on a computer?",
    said="The exponential of a large score overflows above and below the line, which gives nan.",
    root=Root.DIGITS,
)
def swish_overflow(x, beta=1.0):
    return x * np.exp(beta * x) / (1 + np.exp(beta * x))


@exercise.mistake(
    "How small can the gate get: 0, or less?",
    said="tanh stands as the gate, which goes down to -1.",
    root=None,
)
def swish_tanh_gate(x, beta=1.0):
    return x * np.tanh(beta * x)


@exercise.mistake(
    "Is the output of a small negative score really nothing?",
    said="Negative outputs are cut off at 0, although the curve dips below it.",
    root=Root.DIGITS,
)
def swish_cut_below(x, beta=1.0):
    return np.maximum(x / (1 + np.exp(-beta * x)), 0)


@exercise.mistake(
    "Is your gate a smooth curve or made of straight lines?",
    said="The hard swish of straight lines stands where the smooth one is asked for.",
    root=None,
)
def swish_hard(x, beta=1.0):
    return x * np.clip(beta * x / 6 + 0.5, 0, 1)


@exercise.mistake(
    "The number in your exponent: does the definition have it?",
    said="The gate has the factor 1.702, which belongs to an approximation of GELU.",
    root=None,
)
def swish_gelu(x, beta=1.0):
    return x / (1 + np.exp(-1.702 * x))


@exercise.mistake(
    "Is this the curve, or how fast it rises?",
    said="The slope is returned where the value is asked for.",
    root=Root.CHAIN,
)
def swish_slope(x, beta=1.0):
    s = np.exp(-np.logaddexp(0, -beta * x))
    return s + beta * x * s * (1 - s)


@exercise.mistake(
    "It agrees to a few digits for moderate scores: is something cut off on the way?",
    said="The scores are cut off before the gate is formed.",
    root=Root.DIGITS,
    family={"size": (2.0, 5.0, 10.0)},
)
def swish_clipped(x, beta=1.0, *, size=10.0):
    return x / (1 + np.exp(-np.clip(beta * x, -size, size)))


@exercise.mistake(
    "How large does your gate get for a very negative score?",
    said="An exponential stands as the gate; the 1 and the fraction of the sigmoid are missing.",
    root=None,
)
def swish_exponential_gate(x, beta=1.0):
    return x * np.exp(-beta * x)


@exercise.mistake(
    "Is the gate added to the score, or does the score pass through it?",
    said="The gate is added to the score instead of multiplied with it.",
    root=None,
)
def swish_added(x, beta=1.0):
    return x + 1 / (1 + np.exp(-beta * x))


@exercise.property(
    "The gate at x and that at -x add up to 1, so your values at {x} and its opposite differ by "
    "{x}: they are {there} and {back}. What multiplies the score?"
)
def differs_by_the_score(f, x, beta=1.0):
    there, back = np.asarray(f(x, beta=beta)), np.asarray(f(-x, beta=beta))
    if there.shape == np.shape(x) and not np.allclose(there - back, x, rtol=1e-6, atol=1e-9):
        place = np.unravel_index(np.argmax(np.abs(there - back - x)), there.shape)
        return {"there": there[place], "back": back[place], "x": x[place]}


exercise.equivalent(
    "beta * x >= 0 -> beta * x > 0",
    because="At 0 both fractions are one half.",
)


exercise.equivalent(
    "beta * x -> beta / x",
    "beta * x -> x",
    because="Only the sign is asked for, and beta is positive.",
)
