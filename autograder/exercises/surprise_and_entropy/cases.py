"""The cases of 01-surprise-and-entropy, drawn from a seed.

Never p = 1/2, p = q, uniform or mirror-image distributions alone; zeros where the exercise allows
them; a base other than 2 beside the default.
"""

from __future__ import annotations

import numpy as np

from autograder.exercises.specification import Notebook, case
from autograder.exercises.surprise_and_entropy import reference as reference

notebook = Notebook(
    "01-surprise-and-entropy",
    forbidden=(
        "scipy.stats",
        "scipy.special.entr",
        "scipy.special.kl_div",
        "scipy.special.rel_entr",
        "sklearn",
        "torch.nn",
        "torch.distributions",
        "torch.special.entr",
    ),
)

SYMBOLS = "CSXOR"


def distribution(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Positive random probabilities, distinct and away from 0 and 1; the last axis sums to 1."""
    weights = rng.permuted(np.arange(1.0, shape[-1] + 1) * np.ones(shape), axis=-1)
    weights *= rng.uniform(0.8, 1.2, shape)
    return weights / weights.sum(axis=-1, keepdims=True)


def with_zero(p: np.ndarray, index: int) -> np.ndarray:
    """The distributions `p` with entry `index` of the last axis at 0, rescaled to sum to 1."""
    p = p.copy()
    p[..., index] = 0.0
    return p / p.sum(axis=-1, keepdims=True)


def belief(rng: np.random.Generator, symbols: str) -> dict[str, float]:
    """A random distribution as a dict symbol -> probability."""
    return dict(zip(symbols, distribution(rng, len(symbols)).tolist()))


def sequence(rng: np.random.Generator, symbols: str, length: int) -> list[str]:
    """A random sequence with every symbol in it, in different numbers."""
    counts = np.arange(1, len(symbols) + 1)
    first = [symbol for symbol, count in zip(symbols, counts) for _ in range(count)]
    rest = rng.choice(list(symbols), max(length - len(first), 0)).tolist()
    return rng.permutation(first + rest).tolist()


@notebook.exercise(reference.surprise)
def surprise(rng):
    yield case(float(rng.uniform(0.02, 0.4)))
    yield case(float(rng.uniform(0.6, 0.98)))
    yield case(rng.uniform(0.05, 0.95, 5))
    yield case(rng.uniform(0.05, 0.95, (3, 2)))
    yield case(rng.uniform(0.05, 0.95, (2, 2)), base=10, about="in base 10")
    yield case(rng.uniform(0.05, 0.95, 3), base=float(np.e), about="in nats")
    yield case(np.array([0.25, 0.0, 1.0]), about="with an impossible and a sure event")
    yield case(0.0, about="an impossible event")
    yield case(1.0, about="a sure event")


@notebook.exercise(reference.sequence_surprise)
def sequence_surprise(rng):
    yield case(sequence(rng, "CS", 4), belief(rng, "CS"))
    yield case("".join(sequence(rng, "XOR", 9)), belief(rng, "XOR"))
    yield case(sequence(rng, SYMBOLS, 17), belief(rng, SYMBOLS))
    yield case("CCS", {"C": 0.9, "S": 0.1}, base=10, about="in base 10")
    yield case(sequence(rng, "CS", 5000), belief(rng, "CS"), about="thousands of outcomes")


@notebook.exercise(reference.total_surprise)
def total_surprise(rng):
    yield case(distribution(rng, 2), int(rng.integers(20, 90)))
    yield case(distribution(rng, 5), int(rng.integers(3, 9)))
    yield case(np.array([0.9, 0.1]), 100)
    yield case(distribution(rng, 3), 12, base=10, about="in base 10")
    yield case(with_zero(distribution(rng, 4), 2), 7, about="with an impossible outcome")


@notebook.exercise(reference.entropy)
def entropy(rng):
    yield case(distribution(rng, 4))
    yield case(distribution(rng, 3, 5))
    yield case(distribution(rng, 2, 4, 3))
    yield case(distribution(rng, 3, 3))
    yield case(distribution(rng, 4), base=10, about="in base 10")
    yield case(with_zero(distribution(rng, 2, 5), 1), about="with impossible outcomes")
    yield case(np.array([0.0, 1.0, 0.0]), about="a sure outcome")


@notebook.exercise(reference.group_entropy)
def group_entropy(rng):
    yield case(sequence(rng, "XO", 9))
    yield case(sequence(rng, SYMBOLS, 19))
    yield case(list("XXXXXXO"))
    yield case(rng.permutation([3, 3, 7, 7, 7, 7, 7, 9]).tolist())
    yield case(sequence(rng, "XO", 6), base=10, about="in base 10")
    yield case(["X", "X", "X"], about="one colour only")


def _pairs(rng):
    yield case(distribution(rng, 3), distribution(rng, 3))
    yield case(distribution(rng, 2, 5), distribution(rng, 2, 5))
    yield case(distribution(rng, 3, 3), distribution(rng, 3, 3))
    yield case(distribution(rng, 4), distribution(rng, 4), base=10, about="in base 10")
    p, q = distribution(rng, 4), distribution(rng, 4)
    yield case(with_zero(p, 1), q, about="an outcome that never happens")
    yield case(with_zero(p, 1), with_zero(q, 1), about="an outcome impossible in both")
    yield case(p, with_zero(q, 2), about="an outcome that the model excludes")
    yield case(
        np.stack([p, with_zero(p, 0)]),
        np.stack([with_zero(q, 3), with_zero(q, 0)]),
        about="zeros in a batch",
    )


@notebook.exercise(reference.cross_entropy)
def cross_entropy(rng):
    yield from _pairs(rng)


@notebook.exercise(reference.kl_divergence)
def kl_divergence(rng):
    yield from _pairs(rng)
    p = distribution(rng, 4)
    yield case(p, p.copy(), about="two equal distributions")


@notebook.exercise(reference.likelihood)
def likelihood(rng):
    yield case(list("RARAA"), {"R": 0.8, "A": 0.2})
    yield case(sequence(rng, "XO", 8), belief(rng, "XO"))
    yield case(sequence(rng, "XOR", 7), belief(rng, "XOR"))


@notebook.exercise(reference.average_log_likelihood)
def average_log_likelihood(rng):
    yield case(list("RARAA"), {"R": 0.8, "A": 0.2})
    yield case(sequence(rng, "XO", 8), belief(rng, "XO"))
    yield case(sequence(rng, "XOR", 11), belief(rng, "XOR"))
    # The product of so many probabilities is 0 even in extended precision.
    yield case(sequence(rng, SYMBOLS, 10_000), belief(rng, SYMBOLS), about="10,000 labels")


@notebook.exercise(reference.binary_cross_entropy)
def binary_cross_entropy(rng):
    yield case(1.0, float(rng.uniform(0.6, 0.95)))
    yield case(0.0, float(rng.uniform(0.6, 0.95)))
    yield case(np.array([1.0, 0.0, 1.0, 0.0, 0.0]), rng.uniform(0.05, 0.45, 5))
    labels = rng.permuted([[0.0, 1.0, 1.0], [1.0, 0.0, 0.0]], axis=1)
    yield case(labels, rng.uniform(0.55, 0.95, (2, 3)))
