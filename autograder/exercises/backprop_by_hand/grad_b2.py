"""Gradient of the loss with respect to b2."""

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
    reference.grad_b2,
    points=1,
    minutes=4,
    hints=(
        "The bias of unit k is added to how many rows?",
        "A sum makes one axis disappear. Which axis of (N, d2) has to go, so that (d2,) is left?",
        (
            "In NumPy an axis is summed with the argument axis. The columns of the visible check "
            "add up to 1 and 4."
        ),
    ),
)


@exercise.cases
def cases(rng):
    for n, _, _, d2 in SIZES:
        yield case(away_from_zero(rng, n, d2))
    du2 = np.array([[-1.0, 0.0], [2.0, 1.0], [0.0, 3.0]])
    yield case(du2, about=VISIBLE)
    yield case(30 * du2, about=STEEP)
    yield case(1e-7 * du2, about=FLAT)


@exercise.style
def db2_axis(du2):
    return du2.sum(axis=0)


@exercise.style
def db2_ones_times(du2):
    return np.ones(len(du2)) @ du2


@exercise.style
def db2_einsum(du2):
    return np.einsum("nk->k", du2)


@exercise.style
def db2_columns(du2):
    return [float(column.sum()) for column in du2.T]


@exercise.style
def db2_row_squeezed(du2):
    return np.sum(du2, 0, keepdims=True).ravel()


@exercise.mistake(
    "How many biases does the layer have? Over which axis did you sum?",
    said="The gradient is summed over the units instead of over the batch.",
    root=Root.AXIS,
)
def db2_wrong_axis(du2):
    return du2.sum(axis=1)


@exercise.mistake(
    "Where has the 1/N been used already?",
    said="The shares of the examples are averaged instead of summed.",
    root=Root.MEAN,
)
def db2_mean(du2):
    return du2.mean(axis=0)


@exercise.mistake(
    "One number in all, or one for each unit?",
    said="Everything is summed to one number instead of one for each unit.",
    root=Root.AXIS,
)
def db2_total(du2):
    return du2.sum()


@exercise.mistake(
    "The same bias is used by every example: what do their shares do?",
    said="The gradient of b2 is not summed over the batch.",
    root=Root.MEAN,
)
def db2_not_summed(du2):
    return du2


@exercise.mistake(
    "Your local derivative is right. What comes from above?",
    said="Ones are summed over the batch; the gradient from above is missing.",
    root=Root.CHAIN,
)
def db2_ones(du2):
    return np.full(du2.shape[1], float(len(du2)))


@exercise.mistake(
    "Compare the shape with that of b2: one axis or two?",
    said="The gradient keeps the batch axis as a row instead of one axis.",
    root=Root.AXIS,
)
def db2_row_kept(du2):
    return du2.sum(axis=0, keepdims=True)


@exercise.mistake(
    "What arrives is large, so is what goes on: does yours stop growing somewhere?",
    said="Large gradients are cut off.",
    root=Root.DIGITS,
    family={"size": (0.5, 1.0, 5.0)},
)
def db2_clipped(du2, *, size=1.0):
    return np.clip(du2.sum(axis=0), -size, size)


@exercise.mistake(
    "Print all digits of your gradient: where do they end, and who cut them off?",
    said="The gradient is rounded to a few decimals.",
    root=Root.DIGITS,
    family={"digits": (2, 3, 4)},
)
def db2_rounded(du2, *, digits=4):
    return np.round(du2.sum(axis=0), digits)


@exercise.property(
    "All examples share this parameter, so their shares add up: one by one yours come to {apart}, "
    "and together to {together}. What do you do with the shares?"
)
def shares_add_up(f, du2):
    together = np.asarray(f(du2))
    shares = [np.asarray(f(du2[n : n + 1])) for n in range(len(du2))]
    apart = sum(shares)
    if together.shape == apart.shape and not np.allclose(together, apart, rtol=1e-6):
        place = np.unravel_index(np.argmax(np.abs(together - apart)), together.shape)
        return {"apart": apart[place], "together": together[place]}


exercise.equivalent("keepdims=True -> keepdims=False", because="The row is squeezed either way.")


@exercise.property(
    "With {name} times -2 this gradient is times -2, too; an entry of yours goes from {before} to "
    "{after}. How does {name} enter it?"
)
def in_proportion(f, du2):
    return not_in_proportion(f, (du2,), ("du2",))
