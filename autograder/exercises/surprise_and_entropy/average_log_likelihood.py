"""Mean log-likelihood of a belief, in nats per observation."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np

from autograder.exercises.guards import clipped, raised
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case
from autograder.exercises.surprise_and_entropy import notebook, reference
from autograder.exercises.surprise_and_entropy.inputs import belief, sequence
from autograder.exercises.surprise_and_entropy.reference import cross_entropy

exercise = notebook.exercise(
    reference.average_log_likelihood,
    points=2,
    minutes=8,
    hints=(
        "Logarithm first, then the mean. What goes wrong the other way round?",
        "For R-A-R-A-A and the belief one half each, every term is ln 0.5. What is their mean?",
        (
            "np.log and math.log are natural logarithms. Take one of each label's probability "
            "and average."
        ),
    ),
)


@exercise.cases
def cases(rng):
    for red in (4 / 5, 1 / 2, 2 / 5):
        yield case(list("RARAA"), {"R": red, "A": 1 - red}, about=VISIBLE)
    yield case(["R", "A"] * 2000, {"R": 1 / 2, "A": 1 / 2}, about=VISIBLE)
    yield case(list("R"), {"R": 1e-9, "A": 1 - 1e-9}, about="a label that is almost impossible")
    yield case(list("AA"), {"R": 1e-6, "A": 1 - 1e-6}, about="a label that is almost sure")
    yield case(list("RARAA"), {"R": 0.8, "A": 0.2})
    yield case(sequence(rng, "XO", 8), belief(rng, "XO"))
    yield case(sequence(rng, "XOR", 11), belief(rng, "XOR"))
    # The product of so many probabilities is 0 even in extended precision.
    rare = {"X": 1e-9, "O": 3e-8, "R": 1 - 3.1e-8}
    yield case(sequence(rng, "XO", 1000), rare, about="1,000 rare labels")


@exercise.style
def average_mean(labels, q):
    return np.mean([np.log(q[label]) for label in labels])


@exercise.style
def average_loop(labels, q):
    total = 0
    for label in labels:
        total += math.log(q[label])
    return total / len(labels)


@exercise.style
def average_by_counts(labels, q):
    return sum(n * math.log(q[k]) for k, n in Counter(labels).items()) / len(labels)


@exercise.style
def average_by_frequencies(labels, q):
    symbols = sorted(q)
    p = np.array([list(labels).count(s) for s in symbols]) / len(labels)
    return -cross_entropy(p, np.array([q[s] for s in symbols]), base=math.e)


@exercise.mistake(
    "Compare data sets of two sizes: should the number grow with N?",
    said="The logarithms are summed and not divided by the number of labels.",
    root=Root.MEAN,
)
def loglik_not_averaged(labels, q):
    return float(sum(np.log(q[label]) for label in labels))


@exercise.mistake(
    "May a logarithm and a mean be exchanged?",
    said="The logarithm of the mean replaces the mean of the logarithms.",
    root=Root.MEAN,
)
def loglik_log_of_mean(labels, q):
    return float(np.log(np.mean([q[label] for label in labels])))


@exercise.mistake(
    "Where do the weights of the average come from, data or model?",
    said="The weights come from the model q instead of the observed labels.",
    root=Root.SWAPPED,
)
def loglik_minus_entropy_of_q(labels, q):
    return float(sum(p * np.log(p) for p in q.values()))


@exercise.mistake(
    "Print the product before its logarithm is taken, for very many labels: what is left of it?",
    said="The probabilities are multiplied before the logarithm, so many labels underflow to 0.",
    root=Root.DIGITS,
)
def loglik_product_underflow(labels, q):
    return float(np.log(np.prod([q[label] for label in labels])) / len(labels))


@exercise.mistake(
    "The small number you add as a guard: how large is it beside the one it guards?",
    said="A guard of 1e-12 is added to the product and outweighs a small one.",
    root=Root.DIGITS,
)
def loglik_float_rounding_to_zero_guard(labels, q):
    return float(np.log(np.prod([q[label] for label in labels]) + 1e-12) / len(labels))


@exercise.mistake(
    "Is a loss asked for, or a likelihood? Which sign has it?",
    said="A minus sign is added, which makes a loss of the likelihood.",
    root=Root.SIGN,
)
def loglik_sign(labels, q):
    return float(-np.mean([np.log(q[label]) for label in labels]))


@exercise.mistake(
    "In which unit is your answer, and which one is asked for?",
    said="The logarithm has base 2 instead of the natural base.",
    root=Root.BASE,
)
def loglik_bits(labels, q):
    return float(np.mean([np.log2(q[label]) for label in labels]))


@exercise.mistake(
    "A label is almost impossible: what stands in your logarithm beside its probability?",
    said="A small number is added to the probabilities inside the logarithm.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-6, 1e-9, 1e-12)},
)
def loglik_guarded(labels, q, *, size=1e-9):
    return float(np.mean([np.log(q[label] + size) for label in labels]))


@exercise.mistake(
    "The rarer a label, the lower its logarithm: from which probability on does yours not fall?",
    said="The probabilities are cut off before the logarithm, which limits it.",
    root=Root.DIGITS,
    family={"size": (1e-2, 1e-4, 1e-6, 1e-8), "guard": (clipped, raised)},
)
def loglik_cut(labels, q, *, size=1e-4, guard=clipped):
    return float(np.mean([np.log(guard(q[label], size)) for label in labels]))


@exercise.mistake(
    "A label that comes up three times: how many terms has it in your mean?",
    said="Each label of the dict counts once, however often it occurs.",
    root=Root.WEIGHTS,
)
def loglik_plain_mean(labels, q):
    return float(np.mean(np.log(list(q.values()))))


@exercise.mistake(
    "Where in your answer do the probabilities of the dict come in?",
    said="The frequencies in the data are used instead of the given probabilities.",
    root=Root.WEIGHTS,
)
def loglik_of_own_frequencies(labels, q):
    labels = list(labels)
    counts = [labels.count(label) for label in set(labels)]
    return float(sum(n * np.log(n / len(labels)) for n in counts) / len(labels))


@exercise.mistake(
    "Over what is the mean taken: the labels that were drawn, or the kinds of labels?",
    said="The sum is divided by the number of kinds of labels, not of labels.",
    root=Root.MEAN,
)
def loglik_divided_by_kinds(labels, q):
    return float(sum(np.log(q[label]) for label in labels) / len(q))


@exercise.property(
    "A mean does not change when all labels are there once more, and yours goes from {once} to "
    "{twice}. By what do you divide?"
)
def the_same_for_the_labels_twice(f, labels, q):
    once, twice = f(labels, q), f(list(labels) * 2, q)
    if not np.isclose(twice, once, rtol=1e-6, atol=0):
        return {"once": once, "twice": twice}


@exercise.property(
    "The logarithm of a probability is never positive, and yours is {found} on average. What does "
    "one label add?"
)
def never_positive(f, labels, q):
    found = f(labels, q)
    if found > 1e-9:
        return {"found": found}
