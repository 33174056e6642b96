"""Expected total surprise of n independent draws."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.guards import clipped, raised
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case
from autograder.exercises.surprise_and_entropy import notebook, reference
from autograder.exercises.surprise_and_entropy.inputs import distribution, with_zero
from autograder.exercises.surprise_and_entropy.reference import entropy

exercise = notebook.exercise(
    reference.total_surprise,
    points=2,
    minutes=8,
    atol=1e-8,  # In bits or nats; so much a guard may cost that surprises nobody.
    hints=(
        "How often is outcome k expected in n draws, and what does it bring each time?",
        "Compare your result for 1 draw and for 100: by which factor should they differ?",
        (
            "Try the distribution [0.5, 0.5, 0.0]. An outcome that never happens adds nothing: "
            "leave such outcomes out before you take logarithms."
        ),
    ),
)


@exercise.cases
def cases(rng):
    yield case(np.array([0.9, 0.1]), 100, about=VISIBLE)
    yield case(np.array([0.9, 0.1]), 1, about=VISIBLE)
    yield case(np.array([0.5, 0.5, 0.0]), 8, about=VISIBLE)
    yield case(np.array([0.9, 0.1]), 100, base=10, about=VISIBLE)
    for rare in (1e-6, 1e-9):
        yield case(np.array([rare, 1 - rare]), 100, about="an outcome that is almost sure")
    yield case(np.array([0.0, 1.0]), 100, about="a sure outcome")
    yield case(distribution(rng, 2), int(rng.integers(20, 90)))
    yield case(distribution(rng, 5), int(rng.integers(3, 9)))
    yield case(np.array([0.9, 0.1]), 100)
    yield case(distribution(rng, 3), 12, base=10, about="in base 10")
    yield case(with_zero(distribution(rng, 4), 2), 7, about="with an impossible outcome")


@exercise.style
def total_from_entropy(p, n, base=2):
    return n * entropy(p, base)


@exercise.style
def total_by_loop(p, n, base=2):
    total = 0
    for pk in p:
        if pk > 0:
            total += (n * pk) * -math.log(pk, base)
    return total


@exercise.style
def total_masked(p, n, base=2):
    p = np.asarray(p)
    q = p[p > 0]
    return n * q @ (-np.log(q) / np.log(base))


@exercise.style
def total_nan_to_num(p, n, base=2):
    with np.errstate(all="ignore"):
        return np.nansum(n * p * -np.log(p)) / np.log(base)


@exercise.mistake(
    "Is the question about the whole run or about one toss?",
    said="The expected surprise of one draw is returned, without the factor n.",
    root=Root.MEAN,
)
def total_reported_per_toss(p, n, base=2):
    p = p[p > 0]
    return float(-np.sum(p * np.log(p)) / np.log(base))


@exercise.mistake(
    "Do both sides come up equally often?",
    said="All surprises get the same weight instead of their probabilities.",
    root=Root.WEIGHTS,
)
def total_unweighted_average(p, n, base=2):
    return float(n * np.mean(-np.log(p) / np.log(base)))


@exercise.mistake(
    "The surprise of an average, or the average of the surprises?",
    said="The surprise of the mean probability replaces the mean of the surprises.",
    root=Root.MEAN,
)
def total_surprise_of_mean(p, n, base=2):
    return float(n * -np.log(np.sum(p * p)) / np.log(base))


@exercise.mistake(
    "Your last digits are off: where was something rounded?",
    said="Each surprise is rounded to two decimals before it is used.",
    root=Root.DIGITS,
)
def total_rounded_parts(p, n, base=2):
    p = p[p > 0]
    return float(n * np.sum(p * np.round(-np.log(p) / np.log(base), 2)))


@exercise.mistake(
    "How often does an outcome of probability 0 come up in n draws?",
    said="An outcome of probability 0 makes the result nan instead of adding 0.",
    root=Root.DIGITS,
)
def total_nan_zero(p, n, base=2):
    return float(n * np.sum(p * -np.log(p) / np.log(base)))


@exercise.mistake(
    "In which unit is your answer, and which one is asked for?",
    said="The natural logarithm is taken, whatever base is asked for.",
    root=Root.BASE,
)
def total_natural_log(p, n, base=2):
    p = p[p > 0]
    return float(-n * np.sum(p * np.log(p)))


@exercise.mistake(
    "What happens to your answer when somebody asks for another base?",
    said="Base 2 is used, whatever base is asked for.",
    root=Root.BASE,
)
def total_base_ignored(p, n, base=2):
    p = p[p > 0]
    return float(-n * np.sum(p * np.log2(p)))


@exercise.mistake(
    "A sure outcome brings no surprise at all: what did you add to its probability?",
    said="A small number is added to the probabilities inside the logarithm.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-5, 1e-7)},
)
def total_guarded(p, n, base=2, *, size=1e-7):
    return float(-n * np.sum(p * np.log(p + size)) / np.log(base))


@exercise.mistake(
    "Does an outcome that is rare, but possible, add its part?",
    said="The probabilities are cut off, so impossible and rare outcomes count wrongly.",
    root=Root.DIGITS,
    family={"size": (1e-2, 1e-4, 1e-6, 1e-8), "guard": (clipped, raised)},
)
def total_clipped(p, n, base=2, *, size=1e-6, guard=clipped):
    p = guard(p, size)
    return float(-n * np.sum(p * np.log(p)) / np.log(base))


@exercise.mistake(
    "Does an outcome that is rare, but possible, add its part?",
    said="Outcomes below a small probability are left out.",
    root=Root.DIGITS,
    family={"size": (5e-2, 1e-3, 1e-5, 1e-8)},
)
def total_rare_left_out(p, n, base=2, *, size=1e-3):
    p = p[p > size]
    return float(-n * np.sum(p * np.log(p)) / np.log(base))


@exercise.mistake(
    "Can the surprises of a whole run add up to a negative number?",
    said="The minus sign before the logarithm is missing.",
    root=Root.SIGN,
)
def total_sign(p, n, base=2):
    p = p[p > 0]
    return float(n * np.sum(p * np.log(p)) / np.log(base))


@exercise.property(
    "Twice as many draws should surprise twice as much; yours gives {once} for {n} draws and "
    "{twice} for {double}. Where does n come in?"
)
def twice_the_draws(f, p, n, base=2):
    once, twice = f(p, n, base=base), f(p, 2 * n, base=base)
    if not np.isclose(twice, 2 * once, rtol=1e-6, atol=0):
        return {"once": once, "twice": twice, "n": n, "double": 2 * n}


@exercise.property(
    "One of {K} outcomes surprises on average by at most log K, so {n} draws by at most {most}, "
    "and never by less than 0. Yours gives {found}: which of your terms is off?"
)
def between_zero_and_n_log_k(f, p, n, base=2):
    found, most = f(p, n, base=base), n * np.log(len(p)) / np.log(base)
    if not -1e-7 < found < most + 1e-7:
        return {"K": len(p), "n": n, "most": most, "found": found}
