"""Gradient of the mean cross-entropy in the scores."""

from __future__ import annotations

import numpy as np

from autograder.exercises.guards import clipped, raised
from autograder.exercises.roots import Root
from autograder.exercises.softmax_jacobian import notebook, reference
from autograder.exercises.softmax_jacobian.inputs import (
    PICTURE,
    PICTURE_TARGET,
    SURE,
    batches,
    confident_scores,
    extreme_batches,
)
from autograder.exercises.softmax_jacobian.reference import (
    grad_probabilities,
    softmax,
    softmax_jacobian_batch,
)
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.cross_entropy_gradient,
    points=2,
    minutes=5,
    hints=(
        "What is left in the box of section 10? Each letter stands for an array that you have.",
        "The loss is a mean over the examples. What does that do to the gradient of each row?",
        "Compare with delta_through_jacobian on the same batch: by which factor do they differ?",
    ),
    by_hand=True,
)


@exercise.cases
def cases(rng):
    yield case(PICTURE[None], np.eye(4)[[2]], about=VISIBLE)
    a = np.array([[0.1, 1.4, 0, 0.3], PICTURE])
    yield case(a, np.array([[0, 0, 1, 0], PICTURE_TARGET]), about=VISIBLE)
    yield case(np.array([[3000.0, 0, -3000]]), np.eye(3)[[2]], about=VISIBLE)
    yield case(SURE, np.eye(3)[[0, 2, 1, 0]], about="sure and right")
    yield case(SURE, np.eye(3)[[2, 0, 0, 1]], about="sure and wrong")
    yield from batches(rng)
    a = confident_scores(rng, 3)
    yield case(a, np.eye(4)[[0, 2, 3]], about="with very confident predictions")
    yield from extreme_batches(rng)


@exercise.style
def gradient_fused(a, y):
    return (softmax(a) - y) / a.shape[0]


@exercise.style
def gradient_loop(a, y):
    return np.array([(softmax(row) - t) / len(a) for row, t in zip(a, y)])


@exercise.style
def gradient_lists(a, y):
    N = len(y)
    return [[(p - t) / N for p, t in zip(ps, ts)] for ps, ts in zip(softmax(a).tolist(), y)]


@exercise.style
def gradient_in_place(a, y):
    g = softmax(a)
    g -= y
    g /= len(g)
    return g


@exercise.style
def gradient_for_any_targets(a, y):
    return (softmax(a) * y.sum(axis=1, keepdims=True) - y) * (1 / len(a))


@exercise.mistake(
    "A step against it: does the true class's score rise or fall?",
    said="The difference is turned round: target minus probability.",
    root=Root.SIGN,
)
def cegrad_sign(a, y):
    return (y - softmax(a)) / len(a)


@exercise.mistake(
    "Put every example in twice: should its gradient stay as large?",
    said="The gradient is not divided by N.",
    root=Root.MEAN,
)
def cegrad_no_1_over_n(a, y):
    return softmax(a) - y


@exercise.mistake(
    "You stand at the probabilities: which link is left?",
    said="The derivative stops at the probabilities: the softmax's Jacobian is missing.",
    root=Root.CHAIN,
)
def cegrad_stopped_at_probabilities(a, y):
    return -y / softmax(a) / len(a)


@exercise.mistake(
    "Does a score move only its own probability?",
    said="Only the diagonal of the softmax's Jacobian is used.",
    root=Root.DIAGONAL,
)
def cegrad_diagonal_chain(a, y):
    return -y * (1 - softmax(a)) / len(a)


@exercise.mistake(
    "Two factors should have cancelled: which ones are left?",
    said="The error is multiplied by a slope s (1 - s) too many.",
    root=Root.CHAIN,
)
def cegrad_extra_derivative(a, y):
    s = softmax(a)
    return (s - y) * s * (1 - s) / len(a)


@exercise.mistake(
    "Which index is summed away, and which one is left?",
    said="The row's sum of y s stands in the place of each s_k.",
    root=Root.INDEX,
)
def cegrad_printed_slip(a, y):
    return (-y + np.sum(y * softmax(a), axis=1, keepdims=True)) / len(a)


@exercise.mistake(
    "Differentiate y ln s once more: does y come out squared?",
    said="The target y is squared: one factor y is too many.",
    root=Root.CHAIN,
)
def cegrad_doubled_y(a, y):
    return (np.sum(y**2, axis=1, keepdims=True) * softmax(a) - y**2) / len(a)


@exercise.mistake(
    "Over what does the loss average: examples, or all entries?",
    said="The gradient is divided by the number of classes as well as by N.",
    root=Root.MEAN,
)
def cegrad_mean_over_classes(a, y):
    return (softmax(a) - y) / y.size


@exercise.mistake(
    "Is this an error of the scores, or one of the probabilities?",
    said="The targets are subtracted from the scores instead of the probabilities.",
)
def cegrad_logit_residual(a, y):
    return (a - y) / len(a)


@exercise.mistake(
    "Which sums of the probabilities must be 1, rows or columns?",
    said="The softmax normalises the columns instead of the rows.",
    root=Root.AXIS,
)
def cegrad_softmax_axis0(a, y):
    e = np.exp(a - a.max(axis=0))
    return (e / e.sum(axis=0) - y) / len(a)


@exercise.mistake(
    "With respect to what is this the slope?",
    said="The slope of the binary cross-entropy in the probabilities is returned.",
    root=Root.CHAIN,
)
def cegrad_sign_of_bce_ratio(a, y):
    s = softmax(a)
    return (s - y) / (s * (1 - s)) / len(a)


@exercise.mistake(
    "Where the scores are in the thousands: which softmax is used?",
    said="Each row's own maximum is not subtracted, so large scores overflow.",
    root=Root.DIGITS,
)
def cegrad_no_max_shift(a, y):
    e = np.exp(a)
    return (e / e.sum(axis=1, keepdims=True) - y) / len(a)


@exercise.mistake(
    "A target of 0.6 and one of 1: do they say the same?",
    said="The largest target counts as 1 and all others as 0.",
)
def cegrad_one_hot_only(a, y):
    return (softmax(a) - (y == y.max(axis=1, keepdims=True))) / len(a)


@exercise.mistake(
    "Scores a long way off: what is a product of 0 and infinity?",
    said="The target is divided by probabilities that underflow to 0, which gives nan.",
    root=Root.DIGITS,
)
def cegrad_through_jacobian(a, y):
    g = grad_probabilities(softmax(a), y)
    return np.einsum("ni,nik->nk", g, softmax_jacobian_batch(a)) / len(a)


@exercise.mistake(
    "Does every example keep a gradient of its own?",
    said="The gradient is averaged over the batch instead of one row per example.",
    root=Root.MEAN,
)
def cegrad_averaged_away(a, y):
    return np.mean(softmax(a) - y, axis=0)


@exercise.mistake(
    "The targets are rows of probabilities here: can such a row be the number of a class?",
    said="The targets are used as class numbers, which fails for rows of targets.",
    root=Root.INDEX,
)
def cegrad_targets_as_labels(a, y):
    g = softmax(a)
    g[np.arange(len(a)), y] -= 1
    return g / len(a)


@exercise.mistake(
    "Two classes, one unlikely and one far less likely: does your answer tell them apart?",
    said="The probabilities are cut off, so that unlikely classes look alike.",
    root=Root.DIGITS,
    family={"size": (1e-2, 1e-4, 1e-7), "guard": (clipped, raised)},
)
def cegrad_clipped(a, y, *, size=1e-7, guard=clipped):
    return (guard(softmax(a), size) - y) / len(a)


@exercise.property(
    "Five more for every score changes nothing, so the slopes of one example add up to 0; those of "
    "row {n} add up to {total} with your function. Which term is missing?"
)
def rows_sum_to_zero(f, a, y):
    totals = np.sum(np.asarray(f(a, y)), axis=1)
    if (np.abs(totals) > 1e-9).any():
        n = int(np.argmax(np.abs(totals)))
        return {"n": n, "total": totals[n]}


@exercise.property(
    "A small step against the gradient lowers the loss, and a step against yours raises it. Which "
    "way does the score of the true class go?"
)
def a_step_lowers_the_loss(f, a, y):
    g = np.asarray(f(a, y))
    if g.shape != a.shape or not g.any():
        return None

    def loss(a):
        m = a.max(axis=1, keepdims=True)
        return np.mean(m[:, 0] + np.log(np.exp(a - m).sum(axis=1)) - (y * a).sum(axis=1))

    if loss(a - 1e-4 * g / np.linalg.norm(g)) > loss(a):
        return {}


exercise.equivalent(
    "softmax(a) * y.sum(axis=1, keepdims=True) -> softmax(a) / y.sum(axis=1, keepdims=True)",
    "softmax(a) * y.sum(axis=1, keepdims=True) -> softmax(a)",
    because="Targets add up to 1.",
)
