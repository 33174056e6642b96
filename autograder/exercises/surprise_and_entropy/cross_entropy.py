"""Cross-entropy of q relative to p: p draws, q is surprised."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case
from autograder.exercises.surprise_and_entropy import notebook, reference
from autograder.exercises.surprise_and_entropy.inputs import pairs, rare_outcomes
from autograder.exercises.surprise_and_entropy.reference import surprise

exercise = notebook.exercise(
    reference.cross_entropy,
    points=3,
    minutes=12,
    hints=(
        "Take your entropy apart: which p says how often, and which p says how surprising?",
        (
            "Swap the arguments of [0.9, 0.1] and [0.5, 0.5]: one order gives 1, the other "
            "1.7370. Which is which?"
        ),
        (
            "An outcome with p = 0 must add 0 even where q = 0. Give it a surprise of 0 before "
            "you multiply; leave an honest q = 0 alone."
        ),
    ),
)


@exercise.cases
def cases(rng):
    even, sure = np.array([0.5, 0.5]), np.array([0.9, 0.1])
    code = np.array([0.5, 0.25, 0.125, 0.125])
    yield case(sure, even, about=VISIBLE)
    yield case(even, sure, about=VISIBLE)
    yield case(code, np.full(4, 0.25), about=VISIBLE)
    yield case(np.array([0.4, 0.6, 0.0]), np.array([0.7, 0.2, 0.1]), about=VISIBLE)
    yield case(np.array([0.4, 0.6]), np.array([1.0, 0.0]), about=VISIBLE)
    yield from rare_outcomes()
    yield from pairs(rng)


@exercise.style
def cross_entropy_masked(p, q, base=2):
    with np.errstate(divide="ignore"):
        logs = np.log(np.where(p > 0, q, 1))
    return -(p * logs).sum(axis=-1) / np.log(base)


@exercise.style
def cross_entropy_nan_aware(p, q, base=2):
    with np.errstate(all="ignore"):
        terms = -p * np.log(q) / np.log(base)
    terms[p == 0] = 0
    return np.sum(terms, axis=-1)


@exercise.style
def cross_entropy_loops(p, q, base=2):
    if np.ndim(p) > 1:
        return np.array([cross_entropy_loops(a, b, base) for a, b in zip(p, q)])
    total = 0.0
    for pk, qk in zip(p, q):
        if pk > 0:
            total += math.inf if qk == 0 else -pk * math.log(qk, base)
    return total


@exercise.style
def cross_entropy_einsum(p, q, base=2):
    return np.einsum("...k,...k->...", p, surprise(np.where(p > 0, q, 1.0), base))


@exercise.mistake(
    "Which of the two draws the outcomes, and which one is surprised by them?",
    said="The distributions p and q are exchanged.",
    root=Root.SWAPPED,
)
def ce_swapped(p, q, base=2):
    return -np.sum(q * np.log(p), axis=-1) / np.log(base)


@exercise.mistake(
    "Should an outcome that never happens count?",
    said="The surprises under q are added without the weights p.",
    root=Root.WEIGHTS,
)
def ce_unweighted(p, q, base=2):
    return -np.sum(np.log(q), axis=-1) / np.log(base)


@exercise.mistake(
    "The model is perfect, q = p: is there nothing left to be surprised about?",
    said="The KL divergence is returned: the entropy of p is missing.",
)
def ce_returned_kl(p, q, base=2):
    ratio = np.where(p > 0, p, 1) / np.where(p > 0, q, 1)
    return np.sum(np.where(p > 0, p * np.log(ratio), 0), axis=-1) / np.log(base)


@exercise.mistake(
    "Over what really happens, or over what the model expects: which average?",
    said="The weights are q instead of p, which gives the entropy of q.",
    root=Root.SWAPPED,
)
def ce_entropy_of_q(p, q, base=2):
    return -np.sum(np.where(q > 0, q * np.log(np.where(q > 0, q, 1)), 0), axis=-1) / np.log(base)


@exercise.mistake(
    "Which sign has the logarithm of a number below one?",
    said="The minus sign is missing, so the cross-entropy comes out negative.",
    root=Root.SIGN,
)
def ce_sign(p, q, base=2):
    return np.sum(np.where(p > 0, p * np.log(np.where(p > 0, q, 1)), 0), axis=-1) / np.log(base)


@exercise.mistake(
    "In which unit is your answer, and which one is asked for?",
    said="The natural logarithm is taken, whatever base is asked for.",
    root=Root.BASE,
)
def ce_nats(p, q, base=2):
    return -np.sum(np.where(p > 0, p * np.log(np.where(p > 0, q, 1)), 0), axis=-1)


@exercise.mistake(
    "An outcome that both exclude: what should its term be, and what does the computer make of it?",
    said="An outcome impossible under both p and q makes the result nan.",
    root=Root.DIGITS,
)
def ce_nan_zero(p, q, base=2):
    return -np.sum(p * np.log(q), axis=-1) / np.log(base)


@exercise.mistake(
    "How surprised is a model by what it holds to be impossible?",
    said="A small number is added to q, so an excluded outcome costs too little.",
    root=Root.DIGITS,
)
def ce_guarded(p, q, base=2):
    return -np.sum(p * np.log(q + 1e-12), axis=-1) / np.log(base)
