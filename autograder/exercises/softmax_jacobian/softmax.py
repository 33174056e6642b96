"""Softmax over the last axis."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.guards import clipped, raised
from autograder.exercises.roots import Root
from autograder.exercises.softmax_jacobian import notebook, reference
from autograder.exercises.softmax_jacobian.inputs import (
    ABOUT_SURE,
    PICTURE,
    SURE,
    rows,
)
from autograder.exercises.softmax_jacobian.reference import logsumexp
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.softmax,
    points=3,
    minutes=12,
    rtol=1e-10,  # So little a guard in the denominator costs that rounding might have done it.
    hints=(
        (
            "Do it by hand for the scores 2, 1, 0: which three numbers do you add up, and what "
            "do you divide?"
        ),
        (
            "Which number may you take away from all the scores of a row, and which one makes "
            "the largest exponential harmless?"
        ),
        (
            "Print the shapes of the maximum and of the sum for a (4, 3) batch, once with and "
            "once without keepdims=True. Which axis is the last one, whatever the number of "
            "axes?"
        ),
    ),
)


@exercise.cases
def cases(rng):
    yield case(np.array([2.0, 1, 0]), about=VISIBLE)
    yield case(PICTURE, about=VISIBLE)
    yield case(np.array([[1.0, 2, 3], [0.5, -1, 0]]), about=VISIBLE)
    yield case(np.array([1000.0, 1001, 999]), about=VISIBLE)
    yield case(np.array([[3000.0, 0], [-3000, -3001]]), about=VISIBLE)
    yield case(SURE, about=ABOUT_SURE)
    for a, about in rows(rng):
        yield case(a, about=about)


@exercise.style
def softmax_shifted(a):
    a = a - a.max(axis=-1, keepdims=True)
    return np.exp(a) / np.exp(a).sum(axis=-1, keepdims=True)


@exercise.style
def softmax_recursive_lists(a):
    if np.ndim(a) > 1:
        return [softmax_recursive_lists(row) for row in a]
    m = max(a)
    e = [math.exp(x - m) for x in a]
    return [x / sum(e) for x in e]


@exercise.style
def softmax_from_log(a):
    m = np.max(a, axis=-1)[..., np.newaxis]
    return np.exp(a - m - np.log(np.exp(a - m).sum(axis=-1))[..., np.newaxis])


@exercise.style
def softmax_of_differences(a):
    with np.errstate(over="ignore"):
        return 1 / np.exp(a[..., None, :] - a[..., :, None]).sum(axis=-1)


@exercise.style
def softmax_along_axis(a):
    def one(row):
        e = np.exp(row - row.max())
        return e / np.sum(e)

    return np.apply_along_axis(one, -1, a)


@exercise.mistake(
    "Add up each row of what you return, then each column: which sums must be 1?",
    said="The columns add up to 1 instead of the rows.",
    root=Root.AXIS,
)
def softmax_axis0(a):
    e = np.exp(a - a.max(axis=0))
    return e / e.sum(axis=0)


@exercise.mistake(
    "How many distributions does a batch hold, and how many does yours?",
    said="The whole batch adds up to 1 instead of each row.",
    root=Root.AXIS,
)
def softmax_global_sum(a):
    e = np.exp(a - a.max())
    return e / e.sum()


@exercise.mistake(
    "What does your function make of a negative score?",
    said="The scores are divided by their sum without the exponential.",
)
def softmax_linear(a):
    return a / a.sum(axis=-1, keepdims=True)


@exercise.mistake(
    "Each of your numbers is a probability: do they add up to 1?",
    said="Each score gets a sigmoid of its own, so rows do not sum to 1.",
)
def softmax_sigmoids(a):
    e = np.exp(-np.abs(a))
    return np.where(a >= 0, 1, e) / (1 + e)


@exercise.mistake(
    "Which class should get the largest probability?",
    said="The exponent has the wrong sign, so the lowest score wins.",
    root=Root.SIGN,
    leads=("REVERSED",),
)
def softmax_negative_exponent(a):
    e = np.exp(a.min(axis=-1, keepdims=True) - a)
    return e / e.sum(axis=-1, keepdims=True)


@exercise.mistake(
    "Try the scores -2 and 2: should they get the same probability?",
    said="The scores are squared instead of exponentiated.",
)
def softmax_squares(a):
    return a**2 / np.sum(a**2, axis=-1, keepdims=True)


@exercise.mistake(
    "Print the shape of your denominator: along which axis is it stretched?",
    said="The row sums lose their axis and no longer line up with the rows.",
    root=Root.AXIS,
)
def softmax_sum_no_keepdims(a):
    e = np.exp(a - a.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1)


@exercise.mistake(
    "Is one and the same number taken from all the scores of a row?",
    said="The row maxima lose their axis and no longer line up with the rows.",
    root=Root.AXIS,
)
def softmax_max_no_keepdims(a):
    e = np.exp(a - a.max(axis=-1))
    return e / e.sum(axis=-1, keepdims=True)


@exercise.mistake(
    "What does np.exp(1000.0) give? Which scores give the same probabilities?",
    said="Each row's own maximum is not subtracted, so large scores overflow.",
    root=Root.DIGITS,
)
def softmax_no_max_shift(a):
    e = np.exp(a)
    return e / e.sum(axis=-1, keepdims=True)


@exercise.mistake(
    "One row lies thousands below another: what is left of it after your shift?",
    said="The maximum of the whole batch is subtracted, so low rows underflow.",
    root=Root.DIGITS,
)
def softmax_global_max_shift(a):
    e = np.exp(a - a.max())
    return e / e.sum(axis=-1, keepdims=True)


@exercise.mistake(
    "Which base has the exponential here?",
    said="The powers have base 2 instead of e.",
    root=Root.BASE,
)
def softmax_base_two(a):
    e = 2.0 ** (a - a.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@exercise.mistake(
    "Is a probability asked for, or which class has the highest one?",
    said="The largest score gets 1 and all others 0.",
)
def softmax_argmax(a):
    return (a == a.max(axis=-1, keepdims=True)).astype(float)


@exercise.mistake(
    "Is the probability asked for, or its logarithm?",
    said="The logarithm of the probabilities is returned.",
)
def softmax_logarithm(a):
    return a - logsumexp(a)[..., None]


@exercise.mistake(
    "The small number in your denominator: do the rows still add up to exactly 1?",
    said="A small number in the denominator keeps the rows from adding up to 1.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-5, 1e-7, 1e-9)},
)
def softmax_guarded_denominator(a, *, size=1e-5):
    e = np.exp(a - a.max(axis=-1, keepdims=True))
    return e / (e.sum(axis=-1, keepdims=True) + size)


@exercise.mistake(
    "Two different scores beyond your limit: do they still differ?",
    said="The scores are cut off, so larger ones look alike.",
    root=Root.DIGITS,
    family={"size": (10.0, 20.0, 50.0, 700.0)},
)
def softmax_clipped_logits(a, *, size=50.0):
    e = np.exp(np.clip(a, -size, size))
    return e / e.sum(axis=-1, keepdims=True)


@exercise.mistake(
    "Two classes, one unlikely and one far less likely: does your answer tell them apart?",
    said="The probabilities are cut off, so that unlikely classes look alike.",
    root=Root.DIGITS,
    family={"size": (1e-2, 1e-4, 1e-7, 1e-9), "guard": (clipped, raised)},
)
def softmax_clipped(a, *, size=1e-7, guard=clipped):
    e = np.exp(a - a.max(axis=-1, keepdims=True))
    return guard(e / e.sum(axis=-1, keepdims=True), size)


@exercise.mistake(
    "A single example is a vector: which axis is the last one in every case?",
    said="Axis 1 is written in, which a single example does not have.",
    root=Root.AXIS,
)
def softmax_axis_one(a):
    e = np.exp(a - np.max(a, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


@exercise.mistake(
    "Is the sum that you divide by the sum of what stands above the line?",
    said="The exponentials are divided by the sum of the scores.",
)
def softmax_divided_by_scores(a):
    e = np.exp(a - a.max(axis=-1, keepdims=True))
    return e / a.sum(axis=-1, keepdims=True)


@exercise.property(
    "The probabilities of one example add up to 1, and yours to {total} for the scores {a}. What "
    "do you divide by?"
)
def rows_sum_to_one(f, a):
    if a.ndim > 1:
        return None
    total = np.sum(f(a))
    if abs(total - 1) > 1e-9:
        return {"total": total, "a": a}


@exercise.property(
    "Five more for every score changes no probability, and yours go from {once} to {moved}. What "
    "becomes of a common factor?"
)
def unmoved_by_a_constant(f, a):
    if a.ndim > 1:
        return None
    once, moved = np.asarray(f(a)), np.asarray(f(a + 5))
    if not np.allclose(once, moved, rtol=1e-9, atol=0):
        return {"once": once, "moved": moved}


@exercise.property(
    "A higher score never gets a lower probability, and yours gives {found} for the scores {a}. "
    "Which function keeps the order?"
)
def the_order_of_the_scores(f, a):
    found = np.asarray(f(a))
    if a.ndim == 1 and (np.diff(found[np.argsort(a)]) < 0).any():
        return {"found": found, "a": a}


exercise.equivalent(
    "np.log(np.exp(a - m).sum(axis=-1)) -> "
    "np.log(np.clip(np.exp(a - m).sum(axis=-1), 1e-08, None))",
    because="The sum holds e to the power of 0, so it is at least 1.",
)
