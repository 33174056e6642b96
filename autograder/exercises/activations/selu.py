"""The scaled exponential linear unit."""

from __future__ import annotations

import numpy as np

from autograder.exercises.activations import inputs, notebook, reference
from autograder.exercises.activations.reference import elu
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.selu,
    points=1,
    minutes=4,
    # The constants are asked for to all digits; a rounded one is off by 1e-8 or more.
    rtol=1e-9,
    hints=(
        "You have written ELU: which of its arguments is fixed here, and what comes in front?",
        "How steep is the curve right of 0, by its formula?",
        "How many digits of the two constants did you type?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(inputs.MODERATE)
    yield case(inputs.TABLE)
    yield case(inputs.FAR)
    for scores in inputs.random_scores(rng):
        yield case(scores)
    yield case(inputs.AT_ZERO, about="with a score of exactly 0")
    yield case(inputs.EXTREME, about="extreme scores")


@exercise.style
def selu_calls_elu(x):
    return 1.0507009873554805 * elu(x, 1.6732632423543772)


@exercise.style
def selu_where(x):
    scale, alpha = 1.0507009873554805, 1.6732632423543772
    return scale * np.where(x > 0, x, alpha * (np.exp(x) - 1))


@exercise.style
def selu_two_parts(x):
    scale, alpha = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717
    return scale * (np.maximum(x, 0) + alpha * np.expm1(np.minimum(x, 0)))


@exercise.style
def selu_on_a_copy(x):
    result = 1.0507009873554805 * x
    left = x < 0
    result[left] = 1.0507009873554805 * 1.6732632423543772 * (np.exp(x[left]) - 1)
    return result


@exercise.mistake(
    "How many digits has each of your two constants, and how many does the text print?",
    said="The two constants are rounded to a few decimals.",
    root=Root.DIGITS,
    family={"digits": (2, 3, 4, 5, 6, 8)},
)
def selu_rounded_constants(x, *, digits=4):
    scale, alpha = np.round([1.0507009873554805, 1.6732632423543772], digits)
    return scale * np.where(x > 0, x, alpha * (np.exp(x) - 1))


@exercise.mistake(
    "How steep is the curve right of 0 by its formula, and how steep is yours?",
    said="The scale in front is missing: this is ELU with the right alpha.",
    root=None,
)
def selu_no_scale(x):
    return np.where(x > 0, x, 1.6732632423543772 * (np.exp(x) - 1))


@exercise.mistake(
    "Does the scale stand in front of one branch or of both?",
    said="The scale multiplies the negative branch alone.",
    root=None,
)
def selu_scale_on_negative(x):
    return np.where(x > 0, x, 1.0507009873554805 * 1.6732632423543772 * (np.exp(x) - 1))


@exercise.mistake(
    "Does the scale stand in front of one branch or of both?",
    said="The scale multiplies the positive branch alone.",
    root=None,
)
def selu_scale_on_positive(x):
    return np.where(x > 0, 1.0507009873554805 * x, 1.6732632423543772 * (np.exp(x) - 1))


@exercise.mistake(
    "Which of the two constants is the scale of both branches?",
    said="The two constants are exchanged.",
    root=Root.SWAPPED,
)
def selu_exchanged(x):
    return 1.6732632423543772 * np.where(x > 0, x, 1.0507009873554805 * (np.exp(x) - 1))


@exercise.mistake(
    "Which value does the curve approach far left, and which does yours?",
    said="The second constant, alpha, is missing on the negative side.",
    root=None,
)
def selu_no_alpha(x):
    return 1.0507009873554805 * np.where(x > 0, x, np.exp(x) - 1)


@exercise.mistake(
    "What do your two branches say just left and just right of 0?",
    said="The 1 is not subtracted from the exponential, so the branches do not meet at 0.",
    root=None,
)
def selu_no_minus_one(x):
    return 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.exp(x))


@exercise.mistake(
    "Right of 0, which of the two constants is the slope?",
    said="alpha multiplies the positive branch as well.",
    root=None,
)
def selu_alpha_on_both(x):
    return 1.0507009873554805 * 1.6732632423543772 * np.where(x > 0, x, np.exp(x) - 1)


@exercise.mistake(
    "What is 0 times infinity on a computer?",
    said="The branches are added with masks of 0 and 1, which gives nan where the exponential "
    "overflows.",
    root=Root.DIGITS,
)
def selu_masked_product(x):
    scale, alpha = 1.0507009873554805, 1.6732632423543772
    return scale * ((x > 0) * x + (x <= 0) * alpha * (np.exp(x) - 1))


@exercise.mistake(
    "Which two constants make this unit what it is?",
    said="Neither of the two constants is used: this is ELU with alpha 1.",
    root=None,
)
def selu_plain_elu(x):
    return np.where(x > 0, x, np.exp(x) - 1)


@exercise.mistake(
    "Far left, does the curve level off or go on falling?",
    said="The negative branch is a straight line, as in the leaky ReLU.",
    root=None,
)
def selu_leaky(x):
    return 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * x)


@exercise.mistake(
    "A comparison of an array gives one answer for each score: which of them should decide?",
    said="An `if` is asked about a whole array, which has one answer for each score.",
    root=Root.AXIS,
)
def selu_if(x):
    if x > 0:
        return 1.0507009873554805 * x
    return 1.0507009873554805 * 1.6732632423543772 * (np.exp(x) - 1)


exercise.equivalent(
    "x > 0 -> x >= 0",
    "x < 0 -> x <= 0",
    because="At 0 both branches give 0.",
)


@exercise.property(
    "On the right SELU is a straight line through 0: yours gives {once} at 1 and {twice} at 2. "
    "What multiplies the scores there?"
)
def a_line_on_the_right(f, x):
    once, twice = np.asarray(f(np.array([1.0, 2.0])))
    if not np.isclose(2 * once, twice, rtol=1e-9):
        return {"once": once, "twice": twice}
