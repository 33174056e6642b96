"""ln of the softmax over the last axis, finite for finite scores."""

from __future__ import annotations

import numpy as np

from autograder.exercises.guards import GUARDS, added
from autograder.exercises.roots import Root
from autograder.exercises.softmax_jacobian import notebook, reference
from autograder.exercises.softmax_jacobian.inputs import (
    ABOUT_SURE,
    SURE,
    rows,
)
from autograder.exercises.softmax_jacobian.reference import log_softmax, logsumexp, softmax
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.log_softmax,
    points=1,
    minutes=5,
    hints=(
        "The logarithm of a quotient is a difference: of which two things?",
        (
            "You have just written one of the two. Which shape has it for a batch, and which "
            "shape does it need?"
        ),
        (
            "Try the scores 0, 1000, 2. If -inf comes out, a probability was rounded to 0 before "
            "the logarithm was taken."
        ),
    ),
)


@exercise.cases
def cases(rng):
    yield case(np.array([0.1, 1.4, 0, 0.3]), about=VISIBLE)
    yield case(np.array([[0.0, 1000, 2], [3, 0, -1000]]), about=VISIBLE)
    yield case(SURE, about=ABOUT_SURE)
    for a, about in rows(rng):
        yield case(a, about=about)


@exercise.style
def logsoftmax_from_lse(a):
    return a - np.expand_dims(logsumexp(a), -1)


@exercise.style
def logsoftmax_shifted(a):
    z = a - a.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


@exercise.style
def logsoftmax_transposed(a):
    return (a.T - np.logaddexp.reduce(a, axis=-1).T).T


@exercise.style
def logsoftmax_recursive_lists(a):
    if np.ndim(a) > 1:
        return [logsoftmax_recursive_lists(row) for row in a]
    total = float(logsumexp(a))
    return [float(x) - total for x in a]


@exercise.mistake(
    "What is the logarithm of a probability that was rounded to zero?",
    said="The logarithm is taken of probabilities, which underflow to 0 for low scores.",
    root=Root.DIGITS,
)
def logsoftmax_log_of_softmax(a):
    return np.log(softmax(a))


@exercise.mistake(
    "What does np.exp(1000.0) give? Can the logarithm be taken before?",
    said="Each row's own maximum is not subtracted, so large scores overflow.",
    root=Root.DIGITS,
)
def logsoftmax_no_max_shift(a):
    e = np.exp(a)
    return np.log(e / e.sum(axis=-1, keepdims=True))


@exercise.mistake(
    "Exponentiate your answer: do its rows add up to 1?",
    said="Only the maximum is subtracted instead of the log-sum-exp.",
)
def logsoftmax_minus_max(a):
    return a - a.max(axis=-1, keepdims=True)


@exercise.mistake(
    "Is the logarithm of a probability positive or negative?",
    said="The difference is turned round, so all signs are wrong.",
    root=Root.SIGN,
)
def logsoftmax_sign(a):
    return logsumexp(a)[..., None] - a


@exercise.mistake(
    "Exponentiate your answer: do the rows add up to 1, or the columns?",
    said="The columns are normalised instead of the rows.",
    root=Root.AXIS,
)
def logsoftmax_axis0(a):
    m = a.max(axis=0)
    return a - m - np.log(np.sum(np.exp(a - m), axis=0))


@exercise.mistake(
    "Is the same number taken from all the scores of a row?",
    said="The log-sum-exp loses its axis and no longer lines up with the rows.",
    root=Root.AXIS,
)
def logsoftmax_no_keepdims(a):
    return a - logsumexp(a)


@exercise.mistake(
    "Where is the logarithm?",
    said="The probabilities are returned without their logarithm.",
)
def logsoftmax_is_softmax(a):
    return softmax(a)


@exercise.mistake(
    "The maximum was taken off twice or not at all: follow it through.",
    said="The maximum is subtracted in the sum but not from the score itself.",
)
def logsoftmax_shift_slip(a):
    m = a.max(axis=-1, keepdims=True)
    return a - np.log(np.sum(np.exp(a - m), axis=-1, keepdims=True))


@exercise.mistake(
    "Which base has the logarithm in a loss?",
    said="The logarithm has base 2 instead of the natural base.",
    root=Root.BASE,
)
def logsoftmax_bits(a):
    return log_softmax(a) / np.log(2)


@exercise.mistake(
    "Two classes, one unlikely and one far less likely: does your answer tell them apart?",
    said="A small number guards the logarithm, which limits it.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-6, 1e-9, 1e-12, 1e-15), "guard": GUARDS},
)
def logsoftmax_guarded(a, *, size=1e-12, guard=added):
    return np.log(guard(softmax(a), size))


@exercise.mistake(
    "A single example is a vector: which axis is the last one in every case?",
    said="Axis 1 is written in, which a single example does not have.",
    root=Root.AXIS,
)
def logsoftmax_axis_one(a):
    m = np.max(a, axis=1, keepdims=True)
    return a - m - np.log(np.sum(np.exp(a - m), axis=1, keepdims=True))


@exercise.property(
    "Exponentiate a row of your answer and the sum is {total} for the scores {a}, where "
    "probabilities add up to 1. What is subtracted from each score?"
)
def exponentials_sum_to_one(f, a):
    if a.ndim > 1:
        return None
    total = np.sum(np.exp(np.asarray(f(a))))
    if abs(total - 1) > 1e-9:
        return {"total": total, "a": a}


@exercise.property(
    "Two scores and their log-probabilities differ by the same amount; yours gives {found} for the "
    "scores {a}. Is the same number taken from all of them?"
)
def differences_of_the_scores(f, a):
    found = np.asarray(f(a))
    if a.ndim == 1 and not np.allclose(np.diff(found), np.diff(a)):
        return {"found": found, "a": a}


exercise.equivalent(
    "np.log(np.exp(z).sum(axis=-1, keepdims=True)) -> "
    "np.log(np.clip(np.exp(z).sum(axis=-1, keepdims=True), 1e-08, None))",
    because="The sum holds e to the power of 0, so it is at least 1.",
)
