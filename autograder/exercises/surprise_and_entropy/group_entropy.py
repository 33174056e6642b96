"""Entropy of the label frequencies of a group of objects."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np

from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case
from autograder.exercises.surprise_and_entropy import notebook, reference
from autograder.exercises.surprise_and_entropy.inputs import SYMBOLS, sequence
from autograder.exercises.surprise_and_entropy.reference import entropy

exercise = notebook.exercise(
    reference.group_entropy,
    points=2,
    minutes=8,
    atol=1e-8,  # In bits or nats; so much a guard may cost that surprises nobody.
    hints=(
        "First turn the labels into shares: how many of each, divided by how many in all?",
        "np.unique(labels, return_counts=True) or collections.Counter does the counting.",
        (
            "Do your shares add up to 1? Then you have already written the function that does "
            "the rest."
        ),
    ),
)


@exercise.cases
def cases(rng):
    yield case(list("XXXXXXO"), about=VISIBLE)
    yield case(list("XOOOOOOOOOO"), about=VISIBLE)
    yield case(list("XXXXXXXOOOOOOO"), about=VISIBLE)
    yield case(["X"] + ["O"] * 1999, about="one of 2,000 has another colour")
    yield case(sequence(rng, "XO", 9))
    yield case(sequence(rng, SYMBOLS, 19))
    yield case(list("XXXXXXO"))
    yield case(rng.permutation([3, 3, 7, 7, 7, 7, 7, 9]).tolist())
    yield case(sequence(rng, "XO", 6), base=10, about="in base 10")
    yield case(["X", "X", "X"], about="one colour only")


@exercise.style
def group_counter(labels, base=2):
    n = len(labels)
    return sum(-c / n * math.log(c / n, base) for c in Counter(labels).values())


@exercise.style
def group_unique(labels, base=2):
    _, counts = np.unique(labels, return_counts=True)
    return entropy(counts / counts.sum(), base)


@exercise.style
def group_by_set(labels, base=2):
    total = 0.0
    for colour in set(labels):
        p = labels.count(colour) / len(labels)
        total += p * math.log(1 / p) / math.log(base)
    return total


@exercise.style
def group_mean_of_surprises(labels, base=2):
    frequency = {label: labels.count(label) / len(labels) for label in labels}
    return np.mean([-np.log(frequency[label]) for label in labels]) / np.log(base)


@exercise.mistake(
    "Do your weights add up to one?",
    said="The counts are used as probabilities without dividing by their total.",
    root=Root.MEAN,
)
def counts_not_normalised(labels, base=2):
    n = np.unique(labels, return_counts=True)[1]
    return float(-np.sum(n * np.log(n)) / np.log(base))


@exercise.mistake(
    "Does each probability stand beside its own surprise?",
    said="The weights are in reverse order, beside the surprises of other labels.",
    root=Root.SWAPPED,
)
def counts_swapped_weights(labels, base=2):
    n = np.unique(labels, return_counts=True)[1]
    p = n / n.sum()
    return float(-np.sum(p[::-1] * np.log(p)) / np.log(base))


@exercise.mistake(
    "How many objects of each colour are in the group?",
    said="Every colour is treated as if it had exactly one object.",
)
def counts_one_item_probability(labels, base=2):
    n = len(labels)
    return float(len(set(labels)) * np.log(n) / n / np.log(base))


@exercise.mistake(
    "Are the weights in your sum the proportions of the group? Add them up.",
    said="The weights are always 1/N and 2/N, not the proportions of the group.",
    root=Root.WEIGHTS,
)
def counts_printed_g1_line(labels, base=2):
    n = len(labels)
    most = np.unique(labels, return_counts=True)[1].max()
    return float((1 / n * np.log(n / most) + 2 / n * np.log(n / 2)) / np.log(base))


@exercise.mistake(
    "Two groups hold the same colours in other numbers: is that a difference?",
    said="Only the number of colours counts, not how often each occurs.",
    root=Root.WEIGHTS,
)
def group_colours_only(labels, base=2):
    return float(np.log(len(set(labels))) / np.log(base))


@exercise.mistake(
    "In which unit is your answer, and which one is asked for?",
    said="The natural logarithm is taken, whatever base is asked for.",
    root=Root.BASE,
)
def group_natural_log(labels, base=2):
    n = np.unique(labels, return_counts=True)[1]
    p = n / n.sum()
    return float(-np.sum(p * np.log(p)))
