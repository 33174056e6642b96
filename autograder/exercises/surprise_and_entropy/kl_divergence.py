"""Kullback-Leibler divergence of q from p."""

from __future__ import annotations

import numpy as np

from autograder.exercises.guards import GUARDS, added, clipped
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
    yield case(np.array([0.4, 0.6]), np.array([1.0, 0.0]), about=VISIBLE)
    yield case(np.stack([sure, even]), np.stack([even, sure]), about=VISIBLE)
    yield case(even, sure, base=10, about=VISIBLE)
    yield from rare_outcomes()
    yield from pairs(rng)
    p = distribution(rng, 4)
    yield case(p, p.copy(), about="two equal distributions")
    yield case(np.array([1.0, 0.0]), np.array([1.0, 0.0]), about="the same outcome sure in both")


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
    leads=("TWICE_OF_TWO",),
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


@exercise.mistake(
    "How much does it cost to hold what happens to be impossible, and what is the largest number "
    "that your function can give?",
    said="A small number is added to q, or cuts it off, so an excluded outcome costs too little.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-6, 1e-9, 1e-12, 1e-15), "guard": GUARDS, "both": (True, False)},
)
def kl_guarded(p, q, base=2, *, size=1e-9, guard=added, both=True):
    top = guard(p, size) if both else np.where(p > 0, p, 1)
    return np.sum(p * np.log(top / guard(q, size)), axis=-1) / np.log(base)


@exercise.mistake(
    "What should an outcome add that never happens, and what does yours add?",
    said="Both distributions are guarded as a whole, so impossible outcomes count a little.",
    root=Root.DIGITS,
    like=("kl-guarded",),
    family={"size": (1e-3, 1e-6, 1e-9, 1e-12), "guard": GUARDS},
)
def kl_of_guarded(p, q, base=2, *, size=1e-9, guard=clipped):
    p, q = guard(p, size), guard(q, size)
    return np.sum(p * np.log(p / q), axis=-1) / np.log(base)


@exercise.mistake(
    "Does an outcome that is rare, but possible, add its term?",
    said="Outcomes below a small probability are left out.",
    root=Root.DIGITS,
    family={"size": (5e-2, 1e-3, 1e-5, 1e-8)},
)
def kl_rare_left_out(p, q, base=2, *, size=1e-3):
    with np.errstate(divide="ignore"):
        ratio = np.where(p > size, p, 1) / np.where(p > size, q, 1)
    return np.sum(np.where(p > size, p, 0) * np.log(ratio), axis=-1) / np.log(base)


@exercise.mistake(
    "In a batch, one pair of distributions stands in each row: what should be summed?",
    said="The whole batch is summed to one number instead of one per pair.",
    root=Root.AXIS,
)
def kl_of_everything(p, q, base=2):
    with np.errstate(divide="ignore"):
        ratio = np.where(p > 0, p, 1) / np.where(p > 0, q, 1)
    return np.sum(p * np.log(ratio)) / np.log(base)


@exercise.mistake(
    "Which axis holds the outcomes of one distribution, the first or the last?",
    said="The sum runs over the first axis instead of the last.",
    root=Root.AXIS,
)
def kl_first_axis(p, q, base=2):
    with np.errstate(divide="ignore"):
        ratio = np.where(p > 0, p, 1) / np.where(p > 0, q, 1)
    return np.sum(p * np.log(ratio), axis=0) / np.log(base)


@exercise.mistake(
    "What happens to your answer when somebody asks for another base?",
    said="Base 2 is used, whatever base is asked for.",
    root=Root.BASE,
)
def kl_base_ignored(p, q, base=2):
    with np.errstate(divide="ignore"):
        ratio = np.where(p > 0, p, 1) / np.where(p > 0, q, 1)
    return np.sum(p * np.log2(ratio), axis=-1)


@exercise.mistake(
    "An outcome may happen that the model holds to be impossible: what does that cost?",
    said="An outcome that the model excludes adds 0 instead of infinity.",
    root=Root.DIGITS,
)
def kl_excluded_costs_nothing(p, q, base=2):
    both = (p > 0) & (q > 0)
    terms = np.where(both, p * np.log(np.where(both, p, 1) / np.where(both, q, 1)), 0)
    return np.sum(terms, axis=-1) / np.log(base)


@exercise.mistake(
    "Single terms may well be negative: does the sum need them?",
    said="Negative terms are dropped.",
)
def kl_negative_dropped(p, q, base=2):
    with np.errstate(divide="ignore"):
        ratio = np.where(p > 0, p, 1) / np.where(p > 0, q, 1)
    return np.sum(np.maximum(p * np.log(ratio), 0), axis=-1) / np.log(base)


@exercise.mistake(
    "Which of the two draws? Is the other way round asked for as well?",
    said="The divergences of both directions are added or averaged.",
)
def kl_both_ways(p, q, base=2):
    with np.errstate(all="ignore"):
        return np.sum((p - q) * np.log(p / q), axis=-1) / np.log(base)


@exercise.property(
    "A distribution beside itself wastes nothing, and yours gives {found} for p = q = {p}. What is "
    "left of the cost then?"
)
def nothing_beside_itself(f, p, q, base=2):
    if p.ndim > 1:
        return None
    found = f(p, p, base=base)
    if abs(found) > 1e-9:
        return {"p": p, "found": found}


@exercise.property(
    "A wrong belief never saves anything, and yours gives {found}. Whose average is taken, and "
    "with which weights?"
)
def never_negative(f, p, q, base=2):
    found = np.asarray(f(p, q, base=base))
    if (found < -1e-9).any():
        return {"found": found[found < -1e-9].flat[0]}


exercise.equivalent(
    "pk > 0 -> pk > 1",
    because="The logarithm of a probability 0 gives the same infinity.",
)

exercise.equivalent(
    "np.where(p > 0, p, 1) -> np.where(p > 0, p, 2)",
    "np.where(p > 0, q, 1) -> np.where(p > 0, q, 2)",
    because="The entries that are put in are masked, or weighted by 0, again.",
)

exercise.equivalent(
    "np.log(ratio) -> np.log(np.clip(ratio, 1e-08, None))",
    because="A ratio below 1e-8 has a weight p as small, within the tolerance.",
)
