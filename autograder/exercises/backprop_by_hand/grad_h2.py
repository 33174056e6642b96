"""Gradient of the loss with respect to the outputs of the second hidden layer."""

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
    reference.grad_h2,
    points=2,
    minutes=8,
    hints=(
        (
            "How does the score of example n react to its own hidden unit k? Does it react to "
            "those of other examples?"
        ),
        "Two free indices, no sum. Look at your last line of small_network_gradients.",
        "Row n of the result is a multiple of U: which multiple?",
    ),
)


@exercise.cases
def cases(rng):
    for n, _, _, d2 in SIZES:
        yield case(away_from_zero(rng, n), away_from_zero(rng, d2))
    du3 = np.array([-0.1, 0.2, 0.3])
    yield case(du3, np.array([2.0, -1.0]), about=VISIBLE)
    yield case(100 * du3, np.array([8.0, -8.0]), about=STEEP)
    yield case(1e-6 * du3, np.array([8.0, 1e-3]), about=FLAT)


@exercise.style
def dh2_outer(du3, U):
    return np.outer(du3, U)


@exercise.style
def dh2_broadcast(du3, U):
    return du3[:, None] * U[None, :]


@exercise.style
def dh2_column_times_row(du3, U):
    return du3.reshape(-1, 1) @ U.reshape(1, -1)


@exercise.style
def dh2_einsum(du3, U):
    return np.einsum("n,k->nk", du3, U)


@exercise.style
def dh2_rows(du3, U):
    return [g * U for g in du3]


@exercise.mistake(
    "Why are all rows the same? What comes from above is different for each.",
    said="Every row is U itself; the gradient from above is missing.",
    root=Root.CHAIN,
)
def dh2_only_U(du3, U):
    return np.tile(U, (len(du3), 1))


@exercise.mistake(
    "Every example has its own hidden vector: should anything be summed?",
    said="The gradient from above is summed over the batch, which leaves one row.",
    root=Root.MEAN,
)
def dh2_contracted(du3, U):
    return du3.sum() * U


@exercise.mistake(
    "Which axis is the batch?",
    said="The gradient is transposed, with the examples in its columns.",
    root=Root.AXIS,
)
def dh2_transposed(du3, U):
    return np.outer(U, du3)


@exercise.mistake(
    "How many free indices does the result have, one or two?",
    said="The two vectors are multiplied entry by entry instead of as outer product.",
)
def dh2_elementwise(du3, U):
    return du3 * U


@exercise.mistake(
    "Where has the 1/N been used already?",
    said="The gradient is divided by N a second time.",
    root=Root.MEAN,
)
def dh2_extra_mean(du3, U):
    return np.outer(du3, U) / len(du3)


@exercise.mistake(
    "What arrives is large, so is what goes on: does yours stop growing somewhere?",
    said="Large gradients are cut off.",
    root=Root.DIGITS,
    family={"size": (0.5, 1.0, 5.0)},
)
def dh2_clipped(du3, U, *, size=1.0):
    return np.clip(np.outer(du3, U), -size, size)


@exercise.mistake(
    "Print all digits of your gradient: where do they end, and who cut them off?",
    said="The gradient is rounded to a few decimals.",
    root=Root.DIGITS,
    family={"digits": (2, 3, 4)},
)
def dh2_rounded(du3, U, *, digits=4):
    return np.round(np.outer(du3, U), digits)


@exercise.property(
    "What goes back to an example comes through this example alone: to the first yours gives "
    "{alone} by itself and {together} in the batch. Where do the others come in?"
)
def every_example_by_itself(f, du3, U):
    together, alone = np.asarray(f(du3, U)), np.asarray(f(du3[:1], U))
    if together[:1].shape == alone.shape and not np.allclose(together[:1], alone, rtol=1e-6):
        place = int(np.argmax(np.abs(together[0] - alone[0])))
        return {"alone": alone[0][place], "together": together[0][place]}


exercise.equivalent(
    "du3.reshape(-1, 1) -> du3.reshape(-2, 1)",
    "U.reshape(1, -1) -> U.reshape(1, -2)",
    because="NumPy takes any negative length for the one that is left over.",
)


@exercise.property(
    "With {name} times -2 this gradient is times -2, too; an entry of yours goes from {before} to "
    "{after}. How does {name} enter it?"
)
def in_proportion(f, du3, U):
    return not_in_proportion(f, (du3, U), ("du3", "U"))
