"""Entropy of distributions."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.guards import clipped, raised
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case
from autograder.exercises.surprise_and_entropy import notebook, reference
from autograder.exercises.surprise_and_entropy.inputs import distribution, with_zero

exercise = notebook.exercise(
    reference.entropy,
    points=3,
    minutes=12,
    atol=1e-8,  # In bits or nats; so much a guard may cost that surprises nobody.
    hints=(
        "Section 3 with one draw: a weighted average of surprises. Which are the weights?",
        (
            "For a table of distributions one number a row is asked for. Over which axis does "
            "the sum run?"
        ),
        (
            "np.where can replace the zeros before the logarithm is taken: by which harmless "
            "number, so that their terms become 0?"
        ),
    ),
)


@exercise.cases
def cases(rng):
    yield case(np.array([0.9, 0.1]), about=VISIBLE)
    yield case(np.array([0.5, 0.25, 0.125, 0.125]), about=VISIBLE)
    yield case(np.array([[6 / 7, 1 / 7], [1 / 11, 10 / 11]]), about=VISIBLE)
    yield case(np.array([0.99, 0.01]), about=VISIBLE)
    yield case(np.array([0.6, 0.25, 0.15, 0.0]), about=VISIBLE)
    yield case(np.array([0.6, 0.25, 0.15, 0.0]), base=10, about=VISIBLE)
    for rare in (1e-4, 1e-6, 1e-9):
        yield case(np.array([rare, 1 - rare]), about="an outcome that is almost sure")
    yield case(distribution(rng, 4))
    yield case(distribution(rng, 3, 5))
    yield case(distribution(rng, 2, 4, 3))
    yield case(distribution(rng, 3, 3))
    yield case(distribution(rng, 4), base=10, about="in base 10")
    yield case(with_zero(distribution(rng, 2, 5), 1), about="with impossible outcomes")
    yield case(np.array([0.0, 1.0, 0.0]), about="a sure outcome")


@exercise.style
def entropy_masked(p, base=2):
    p = np.asarray(p, dtype=float)
    logs = np.log(np.where(p > 0, p, 1))
    return -(p * logs).sum(axis=-1) / np.log(base)


@exercise.style
def entropy_einsum(p, base=2):
    s = -np.log2(p, where=p > 0, out=np.zeros_like(p)) / np.log2(base)
    return np.einsum("...k,...k->...", p, s)


@exercise.style
def entropy_nansum(p, base=2):
    with np.errstate(all="ignore"):
        return np.nansum(-p * np.log(p) / np.log(base), axis=-1)


@exercise.style
def entropy_recursive_lists(p, base=2):
    if np.ndim(p) > 1:
        return [entropy_recursive_lists(row, base) for row in p]
    return sum(-x * math.log(x, base) for x in p if x > 0)


@exercise.style
def entropy_tiny(p, base=2):
    return -np.sum(p * np.log(np.maximum(p, 1e-300)), axis=-1) / np.log(base)


@exercise.mistake(
    "Can an average of surprises, none of them negative, be negative?",
    said="The minus sign is missing, so the entropy comes out negative.",
    root=Root.SIGN,
)
def entropy_sign(p, base=2):
    return np.sum(np.where(p > 0, p * np.log(np.where(p > 0, p, 1)), 0), axis=-1) / np.log(base)


@exercise.mistake(
    "With which base is the entropy of a fair coin equal to 1?",
    said="The natural logarithm is taken, whatever base is asked for.",
    root=Root.BASE,
)
def entropy_nats(p, base=2):
    return -np.sum(np.where(p > 0, p * np.log(np.where(p > 0, p, 1)), 0), axis=-1)


@exercise.mistake(
    (
        "One outcome here is impossible: what is the limit of p log p there, and what does the "
        "computer make of it?"
    ),
    said="An outcome of probability 0 makes the result nan instead of adding 0.",
    root=Root.DIGITS,
)
def entropy_nan_zero(p, base=2):
    return -np.sum(p * np.log(p), axis=-1) / np.log(base)


@exercise.mistake(
    "An expected value gives each term a weight: where is it?",
    said="The surprises are added without their probabilities as weights.",
    root=Root.WEIGHTS,
)
def entropy_unweighted(p, base=2):
    return -np.sum(np.log(np.where(p > 0, p, 1)), axis=-1) / np.log(base)


@exercise.mistake(
    "Does every outcome add its own term?",
    said="Only the term of the first outcome is computed.",
)
def entropy_one_term(p, base=2):
    first = p[..., 0]
    return np.where(first > 0, -first * np.log(np.where(first > 0, first, 1)), 0) / np.log(base)


@exercise.mistake(
    "Does your number change when the outcomes stop being equally likely?",
    said="The logarithm of the number of possible outcomes ignores how likely they are.",
    root=Root.WEIGHTS,
)
def entropy_hartley(p, base=2):
    return np.log(np.sum(p > 0, axis=-1)) / np.log(base)


@exercise.mistake(
    "That is another measure of impurity: where is the logarithm?",
    said="The Gini impurity, 1 minus the sum of squares, replaces the entropy.",
)
def entropy_gini(p, base=2):
    return 1 - np.sum(p**2, axis=-1)


@exercise.mistake(
    "The probabilities are the weights of the average: is one more mean needed?",
    said="The terms are averaged over the outcomes instead of summed.",
    root=Root.MEAN,
)
def entropy_mean_over_classes(p, base=2):
    return -np.mean(np.where(p > 0, p * np.log(np.where(p > 0, p, 1)), 0), axis=-1) / np.log(base)


@exercise.mistake(
    "In a batch, one distribution stands in each row: what should be summed?",
    said="The whole batch is summed to one number instead of one per distribution.",
    root=Root.AXIS,
)
def entropy_of_everything(p, base=2):
    return -np.sum(np.where(p > 0, p * np.log(np.where(p > 0, p, 1)), 0)) / np.log(base)


@exercise.mistake(
    "Which axis holds the outcomes of one distribution, the first or the last?",
    said="The sum runs over the first axis instead of the last.",
    root=Root.AXIS,
)
def entropy_first_axis(p, base=2):
    return -np.sum(np.where(p > 0, p * np.log(np.where(p > 0, p, 1)), 0), axis=0) / np.log(base)


@exercise.mistake(
    "What happens to your answer when somebody asks for another base?",
    said="Base 2 is used, whatever base is asked for.",
    root=Root.BASE,
)
def entropy_base_ignored(p, base=2):
    return -np.sum(np.where(p > 0, p * np.log2(np.where(p > 0, p, 1)), 0), axis=-1)


@exercise.mistake(
    "What is the entropy of a sure outcome, exactly? What did you add to its probability?",
    said="A small number is added to the probabilities inside the logarithm.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-5, 1e-7)},
)
def entropy_guarded(p, base=2, *, size=1e-7):
    return -np.sum(p * np.log(p + size), axis=-1) / np.log(base)


@exercise.mistake(
    "What should an outcome add that never happens, and what does yours add?",
    said="The probabilities are cut off, so that impossible outcomes count a little.",
    root=Root.DIGITS,
    family={"size": (1e-2, 1e-4, 1e-6, 1e-8), "guard": (clipped, raised)},
)
def entropy_clipped(p, base=2, *, size=1e-6, guard=clipped):
    p = guard(p, size)
    return -np.sum(p * np.log(p), axis=-1) / np.log(base)


@exercise.mistake(
    "The rarer an outcome, the more it surprises: from which probability on does yours not grow?",
    said="The probabilities are cut off inside the logarithm, which limits the surprise.",
    root=Root.DIGITS,
    family={"size": (1e-2, 1e-3, 1e-4, 1e-5), "guard": (raised, clipped)},
)
def entropy_surprise_limited(p, base=2, *, size=1e-3, guard=raised):
    return -np.sum(p * np.log(guard(p, size)), axis=-1) / np.log(base)


@exercise.mistake(
    "Does an outcome that is rare, but possible, add its term?",
    said="Outcomes below a small probability are left out.",
    root=Root.DIGITS,
    family={"size": (5e-2, 1e-3, 1e-5, 1e-8)},
)
def entropy_rare_left_out(p, base=2, *, size=1e-3):
    terms = np.where(p > size, p * np.log(np.where(p > size, p, 1)), 0)
    return -np.sum(terms, axis=-1) / np.log(base)


@exercise.mistake(
    "An array is neither zero nor positive as a whole: which function chooses entry by entry?",
    said="An if asks about a whole array of probabilities at once, which fails.",
)
def entropy_if_on_array(p, base=2):
    if p > 0:
        return -np.sum(p * np.log(p), axis=-1) / np.log(base)
    return 0.0


@exercise.mistake(
    "Is the entropy of four equal outcomes 1 in the unit asked for, or 2 bits?",
    said="The entropy is divided by its maximum, the logarithm of the number of outcomes.",
    leads=("HALF",),
)
def entropy_share_of_maximum(p, base=2):
    terms = np.where(p > 0, p * np.log(np.where(p > 0, p, 1)), 0)
    return -np.sum(terms, axis=-1) / np.log(p.shape[-1])


@exercise.mistake(
    "K outcomes of one draw, or K draws with two outcomes each?",
    said="Every outcome gets the entropy of happening or not.",
    leads=("TWICE_OF_TWO",),
)
def entropy_of_yes_and_no(p, base=2):
    with np.errstate(all="ignore"):
        terms = np.nan_to_num(p * np.log(p)) + np.nan_to_num((1 - p) * np.log(1 - p))
    return -np.sum(terms, axis=-1) / np.log(base)


@exercise.mistake(
    "An impossible outcome is taken out: does each row of a table keep its own outcomes?",
    said="A mask makes one flat array of a whole table, which is summed to one number.",
    root=Root.AXIS,
    like=("entropy-of-everything",),
)
def entropy_flattened_by_mask(p, base=2):
    p = p[p > 0]
    return -np.sum(p * np.log(p)) / np.log(base)


@exercise.property(
    "The entropy of {K} outcomes is at most log K = {most}, and at least 0. Yours is {found}: "
    "which of your terms is off?"
)
def between_zero_and_log_k(f, p, base=2):
    found, most = np.asarray(f(p, base=base)), np.log(p.shape[-1]) / np.log(base)
    if found.shape != p.shape[:-1]:
        return None
    bad = (found < -1e-8) | (found > most + 1e-7)
    if bad.any():
        return {"K": p.shape[-1], "most": most, "found": found[bad].flat[0]}


@exercise.property(
    "Where one outcome is sure there is nothing to be surprised about, and yours gives {found} for "
    "{p}. What does each term add?"
)
def nothing_where_all_is_sure(f, p, base=2):
    sure = np.eye(p.shape[-1])[0]
    found = f(sure, base=base)
    if abs(found) > 1e-7:
        return {"p": sure, "found": found}


@exercise.property(
    "{K} equally likely outcomes have the largest entropy, log K = {most}, and yours gives "
    "{found}. What does each of the K terms add?"
)
def most_where_all_are_equal(f, p, base=2):
    K = p.shape[-1]
    found, most = f(np.full(K, 1 / K), base=base), np.log(K) / np.log(base)
    if abs(found - most) > 1e-5 * most:
        return {"K": K, "most": most, "found": found}


exercise.equivalent(
    "np.log(np.where(p > 0, p, 1)) -> np.log(np.clip(np.where(p > 0, p, 1), 1e-08, None))",
    "np.log2(p, where=p > 0, out=np.zeros_like(p)) -> "
    "np.log2(np.clip(p, 1e-08, None), where=p > 0, out=np.zeros_like(p))",
    "np.log(p) -> np.log(np.clip(p, 1e-08, None))",
    "np.log(np.maximum(p, 1e-300)) -> np.log(np.clip(np.maximum(p, 1e-300), 1e-08, None))",
    because="p ln p of a probability below 1e-8 lies within the tolerance.",
)

exercise.equivalent(
    "np.where(p > 0, p, 1) -> np.where(p > 0, p, 2)",
    because="The entries that are put in are masked, or weighted by 0, again.",
)
