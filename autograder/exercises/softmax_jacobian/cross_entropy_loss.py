"""Mean cross-entropy of a batch, in nats."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.guards import GUARDS, added
from autograder.exercises.roots import Root
from autograder.exercises.softmax_jacobian import notebook, reference
from autograder.exercises.softmax_jacobian.inputs import (
    GRAPH,
    GRAPH_TARGETS,
    PICTURE,
    PICTURE_TARGET,
    SURE,
    batches,
    extreme_batches,
)
from autograder.exercises.softmax_jacobian.reference import log_softmax, logsumexp, softmax
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.cross_entropy_loss,
    points=3,
    minutes=10,
    hints=(
        (
            "For a one-hot target only one term survives: which one? Then write it so that it "
            "works for soft targets, too."
        ),
        (
            "You have a function that gives ln s for scores of any size. What multiplies it, and "
            "over which axis runs the sum?"
        ),
        "Over what is the average taken? Put every example in twice: the loss must not change.",
    ),
)


@exercise.cases
def cases(rng):
    yield case(np.array([[0.1, 1.4, 0, 0.3]]), np.eye(4)[[2]], about=VISIBLE)
    yield case(PICTURE[None], np.eye(4)[[2]], about=VISIBLE)
    yield case(GRAPH, GRAPH_TARGETS, about=VISIBLE)
    yield case(PICTURE[None], PICTURE_TARGET[None], about=VISIBLE)
    yield case(np.array([[3000.0, 0, 0], [0, 3000, 0]]), np.eye(3)[[1, 1]], about=VISIBLE)
    yield case(SURE, np.eye(3)[[0, 2, 1, 0]], about="sure and right")
    yield case(SURE, np.eye(3)[[2, 0, 0, 1]], about="sure and wrong")
    yield from batches(rng)
    yield from extreme_batches(rng)


@exercise.style
def loss_log_softmax(a, y):
    return -np.mean(np.sum(y * log_softmax(a), axis=1))


@exercise.style
def loss_lse_minus_score(a, y):
    return np.mean(logsumexp(a) - (y * a).sum(axis=1))


@exercise.style
def loss_einsum(a, y):
    return -np.einsum("nk,nk->", y, log_softmax(a)) / a.shape[0]


@exercise.style
def loss_loops(a, y):
    total = 0.0
    for scores, target in zip(a, y):
        m = max(scores)
        lse = m + math.log(sum(math.exp(x - m) for x in scores))
        for t, x in zip(target, scores):
            total -= t * (x - lse)
    return total / len(a)


@exercise.style
def loss_where_the_target_is(a, y):
    return np.where(y > 0, -y * log_softmax(a), 0).sum() / len(y)


@exercise.mistake(
    "Put every example in twice: should the loss double?",
    said="The loss is summed over the batch and not divided by N.",
    root=Root.MEAN,
)
def cce_sum_over_batch(a, y):
    return -np.sum(y * log_softmax(a))


@exercise.mistake(
    "Over what is the average taken: examples, or all the entries?",
    said="The loss is averaged over the classes, too, instead of summed.",
    root=Root.MEAN,
)
def cce_mean_over_classes(a, y):
    return -np.mean(y * log_softmax(a))


@exercise.mistake(
    "Change the labels: does your loss notice?",
    said="The likeliest class counts, whatever the label says.",
)
def cce_log_of_max(a, y):
    return -np.mean(np.max(log_softmax(a), axis=1))


@exercise.mistake(
    "Exclusive classes, or one yes-no question for each of them?",
    said="A yes-no cross-entropy is added up for every class.",
)
def cce_binary_per_class(a, y):
    rest = np.log1p(-softmax(a))
    return -np.mean(np.sum(y * log_softmax(a) + (1 - y) * rest, axis=1))


@exercise.mistake(
    "What goes in, scores or probabilities? What did you do to them?",
    said="The softmax is applied twice.",
)
def cce_double_softmax(a, y):
    return -np.mean(np.sum(y * log_softmax(softmax(a)), axis=1))


@exercise.mistake(
    "Which number has the first class in an array?",
    said="The class just before the true one is picked.",
    root=Root.INDEX,
)
def cce_label_off_by_one(a, y):
    return -np.mean(log_softmax(a)[np.arange(len(a)), y.argmax(axis=1) - 1])


@exercise.mistake(
    "Print the shape of what you picked: one number per example?",
    said="All labels are picked in every row instead of each row's own.",
    root=Root.INDEX,
)
def cce_fancy_index_slip(a, y):
    return -np.mean(log_softmax(a)[:, y.argmax(axis=1)])


@exercise.mistake(
    "The average of logarithms, or the logarithm of an average?",
    said="The logarithm of the mean replaces the mean of the logarithms.",
    root=Root.MEAN,
)
def cce_log_of_mean(a, y):
    return -np.log(np.mean(np.sum(y * softmax(a), axis=1)))


@exercise.mistake(
    "A confident mistake should cost a lot: where is the logarithm?",
    said="The squared error is returned, without any logarithm.",
)
def cce_squared_error(a, y):
    return np.mean(np.sum((softmax(a) - y) ** 2, axis=1))


@exercise.mistake(
    "A target of 0.6 and one of 1: do they say the same?",
    said="Only the class with the largest target counts, as if it were 1.",
)
def cce_one_hot_only(a, y):
    return -np.mean(log_softmax(a)[np.arange(len(a)), y.argmax(axis=1)])


@exercise.mistake(
    "What does np.exp(1000.0) give? Which function did you write for it?",
    said="Each row's own maximum is not subtracted, so large scores overflow.",
    root=Root.DIGITS,
)
def cce_no_max_shift(a, y):
    s = np.exp(a) / np.exp(a).sum(axis=1, keepdims=True)
    return -np.mean(np.sum(y * np.log(s), axis=1))


@exercise.mistake(
    "What is 0 times the logarithm of a probability rounded to zero?",
    said="The logarithm is taken of probabilities, which underflow to 0 for low scores.",
    root=Root.DIGITS,
)
def cce_log_of_softmax(a, y):
    return -np.mean(np.sum(y * np.log(softmax(a)), axis=1))


@exercise.mistake(
    "Which sign has the logarithm of a probability?",
    said="The minus sign is missing, so the loss comes out negative.",
    root=Root.SIGN,
)
def cce_sign(a, y):
    return np.mean(np.sum(y * log_softmax(a), axis=1))


@exercise.mistake(
    "One number for the batch, or one for each example?",
    said="One loss per example is returned instead of their mean.",
    root=Root.MEAN,
)
def cce_per_example(a, y):
    return -np.sum(y * log_softmax(a), axis=1)


@exercise.mistake(
    "Which base has the logarithm in Softmax e grafo?",
    said="The logarithm has base 2 instead of the natural base.",
    root=Root.BASE,
)
def cce_bits(a, y):
    return -np.mean(np.sum(y * log_softmax(a), axis=1)) / np.log(2)


@exercise.mistake(
    "Which of the two draws the label, and which one is surprised?",
    said="The targets and the probabilities are exchanged.",
    root=Root.SWAPPED,
)
def cce_swapped(a, y):
    with np.errstate(all="ignore"):
        return -np.mean(np.sum(softmax(a) * np.log(y), axis=1))


@exercise.mistake(
    "Which sums of the probabilities must be 1, rows or columns?",
    said="The softmax normalises the columns instead of the rows.",
    root=Root.AXIS,
)
def cce_softmax_axis0(a, y):
    e = np.exp(a - a.max(axis=0))
    return -np.mean(np.sum(y * np.log(e / e.sum(axis=0)), axis=1))


@exercise.mistake(
    "Does the sum in the denominator belong to the loss, too?",
    said="The log-sum-exp is missing: only the scores of the targets count.",
)
def cce_score_of_truth(a, y):
    return -np.mean(np.sum(y * a, axis=1))


@exercise.mistake(
    "What is the largest loss that your function can give?",
    said="A small number guards the probabilities inside the logarithm, which limits the loss.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-7, 1e-12, 1e-15), "guard": GUARDS},
)
def cce_guarded(a, y, *, size=1e-12, guard=added):
    return -np.mean(np.sum(y * np.log(guard(softmax(a), size)), axis=1))


@exercise.mistake(
    "The targets are rows of probabilities here: can such a row be the number of a class?",
    said="The targets are used as class numbers, which fails for rows of targets.",
    root=Root.INDEX,
)
def cce_targets_as_labels(a, y):
    return -np.mean(log_softmax(a)[np.arange(len(a)), y])


@exercise.property(
    "Five more for every score changes no probability and no loss, and yours goes from {once} to "
    "{moved}. Which step is left out, or done too often?"
)
def unmoved_by_a_constant(f, a, y):
    once, moved = float(f(a, y)), float(f(a + 5, y))
    if not np.isclose(once, moved, rtol=1e-9):
        return {"once": once, "moved": moved}


@exercise.property(
    "With equal scores every one of {K} classes surprises by ln K = {each}, and your loss is "
    "{found} then. Over what do you sum, and over what do you average?"
)
def log_k_for_equal_scores(f, a, y):
    K = a.shape[1]
    found, each = float(f(np.zeros_like(a), y)), np.log(K)
    if not np.isclose(found, each, rtol=1e-7):
        return {"K": K, "each": each, "found": found}


@exercise.property(
    "Every example twice leaves a mean as it is, and yours goes from {once} to {twice}. By what do "
    "you divide?"
)
def the_same_for_every_example_twice(f, a, y):
    once, twice = float(f(a, y)), float(f(np.tile(a, (2, 1)), np.tile(y, (2, 1))))
    if not np.isclose(once, twice, rtol=1e-7):
        return {"once": once, "twice": twice}


exercise.equivalent("y > 0 -> y >= 0", because="A class with target 0 adds 0 to the loss.")
