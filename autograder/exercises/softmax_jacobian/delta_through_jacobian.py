"""Derivative of each example's loss in its scores, by way of the Jacobian."""

from __future__ import annotations

import numpy as np

from autograder.exercises.guards import added, raised
from autograder.exercises.roots import Root
from autograder.exercises.softmax_jacobian import notebook, reference
from autograder.exercises.softmax_jacobian.inputs import (
    GRAPH,
    GRAPH_TARGETS,
    PICTURE,
    PICTURE_TARGET,
    SURE,
    batches,
)
from autograder.exercises.softmax_jacobian.reference import (
    grad_probabilities,
    softmax,
    softmax_jacobian,
    softmax_jacobian_batch,
)
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.delta_through_jacobian,
    points=2,
    minutes=8,
    hints=(
        (
            "Which two of your functions give the two factors? Write their shapes down, for N = "
            "4 and K = 3."
        ),
        (
            "A row vector times a matrix, for each example: which index is summed away? Section "
            "7 has the line for einsum."
        ),
        (
            "A loop over the examples with @ inside is as good. Do the rows of your result add "
            "up to 0?"
        ),
    ),
    by_hand=True,
    guards=True,
)


@exercise.cases
def cases(rng):
    yield case(GRAPH, GRAPH_TARGETS, about=VISIBLE)
    yield case(PICTURE[None], PICTURE_TARGET[None], about=VISIBLE)
    yield case(SURE, np.eye(3)[[0, 2, 1, 0]], about="sure and right")
    yield case(SURE, np.eye(3)[[2, 0, 0, 1]], about="sure and wrong")
    yield from batches(rng)


@exercise.style
def delta_einsum(a, y):
    return np.einsum("ni,nik->nk", grad_probabilities(softmax(a), y), softmax_jacobian_batch(a))


@exercise.style
def delta_loop(a, y):
    rows = []
    for scores, target in zip(a, y):
        s = softmax(scores)
        rows.append((-target / s) @ softmax_jacobian(scores))
    return np.array(rows)


@exercise.style
def delta_matmul(a, y):
    g = grad_probabilities(softmax(a), y)
    return (g[:, None, :] @ softmax_jacobian_batch(a))[:, 0, :]


@exercise.style
def delta_three_loops(a, y):
    s, J = softmax(a), softmax_jacobian_batch(a)
    N, K = a.shape
    delta = np.zeros((N, K))
    for n in range(N):
        for k in range(K):
            for i in range(K):
                delta[n, k] += -y[n, i] / s[n, i] * J[n, i, k]
    return delta


@exercise.style
def delta_already_fused(a, y):
    return softmax(a) - y


@exercise.mistake(
    "Against which slope does descent go: is yours turned round?",
    said="The difference is turned round: target minus probability.",
    root=Root.SIGN,
)
def delta_sign(a, y):
    return y - softmax(a)


@exercise.mistake(
    "One example at a time: is there an average in this step?",
    said="The deltas are divided by N, although each example stands alone.",
    root=Root.MEAN,
)
def delta_averaged(a, y):
    return (softmax(a) - y) / len(a)


@exercise.mistake(
    "You stand at the probabilities: which link is left?",
    said="The derivative stops at the probabilities: the softmax's Jacobian is missing.",
    root=Root.CHAIN,
)
def delta_stopped_at_probabilities(a, y):
    return -y / softmax(a)


@exercise.mistake(
    "Does a score move only its own probability?",
    said="Only the diagonal of the softmax's Jacobian is used.",
    root=Root.DIAGONAL,
    leads=("CUT_AT_ZERO",),
)
def delta_diagonal_chain(a, y):
    return -y * (1 - softmax(a))


@exercise.mistake(
    "Differentiate y ln s once more: does y come out squared?",
    said="The target y is squared: one factor y is too many.",
    root=Root.CHAIN,
)
def delta_doubled_y(a, y):
    s = softmax(a)
    return np.einsum("ni,nik->nk", -(y**2) / s, softmax_jacobian_batch(a))


@exercise.mistake(
    "Which index is summed away, and which one is left?",
    said="The row's sum of y s stands in the place of each s_k.",
    root=Root.INDEX,
)
def delta_printed_slip(a, y):
    return -y + np.sum(y * softmax(a), axis=1, keepdims=True)


@exercise.mistake(
    "Two factors should have cancelled: which ones are left?",
    said="The error is multiplied by a slope s (1 - s) too many.",
    root=Root.CHAIN,
)
def delta_extra_derivative(a, y):
    s = softmax(a)
    return (s - y) * s * (1 - s)


@exercise.mistake(
    "Which sums of the probabilities must be 1, rows or columns?",
    said="The softmax normalises the columns instead of the rows.",
    root=Root.AXIS,
)
def delta_softmax_axis0(a, y):
    e = np.exp(a)
    return e / e.sum(axis=0) - y


@exercise.mistake(
    "Does every example keep a delta of its own?",
    said="The deltas are summed over the batch instead of one per example.",
    root=Root.MEAN,
)
def delta_summed(a, y):
    return np.sum(softmax(a) - y, axis=0)


@exercise.mistake(
    "Is this an error of the scores, or one of the probabilities?",
    said="The targets are subtracted from the scores instead of the probabilities.",
)
def delta_score_residual(a, y):
    return a - y


@exercise.mistake(
    "Which matrix belongs to example n: the mean of all, or its own?",
    said="The mean Jacobian of the batch is used for every example.",
    root=Root.MEAN,
)
def delta_mean_jacobian(a, y):
    return grad_probabilities(softmax(a), y) @ softmax_jacobian_batch(a).mean(axis=0)


@exercise.mistake(
    "How is a row vector put to a matrix: entry by entry, or summed?",
    said="The products with the Jacobian are not summed over the probabilities.",
    root=Root.MEAN,
)
def delta_no_sum(a, y):
    return grad_probabilities(softmax(a), y)[:, :, None] * softmax_jacobian_batch(a)


@exercise.mistake(
    "A true class is almost impossible: how steep is the loss there, and what did you put below "
    "the line?",
    said="A small number guards the probabilities below the line, so steep slopes are too small.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-6, 1e-8), "guard": (added, raised)},
)
def delta_guarded(a, y, *, size=1e-8, guard=added):
    return np.einsum("ni,nik->nk", -y / guard(softmax(a), size), softmax_jacobian_batch(a))


@exercise.mistake(
    "The targets are rows of probabilities here: can such a row be the number of a class?",
    said="The targets are used as class numbers, which fails for rows of targets.",
    root=Root.INDEX,
)
def delta_targets_as_labels(a, y):
    g = softmax(a)
    g[np.arange(len(a)), y] -= 1
    return g


@exercise.property(
    "Five more for every score changes nothing, so the slopes of one example add up to 0; those of "
    "row {n} add up to {total} with your function. Which term is missing?"
)
def rows_sum_to_zero(f, a, y):
    totals = np.sum(np.asarray(f(a, y)), axis=1)
    if (np.abs(totals) > 1e-9).any():
        n = int(np.argmax(np.abs(totals)))
        return {"n": n, "total": totals[n]}
