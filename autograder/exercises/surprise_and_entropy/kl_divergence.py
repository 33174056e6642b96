"""Kullback-Leibler divergence of q from p."""

from __future__ import annotations

import numpy as np

from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case
from autograder.exercises.surprise_and_entropy import notebook, reference
from autograder.exercises.surprise_and_entropy.inputs import (
    distribution,
    pairs,
    rare_outcomes,
)
from autograder.exercises.surprise_and_entropy.reference import cross_entropy, entropy

exercise = notebook.exercise(
    reference.kl_divergence,
    points=2,
    minutes=8,
    hints=(
        "How much more do you pay with the wrong belief than with the right one?",
        "With q = p the result must be 0. Is it?",
        "You have both parts of the difference already, with their rules for zeros.",
    ),
)


@exercise.cases
def cases(rng):
    even, sure = np.array([0.5, 0.5]), np.array([0.9, 0.1])
    code = np.array([0.5, 0.25, 0.125, 0.125])
    yield case(even, sure, about=VISIBLE)
    yield case(sure, even, about=VISIBLE)
    yield case(code, np.full(4, 0.25), about=VISIBLE)
    yield case(np.array([0.4, 0.6, 0.0]), np.array([0.4, 0.6, 0.0]), about=VISIBLE)
    yield from rare_outcomes()
    yield from pairs(rng)
    p = distribution(rng, 4)
    yield case(p, p.copy(), about="two equal distributions")


@exercise.style
def kl_as_difference(p, q, base=2):
    return cross_entropy(p, q, base) - entropy(p, base)


@exercise.style
def kl_of_ratio(p, q, base=2):
    with np.errstate(divide="ignore"):
        ratio = np.where(p > 0, p, 1) / np.where(p > 0, q, 1)
    return (p * np.log(ratio)).sum(axis=-1) / np.log(base)


@exercise.style
def kl_loops(p, q, base=2):
    if np.ndim(p) > 1:
        return [kl_loops(a, b, base) for a, b in zip(p, q)]
    total = 0.0
    for pk, qk in zip(p, q):
        if pk > 0 and qk == 0:
            return np.inf
        if pk > 0:
            total += pk * (np.log(pk) - np.log(qk))
    return total / np.log(base)


@exercise.style
def kl_difference_of_logs(p, q, base=2):
    with np.errstate(all="ignore"):
        terms = p * (np.log(p) - np.log(q))
    return np.where(p == 0, 0.0, terms).sum(-1) / np.log(base)


@exercise.mistake(
    "Exchange the arguments: is it the same number? Which one draws?",
    said="The distributions p and q are exchanged.",
    root=Root.SWAPPED,
)
def kl_swapped(p, q, base=2):
    return np.sum(q * np.log(q / p), axis=-1) / np.log(base)


@exercise.mistake(
    "A divergence is never negative: which of the two is on top?",
    said="The ratio in the logarithm is upside down, so the sign is wrong.",
    root=Root.SIGN,
)
def kl_sign(p, q, base=2):
    ratio = np.where(p > 0, q, 1) / np.where(p > 0, p, 1)
    return np.sum(np.where(p > 0, p * np.log(ratio), 0), axis=-1) / np.log(base)


@exercise.mistake(
    "Over what is the average taken, and with which weights?",
    said="The logarithms of the ratios are added without the weights p.",
    root=Root.WEIGHTS,
)
def kl_unweighted(p, q, base=2):
    return np.sum(np.log(p / q), axis=-1) / np.log(base)


@exercise.mistake(
    "Code with the true distribution, q = p: is anything wasted then?",
    said="The cross-entropy is returned: the entropy of p is not subtracted.",
)
def kl_is_cross_entropy(p, q, base=2):
    return -np.sum(np.where(p > 0, p * np.log(np.where(p > 0, q, 1)), 0), axis=-1) / np.log(base)


@exercise.mistake(
    "Whose entropy is the part of the cost that cannot be avoided?",
    said="The entropy of q is subtracted instead of the entropy of p.",
    root=Root.SWAPPED,
)
def kl_minus_wrong_entropy(p, q, base=2):
    cross = -np.sum(np.where(p > 0, p * np.log(np.where(p > 0, q, 1)), 0), axis=-1)
    own = -np.sum(np.where(q > 0, q * np.log(np.where(q > 0, q, 1)), 0), axis=-1)
    return (cross - own) / np.log(base)


@exercise.mistake(
    "Single terms may well be negative: does the sum need them?",
    said="The absolute value of each logarithm is taken, so negative terms turn positive.",
)
def kl_absolute(p, q, base=2):
    ratio = np.where(p > 0, p, 1) / np.where(p > 0, q, 1)
    return np.sum(np.where(p > 0, p * np.abs(np.log(ratio)), 0), axis=-1) / np.log(base)


@exercise.mistake(
    "In which unit is your answer, and which one is asked for?",
    said="The natural logarithm is taken, whatever base is asked for.",
    root=Root.BASE,
)
def kl_nats(p, q, base=2):
    ratio = np.where(p > 0, p, 1) / np.where(p > 0, q, 1)
    return np.sum(np.where(p > 0, p * np.log(ratio), 0), axis=-1)


@exercise.mistake(
    "One outcome never happens: what should its term be, and what does the computer make of it?",
    said="An outcome of probability 0 makes the result nan instead of adding 0.",
    root=Root.DIGITS,
)
def kl_nan_zero(p, q, base=2):
    return np.sum(p * np.log(p / q), axis=-1) / np.log(base)
