"""Likelihood of a belief."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np

from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case
from autograder.exercises.surprise_and_entropy import notebook, reference
from autograder.exercises.surprise_and_entropy.inputs import belief, sequence

exercise = notebook.exercise(
    reference.likelihood,
    points=1,
    minutes=5,
    hints=(
        "Independent events: what do you do with their probabilities?",
        "Five balls were drawn: how many factors are there?",
        "math.prod or np.prod multiply everything in a list.",
    ),
)


@exercise.cases
def cases(rng):
    for red in (4 / 5, 1 / 2, 2 / 5):
        yield case(list("RARAA"), {"R": red, "A": 1 - red}, about=VISIBLE)
    yield case(list("RARAA"), {"R": 0.5, "A": 0.3, "V": 0.2}, about="a label that is never drawn")
    yield case(list("RA"), {"R": 1e-3, "A": 0.999}, about="a label that is almost sure")
    yield case(list("RARAA"), {"R": 0.8, "A": 0.2})
    yield case(sequence(rng, "XO", 8), belief(rng, "XO"))
    yield case(sequence(rng, "XOR", 7), belief(rng, "XOR"))


@exercise.style
def likelihood_loop(labels, q):
    product = 1
    for label in labels:
        product *= q[label]
    return product


@exercise.style
def likelihood_math_prod(labels, q):
    return math.prod(q[label] for label in labels)


@exercise.style
def likelihood_numpy(labels, q):
    return np.prod(np.array([q[label] for label in labels]))


@exercise.style
def likelihood_powers(labels, q):
    return math.prod(q[k] ** n for k, n in Counter(labels).items())


@exercise.mistake(
    "Independent events: which operation combines their probabilities?",
    said="The probabilities of the labels are added instead of multiplied.",
)
def likelihood_summed(labels, q):
    return float(sum(q[label] for label in labels))


@exercise.mistake(
    "Count again: how often does each colour occur?",
    said="The counts are in reverse order, so each probability gets another label's exponent.",
    root=Root.SWAPPED,
)
def likelihood_swapped_counts(labels, q):
    counts = [list(labels).count(symbol) for symbol in q]
    return float(np.prod([p**n for p, n in zip(q.values(), counts[::-1])]))


@exercise.mistake(
    "How many observations are there, and how many factors?",
    said="Each class gives one factor, however often it occurs.",
)
def likelihood_one_factor_per_class(labels, q):
    return float(np.prod(list(q.values())))


@exercise.mistake(
    "Exactly this sequence, or any sequence with these counts?",
    said="All orders of the same labels count, not just this sequence.",
)
def likelihood_multinomial(labels, q):
    ways, placed = 1, 0
    for symbol in q:
        for i in range(1, list(labels).count(symbol) + 1):
            placed += 1
            ways = ways * placed // i
    return float(ways * np.prod([q[label] for label in labels]))


@exercise.mistake(
    "An independent event n times: is that n times its probability, or a power?",
    said="Each probability is multiplied by its count instead of raised to it.",
)
def likelihood_base_times_count(labels, q):
    return float(np.prod([list(labels).count(symbol) * p for symbol, p in q.items()]))


@exercise.mistake(
    "Is the probability itself asked for, or its logarithm?",
    said="The logarithm of the likelihood is returned instead of the likelihood.",
)
def likelihood_logarithm(labels, q):
    return float(sum(np.log(q[label]) for label in labels))
