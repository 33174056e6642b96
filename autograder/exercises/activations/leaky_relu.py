"""The leaky rectified linear unit."""

from __future__ import annotations

import numpy as np

from autograder.exercises.activations import inputs, notebook, reference
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.leaky_relu,
    points=1,
    minutes=4,
    hints=(
        "Two straight lines meet at 0: what is the slope of each?",
        "Let alpha be 2. Which of the two lines lies on top left of 0, which right of 0?",
        "Can you choose the line by the sign of the score alone?",
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
    yield case(inputs.signed(rng, 0.1, 4.0, 5), alpha=rng.uniform(1.2, 3.0))
    yield case(inputs.AT_ZERO, alpha=0.4, about="with a score of exactly 0")


@exercise.style
def leaky_where(x, alpha=0.01):
    return np.where(x > 0, x, alpha * x)


@exercise.style
def leaky_two_parts(x, alpha=0.01):
    return np.maximum(x, 0) + alpha * np.minimum(x, 0)


@exercise.style
def leaky_by_slope(x, alpha=0.01):
    slope = np.ones_like(x)
    slope[x <= 0] = alpha
    return slope * x


@exercise.style
def leaky_even_and_odd(x, alpha=0.01):
    return (1 + alpha) / 2 * x + (1 - alpha) / 2 * np.abs(x)


@exercise.style
def leaky_on_a_copy(x, alpha=0.01):
    result = x.copy()
    result[x < 0] *= alpha
    return result


@exercise.mistake(
    "Let alpha be 2 and the score -1: which of the two lines does your comparison choose?",
    said="max(alpha x, x) is used, the lecture's form, which is wrong for an alpha above 1 (E45).",
    root=None,
)
def leaky_max_form(x, alpha=0.01):
    return np.maximum(alpha * x, x)


@exercise.mistake(
    "Which of the two lines lies on top for positive scores when alpha is small?",
    said="The smaller of the two lines is taken.",
    root=Root.SWAPPED,
)
def leaky_min(x, alpha=0.01):
    return np.minimum(alpha * x, x)


@exercise.mistake(
    "Is the negative branch a line through 0, or a constant?",
    said="Negative scores all become alpha, a constant, instead of alpha times the score.",
    root=None,
)
def leaky_constant(x, alpha=0.01):
    return np.where(x > 0, x, alpha)


@exercise.mistake(
    "Two negative scores, -1 and -10: does your unit tell them apart?",
    said="Negative scores become 0: that is the plain ReLU.",
    root=None,
)
def leaky_relu_plain(x, alpha=0.01):
    return np.maximum(x, 0)


@exercise.mistake(
    "What changes in your answer when another alpha is asked for?",
    said="The argument alpha is ignored; 0.01 is written into the function.",
    root=None,
)
def leaky_alpha_ignored(x, alpha=0.01):
    return np.where(x > 0, x, 0.01 * x)


@exercise.mistake(
    "Which half of the axis is the leaky one?",
    said="Positive scores are multiplied by alpha instead of negative ones.",
    root=Root.SWAPPED,
)
def leaky_wrong_side(x, alpha=0.01):
    return np.where(x > 0, alpha * x, x)


@exercise.mistake(
    "With a small positive alpha, can the output be positive for a negative score?",
    said="The sign of the negative branch is turned.",
    root=Root.SIGN,
)
def leaky_sign(x, alpha=0.01):
    return np.where(x > 0, x, -alpha * x)


@exercise.mistake(
    "Do the two lines of your curve meet at 0?",
    said="alpha is subtracted from negative scores instead of multiplied with them.",
    root=None,
)
def leaky_shifted(x, alpha=0.01):
    return np.where(x > 0, x, x - alpha)


@exercise.mistake(
    "How steep is your curve right of 0?",
    said="alpha times the score is added on both sides, so the positive side is too steep.",
    root=None,
)
def leaky_added_on_both_sides(x, alpha=0.01):
    return np.maximum(x, 0) + alpha * x


@exercise.mistake(
    "Is this what comes out of the unit, or its slope?",
    said="The slope of the unit is returned where its value is asked for.",
    root=Root.CHAIN,
)
def leaky_slope(x, alpha=0.01):
    return np.where(x > 0, 1.0, alpha)


@exercise.mistake(
    "If alpha is doubled, does the answer to a score of -1 double, too?",
    said="The negative branch is divided by alpha instead of multiplied.",
    root=Root.SWAPPED,
)
def leaky_divided(x, alpha=0.01):
    return np.where(x > 0, x, x / alpha)


@exercise.mistake(
    "A comparison of an array gives one answer for each score: which of them should decide?",
    said="An `if` is asked about a whole array, which has one answer for each score.",
    root=Root.AXIS,
)
def leaky_if(x, alpha=0.01):
    if x > 0:
        return x
    return alpha * x


@exercise.mistake(
    "What should come out for a positive score?",
    said="Positive scores become 0; they should go through unchanged.",
    root=None,
)
def leaky_positive_lost(x, alpha=0.01):
    return np.where(x < 0, alpha * x, 0.0)


exercise.equivalent(
    "x > 0 -> x >= 0",
    "x <= 0 -> x < 0",
    "x < 0 -> x <= 0",
    because="At 0 both branches give 0.",
)


@exercise.property(
    "A positive score passes unchanged, and yours makes {found} of {x}. Which branch does it take?"
)
def positive_scores_pass(f, x, alpha=0.01):
    found, up = np.asarray(f(x, alpha=alpha)), np.asarray(x) > 0
    if found.shape == np.shape(x) and not np.allclose(found[up], x[up], rtol=1e-9):
        place = np.argmax(np.abs(found[up] - x[up]))
        return {"found": found[up][place], "x": x[up][place]}


@exercise.property(
    "With an alpha of 1 the two branches are one straight line, and yours makes {found} of {x} "
    "there. What multiplies the negative scores?"
)
def a_line_for_alpha_one(f, x, alpha=0.01):
    found = np.asarray(f(x, alpha=1.0))
    if found.shape == np.shape(x) and not np.allclose(found, x, rtol=1e-9):
        place = np.unravel_index(np.argmax(np.abs(found - x)), found.shape)
        return {"found": found[place], "x": x[place]}
