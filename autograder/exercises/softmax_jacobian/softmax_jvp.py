"""The softmax Jacobian at a times v, without the Jacobian."""

from __future__ import annotations

import numpy as np

from autograder.exercises.guards import clipped, raised
from autograder.exercises.roots import Root
from autograder.exercises.softmax_jacobian import notebook, reference
from autograder.exercises.softmax_jacobian.inputs import (
    ABOUT_SURE,
    MANY_CLASSES,
    PICTURE,
    SURE,
    confident_scores,
    extreme_scores,
    scores,
)
from autograder.exercises.softmax_jacobian.reference import softmax
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.softmax_jvp,
    points=2,
    minutes=8,
    hints=(
        "Look at the boxed line of section 8: how many numbers is the inner product?",
        "Compare with softmax_jacobian(a) @ v for four classes. Is it the same to the last digit?",
        (
            "Push all scores by the same amount: do zeros come out? If not, which average did "
            "you take away?"
        ),
    ),
    by_hand=True,
)


@exercise.cases
def cases(rng):
    for v in ([0.3, -1, 0.5, 2], [0.0, 0, 1, 0], [5.0, 5, 5, 5]):
        yield case(PICTURE, np.array(v), about=VISIBLE)
    for a in SURE:
        yield case(a, np.array([0.7, -1.2, 2.0]), about=ABOUT_SURE)
    yield case(scores(rng, 4), rng.normal(0.5, 1, 4))
    yield case(scores(rng, 3), rng.normal(-0.5, 1, 3))
    yield case(scores(rng, 7), rng.uniform(1, 3, 7))
    v = np.array([0.0, 0.7, -1.3, 0.0]) + rng.uniform(0, 0.4) * np.array([0, 1, 1, 0])
    yield case(confident_scores(rng), v, about="with a very confident prediction")
    yield case(extreme_scores(rng)[0], rng.normal(0.5, 1, 3), about="with scores of thousands")
    yield case(
        scores(rng, MANY_CLASSES),
        rng.normal(0.5, 1, MANY_CLASSES),
        about="with so many classes that their Jacobian does not fit into memory",
    )


@exercise.style
def jvp_weighted_mean(a, v):
    s = softmax(a)
    return s * (v - np.average(v, weights=s))


@exercise.style
def jvp_two_products(a, v):
    s = softmax(a)
    return s * v - s * np.dot(s, v)


@exercise.style
def jvp_loop(a, v):
    s = softmax(a).tolist()
    mean = 0.0
    for p, x in zip(s, v):
        mean += p * x
    return [p * (x - mean) for p, x in zip(s, v)]


@exercise.style
def jvp_einsum(a, v):
    s = softmax(a)
    return np.einsum("i,i->i", s, v) - np.einsum("k,k->", s, v) * s


@exercise.mistake(
    "Push all scores up by the same amount: what should happen?",
    said="The weighted average of v is not subtracted.",
)
def jvp_no_dot(a, v):
    return softmax(a) * v


@exercise.mistake(
    "Push all scores up by 1: does your answer vanish?",
    said="The plain sum of v is subtracted instead of its weighted average.",
    root=Root.WEIGHTS,
)
def jvp_sum_of_v(a, v):
    return softmax(a) * (v - v.sum())


@exercise.mistake(
    "Which average of v belongs there, one with equal weights or another?",
    said="The plain mean of v is subtracted instead of its weighted average.",
    root=Root.WEIGHTS,
)
def jvp_mean_of_v(a, v):
    return softmax(a) * (v - v.mean())


@exercise.mistake(
    "Beside the diagonal the matrix is not zero: where did that part go?",
    said="Only the diagonal of the Jacobian is used.",
    root=Root.DIAGONAL,
)
def jvp_diagonal_only(a, v):
    s = softmax(a)
    return s * (1 - s) * v


@exercise.mistake(
    "Put the full matrix times v beside yours for K = 3: by what do they differ?",
    said="The factor s outside the difference is missing.",
    root=Root.CHAIN,
)
def jvp_s_outside_missing(a, v):
    return v - softmax(a) @ v


@exercise.mistake(
    "Which part of the difference does the outer factor apply to?",
    said="The factor s multiplies only v and not the average after it.",
)
def jvp_dot_of_products(a, v):
    s = softmax(a)
    return s * v - s @ v


@exercise.mistake(
    "Push one score up: does its own probability go up or down?",
    said="The difference is turned round, so all signs are wrong.",
    root=Root.SIGN,
)
def jvp_sign(a, v):
    s = softmax(a)
    return s * (s @ v - v)


@exercise.mistake(
    "How many probabilities change, and how many numbers do you return?",
    said="The entries are summed to a single number, which is always 0.",
    root=Root.MEAN,
)
def jvp_one_number(a, v):
    s = softmax(a)
    return s @ (v - s @ v)


@exercise.mistake(
    "Is the average taken of the pushes, or of the scores?",
    said="The average of v is weighted with the scores instead of the probabilities.",
)
def jvp_dot_with_scores(a, v):
    return softmax(a) * (v - a @ v)


@exercise.mistake(
    "Two classes, one unlikely and one far less likely: does your answer tell them apart?",
    said="The probabilities are cut off, so that unlikely classes look alike.",
    root=Root.DIGITS,
    family={"size": (1e-2, 1e-4, 1e-7), "guard": (clipped, raised)},
)
def jvp_clipped(a, v, *, size=1e-7, guard=clipped):
    s = guard(softmax(a), size)
    return s * (v - s @ v)


@exercise.property(
    "What is pushed up elsewhere must go down here: the changes of all probabilities add up to 0, "
    "and yours to {total}. Which average is taken off?"
)
def changes_sum_to_zero(f, a, v):
    total = np.sum(f(a, v))
    if abs(total) > 1e-9:
        return {"total": total}


@exercise.property(
    "The same push for every score moves no probability, and yours gives {found} for a push of 1 "
    "everywhere. What is the average of ones?"
)
def nothing_for_the_same_push(f, a, v):
    found = np.asarray(f(a, np.ones(len(a))))
    if not np.allclose(found, 0, atol=1e-9):
        return {"found": found}


exercise.equivalent(
    "np.dot(s, v) -> np.dot(v, s)",
    "zip(s, v) -> zip(v, s)",
    because="The products, sums or differences are the same in either order.",
)
