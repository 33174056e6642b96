"""The exponential linear unit."""

from __future__ import annotations

import numpy as np

from autograder.exercises.activations import inputs, notebook, reference
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.elu,
    points=2,
    minutes=7,
    hints=(
        "Two branches: what is the curve right of 0, and what does it approach far left?",
        "Do your two branches meet at 0?",
        "What does e to the power 1000 give on a computer, and where could you keep it from being "
        "formed?",
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
    yield case(inputs.AT_ZERO, alpha=1.5, about="with a score of exactly 0")
    yield case(inputs.EXTREME, alpha=0.8, about="extreme scores")
    yield case(np.array([-1e-7, -1e-5, 1e-6]), alpha=1.3, about="with scores of almost 0")


@exercise.style
def elu_where(x, alpha=1.0):
    return np.where(x > 0, x, alpha * (np.exp(x) - 1))


@exercise.style
def elu_expm1(x, alpha=1.0):
    return np.where(x >= 0, x, alpha * np.expm1(np.minimum(x, 0)))


@exercise.style
def elu_two_parts(x, alpha=1.0):
    return np.maximum(x, 0) + alpha * (np.exp(np.minimum(x, 0)) - 1)


@exercise.style
def elu_on_a_copy(x, alpha=1.0):
    result = x.copy()
    negative = x < 0
    result[negative] = alpha * (np.exp(x[negative]) - 1)
    return result


@exercise.style
def elu_vectorized(x, alpha=1.0):
    return np.vectorize(lambda s: s if s > 0 else alpha * (np.exp(s) - 1))(x)


@exercise.mistake(
    "Far left, which value should the curve approach for the alpha asked for?",
    said="The argument alpha is not used.",
    root=None,
    leads=("HALF_OF_TWO",),
)
def elu_no_alpha(x, alpha=1.0):
    return np.where(x > 0, x, np.exp(x) - 1)


@exercise.mistake(
    "What do your two branches say just left and just right of 0?",
    said="The 1 is not subtracted from the exponential, so the branches do not meet at 0.",
    root=None,
)
def elu_no_minus_one(x, alpha=1.0):
    return np.where(x > 0, x, alpha * np.exp(x))


@exercise.mistake(
    "Do your two branches meet at 0 when alpha is 2?",
    said="alpha multiplies the exponential alone, and not the bracket.",
    root=None,
)
def elu_bracket(x, alpha=1.0):
    return np.where(x > 0, x, alpha * np.exp(x) - 1)


@exercise.mistake(
    "What are 0 times infinity and 0 times nan on a computer?",
    said="The branches are added with masks of 0 and 1, which gives nan where the exponential "
    "overflows.",
    root=Root.DIGITS,
)
def elu_masked_product(x, alpha=1.0):
    return (x > 0) * x + (x <= 0) * alpha * (np.exp(x) - 1)


@exercise.mistake(
    "Is the negative branch flat?",
    said="Negative scores become 0: that is the plain ReLU.",
    root=None,
)
def elu_relu(x, alpha=1.0):
    return np.maximum(x, 0)


@exercise.mistake(
    "Right of 0, is the curve a straight line or an exponential?",
    said="The exponential branch is used on both sides.",
    root=None,
)
def elu_one_branch(x, alpha=1.0):
    return alpha * (np.exp(x) - 1)


@exercise.mistake(
    "Far left, does the curve level off or run away?",
    said="The exponential has the wrong sign in its exponent and grows to the left.",
    root=Root.SIGN,
)
def elu_exponent_sign(x, alpha=1.0):
    return np.where(x > 0, x, alpha * (np.exp(-x) - 1))


@exercise.mistake(
    "Can the output be positive for a negative score when alpha is positive?",
    said="The bracket is turned around, so the negative branch comes out positive.",
    root=Root.SIGN,
)
def elu_bracket_sign(x, alpha=1.0):
    return np.where(x > 0, x, alpha * (1 - np.exp(x)))


@exercise.mistake(
    "Far left, does the curve level off or go on falling?",
    said="The negative branch is a straight line, as in the leaky ReLU.",
    root=None,
)
def elu_leaky(x, alpha=1.0):
    return np.where(x > 0, x, alpha * x)


@exercise.mistake(
    "Does alpha act on the positive side as well?",
    said="alpha multiplies both branches; it belongs to the negative one.",
    root=None,
)
def elu_alpha_on_both(x, alpha=1.0):
    return alpha * np.where(x > 0, x, np.exp(x) - 1)


@exercise.mistake(
    "At a score of -0.5, is alpha in front of the exponential or inside it?",
    said="alpha stands in the exponent instead of in front.",
    root=Root.SWAPPED,
)
def elu_alpha_in_exponent(x, alpha=1.0):
    return np.where(x > 0, x, np.exp(alpha * x) - 1)


@exercise.mistake(
    "Is this what comes out of the unit, or its slope?",
    said="The slope of the unit is returned where its value is asked for.",
    root=Root.CHAIN,
)
def elu_slope(x, alpha=1.0):
    return np.where(x > 0, 1.0, alpha * np.exp(x))


@exercise.mistake(
    "A comparison of an array gives one answer for each score: which of them should decide?",
    said="An `if` is asked about a whole array, which has one answer for each score.",
    root=Root.AXIS,
)
def elu_if(x, alpha=1.0):
    if x > 0:
        return x
    return alpha * (np.exp(x) - 1)


@exercise.mistake(
    "Let alpha be 2 and the score -0.3: which of your two branches is chosen there?",
    said="The larger of the two branches is taken, which is the wrong one for an alpha above 1.",
    root=None,
)
def elu_max_form(x, alpha=1.0):
    return np.maximum(x, alpha * np.expm1(np.minimum(x, 0)))


@exercise.mistake(
    "What do your two branches say just left and just right of 0?",
    said="1 is added to the exponential instead of subtracted.",
    root=Root.SIGN,
)
def elu_plus_one(x, alpha=1.0):
    return np.where(x > 0, x, alpha * (np.exp(x) + 1))


exercise.equivalent(
    "x > 0 -> x >= 0",
    "x >= 0 -> x > 0",
    "x < 0 -> x <= 0",
    "s > 0 -> s >= 0",
    because="At 0 both branches give 0.",
)

exercise.equivalent(
    "np.minimum(x, 0) -> np.minimum(x, 1)",
    because="expm1 is cut at 1 where its branch is not taken.",
)


@exercise.property(
    "A positive score passes unchanged, and yours makes {found} of {x}. Which branch does it take?"
)
def positive_scores_pass(f, x, alpha=1.0):
    found, up = np.asarray(f(x, alpha=alpha)), np.asarray(x) > 0
    if found.shape == np.shape(x) and not np.allclose(found[up], x[up], rtol=1e-9):
        place = np.argmax(np.abs(found[up] - x[up]))
        return {"found": found[up][place], "x": x[up][place]}


@exercise.property(
    "Far to the left the curve comes down to minus alpha, which is {least} here, and never below; "
    "yours gives {found}. What is left of the exponential there?"
)
def not_below_minus_alpha(f, x, alpha=1.0):
    found = np.asarray(f(np.array([-50.0]), alpha=alpha))
    if found.shape == (1,) and not np.isclose(found[0], -alpha, rtol=1e-6):
        return {"least": -alpha, "found": found[0]}


exercise.equivalent(
    "np.exp(x) -> np.exp(np.clip(x, -20, 20))",
    "np.exp(np.minimum(x, 0)) -> np.exp(np.clip(np.minimum(x, 0), -20, 20))",
    "np.exp(x[negative]) -> np.exp(np.clip(x[negative], -20, 20))",
    "np.exp(s) -> np.exp(np.clip(s, -20, 20))",
    because="Beside the 1 that is subtracted, what is cut off lies within the tolerance.",
)
