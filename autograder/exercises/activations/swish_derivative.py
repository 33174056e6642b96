"""The slope of the swish, which the lecture misprints."""

from __future__ import annotations

import numpy as np

from autograder.exercises.activations import inputs, notebook, reference
from autograder.exercises.activations.reference import sigmoid, swish
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.swish_derivative,
    points=2,
    minutes=8,
    by_hand=True,
    forbidden=("torch.sigmoid",),
    hints=(
        "Two factors depend on the score: which rule of differentiation is that?",
        "The second factor is a function of beta times the score. What comes out of it in front?",
        "At a score of 0 one of your two terms is 0. What must the other one be there?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(inputs.MODERATE)
    yield case(inputs.MODERATE, beta=1.5)
    yield case(inputs.TABLE, beta=0.4)
    yield case(inputs.FAR, beta=1.1)
    for scores, beta in zip(inputs.random_scores(rng), rng.uniform(1.2, 2.5, 3).tolist()):
        yield case(scores, beta=beta)
    yield case(inputs.AT_ZERO, beta=1.5, about="with a score of exactly 0")
    yield case(np.array([-22.0, 22.0, -25.0]), about="scores of up to 25")


@exercise.style
def swish_slope_product_rule(x, beta=1.0):
    s = sigmoid(beta * x)
    return s + beta * x * s * (1 - s)


@exercise.style
def swish_slope_from_value(x, beta=1.0):
    f = swish(x, beta)
    return beta * f + sigmoid(beta * x) * (1 - beta * f)


@exercise.style
def swish_slope_quotient_rule(x, beta=1.0):
    e = np.exp(-beta * x)
    return (1 + e + beta * x * e) / (1 + e) ** 2


@exercise.style
def swish_slope_factored(x, beta=1.0):
    s = 1 / (1 + np.exp(-beta * x))
    return s * (1 + beta * x * (1 - s))


@exercise.style
def swish_slope_tanh(x, beta=1.0):
    t = np.tanh(beta * x / 2)
    return (1 + t) / 2 + beta * x * (1 - t**2) / 4


@exercise.mistake(
    "Check the slope at 0 against the product rule: which value should it have there?",
    said="The formula is the lecture's misprint with its minus restored; inside the bracket the "
    "score is still missing (E49).",
    root=None,
)
def dswish_printed(x, beta=1.0):
    s = 1 / (1 + np.exp(-beta * x))
    return beta * x * s + s * (1 - beta * s)


@exercise.mistake(
    "Check the slope at 0 against the product rule: which value should it have there?",
    said="The formula is the lecture's misprint, read as a product where a minus is lost (E49).",
    root=None,
)
def dswish_printed_as_product(x, beta=1.0):
    s = 1 / (1 + np.exp(-beta * x))
    return beta * x * s + s * beta * s


@exercise.mistake(
    "There are two factors that depend on the score: does your answer move both?",
    said="Only the slope of the sigmoid is returned; the product rule is missing.",
    root=Root.CHAIN,
)
def dswish_no_product_rule(x, beta=1.0):
    s = 1 / (1 + np.exp(-beta * x))
    return s * (1 - s)


@exercise.mistake(
    "The gate moves with the score as well: which term is that?",
    said="Only the gate is returned; the term in which the gate moves is missing.",
    root=Root.CHAIN,
)
def dswish_gate_only(x, beta=1.0):
    return 1 / (1 + np.exp(-beta * x))


@exercise.mistake(
    "What is your slope at 0, and how steep is the graph there?",
    said="The term in which the score itself moves is missing.",
    root=Root.CHAIN,
)
def dswish_second_term_only(x, beta=1.0):
    s = 1 / (1 + np.exp(-beta * x))
    return beta * x * s * (1 - s)


@exercise.mistake(
    "The gate is a function of beta times the score: what comes out in front?",
    said="The factor beta of the inner derivative is missing.",
    root=Root.CHAIN,
)
def dswish_no_inner_beta(x, beta=1.0):
    s = 1 / (1 + np.exp(-beta * x))
    return s + x * s * (1 - s)


@exercise.mistake(
    "What changes in your answer when another beta is asked for?",
    said="The argument beta is not used.",
    root=None,
)
def dswish_no_beta(x, beta=1.0):
    s = 1 / (1 + np.exp(-x))
    return s + x * s * (1 - s)


@exercise.mistake(
    "Does the gate open or close when a positive score grows?",
    said="The sign between the two terms of the product rule is wrong.",
    root=Root.SIGN,
)
def dswish_sign(x, beta=1.0):
    s = 1 / (1 + np.exp(-beta * x))
    return s - beta * x * s * (1 - s)


@exercise.mistake(
    "Far right the curve is nearly a straight line: how steep is it there?",
    said="The value of the curve is returned where its slope is asked for.",
    root=Root.CHAIN,
)
def dswish_value(x, beta=1.0):
    return x / (1 + np.exp(-beta * x))


@exercise.mistake(
    "The slope of the gate: of what is the 1 in it reduced?",
    said="The slope of the gate is written with the score instead of the gate's own value.",
    root=Root.CHAIN,
)
def dswish_gate_slope_of_score(x, beta=1.0):
    s = 1 / (1 + np.exp(-beta * x))
    return s + beta * x * s * (1 - x)


@exercise.mistake(
    "How does the slope of the gate behave far out on both sides?",
    said="The slope of the gate is taken to be 1 minus its square, as for tanh.",
    root=Root.CHAIN,
)
def dswish_tanh_rule(x, beta=1.0):
    s = 1 / (1 + np.exp(-beta * x))
    return s + beta * x * (1 - s**2)


@exercise.mistake(
    "It agrees to a few digits for moderate scores: is something cut off on the way?",
    said="The scores are cut off before the gate is formed.",
    root=Root.DIGITS,
    family={"size": (2.0, 5.0, 10.0)},
)
def dswish_clipped(x, beta=1.0, *, size=10.0):
    s = 1 / (1 + np.exp(-np.clip(beta * x, -size, size)))
    return s + beta * x * s * (1 - s)


@exercise.mistake(
    "How steep is the gate where it is wide open?",
    said="In the slope of the gate the factor for its closing, 1 minus the gate, is missing.",
    root=Root.CHAIN,
)
def dswish_no_complement(x, beta=1.0):
    s = 1 / (1 + np.exp(-beta * x))
    return s + beta * x * s


@exercise.mistake(
    "How often does beta come out in front?",
    said="beta stands twice in front of the slope of the gate.",
    root=Root.CHAIN,
)
def dswish_beta_squared(x, beta=1.0):
    s = 1 / (1 + np.exp(-beta * x))
    return s + beta**2 * x * s * (1 - s)


@exercise.mistake(
    "There are two factors that depend on the score: does your answer move both?",
    said="Only the slope of the gate is returned; the product rule is missing.",
    root=Root.CHAIN,
)
def dswish_gate_slope_only(x, beta=1.0):
    s = 1 / (1 + np.exp(-beta * x))
    return beta * s * (1 - s)


@exercise.property(
    "At 0 the gate is half open and the score adds nothing, so the slope is one half; yours is "
    "{found}. Which of the two terms of the product rule is left there?"
)
def one_half_at_zero(f, x, beta=1.0):
    found = np.asarray(f(np.zeros(1), beta=beta))
    if found.shape == (1,) and not np.isclose(found[0], 0.5, rtol=1e-9):
        return {"found": found[0]}


@exercise.property(
    "The values at x and -x differ by x, so the slopes there add up to 1: yours at {x} and its "
    "opposite are {there} and {back}. Which terms has the product rule?"
)
def one_together_with_the_opposite(f, x, beta=1.0):
    there, back = np.asarray(f(x, beta=beta)), np.asarray(f(-x, beta=beta))
    if there.shape == np.shape(x) and not np.allclose(there + back, 1, rtol=1e-6):
        place = np.unravel_index(np.argmax(np.abs(there + back - 1)), there.shape)
        return {"there": there[place], "back": back[place], "x": x[place]}
