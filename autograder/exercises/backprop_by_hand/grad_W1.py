"""Gradient of the loss with respect to W1."""

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
from autograder.exercises.backprop_by_hand.reference import grad_W2
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = by_hand(
    reference.grad_W1,
    points=1,
    minutes=5,
    hints=(
        "Which signal goes into the first layer?",
        "You have solved this for the second layer already: what plays the part of h1 here?",
        (
            "The shape of the result is that of W1. The box in the lecture gives a square: which "
            "letter is wrong in it?"
        ),
    ),
)


@exercise.cases
def cases(rng):
    for n, d0, d1, _ in SIZES:
        yield case(away_from_zero(rng, n, d0), away_from_zero(rng, n, d1))
    X = np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 1.0]])
    du1 = np.array([[1.0, 0.0, 2.0, -1.0], [0.0, 1.0, 1.0, 0.0], [2.0, -1.0, 0.0, 3.0]])
    yield case(X, du1, about=VISIBLE)
    yield case(30 * X, du1, about=STEEP)
    yield case(X, 1e-7 * du1, about=FLAT)


@exercise.style
def dW1_matrix(X, du1):
    return X.T @ du1


@exercise.style
def dW1_einsum(X, du1):
    return np.einsum("ni,nj->ij", X, du1)


@exercise.style
def dW1_as_for_W2(X, du1):
    return grad_W2(X, du1)


@exercise.style
def dW1_outer_products(X, du1):
    dW1 = np.zeros((X.shape[1], du1.shape[1]))
    for x, g in zip(X, du1):
        dW1 += np.outer(x, g)
    return dW1


@exercise.style
def dW1_broadcast(X, du1):
    return (X[:, :, None] * du1[:, None, :]).sum(axis=0)


@exercise.mistake(
    "Compare the shape with that of the weight matrix. Where are the inputs?",
    said="The gradient of u1 is multiplied by itself; the inputs X are missing.",
)
def dW1_printed_slip(X, du1):
    return du1.T @ du1


@exercise.mistake(
    "Compare the shape with that of the weight matrix.",
    said="The gradient of W1 is transposed.",
    root=Root.AXIS,
)
def dW1_transposed(X, du1):
    return du1.T @ X


@exercise.mistake(
    "Where has the 1/N been used already?",
    said="The gradient is divided by N a second time.",
    root=Root.MEAN,
)
def dW1_extra_mean(X, du1):
    return X.T @ du1 / len(X)


@exercise.mistake(
    "Is the sum of products the product of the sums?",
    said="Both factors are summed over the batch before they are multiplied.",
    root=Root.MEAN,
)
def dW1_product_of_sums(X, du1):
    return np.outer(X.sum(axis=0), du1.sum(axis=0))


@exercise.mistake(
    "Do the shapes fit, and where they do, is it by accident?",
    said="The transpose of X is missing, so features and examples are mixed up.",
    root=Root.AXIS,
)
def dW1_no_transpose(X, du1):
    return X @ du1


@exercise.mistake(
    "What arrives is large, so is what goes on: does yours stop growing somewhere?",
    said="Large gradients are cut off.",
    root=Root.DIGITS,
    family={"size": (0.5, 1.0, 5.0)},
)
def dW1_clipped(X, du1, *, size=1.0):
    return np.clip(X.T @ du1, -size, size)


@exercise.mistake(
    "Print all digits of your gradient: where do they end, and who cut them off?",
    said="The gradient is rounded to a few decimals.",
    root=Root.DIGITS,
    family={"digits": (2, 3, 4)},
)
def dW1_rounded(X, du1, *, digits=4):
    return np.round(X.T @ du1, digits)


@exercise.property(
    "All examples share this parameter, so their shares add up: one by one yours come to {apart}, "
    "and together to {together}. What do you do with the shares?"
)
def shares_add_up(f, X, du1):
    together = np.asarray(f(X, du1))
    shares = [np.asarray(f(X[n : n + 1], du1[n : n + 1])) for n in range(len(X))]
    apart = sum(shares)
    if together.shape == apart.shape and not np.allclose(together, apart, rtol=1e-6):
        place = np.unravel_index(np.argmax(np.abs(together - apart)), together.shape)
        return {"apart": apart[place], "together": together[place]}


@exercise.property(
    "With {name} times -2 this gradient is times -2, too; an entry of yours goes from {before} to "
    "{after}. How does {name} enter it?"
)
def in_proportion(f, X, du1):
    return not_in_proportion(f, (X, du1), ("X", "du1"))
