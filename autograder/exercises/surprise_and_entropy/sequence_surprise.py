"""Surprise of a sequence of independent outcomes."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np

from autograder.exercises.guards import clipped, raised
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case
from autograder.exercises.surprise_and_entropy import notebook, reference
from autograder.exercises.surprise_and_entropy.inputs import SYMBOLS, belief, sequence
from autograder.exercises.surprise_and_entropy.reference import surprise

exercise = notebook.exercise(
    reference.sequence_surprise,
    points=2,
    minutes=8,
    hints=(
        "Write C-C-S down by hand: how many terms has the sum?",
        "Go through the outcomes one by one and look each symbol up in the dict.",
        (
            "Do you multiply first? Try 5000 outcomes and print the product. You already have a "
            "function for the surprise of one outcome."
        ),
    ),
)


@exercise.cases
def cases(rng):
    coin = {"C": 0.9, "S": 0.1}
    yield case("CCS", coin, about=VISIBLE)
    yield case(["S", "C"], coin, about=VISIBLE)
    yield case("CCS", coin, base=10, about=VISIBLE)
    yield case("R", {"R": 1e-9, "F": 1 - 1e-9}, about="an outcome that is almost impossible")
    yield case("FF", {"R": 1e-6, "F": 1 - 1e-6}, about="outcomes that are almost sure")
    yield case(sequence(rng, "CS", 4), belief(rng, "CS"))
    yield case("".join(sequence(rng, "XOR", 9)), belief(rng, "XOR"))
    yield case(sequence(rng, SYMBOLS, 17), belief(rng, SYMBOLS))
    yield case("CCS", {"C": 0.9, "S": 0.1}, base=10, about="in base 10")
    # The product of so many probabilities is 0 even in extended precision.
    rare = {"C": 1e-5, "S": 3e-7, "R": 1 - 1.03e-5}
    yield case(sequence(rng, "CS", 1000), rare, about="1,000 rare outcomes")


@exercise.style
def sequence_by_sum(outcomes, probabilities, base=2):
    return sum(-math.log(probabilities[o], base) for o in outcomes)


@exercise.style
def sequence_by_loop(outcomes, probabilities, base=2):
    total = 0.0
    for outcome in outcomes:
        total += surprise(probabilities[outcome], base)
    return total


@exercise.style
def sequence_vectorised(outcomes, probabilities, base=2):
    p = np.array([probabilities[o] for o in outcomes])
    return -np.log(p).sum() / np.log(base)


@exercise.style
def sequence_by_counts(outcomes, probabilities, base=2):
    counts = Counter(outcomes)
    return np.array([n * np.log(1 / probabilities[o]) for o, n in counts.items()]).sum() / np.log(
        base
    )


@exercise.mistake(
    "Into which operation do logarithms turn a product?",
    said="The surprises of the outcomes are multiplied instead of added.",
)
def seq_product_of_surprises(outcomes, probabilities, base=2):
    return float(np.prod([-np.log(probabilities[o]) / np.log(base) for o in outcomes]))


@exercise.mistake(
    "Should a longer sequence be no more surprising than a short one?",
    said="The surprises of the outcomes are averaged instead of summed.",
    root=Root.MEAN,
)
def seq_mean_instead_of_sum(outcomes, probabilities, base=2):
    return float(np.mean([-np.log(probabilities[o]) / np.log(base) for o in outcomes]))


@exercise.mistake(
    "Your last digits are off: where was something rounded?",
    said="Each surprise is rounded to two decimals before the sum.",
    root=Root.DIGITS,
)
def seq_rounded_parts(outcomes, probabilities, base=2):
    return sum(round(float(-np.log(probabilities[o]) / np.log(base)), 2) for o in outcomes)


@exercise.mistake(
    "How many tosses were there, and how many terms has your sum?",
    said="Each distinct outcome counts only once, however often it occurs.",
)
def seq_distinct_outcomes_once(outcomes, probabilities, base=2):
    return float(sum(-np.log(probabilities[o]) / np.log(base) for o in set(outcomes)))


@exercise.mistake(
    "Print the product before its logarithm is taken, for 5000 outcomes: what is left of it?",
    said="The probabilities are multiplied before the logarithm, so long sequences underflow to 0.",
    root=Root.DIGITS,
)
def seq_product_underflow(outcomes, probabilities, base=2):
    return float(-np.log(np.prod([probabilities[o] for o in outcomes])) / np.log(base))


@exercise.mistake(
    "What happens to your answer when somebody asks for another base?",
    said="Base 2 is used, whatever base is asked for.",
    root=Root.BASE,
)
def seq_base_ignored(outcomes, probabilities, base=2):
    return float(sum(-np.log2(probabilities[o]) for o in outcomes))


@exercise.mistake(
    "In which unit is your answer, and which one is asked for?",
    said="The natural logarithm is taken, whatever base is asked for.",
    root=Root.BASE,
)
def seq_natural_log(outcomes, probabilities, base=2):
    return float(sum(-np.log(probabilities[o]) for o in outcomes))


@exercise.mistake(
    "An outcome is almost impossible: what stands in your logarithm beside its probability?",
    said="A small number is added to the probabilities inside the logarithm.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-6, 1e-9, 1e-12)},
)
def seq_guarded(outcomes, probabilities, base=2, *, size=1e-9):
    return float(sum(-np.log(probabilities[o] + size) for o in outcomes) / np.log(base))


@exercise.mistake(
    "The rarer an outcome, the more it surprises: from which probability on does yours not grow?",
    said="The probabilities are cut off before the logarithm, which limits the surprise.",
    root=Root.DIGITS,
    family={"size": (1e-2, 1e-4, 1e-6, 1e-8), "guard": (clipped, raised)},
)
def seq_cut(outcomes, probabilities, base=2, *, size=1e-4, guard=clipped):
    return float(sum(-np.log(guard(probabilities[o], size)) for o in outcomes) / np.log(base))


@exercise.mistake(
    "Where in your answer do the probabilities of the dict come in?",
    said="The frequencies in the sequence are used instead of the given probabilities.",
    root=Root.WEIGHTS,
)
def seq_own_frequencies(outcomes, probabilities, base=2):
    outcomes = list(outcomes)
    return float(sum(-np.log(outcomes.count(o) / len(outcomes)) for o in outcomes) / np.log(base))


@exercise.mistake(
    "This sequence happened: does each outcome still need a weight of its own?",
    said="Each surprise is weighted with its probability, as in an entropy.",
    root=Root.WEIGHTS,
)
def seq_weighted(outcomes, probabilities, base=2):
    p = np.array([probabilities[o] for o in outcomes])
    return float(-np.sum(p * np.log(p)) / np.log(base))


@exercise.mistake(
    "Can an unlikely sequence surprise by a negative amount?",
    said="The minus sign before the logarithm is missing.",
    root=Root.SIGN,
)
def seq_sign(outcomes, probabilities, base=2):
    return float(sum(np.log(probabilities[o]) for o in outcomes) / np.log(base))


@exercise.property(
    "The sequence and the same sequence once more should surprise twice as much; yours gives "
    "{once} for one and {twice} for both. How many terms has your sum?"
)
def twice_the_sequence(f, outcomes, probabilities, base=2):
    once = f(outcomes, probabilities, base=base)
    twice = f(list(outcomes) * 2, probabilities, base=base)
    if not np.isclose(twice, 2 * once, rtol=1e-6, atol=0):
        return {"once": once, "twice": twice}


@exercise.property(
    "A sequence of outcomes that are sure to happen surprises nobody, and yours gives {found}. "
    "What does each of them add?"
)
def nothing_for_sure_outcomes(f, outcomes, probabilities, base=2):
    found = f(["C", "C", "C"], {"C": 1.0, "S": 0.0}, base=base)
    if abs(found) > 1e-9:
        return {"found": found}


exercise.equivalent(
    "np.log(1 / probabilities[o]) -> np.log(np.clip(1 / probabilities[o], 1e-08, None))",
    because="One over a probability is at least 1.",
)
