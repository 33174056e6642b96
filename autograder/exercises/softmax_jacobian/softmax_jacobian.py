"""Jacobian of softmax at one row of scores."""

from __future__ import annotations

import numpy as np

from autograder.exercises.guards import clipped, raised
from autograder.exercises.roots import Root
from autograder.exercises.softmax_jacobian import notebook, reference
from autograder.exercises.softmax_jacobian.inputs import (
    ABOUT_SURE,
    PICTURE,
    SURE,
    confident_scores,
    extreme_scores,
    scores,
)
from autograder.exercises.softmax_jacobian.reference import softmax
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.softmax_jacobian,
    points=3,
    minutes=10,
    hints=(
        (
            "Take K = 3 and write the nine derivatives down. Which three are alike, and what do "
            "the other six look like?"
        ),
        (
            "Compute the probabilities first; the scores are not needed after that. np.diag "
            "makes a matrix of a vector, np.outer a matrix of two."
        ),
        (
            "Do your rows add up to 0? Is entry (0, 1) the same as entry (1, 0)? Is everything "
            "beside the diagonal negative?"
        ),
    ),
    by_hand=True,
)


@exercise.cases
def cases(rng):
    yield case(np.array([1.0, 2, 3]), about=VISIBLE)
    yield case(PICTURE, about=VISIBLE)
    for a in SURE:
        yield case(a, about=ABOUT_SURE)
    yield case(scores(rng, 4))
    yield case(scores(rng, 3))
    yield case(scores(rng, 2))
    yield case(scores(rng, 7))
    yield case(confident_scores(rng), about="with a very confident prediction")
    yield case(confident_scores(rng)[::-1].copy(), about="with a very confident prediction")
    yield case(extreme_scores(rng)[0], about="with scores of thousands")
    yield case(np.array([-3000.0, 0.0, 3000.0, 2999.0]), about="with scores of thousands")


@exercise.style
def jacobian_broadcast(a):
    s = softmax(a)
    return s[:, None] * (np.eye(len(a)) - s[None, :])


@exercise.style
def jacobian_two_loops(a):
    s = softmax(a)
    K = len(s)
    J = np.zeros((K, K))
    for i in range(K):
        for k in range(K):
            J[i, k] = s[i] * (1 - s[i]) if i == k else -s[i] * s[k]
    return J


@exercise.style
def jacobian_lists(a):
    s = [float(x) for x in softmax(a)]
    return [[p * ((i == k) - q) for k, q in enumerate(s)] for i, p in enumerate(s)]


@exercise.style
def jacobian_columns(a):
    s = softmax(a).reshape(-1, 1)
    return np.diagflat(s) - s @ s.T


@exercise.style
def jacobian_einsum(a):
    s = softmax(a)
    return np.einsum("i,ik->ik", s, np.eye(s.size)) - np.einsum("i,k->ik", s, s)


@exercise.mistake(
    "Raise one score: do the other probabilities stay where they are?",
    said="Only the diagonal is computed; all other entries are 0.",
    root=Root.DIAGONAL,
)
def jac_diagonal_only(a):
    s = softmax(a)
    return np.diag(s * (1 - s))


@exercise.mistake(
    "Raise one score: can another probability rise as well?",
    said="The outer product is added instead of subtracted.",
    root=Root.SIGN,
)
def jac_plus_outer(a):
    s = softmax(a)
    return np.diag(s) + np.outer(s, s)


@exercise.mistake(
    "Raise one score: does its own probability go up or down?",
    said="The whole matrix has the wrong sign.",
    root=Root.SIGN,
)
def jac_sign(a):
    s = softmax(a)
    return np.outer(s, s) - np.diag(s)


@exercise.mistake(
    "The probabilities always add up to 1: what do your columns add up to?",
    said="The identity stands in the place of the diagonal matrix of probabilities.",
    leads=("DIAGONAL_OFF",),
)
def jac_identity_minus_outer(a):
    s = softmax(a)
    return np.eye(len(s)) - np.outer(s, s)


@exercise.mistake(
    "Compare entry (0, 1) with entry (1, 0): which scores does each hold?",
    said="The second factor holds the probability of the row instead of the column.",
    root=Root.INDEX,
)
def jac_row_index_slip(a):
    s = softmax(a)
    return s[:, None] * (np.eye(len(s)) - s[:, None])


@exercise.mistake(
    "Compare entry (0, 1) with entry (1, 0): should they differ?",
    said="The first factor holds the probability of the column instead of the row.",
    root=Root.INDEX,
)
def jac_column_index_slip(a):
    s = softmax(a)
    return s * (np.eye(len(s)) - s)


@exercise.mistake(
    "Is this how the probability changes, or how its logarithm does?",
    said="The factor s_i is missing: this is the Jacobian of the log-softmax.",
    root=Root.CHAIN,
)
def jac_of_log_softmax(a):
    return np.eye(len(a)) - softmax(a)


@exercise.mistake(
    "The vector in your matrix: is it what goes in, or what comes out?",
    said="The scores stand in the formula instead of the probabilities.",
)
def jac_uses_logits(a):
    return np.diag(a) - np.outer(a, a)


@exercise.mistake(
    "Does the denominator stay the same when one score is raised?",
    said="Only the shifted exponentials are differentiated, without the denominator.",
)
def jac_exp_only(a):
    return np.diag(np.exp(a - a.max()))


@exercise.mistake(
    "Does a probability not react to its own score?",
    said="The diagonal is 0, as if no probability followed its own score.",
    leads=("DIAGONAL_OFF",),
)
def jac_diagonal_zero(a):
    s = softmax(a)
    return np.diag(s**2) - np.outer(s, s)


@exercise.mistake(
    "Are the entries of one row all the same derivative?",
    said="The diagonal entry of each row is repeated along the whole row.",
    root=Root.DIAGONAL,
)
def jac_sigmoid_rule_with_ones(a):
    s = softmax(a)
    return np.outer(s * (1 - s), np.ones(len(s)))


@exercise.mistake(
    "K outputs, each with K scores to react to: how many derivatives?",
    said="Only the diagonal is returned, as a vector instead of a matrix.",
    root=Root.DIAGONAL,
)
def jac_vector(a):
    s = softmax(a)
    return s * (1 - s)


@exercise.mistake(
    "Off the diagonal all is well: what is added where i equals k?",
    said="Only minus the outer product is left: the diagonal lacks its s_i.",
    leads=("DIAGONAL_OFF",),
)
def jac_outer_only(a):
    s = softmax(a)
    return -np.outer(s, s)


@exercise.mistake(
    "Where the scores are in the thousands: which softmax do you use?",
    said="The maximum is not subtracted in the softmax, so large scores overflow.",
    root=Root.DIGITS,
)
def jac_unstable_softmax(a):
    s = np.exp(a) / np.exp(a).sum()
    return np.diag(s) - np.outer(s, s)


@exercise.mistake(
    "Two classes, one unlikely and one far less likely: does your answer tell them apart?",
    said="The probabilities are cut off, so that unlikely classes look alike.",
    root=Root.DIGITS,
    family={"size": (1e-2, 1e-4, 1e-7), "guard": (clipped, raised)},
)
def jac_clipped(a, *, size=1e-7, guard=clipped):
    s = guard(softmax(a), size)
    return np.diag(s) - np.outer(s, s)


@exercise.property(
    "Five more for every score changes nothing, so every row of the matrix adds up to 0; row {i} "
    "of yours adds up to {total}. Which entries are too large or too small?"
)
def rows_sum_to_zero(f, a):
    totals = np.sum(np.asarray(f(a)), axis=-1)
    if (np.abs(totals) > 1e-9).any():
        place = int(np.argmax(np.abs(totals)))
        return {"i": place % a.shape[-1], "total": totals.flat[place]}


@exercise.property(
    "Class i feels score k as much as class k feels score i, and yours has {one} at (0, 1) and "
    "{other} at (1, 0). Which probability belongs to which index?"
)
def symmetric(f, a):
    J = np.asarray(f(a))
    if J.shape == (len(a), len(a)) and abs(J[0, 1] - J[1, 0]) > 1e-9:
        return {"one": J[0, 1], "other": J[1, 0]}


@exercise.property(
    "Raising a score raises its own probability and lowers all others, and yours has {found} at "
    "({i}, {k}). What is the sign of each of its two parts?"
)
def positive_on_the_diagonal_alone(f, a):
    J = np.asarray(f(a))
    signs = np.where(np.eye(len(a)) > 0, 1, -1)
    if J.shape == signs.shape and (J * signs < -1e-12).any():
        i, k = np.argwhere(J * signs < -1e-12)[0].tolist()
        return {"found": J[i, k], "i": i, "k": k}


exercise.equivalent(
    "softmax(a).reshape(-1, 1) -> softmax(a).reshape(-2, 1)",
    because="NumPy takes any negative length for the one that is left over.",
)
