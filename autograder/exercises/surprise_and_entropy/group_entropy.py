"""Entropy of the label frequencies of a group of objects."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np

from autograder.exercises.guards import clipped, raised
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
    yield case([3, 7, 7, 9], about=VISIBLE)
    yield case(list("XXXXXXO"), base=10, about=VISIBLE)
    yield case(["X"] + ["O"] * 499, about="one of 500 has another colour")
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


@exercise.mistake(
    "A group of one colour holds no surprise at all: what did you add to its share?",
    said="A small number is added to the shares inside the logarithm.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-5, 1e-7)},
)
def group_guarded(labels, base=2, *, size=1e-7):
    n = np.unique(labels, return_counts=True)[1]
    p = n / n.sum()
    return float(-np.sum(p * np.log(p + size)) / np.log(base))


@exercise.mistake(
    "Does a colour that is rare add its term, with the share that it really has?",
    said="The shares are cut off, so rare and frequent colours count wrongly.",
    root=Root.DIGITS,
    family={"size": (5e-2, 1e-2, 3e-3), "guard": (clipped, raised)},
)
def group_clipped(labels, base=2, *, size=1e-2, guard=clipped):
    n = np.unique(labels, return_counts=True)[1]
    p = guard(n / n.sum(), size)
    return float(-np.sum(p * np.log(p)) / np.log(base))


@exercise.mistake(
    "Does a colour that is rare add its term?",
    said="Colours below a small share are left out.",
    root=Root.DIGITS,
    family={"size": (5e-2, 1e-2, 3e-3)},
)
def group_rare_left_out(labels, base=2, *, size=1e-2):
    n = np.unique(labels, return_counts=True)[1]
    p = n / n.sum()
    p = p[p > size]
    return float(-np.sum(p * np.log(p)) / np.log(base))


@exercise.mistake(
    "What happens to your answer when somebody asks for another base?",
    said="Base 2 is used, whatever base is asked for.",
    root=Root.BASE,
)
def group_base_ignored(labels, base=2):
    n = np.unique(labels, return_counts=True)[1]
    p = n / n.sum()
    return float(-np.sum(p * np.log2(p)))


@exercise.mistake(
    "One term for every colour, or one for every object?",
    said="Every object adds a term p log p, so frequent colours count several times.",
    root=Root.MEAN,
)
def group_term_per_object(labels, base=2):
    labels = list(labels)
    p = np.array([labels.count(label) / len(labels) for label in labels])
    return float(-np.sum(p * np.log(p)) / np.log(base))


@exercise.mistake(
    "Can the entropy of a group be negative?",
    said="The minus sign is missing, so the entropy comes out negative.",
    root=Root.SIGN,
)
def group_sign(labels, base=2):
    n = np.unique(labels, return_counts=True)[1]
    p = n / n.sum()
    return float(np.sum(p * np.log(p)) / np.log(base))


@exercise.mistake(
    "The shares are the weights of the average: is one more mean needed?",
    said="The terms are averaged over the colours instead of summed.",
    root=Root.MEAN,
)
def group_mean_over_colours(labels, base=2):
    n = np.unique(labels, return_counts=True)[1]
    p = n / n.sum()
    return float(-np.mean(p * np.log(p)) / np.log(base))


@exercise.mistake(
    "An expected value gives each term a weight: where is it?",
    said="The surprises of the colours are added without their shares as weights.",
    root=Root.WEIGHTS,
)
def group_unweighted(labels, base=2):
    n = np.unique(labels, return_counts=True)[1]
    return float(-np.sum(np.log(n / n.sum())) / np.log(base))


@exercise.mistake(
    "A list is compared with one label: what comes out, and what did you expect?",
    said="A list is compared with a label as if it were an array, which picks nothing.",
)
def group_list_compared(labels, base=2):
    total = 0
    for label in np.unique(labels):
        p = len(labels[labels == label]) / len(labels)
        total += -p * math.log(p) / math.log(base)
    return total


@exercise.mistake(
    "Which labels can a group hold: only the two of the lecture?",
    said="Only the labels X and O are counted.",
)
def group_only_x_and_o(labels, base=2):
    labels = list(labels)
    p = np.array([labels.count("X"), labels.count("O")]) / len(labels)
    p = p[p > 0]
    return float(-np.sum(p * np.log(p)) / np.log(base))


@exercise.property(
    "A group of {K} colours has an entropy of at most log K = {most}, and at least 0. Yours is "
    "{found}: do your shares add up to 1?"
)
def between_zero_and_log_k(f, labels, base=2):
    K = len(set(labels))
    found, most = f(labels, base=base), np.log(K) / np.log(base)
    if not -1e-8 < found < most + 1e-7:
        return {"K": K, "most": most, "found": found}


@exercise.property(
    "A group of one colour holds no surprise, and yours gives {found} for {labels}. How large is "
    "the share of its colour?"
)
def nothing_in_one_colour(f, labels, base=2):
    group = ["X", "X", "X"]
    found = f(group, base=base)
    if abs(found) > 1e-7:
        return {"labels": group, "found": found}


@exercise.property(
    "Every object twice: the shares stay as they are, but your answer goes from {once} to {twice}. "
    "By what do you divide the counts?"
)
def the_same_for_every_object_twice(f, labels, base=2):
    once, twice = f(labels, base=base), f(list(labels) * 2, base=base)
    if not np.isclose(once, twice, rtol=0, atol=1e-7):
        return {"once": once, "twice": twice}


exercise.equivalent(
    "np.log(frequency[label]) -> np.log(np.clip(frequency[label], 1e-08, None))",
    because="No label is rarer than one in the number of examples.",
)
