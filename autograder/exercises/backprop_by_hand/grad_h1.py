"""Gradient of the loss with respect to the outputs of the first hidden layer."""

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
    reference.grad_h1,
    points=2,
    minutes=10,
    hints=(
        "Unit j of example n feeds all units of the next layer. Along which weights?",
        (
            "Write the sum for one entry: which index is repeated? In which place does it stand "
            "in du2, and in which in W2?"
        ),
        "(N, d2) times what gives (N, d1)? And if both lengths were equal, what would tell you?",
    ),
)


@exercise.cases
def cases(rng):
    for n, _, d1, d2 in SIZES:
        yield case(away_from_zero(rng, n, d2), away_from_zero(rng, d1, d2))
    du2 = np.array([[-1.0, 0.0], [2.0, 1.0], [0.0, 3.0]])
    W2 = np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 1.0], [-2.0, 0.5]])
    yield case(du2, W2, about=VISIBLE)
    yield case(30 * du2, 8 * W2, about=STEEP)
    yield case(1e-7 * du2, W2, about=FLAT)


@exercise.style
def dh1_matrix(du2, W2):
    return du2 @ W2.T


@exercise.style
def dh1_einsum(du2, W2):
    return np.einsum("nk,jk->nj", du2, W2)


@exercise.style
def dh1_transposed_twice(du2, W2):
    return (W2 @ du2.T).T


@exercise.style
def dh1_rows(du2, W2):
    return np.stack([W2 @ g for g in du2])


@exercise.style
def dh1_loops(du2, W2):
    return [[sum(g * w for g, w in zip(row, weights)) for weights in W2] for row in du2]


@exercise.mistake(
    "Do the shapes fit, and where they do, is it by accident?",
    said="The gradient from above is multiplied by W2 without its transpose.",
    root=Root.AXIS,
)
def dh1_no_transpose(du2, W2):
    return du2 @ W2


@exercise.mistake(
    "The shapes fit either way: which index of the weight matrix is summed over?",
    said="The sum runs over the first index of W2 instead of its second.",
    root=Root.AXIS,
    like=("dh1-no-transpose",),
)
def dh1_no_transpose_square(du2, W2):
    return np.einsum("nk,kj->nj", du2, W2)


@exercise.mistake(
    "Reshape [[1, 2, 3], [4, 5, 6]] to (3, 2): is that its transpose?",
    said="W2 is reshaped instead of transposed, which scrambles its entries.",
    root=Root.AXIS,
)
def dh1_reshaped(du2, W2):
    return du2 @ W2.reshape(W2.shape[1], W2.shape[0])


@exercise.mistake(
    "Every example has its own row: should anything be averaged?",
    said="The gradient is divided by N a second time.",
    root=Root.MEAN,
)
def dh1_extra_mean(du2, W2):
    return du2 @ W2.T / len(du2)


@exercise.mistake(
    "Which axis is the batch?",
    said="The gradient is transposed, with the examples in its columns.",
    root=Root.AXIS,
)
def dh1_transposed(du2, W2):
    return W2 @ du2.T


@exercise.mistake(
    "What arrives is large, so is what goes on: does yours stop growing somewhere?",
    said="Large gradients are cut off.",
    root=Root.DIGITS,
    family={"size": (0.5, 1.0, 5.0)},
)
def dh1_clipped(du2, W2, *, size=1.0):
    return np.clip(du2 @ W2.T, -size, size)


@exercise.mistake(
    "Print all digits of your gradient: where do they end, and who cut them off?",
    said="The gradient is rounded to a few decimals.",
    root=Root.DIGITS,
    family={"digits": (2, 3, 4)},
)
def dh1_rounded(du2, W2, *, digits=4):
    return np.round(du2 @ W2.T, digits)


@exercise.property(
    "What goes back to an example comes through this example alone: to the first yours gives "
    "{alone} by itself and {together} in the batch. Where do the others come in?"
)
def every_example_by_itself(f, du2, W2):
    together, alone = np.asarray(f(du2, W2)), np.asarray(f(du2[:1], W2))
    if together[:1].shape == alone.shape and not np.allclose(together[:1], alone, rtol=1e-6):
        place = int(np.argmax(np.abs(together[0] - alone[0])))
        return {"alone": alone[0][place], "together": together[0][place]}


exercise.equivalent(
    "zip(row, weights) -> zip(weights, row)",
    because="The products, sums or differences are the same in either order.",
)


@exercise.property(
    "With {name} times -2 this gradient is times -2, too; an entry of yours goes from {before} to "
    "{after}. How does {name} enter it?"
)
def in_proportion(f, du2, W2):
    return not_in_proportion(f, (du2, W2), ("du2", "W2"))
