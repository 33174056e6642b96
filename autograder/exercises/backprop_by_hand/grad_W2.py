"""Gradient of the loss with respect to W2."""

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
    reference.grad_W2,
    points=3,
    minutes=14,
    hints=(
        (
            "Take one example alone: every weight gets (signal that went in) times (gradient "
            "that came back). Which NumPy function makes this table?"
        ),
        "Now all examples: their tables are added up. A single matrix product can do both.",
        (
            "The shapes are (N, d1) and (N, d2), the result is (d1, d2). Which one has to be "
            "turned, so that N stands inside?"
        ),
    ),
)


@exercise.cases
def cases(rng):
    for n, _, d1, d2 in SIZES:
        yield case(np.tanh(away_from_zero(rng, n, d1)), away_from_zero(rng, n, d2))
    h1 = np.array([[0.5, -0.5, 0.2, 0.0], [0.1, 0.3, -0.2, 0.4], [-0.6, 0.2, 0.1, 0.5]])
    du2 = np.array([[-1.0, 0.0], [2.0, 1.0], [0.0, 3.0]])
    yield case(h1, du2, about=VISIBLE)
    yield case(h1, 30 * du2, about=STEEP)
    yield case(h1, 1e-7 * du2, about=FLAT)


@exercise.style
def dW2_matrix(h1, du2):
    return h1.T @ du2


@exercise.style
def dW2_einsum(h1, du2):
    return np.einsum("nj,nk->jk", h1, du2)


@exercise.style
def dW2_outer_products(h1, du2):
    return sum(np.outer(h, g) for h, g in zip(h1, du2))


@exercise.style
def dW2_transposed_twice(h1, du2):
    return (du2.T @ h1).T


@exercise.style
def dW2_tensordot(h1, du2):
    return np.tensordot(h1, du2, axes=(0, 0))


@exercise.style
def dW2_loops(h1, du2):
    dW2 = np.zeros((h1.shape[1], du2.shape[1]))
    for n in range(len(h1)):
        for j in range(h1.shape[1]):
            for k in range(du2.shape[1]):
                dW2[j, k] += h1[n, j] * du2[n, k]
    return dW2


@exercise.mistake(
    "Compare the shape with that of the weight matrix.",
    said="The gradient of W2 is transposed.",
    root=Root.AXIS,
)
def dW2_transposed(h1, du2):
    return du2.T @ h1


@exercise.mistake(
    "Row index of a weight: where the signal comes from, or where it goes to?",
    said="The right product is transposed once more, so rows and columns are exchanged.",
    root=Root.AXIS,
    like=("dW2-transposed",),
)
def dW2_transposed_square(h1, du2):
    return (h1.T @ du2).T


@exercise.mistake(
    "Which signal multiplies the weights in the forward pass?",
    said="The scores u1 stand where the hidden outputs h1 belong.",
    root=Root.CHAIN,
)
def dW2_preactivation(h1, du2):
    return np.arctanh(h1).T @ du2


@exercise.mistake(
    "Where has the 1/N been used already?",
    said="The gradient is divided by N a second time.",
    root=Root.MEAN,
)
def dW2_extra_mean(h1, du2):
    return h1.T @ du2 / len(h1)


@exercise.mistake(
    "Is the sum of products the product of the sums?",
    said="Both factors are summed over the batch before they are multiplied.",
    root=Root.MEAN,
)
def dW2_product_of_sums(h1, du2):
    return np.outer(h1.sum(axis=0), du2.sum(axis=0))


@exercise.mistake(
    "Do the shapes fit, and where they do, is it by accident?",
    said="The transpose of h1 is missing, so units and examples are mixed up.",
    root=Root.AXIS,
)
def dW2_no_transpose(h1, du2):
    return h1 @ du2


@exercise.mistake(
    "One outer product for each example: what happens to them afterwards?",
    said="The outer products of the examples are not summed over the batch.",
    root=Root.MEAN,
)
def dW2_not_summed(h1, du2):
    return h1[:, :, None] * du2[:, None, :]


@exercise.mistake(
    "What arrives is large, so is what goes on: does yours stop growing somewhere?",
    said="Large gradients are cut off.",
    root=Root.DIGITS,
    family={"size": (0.5, 1.0, 5.0)},
)
def dW2_clipped(h1, du2, *, size=1.0):
    return np.clip(h1.T @ du2, -size, size)


@exercise.mistake(
    "Print all digits of your gradient: where do they end, and who cut them off?",
    said="The gradient is rounded to a few decimals.",
    root=Root.DIGITS,
    family={"digits": (2, 3, 4)},
)
def dW2_rounded(h1, du2, *, digits=4):
    return np.round(h1.T @ du2, digits)


@exercise.property(
    "All examples share this parameter, so their shares add up: one by one yours come to {apart}, "
    "and together to {together}. What do you do with the shares?"
)
def shares_add_up(f, h1, du2):
    together = np.asarray(f(h1, du2))
    shares = [np.asarray(f(h1[n : n + 1], du2[n : n + 1])) for n in range(len(h1))]
    apart = sum(shares)
    if together.shape == apart.shape and not np.allclose(together, apart, rtol=1e-6):
        place = np.unravel_index(np.argmax(np.abs(together - apart)), together.shape)
        return {"apart": apart[place], "together": together[place]}


@exercise.property(
    "With {name} times -2 this gradient is times -2, too; an entry of yours goes from {before} to "
    "{after}. How does {name} enter it?"
)
def in_proportion(f, h1, du2):
    return not_in_proportion(f, (h1, du2), ("h1", "du2"))
