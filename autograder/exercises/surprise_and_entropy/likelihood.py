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


@exercise.mistake(
    "Is a mean asked for, or the probability of the whole sequence?",
    said="The root of the product is taken: a probability per label.",
    root=Root.MEAN,
)
def likelihood_per_label(labels, q):
    return float(np.prod([q[label] for label in labels]) ** (1 / len(labels)))


@exercise.mistake(
    "Your product starts somewhere: which number leaves a product as it is?",
    said="The product starts at 0 and stays there.",
)
def likelihood_from_zero(labels, q):
    product = 0
    for label in labels:
        product *= q[label]
    return product


@exercise.mistake(
    "A label that the dict knows and nobody drew: how often does it occur in the product?",
    said="The probabilities of all labels are multiplied, those that never occur once.",
)
def likelihood_every_label_once(labels, q):
    labels = list(labels)
    return float(np.prod([p ** max(labels.count(symbol), 1) for symbol, p in q.items()]))


@exercise.mistake(
    "Where in your answer do the probabilities of the dict come in?",
    said="The frequencies in the data are used instead of the given probabilities.",
    root=Root.WEIGHTS,
)
def likelihood_of_own_frequencies(labels, q):
    labels = list(labels)
    return float(np.prod([labels.count(label) / len(labels) for label in labels]))


@exercise.property(
    "A likelihood is a probability, from 0 to 1, and yours is {found}. Which operation combines "
    "independent events?"
)
def a_probability(f, labels, q):
    found = f(labels, q)
    if not -1e-12 <= found <= 1 + 1e-12:
        return {"found": found}


@exercise.property(
    "The same labels once more make the likelihood its own square, and yours goes from {once} to "
    "{twice}. How many factors has your product?"
)
def squared_for_the_labels_twice(f, labels, q):
    once, twice = f(labels, q), f(list(labels) * 2, q)
    if abs(twice - once**2) > 1e-6 * abs(once) ** 2:
        return {"once": once, "twice": twice}
