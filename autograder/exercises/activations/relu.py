"""The rectified linear unit."""

from __future__ import annotations

import numpy as np

from autograder.exercises.activations import inputs, notebook, reference
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.relu,
    points=1,
    minutes=3,
    hints=(
        "Which numbers go through unchanged, and what becomes of the others?",
        "Python's max compares two numbers. Which NumPy function compares entry by entry?",
        "np.max finds the largest entry of one array; is that the function you mean?",
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
    yield case(inputs.signed(rng, 0.1, 2.0, 2, 3, 2), about="an array with three axes")


@exercise.style
def relu_maximum(x):
    return np.maximum(0, x)


@exercise.style
def relu_where(x):
    return np.where(x > 0, x, 0.0)


@exercise.style
def relu_by_mask(x):
    return x * (x > 0)


@exercise.style
def relu_half_of_sum(x):
    return (x + np.abs(x)) / 2


@exercise.style
def relu_on_a_copy(x):
    result = np.array(x, dtype=float)
    result[result < 0] = 0
    return result


@exercise.style
def relu_clip(x):
    return np.clip(x, 0, None)


@exercise.mistake(
    "A score of 3: does the unit say how large it is, or only that it is positive?",
    said="The function returns 0 or 1 like a step where the positive score itself is asked for.",
    root=None,
)
def relu_step(x):
    return np.where(x > 0, 1.0, 0.0)


@exercise.mistake(
    "What should a negative score become: its size, or nothing?",
    said="Negative scores come out with their sign turned instead of as 0.",
    root=Root.SIGN,
)
def relu_absolute(x):
    return np.abs(x)


@exercise.mistake(
    "Of 0 and a positive score, which one should win?",
    said="The smaller of 0 and the score is taken instead of the larger.",
    root=Root.SWAPPED,
)
def relu_minimum(x):
    return np.minimum(0, x)


@exercise.mistake(
    "You look at the two halves of the axis: on which half does the unit stay silent?",
    said="The two halves are exchanged: the unit answers with the size of negative scores.",
    root=Root.SWAPPED,
)
def relu_mirrored(x):
    return np.maximum(0, -x)


@exercise.mistake(
    "May anything at all of a negative score be left?",
    said="A small share of negative scores is let through, as in the leaky variant.",
    root=None,
)
def relu_leaky(x):
    return np.where(x > 0, x, 0.01 * x)


@exercise.mistake(
    "Feed it 0.5, 8 and 100: does the curve ever stop rising?",
    said="Large scores are cut off, although the unit is not bounded above.",
    root=Root.DIGITS,
    family={"size": (1.0, 6.0, 20.0)},
)
def relu_capped(x, *, size=6.0):
    return np.clip(x, 0, size)


@exercise.mistake(
    "One number came back for many scores: does the function you call compare entry by entry?",
    said="The largest entry is taken, one number, instead of a comparison entry by entry.",
    root=Root.AXIS,
)
def relu_largest_entry(x):
    return np.max(x)


@exercise.mistake(
    "What does the second argument of the function you call mean: a number, or an axis?",
    said="np.max(x, 0) takes the largest entry along axis 0; the comparison with 0 never happens.",
    root=Root.AXIS,
)
def relu_largest_along_axis(x):
    return np.max(x, 0)


@exercise.mistake(
    "Has this curve a kink at 0, or is yours a smooth one?",
    said="The smooth softplus stands where the kinked unit is asked for.",
    root=None,
)
def relu_softplus(x):
    return np.logaddexp(0, x)


@exercise.mistake(
    "Are the scores changed at all, and which of them should be?",
    said="The scores come back as they were; negative ones should become 0.",
    root=None,
)
def relu_identity(x):
    return 1.0 * x


@exercise.mistake(
    "A comparison of an array gives one answer for each score: which of them should decide?",
    said="An `if`, or Python's own max, is asked about a whole array.",
    root=Root.AXIS,
)
def relu_python_max(x):
    return max(0, x)


exercise.equivalent(
    "x > 0 -> x >= 0",
    "result < 0 -> result <= 0",
    because="At 0 both branches give 0.",
)


@exercise.property(
    "ReLU is never negative, and yours gives {found} at {x}. Which values should be left out?"
)
def never_negative(f, x):
    found = np.asarray(f(x))
    if found.shape == np.shape(x) and (found < 0).any():
        place = np.unravel_index(np.argmin(found), found.shape)
        return {"found": found[place], "x": x[place]}


@exercise.property(
    "A positive score passes unchanged, and yours makes {found} of {x}. What happens to it?"
)
def positive_scores_pass(f, x):
    found, up = np.asarray(f(x)), np.asarray(x) > 0
    if found.shape == np.shape(x) and not np.array_equal(found[up], x[up]):
        place = np.argmax(np.abs(found[up] - x[up]))
        return {"found": found[up][place], "x": x[up][place]}
