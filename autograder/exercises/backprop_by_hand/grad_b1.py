"""Gradient of the loss with respect to b1."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.backprop_by_hand import by_hand, reference
from autograder.exercises.backprop_by_hand.inputs import (
    FLAT,
    SIZES,
    STEEP,
    away_from_zero,
    not_in_proportion,
)
from autograder.exercises.backprop_by_hand.reference import grad_b2
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = by_hand(
    reference.grad_b1,
    points=1,
    minutes=3,
    hints=(
        "Compare with grad_b2: what is different?",
        "One number for each unit of the first layer. Over what is summed?",
        "The last column of the visible check is -1, 0 and 3. Which number do they make together?",
    ),
)


@exercise.cases
def cases(rng):
    for n, _, d1, _ in SIZES:
        yield case(away_from_zero(rng, n, d1))
    du1 = np.array([[1.0, 0.0, 2.0, -1.0], [0.0, 1.0, 1.0, 0.0], [2.0, -1.0, 0.0, 3.0]])
    yield case(du1, about=VISIBLE)
    yield case(30 * du1, about=STEEP)
    yield case(1e-7 * du1, about=FLAT)


@exercise.style
def db1_axis(du1):
    return np.sum(du1, axis=0)


@exercise.style
def db1_as_for_b2(du1):
    return grad_b2(du1)


@exercise.style
def db1_rows(du1):
    return sum(du1)


@exercise.style
def db1_lists(du1):
    return [math.fsum(column) for column in zip(*du1)]


@exercise.mistake(
    "How many biases does the layer have? Over which axis did you sum?",
    said="The gradient is summed over the units instead of over the batch.",
    root=Root.AXIS,
)
def db1_wrong_axis(du1):
    return du1.sum(axis=1)


@exercise.mistake(
    "Where has the 1/N been used already?",
    said="The shares of the examples are averaged instead of summed.",
    root=Root.MEAN,
)
def db1_mean(du1):
    return du1.mean(axis=0)


@exercise.mistake(
    "One number in all, or one for each unit?",
    said="Everything is summed to one number instead of one for each unit.",
    root=Root.AXIS,
)
def db1_total(du1):
    return du1.sum()


@exercise.mistake(
    "The same bias is used by every example: what do their shares do?",
    said="The gradient of b1 is not summed over the batch.",
    root=Root.MEAN,
)
def db1_not_summed(du1):
    return du1


@exercise.mistake(
    "What arrives is large, so is what goes on: does yours stop growing somewhere?",
    said="Large gradients are cut off.",
    root=Root.DIGITS,
    family={"size": (0.5, 1.0, 5.0)},
)
def db1_clipped(du1, *, size=1.0):
    return np.clip(du1.sum(axis=0), -size, size)


@exercise.mistake(
    "Print all digits of your gradient: where do they end, and who cut them off?",
    said="The gradient is rounded to a few decimals.",
    root=Root.DIGITS,
    family={"digits": (2, 3, 4)},
)
def db1_rounded(du1, *, digits=4):
    return np.round(du1.sum(axis=0), digits)


@exercise.property(
    "All examples share this parameter, so their shares add up: one by one yours come to {apart}, "
    "and together to {together}. What do you do with the shares?"
)
def shares_add_up(f, du1):
    together = np.asarray(f(du1))
    shares = [np.asarray(f(du1[n : n + 1])) for n in range(len(du1))]
    apart = sum(shares)
    if together.shape == apart.shape and not np.allclose(together, apart, rtol=1e-6):
        place = np.unravel_index(np.argmax(np.abs(together - apart)), together.shape)
        return {"apart": apart[place], "together": together[place]}


@exercise.property(
    "With {name} times -2 this gradient is times -2, too; an entry of yours goes from {before} to "
    "{after}. How does {name} enter it?"
)
def in_proportion(f, du1):
    return not_in_proportion(f, (du1,), ("du1",))
