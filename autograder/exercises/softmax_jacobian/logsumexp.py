"""ln of the sum of exponentials over the last axis."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.roots import Root
from autograder.exercises.softmax_jacobian import notebook, reference
from autograder.exercises.softmax_jacobian.inputs import (
    ABOUT_SURE,
    PICTURE,
    SURE,
    rows,
)
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.logsumexp,
    points=2,
    minutes=8,
    rtol=1e-10,  # So little a guard costs that rounding might have done it.
    hints=(
        "What is log-sum-exp of three zeros, by hand? And of three scores of 1000?",
        (
            "Pull the largest exponential out of the sum as a factor. What does the logarithm "
            "make of a product?"
        ),
        (
            "You need the maximum twice: once as a column, to take it from each row, and once "
            "without the extra axis. Print both shapes."
        ),
    ),
)


@exercise.cases
def cases(rng):
    yield case(PICTURE, about=VISIBLE)
    yield case(np.zeros(3), about=VISIBLE)
    yield case(np.array([[1000.0, 1001, 999], [-1000, -1001, -1000]]), about=VISIBLE)
    yield case(SURE, about=ABOUT_SURE)
    for a, about in rows(rng):
        yield case(a, about=about)


@exercise.style
def lse_shifted(a):
    m = a.max(axis=-1)
    return m + np.log(np.exp(a - m[..., None]).sum(axis=-1))


@exercise.style
def lse_logaddexp(a):
    return np.logaddexp.reduce(a, axis=-1)


@exercise.style
def lse_recursive_lists(a):
    if np.ndim(a) > 1:
        return [lse_recursive_lists(row) for row in a]
    m = max(a)
    return m + math.log(sum(math.exp(x - m) for x in a))


@exercise.style
def lse_squeezed(a):
    m = np.amax(a, axis=-1, keepdims=True)
    return (np.log(np.sum(np.exp(a - m), axis=-1, keepdims=True)) + m).squeeze(-1)


@exercise.mistake(
    "You moved the scores before the exponential: was the move undone?",
    said="The maximum is subtracted first and never added back.",
)
def lse_max_not_added_back(a):
    return np.log(np.sum(np.exp(a - a.max(axis=-1, keepdims=True)), axis=-1))


@exercise.mistake(
    "Two scores of 0: the logarithm of a sum, or a sum of logarithms?",
    said="The scores themselves are added: a sum of logarithms.",
)
def lse_sum_of_logs(a):
    return np.sum(a, axis=-1)


@exercise.mistake(
    "Close, and always on the same side: which part of the sum is left out?",
    said="Only the largest score is returned.",
)
def lse_is_max(a):
    return np.max(a, axis=-1)


@exercise.mistake(
    "What does np.exp(1000.0) give? And how far can the scores be moved?",
    said="Each row's own maximum is not subtracted, so large scores overflow.",
    root=Root.DIGITS,
)
def lse_no_max_shift(a):
    return np.log(np.sum(np.exp(a), axis=-1))


@exercise.mistake(
    "One row lies thousands below another: is one shift good for both?",
    said="The maximum of the whole batch is subtracted, so low rows underflow.",
    root=Root.DIGITS,
)
def lse_global_max_shift(a):
    return a.max() + np.log(np.sum(np.exp(a - a.max()), axis=-1))


@exercise.mistake(
    "All scores 0, K of them: what should come out, and does K show in yours?",
    said="The exponentials are averaged instead of summed.",
    root=Root.MEAN,
)
def lse_mean_for_sum(a):
    m = a.max(axis=-1, keepdims=True)
    return m[..., 0] + np.log(np.mean(np.exp(a - m), axis=-1))


@exercise.mistake(
    "One number per example, or one per class: which axis is summed?",
    said="The sum runs over the first axis instead of the last.",
    root=Root.AXIS,
)
def lse_axis0(a):
    m = a.max(axis=0)
    return m + np.log(np.sum(np.exp(a - m), axis=0))


@exercise.mistake(
    "How many examples are there, and how many numbers do you return?",
    said="The whole batch is summed to one number instead of one per row.",
    root=Root.AXIS,
)
def lse_over_everything(a):
    return a.max() + np.log(np.sum(np.exp(a - a.max())))


@exercise.mistake(
    "The sum was kept as a column: how many numbers belong to one example?",
    said="The summed axis is kept, so a column is returned.",
    root=Root.AXIS,
)
def lse_axis_kept(a):
    m = a.max(axis=-1, keepdims=True)
    return m + np.log(np.sum(np.exp(a - m), axis=-1, keepdims=True))


@exercise.mistake(
    "You added something back: with which sign was it taken away?",
    said="The maximum is subtracted at the end instead of added back.",
    root=Root.SIGN,
)
def lse_max_subtracted_twice(a):
    m = a.max(axis=-1, keepdims=True)
    return np.log(np.sum(np.exp(a - m), axis=-1)) - m[..., 0]


@exercise.mistake(
    "Is the logarithm of the sum asked for, or the sum?",
    said="The logarithm of the sum is not taken.",
)
def lse_without_log(a):
    return np.sum(np.exp(a), axis=-1)


@exercise.mistake(
    "What is log-sum-exp of the scores 0 and -20, to the last digit? What did you add?",
    said="A small number is added inside the logarithm.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-5, 1e-7, 1e-9)},
)
def lse_guarded(a, *, size=1e-7):
    m = a.max(axis=-1, keepdims=True)
    return m[..., 0] + np.log(np.sum(np.exp(a - m), axis=-1) + size)


@exercise.mistake(
    "A single example is a vector: which axis is the last one in every case?",
    said="Axis 1 is written in, which a single example does not have.",
    root=Root.AXIS,
)
def lse_axis_one(a):
    m = np.max(a, axis=1, keepdims=True)
    return m[:, 0] + np.log(np.sum(np.exp(a - m), axis=1))


@exercise.mistake(
    "Which of the two takes a whole array, math.exp or np.exp?",
    said="A function of math is used, which fails on an array of scores.",
)
def lse_math(a):
    return math.log(math.exp(a - np.max(a)))


@exercise.property(
    "Five more for every score makes log-sum-exp five more, and yours goes from {once} to {moved}. "
    "What becomes of a common factor in the sum?"
)
def moves_with_a_constant(f, a):
    once, moved = np.asarray(f(a)), np.asarray(f(a + 5))
    bad = np.abs(moved - once - 5) > 1e-9
    if bad.any():
        return {"once": once[bad].flat[0], "moved": moved[bad].flat[0]}


@exercise.property(
    "Log-sum-exp lies between the largest score, {largest}, and that plus ln K = {most}; yours is "
    "{found}. What does the sum hold beside the largest?"
)
def a_little_above_the_maximum(f, a):
    found, largest = np.asarray(f(a)), np.max(a, axis=-1)
    if found.shape != largest.shape:
        return None
    most = largest + np.log(a.shape[-1])
    bad = (found < largest - 1e-9) | (found > most + 1e-9)
    if bad.any():
        gaps = {"largest": largest, "most": most, "found": found}
        return {key: value[bad].flat[0] for key, value in gaps.items()}


exercise.equivalent(
    "np.log(np.exp(a - m[..., None]).sum(axis=-1)) -> "
    "np.log(np.clip(np.exp(a - m[..., None]).sum(axis=-1), 1e-08, None))",
    "np.log(np.sum(np.exp(a - m), axis=-1, keepdims=True)) -> "
    "np.log(np.clip(np.sum(np.exp(a - m), axis=-1, keepdims=True), 1e-08, None))",
    because="The sum holds e to the power of 0, so it is at least 1.",
)
