"""Cross-entropy of q relative to p: p draws, q is surprised."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.guards import GUARDS, added
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
    yield case(np.stack([sure, even]), np.stack([even, sure]), about=VISIBLE)
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
    leads=("TWICE_OF_TWO",),
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
    "How surprised is a model by what it holds to be impossible, and what is the largest number "
    "that your function can give?",
    said="A small number is added to q, or cuts it off, so an excluded outcome costs too little.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-6, 1e-9, 1e-12, 1e-15), "guard": GUARDS},
)
def ce_guarded(p, q, base=2, *, size=1e-12, guard=added):
    return -np.sum(p * np.log(guard(q, size)), axis=-1) / np.log(base)


@exercise.mistake(
    "Does an outcome that is rare, but possible, add its term?",
    said="Outcomes below a small probability are left out.",
    root=Root.DIGITS,
    family={"size": (5e-2, 1e-3, 1e-5, 1e-8)},
)
def ce_rare_left_out(p, q, base=2, *, size=1e-3):
    with np.errstate(divide="ignore"):
        logs = np.log(np.where(p > size, q, 1))
    return -np.sum(np.where(p > size, p, 0) * logs, axis=-1) / np.log(base)


@exercise.mistake(
    "In a batch, one pair of distributions stands in each row: what should be summed?",
    said="The whole batch is summed to one number instead of one per pair.",
    root=Root.AXIS,
)
def ce_of_everything(p, q, base=2):
    with np.errstate(divide="ignore"):
        logs = np.log(np.where(p > 0, q, 1))
    return -np.sum(p * logs) / np.log(base)


@exercise.mistake(
    "Which axis holds the outcomes of one distribution, the first or the last?",
    said="The sum runs over the first axis instead of the last.",
    root=Root.AXIS,
)
def ce_first_axis(p, q, base=2):
    with np.errstate(divide="ignore"):
        logs = np.log(np.where(p > 0, q, 1))
    return -np.sum(p * logs, axis=0) / np.log(base)


@exercise.mistake(
    "What happens to your answer when somebody asks for another base?",
    said="Base 2 is used, whatever base is asked for.",
    root=Root.BASE,
)
def ce_base_ignored(p, q, base=2):
    with np.errstate(divide="ignore"):
        return -np.sum(p * np.log2(np.where(p > 0, q, 1)), axis=-1)


@exercise.mistake(
    "The probabilities are the weights of the average: is one more mean needed?",
    said="The terms are averaged over the outcomes instead of summed.",
    root=Root.MEAN,
)
def ce_mean_over_classes(p, q, base=2):
    with np.errstate(divide="ignore"):
        logs = np.log(np.where(p > 0, q, 1))
    return -np.mean(p * logs, axis=-1) / np.log(base)


@exercise.mistake(
    "An outcome may happen that the model holds to be impossible: what does that cost?",
    said="An outcome that the model excludes adds 0 instead of infinity.",
    root=Root.DIGITS,
)
def ce_excluded_costs_nothing(p, q, base=2):
    both = (p > 0) & (q > 0)
    return -np.sum(np.where(both, p * np.log(np.where(both, q, 1)), 0), axis=-1) / np.log(base)


@exercise.mistake(
    "A draw has K outcomes: what does the second half of your terms stand for?",
    said="Every outcome gets the error of happening or not, as for two classes.",
    leads=("TWICE_OF_TWO",),
)
def ce_of_yes_and_no(p, q, base=2):
    with np.errstate(all="ignore"):
        terms = p * np.log(q) + (1 - p) * np.log(1 - q)
    return -np.sum(terms, axis=-1) / np.log(base)


@exercise.mistake(
    "An array is neither zero nor positive as a whole: which function chooses entry by entry?",
    said="An if asks about a whole array of probabilities at once, which fails.",
)
def ce_if_on_array(p, q, base=2):
    if p > 0:
        return -np.sum(p * np.log(q), axis=-1) / np.log(base)
    return 0.0


@exercise.property(
    "The belief that costs least is the truth: yours gives {found} with q and {own} with q = p. "
    "Which of the two draws, and which one is surprised?"
)
def least_for_the_truth(f, p, q, base=2):
    found, own = np.asarray(f(p, q, base=base)), np.asarray(f(p, p, base=base))
    bad = found < own - 1e-7
    if bad.any():
        return {"found": found[bad].flat[0], "own": own[bad].flat[0]}


@exercise.property(
    "With q uniform over {K} outcomes every outcome surprises by log K = {each}, whatever p is, "
    "and yours gives {found} on average. Do your weights add up to 1?"
)
def log_k_for_a_uniform_belief(f, p, q, base=2):
    K = p.shape[-1]
    each, uniform = np.log(K) / np.log(base), np.full(p.shape, 1 / K)
    found = np.asarray(f(p, uniform, base=base))
    if found.shape == p.shape[:-1] and not np.allclose(found, each, rtol=1e-6):
        return {"K": K, "each": each, "found": found[~np.isclose(found, each, rtol=1e-6)].flat[0]}


exercise.equivalent(
    "np.where(p > 0, q, 1) -> np.where(p > 0, q, 2)",
    "np.where(p > 0, q, 1.0) -> np.where(p > 0, q, 2.0)",
    because="The entries that are put in are masked, or weighted by 0, again.",
)
