"""Derivative of each example's loss in its probabilities."""

from __future__ import annotations

import numpy as np

from autograder.exercises.guards import added, raised
from autograder.exercises.roots import Root
from autograder.exercises.softmax_jacobian import notebook, reference
from autograder.exercises.softmax_jacobian.inputs import (
    hard_targets,
    soft_targets,
)
from autograder.exercises.specification import VISIBLE, case

exercise = notebook.exercise(
    reference.grad_probabilities,
    points=1,
    minutes=4,
    hints=(
        "What is the derivative of ln x? And of -0.6 ln x?",
        "Which probabilities does the loss of an example contain, if its target is one-hot?",
        "Entry by entry, no sum and no mean. A class with target 0 has slope 0.",
    ),
    by_hand=True,
    guards=True,
)


@exercise.cases
def cases(rng):
    yield case(np.array([[0.3194, 0.4473, 0.2333]]), np.eye(3)[[0]], about=VISIBLE)
    s = np.array([[0.1, 0.4, 0.5], [0.2, 0.2, 0.6]])
    yield case(s, np.array([[0, 0, 1], [0.5, 0.2, 0.3]]), about=VISIBLE)
    tiny = np.array([[0.9, 0.1 - 1e-6, 1e-6], [2e-9, 0.3, 0.7 - 2e-9]])
    yield case(tiny, np.eye(3)[[2, 0]], about="true classes that got very small probabilities")
    yield case(tiny, np.full((2, 3), 1 / 3), about="soft labels, very small probabilities")
    for n, k in ((5, 3), (2, 4)):
        s = soft_targets(rng, n, k)
        yield case(s, hard_targets(rng, s))
    yield case(soft_targets(rng, 6, 4), soft_targets(rng, 6, 4), about="with soft labels")
    yield case(
        soft_targets(rng, 3, 3), soft_targets(rng, 3, 3), about="a square batch, soft labels"
    )
    rare = np.array([[0.9, 0.0997, 3e-4], [1e-4, 0.3, 0.6999]])
    yield case(rare, np.eye(3)[[2, 0]], about="true classes that got very small probabilities")


@exercise.style
def grad_s_one_line(s, y):
    return -y / s


@exercise.style
def grad_s_where(s, y):
    return np.where(y == 0, 0.0, -y * (1 / s))


@exercise.style
def grad_s_loops(s, y):
    return [[-t / p for p, t in zip(row, target)] for row, target in zip(s, y)]


@exercise.style
def grad_s_divide(s, y):
    out = np.zeros_like(s)
    np.divide(y, s, out=out)
    return np.negative(out)


@exercise.mistake(
    "The true class gets more probability: does the loss rise or fall?",
    said="The minus sign is missing.",
    root=Root.SIGN,
)
def gp_sign(s, y):
    return y / s


@exercise.mistake(
    "Is the loss of one example meant, or the mean of the batch?",
    said="The slopes are divided by N, although each example stands alone.",
    root=Root.MEAN,
)
def gp_averaged(s, y):
    return -y / s / len(s)


@exercise.mistake(
    "Differentiate y ln s once more: does y come out squared?",
    said="The target y is squared: one factor y is too many.",
    root=Root.CHAIN,
)
def gp_doubled_y(s, y):
    return -(y**2) / s


@exercise.mistake(
    "How large should the slope be where the probability is tiny?",
    said="The target is multiplied by the probability instead of divided.",
)
def gp_product(s, y):
    return -y * s


@exercise.mistake(
    "Is the slope in the probabilities asked for, or in the scores?",
    said="The derivative goes on through the softmax to the scores.",
    root=Root.CHAIN,
)
def gp_fused(s, y):
    return s - y


@exercise.mistake(
    "Is this the loss, or its derivative?",
    said="The terms of the loss are returned instead of their derivative.",
)
def gp_is_the_loss(s, y):
    return -y * np.log(s)


@exercise.mistake(
    "Does the loss contain the probability of a class that is not true?",
    said="The targets are missing, so every class counts as true.",
    root=Root.WEIGHTS,
)
def gp_all_classes(s, y):
    return -1 / s


@exercise.mistake(
    "Exclusive classes, or one yes-no question for each of them?",
    said="The slope of the binary cross-entropy is used for every class.",
)
def gp_binary(s, y):
    return (s - y) / (s * (1 - s))


@exercise.mistake(
    "Which of the two stands in the logarithm?",
    said="The targets and the probabilities are exchanged in the fraction.",
    root=Root.SWAPPED,
)
def gp_upside_down(s, y):
    with np.errstate(all="ignore"):
        return -s / y


@exercise.mistake(
    "One slope per class, or one per example?",
    said="The slopes are summed over the classes to one number per example.",
    root=Root.MEAN,
)
def gp_summed(s, y):
    return -np.sum(y / s, axis=1)


@exercise.mistake(
    "A target of 0.6 and one of 1: do they give the same slope?",
    said="The largest target counts as 1 and all others as 0.",
)
def gp_one_hot_only(s, y):
    return -(y == y.max(axis=1, keepdims=True)) / s


@exercise.mistake(
    "A true class is almost impossible: how steep is the loss there, and what did you put below "
    "the line?",
    said="A small number guards the probabilities below the line, so steep slopes are too small.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-6, 1e-8), "guard": (added, raised)},
)
def gp_guarded(s, y, *, size=1e-8, guard=added):
    return -y / guard(s, size)


@exercise.mistake(
    "The targets are rows of probabilities here: can such a row be the number of a class?",
    said="The targets are used as class numbers, which fails for rows of targets.",
    root=Root.INDEX,
)
def gp_targets_as_labels(s, y):
    g = np.zeros_like(s)
    g[np.arange(len(s)), y] = -1 / s[np.arange(len(s)), y]
    return g


@exercise.property(
    "The more probability a true class has, the lower the loss, so no slope is positive; yours has "
    "{found} at a probability of {p}. Which sign has the loss in front?"
)
def never_positive(f, s, y):
    found = np.asarray(f(s, y))
    if (found > 1e-9).any():
        place = np.unravel_index(np.argmax(found), found.shape)
        return {"found": found[place], "p": s[place]}


@exercise.property(
    "A class with target 0 does not occur in the loss, so its slope is 0; yours is {found}. Where "
    "does the target stand?"
)
def nothing_where_the_target_is_zero(f, s, y):
    found = np.asarray(f(s, y))[y == 0]
    if found.any():
        return {"found": found[found != 0][0]}


exercise.equivalent(
    "np.where(y == 0, 0.0, -y * (1 / s)) -> np.where(0.0, y == 0, -y * (1 / s))",
    because="Where the target is 0, so is its product with one over the probability.",
)


@exercise.property(
    "From a probability of 0.3 to one of 0.7 for the true class the loss falls by ln(7/3), 0.8473; "
    "with your slopes it changes by {climb}. How steep is it on the way?"
)
def falls_as_far(f, s, y):
    p = np.linspace(0.3, 0.7, 801)[1::2]
    found = np.asarray(f(np.column_stack((p, 1 - p)), np.tile([1.0, 0.0], (len(p), 1))))
    climb = found[:, 0].sum() * 0.001
    if not np.isclose(climb, np.log(3 / 7), rtol=1e-3):
        return {"climb": climb}
