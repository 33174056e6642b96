"""One softmax Jacobian per example."""

from __future__ import annotations

import numpy as np

from autograder.exercises.guards import clipped, raised
from autograder.exercises.roots import Root
from autograder.exercises.softmax_jacobian import notebook, reference
from autograder.exercises.softmax_jacobian.inputs import (
    ABOUT_SURE,
    GRAPH,
    SURE,
    confident_scores,
    extreme_scores,
    scores,
)
from autograder.exercises.softmax_jacobian.reference import (
    softmax,
    softmax_jacobian,
    softmax_jacobian_batch,
)
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.softmax_jacobian_batch,
    points=2,
    minutes=8,
    hints=(
        (
            "If you had a single example, what would you write? A loop over the rows and "
            "np.array at the end is a fine answer."
        ),
        "Without a loop: look at the first two lines of the table of section 7.",
        (
            "Which index belongs to the examples? It has to stay in front and must not be "
            "summed. Compare matrix 0 with softmax_jacobian(a[0])."
        ),
    ),
    by_hand=True,
)


@exercise.cases
def cases(rng):
    yield case(GRAPH[:2], about=VISIBLE)
    yield case(GRAPH[2:], about=VISIBLE)
    yield case(SURE, about=ABOUT_SURE)
    yield case(scores(rng, 5, 3))
    yield case(scores(rng, 2, 4))
    yield case(scores(rng, 3, 3), about="a square batch")
    yield case(confident_scores(rng, 2), about="with very confident predictions")
    yield case(extreme_scores(rng), about="with scores of thousands")


@exercise.style
def batch_jacobian_lecture(a):
    s = softmax(a)
    first = np.einsum("ij,jk->ijk", s, np.eye(s.shape[-1]))
    second = np.einsum("ij,ik->ijk", s, s)
    return first - second


@exercise.style
def batch_jacobian_loop(a):
    return np.array([softmax_jacobian(row) for row in a])


@exercise.style
def batch_jacobian_broadcast(a):
    s = softmax(a)
    return s[:, :, None] * (np.eye(a.shape[1]) - s[:, None, :])


@exercise.style
def batch_jacobian_diagonal_set(a):
    s = softmax(a)
    J = -s[:, :, None] @ s[:, None, :]
    i = np.arange(a.shape[1])
    J[:, i, i] += s
    return J


@exercise.style
def batch_jacobian_list(a):
    return [np.diag(s) - np.outer(s, s) for s in softmax(a)]


@exercise.mistake(
    "Does every example keep a matrix of its own?",
    said="The matrices are averaged over the batch instead of one per example.",
    root=Root.MEAN,
)
def bjac_averaged(a):
    return softmax_jacobian_batch(a).mean(axis=0)


@exercise.mistake(
    "Which letter of your einsum vanished: what was added up?",
    said="The matrices are summed over the batch instead of one per example.",
    root=Root.MEAN,
)
def bjac_summed(a):
    return softmax_jacobian_batch(a).sum(axis=0)


@exercise.mistake(
    "Which sums of the probabilities must be 1, rows or columns?",
    said="The softmax normalises the columns instead of the rows.",
    root=Root.AXIS,
)
def bjac_axis0(a):
    e = np.exp(a - a.max(axis=0))
    s = e / e.sum(axis=0)
    return np.einsum("ni,ik->nik", s, np.eye(a.shape[1])) - np.einsum("ni,nk->nik", s, s)


@exercise.mistake(
    "Raise one score: do the other probabilities stay put?",
    said="Only the diagonals are computed; all other entries are 0.",
    root=Root.DIAGONAL,
)
def bjac_diagonal_only(a):
    s = softmax(a)
    return np.einsum("ni,ik->nik", s * (1 - s), np.eye(a.shape[1]))


@exercise.mistake(
    "Raise one score: can another probability rise as well?",
    said="The outer products are added instead of subtracted.",
    root=Root.SIGN,
)
def bjac_plus_outer(a):
    s = softmax(a)
    return np.einsum("ni,ik->nik", s, np.eye(a.shape[1])) + np.einsum("ni,nk->nik", s, s)


@exercise.mistake(
    "Raise one score: does its own probability go up or down?",
    said="All the matrices have the wrong sign.",
    root=Root.SIGN,
)
def bjac_sign(a):
    return -softmax_jacobian_batch(a)


@exercise.mistake(
    "Do the rows of each matrix add up to zero?",
    said="The identity stands in the place of the diagonal matrices of probabilities.",
    leads=("DIAGONAL_OFF",),
)
def bjac_identity_minus_outer(a):
    s = softmax(a)
    return np.eye(a.shape[1]) - np.einsum("ni,nk->nik", s, s)


@exercise.mistake(
    "Is each of your matrices symmetric? Follow i and k once more.",
    said="The second factor holds the probability of the row instead of the column.",
    root=Root.INDEX,
)
def bjac_row_index_slip(a):
    s = softmax(a)
    return s[:, :, None] * (np.eye(a.shape[1]) - s[:, :, None])


@exercise.mistake(
    "Against which axis is the second factor stretched?",
    said="The second factor lacks an axis, so the examples are not kept apart.",
    root=Root.AXIS,
)
def bjac_broadcast_slip(a):
    s = softmax(a)
    return s[:, :, None] * (np.eye(a.shape[1]) - s)


@exercise.mistake(
    "Which axis counts the examples, and where should it stand?",
    said="The axis of the examples stands last instead of first.",
    root=Root.AXIS,
)
def bjac_batch_last(a):
    return softmax_jacobian_batch(a).transpose(1, 2, 0)


@exercise.mistake(
    "Does an example's score move another example's probabilities?",
    said="A matrix is returned for every pair of examples instead of every example.",
)
def bjac_all_pairs(a):
    return np.einsum("nik,nm->nimk", softmax_jacobian_batch(a), np.eye(len(a)))


@exercise.mistake(
    "Is this how the probability changes, or how its logarithm does?",
    said="The factor s_i is missing: these are Jacobians of the log-softmax.",
    root=Root.CHAIN,
)
def bjac_of_log_softmax(a):
    return np.eye(a.shape[1]) - softmax(a)[:, None, :]


@exercise.mistake(
    "Two classes, one unlikely and one far less likely: does your answer tell them apart?",
    said="The probabilities are cut off, so that unlikely classes look alike.",
    root=Root.DIGITS,
    family={"size": (1e-2, 1e-4, 1e-7), "guard": (clipped, raised)},
)
def bjac_clipped(a, *, size=1e-7, guard=clipped):
    s = guard(softmax(a), size)
    return s[:, :, None] * (np.eye(a.shape[1]) - s[:, None, :])


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
    "An example has its own matrix, whoever stands beside it, and your first one changes when the "
    "other examples are left out, from {one} to {alone} at (0, 0). Along which axis do you sum?"
)
def one_example_at_a_time(f, a):
    one, alone = np.asarray(f(a))[0, 0, 0], np.asarray(f(a[:1]))[0, 0, 0]
    if abs(one - alone) > 1e-9:
        return {"one": one, "alone": alone}


exercise.equivalent(
    "s.shape[-1] -> s.shape[1]",
    because="The scores have two axes: 1 is the last one.",
)
