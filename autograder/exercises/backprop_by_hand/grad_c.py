"""Gradient of the loss with respect to the bias c of the output."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.backprop_by_hand import by_hand, reference
from autograder.exercises.backprop_by_hand.inputs import (
    FLAT,
    STEEP,
    away_from_zero,
    not_in_proportion,
)
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case

exercise = by_hand(
    reference.grad_c,
    points=1,
    minutes=3,
    hints=(
        "By how much does each score move when c moves by a little?",
        "Every example contributes. What is done with contributions?",
        "[-0.1, 0.2, 0.3] must give 0.4: is that their mean or something else?",
    ),
)


@exercise.cases
def cases(rng):
    for n in (5, 8, 3, 6, 4):
        yield case(away_from_zero(rng, n))
    yield case(np.array([-0.1, 0.2, 0.6]), about=VISIBLE)
    yield case(np.array([30.0, 0.2, 8.0]), about=STEEP)
    yield case(np.array([1e-6, 2e-9, -3e-7]), about=FLAT)


@exercise.style
def dc_sum(du3):
    return np.sum(du3)


@exercise.style
def dc_float(du3):
    return float(du3.sum())


@exercise.style
def dc_builtin(du3):
    return sum(du3)


@exercise.style
def dc_ones(du3):
    return np.ones(len(du3)) @ du3


@exercise.style
def dc_exact_sum(du3):
    return math.fsum(du3)


@exercise.mistake(
    "Where has the 1/N been used already?",
    said="The shares of the examples are averaged instead of summed.",
    root=Root.MEAN,
)
def dc_mean(du3):
    return np.mean(du3)


@exercise.mistake(
    "One number, shared by all examples: how many derivatives?",
    said="The shares of the examples are not summed over the batch.",
    root=Root.MEAN,
)
def dc_vector(du3):
    return du3


@exercise.mistake(
    "Your local derivative is right. What comes from above?",
    said="The local derivative 1 is returned, without the gradient from above.",
    root=Root.CHAIN,
)
def dc_one(du3):
    return 1.0


@exercise.mistake(
    "The sum of absolute values: may errors of opposite sign not cancel?",
    said="Absolute values are summed, so errors of opposite sign do not cancel.",
)
def dc_absolute(du3):
    return np.abs(du3).sum()


@exercise.mistake(
    "What arrives is large, so is what goes on: does yours stop growing somewhere?",
    said="Large gradients are cut off.",
    root=Root.DIGITS,
    family={"size": (0.5, 1.0, 5.0)},
)
def dc_clipped(du3, *, size=1.0):
    return np.clip(np.sum(du3), -size, size)


@exercise.mistake(
    "Print all digits of your gradient: where do they end, and who cut them off?",
    said="The gradient is rounded to a few decimals.",
    root=Root.DIGITS,
    family={"digits": (2, 3, 4)},
)
def dc_rounded(du3, *, digits=4):
    return np.round(np.sum(du3), digits)


@exercise.property(
    "All examples share this parameter, so their shares add up: one by one yours come to {apart}, "
    "and together to {together}. What do you do with the shares?"
)
def shares_add_up(f, du3):
    together = np.asarray(f(du3))
    shares = [np.asarray(f(du3[n : n + 1])) for n in range(len(du3))]
    apart = sum(shares)
    if together.shape == apart.shape and not np.allclose(together, apart, rtol=1e-6):
        place = np.unravel_index(np.argmax(np.abs(together - apart)), together.shape)
        return {"apart": apart[place], "together": together[place]}


@exercise.property(
    "With {name} times -2 this gradient is times -2, too; an entry of yours goes from {before} to "
    "{after}. How does {name} enter it?"
)
def in_proportion(f, du3):
    return not_in_proportion(f, (du3,), ("du3",))
