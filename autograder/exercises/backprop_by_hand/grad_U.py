"""Gradient of the loss with respect to U."""

from __future__ import annotations

import numpy as np

from autograder.exercises.backprop_by_hand import by_hand, reference
from autograder.exercises.backprop_by_hand.inputs import (
    FLAT,
    SIZES,
    STEEP,
    away_from_zero,
    not_in_proportion,
)
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = by_hand(
    reference.grad_U,
    points=2,
    minutes=8,
    hints=(
        "Fix one weight. In the scores of how many examples does it take part?",
        (
            "The result has one number for each hidden unit: which index has to disappear, and "
            "what makes an index disappear?"
        ),
        (
            "The index that is summed must stand inside the product. In which of the two factors "
            "does it stand in the wrong place?"
        ),
    ),
)


@exercise.cases
def cases(rng):
    for n, _, _, d2 in SIZES:
        yield case(rng.uniform(0.1, 0.9, (n, d2)), away_from_zero(rng, n))
    h2 = np.array([[0.5, 0.2], [0.1, 0.9], [0.4, 0.3]])
    yield case(h2, np.array([-0.1, 0.2, 0.3]), about=VISIBLE)
    yield case(h2, np.array([30.0, 0.2, 8.0]), about=STEEP)
    yield case(h2, np.array([1e-6, 2e-9, -3e-7]), about=FLAT)
    h2 = np.array([[1e-6, 0.999], [1e-9, 1e-3], [1 - 1e-9, 0.5]])
    yield case(h2, np.array([-0.1, 0.2, 0.3]), about="with saturated units")


@exercise.style
def dU_matrix(h2, du3):
    return h2.T @ du3


@exercise.style
def dU_from_the_left(h2, du3):
    return du3 @ h2


@exercise.style
def dU_einsum(h2, du3):
    return np.einsum("nk,n->k", h2, du3)


@exercise.style
def dU_weighted_rows(h2, du3):
    return (h2 * du3[:, None]).sum(axis=0)


@exercise.style
def dU_loops(h2, du3):
    total = np.zeros(h2.shape[1])
    for n in range(len(h2)):
        for k in range(h2.shape[1]):
            total[k] += h2[n, k] * du3[n]
    return total


@exercise.mistake(
    "Where has the 1/N been used already?",
    said="The gradient is divided by N a second time.",
    root=Root.MEAN,
)
def dU_extra_mean(h2, du3):
    return h2.T @ du3 / len(du3)


@exercise.mistake(
    "How many weights are there, and how many numbers did you return?",
    said="The shares of the examples are not summed over the batch.",
    root=Root.MEAN,
)
def dU_not_summed(h2, du3):
    return h2 * du3[:, None]


@exercise.mistake(
    "Which signal multiplies U in the forward pass?",
    said="The scores u2 stand where the hidden outputs h2 belong.",
    root=Root.CHAIN,
)
def dU_preactivation(h2, du3):
    return np.log(h2 / (1 - h2)).T @ du3


@exercise.mistake(
    "Do the shapes fit, and where they do, is it by accident?",
    said="The transpose of h2 is missing, so units and examples are mixed up.",
    root=Root.AXIS,
)
def dU_no_transpose(h2, du3):
    return h2 @ du3


@exercise.mistake(
    "Is the sum of products the product of the sums?",
    said="Both factors are summed over the batch before they are multiplied.",
    root=Root.MEAN,
)
def dU_product_of_sums(h2, du3):
    return h2.sum(axis=0) * du3.sum()


@exercise.mistake(
    "Compare the shape with that of U: one axis or two?",
    said="The gradient is a column instead of a vector with one axis.",
    root=Root.AXIS,
)
def dU_as_column(h2, du3):
    return h2.T @ du3.reshape(-1, 1)


@exercise.mistake(
    "What arrives is large, so is what goes on: does yours stop growing somewhere?",
    said="Large gradients are cut off.",
    root=Root.DIGITS,
    family={"size": (0.5, 1.0, 5.0)},
)
def dU_clipped(h2, du3, *, size=1.0):
    return np.clip(h2.T @ du3, -size, size)


@exercise.mistake(
    "Print all digits of your gradient: where do they end, and who cut them off?",
    said="The gradient is rounded to a few decimals.",
    root=Root.DIGITS,
    family={"digits": (2, 3, 4)},
)
def dU_rounded(h2, du3, *, digits=4):
    return np.round(h2.T @ du3, digits)


@exercise.property(
    "All examples share this parameter, so their shares add up: one by one yours come to {apart}, "
    "and together to {together}. What do you do with the shares?"
)
def shares_add_up(f, h2, du3):
    together = np.asarray(f(h2, du3))
    shares = [np.asarray(f(h2[n : n + 1], du3[n : n + 1])) for n in range(len(h2))]
    apart = sum(shares)
    if together.shape == apart.shape and not np.allclose(together, apart, rtol=1e-6):
        place = np.unravel_index(np.argmax(np.abs(together - apart)), together.shape)
        return {"apart": apart[place], "together": together[place]}


@exercise.property(
    "With {name} times -2 this gradient is times -2, too; an entry of yours goes from {before} to "
    "{after}. How does {name} enter it?"
)
def in_proportion(f, h2, du3):
    return not_in_proportion(f, (h2, du3), ("h2", "du3"))
