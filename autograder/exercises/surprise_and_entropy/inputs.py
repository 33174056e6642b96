"""What the cases of 01-surprise-and-entropy are made of, drawn from a seed.

No case rests on p = 1/2, p = q, uniform or mirror-image distributions alone; zeros occur where the
exercise allows them, and a base other than 2 beside the default.
"""

from __future__ import annotations

import numpy as np

from autograder.exercises.specification import case

SYMBOLS = "CSXOR"


def distribution(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Draw positive random probabilities, distinct and away from 0 and 1; the last axis sums to
    1."""
    weights = rng.permuted(np.arange(1.0, shape[-1] + 1) * np.ones(shape), axis=-1)
    weights *= rng.uniform(0.8, 1.2, shape)
    return weights / weights.sum(axis=-1, keepdims=True)


def with_zero(p: np.ndarray, index: int) -> np.ndarray:
    """Return the distributions `p` with entry `index` of the last axis at 0, rescaled to sum to
    1."""
    p = p.copy()
    p[..., index] = 0.0
    return p / p.sum(axis=-1, keepdims=True)


def belief(rng: np.random.Generator, symbols: str) -> dict[str, float]:
    """Draw a random distribution as a dict symbol -> probability."""
    return dict(zip(symbols, distribution(rng, len(symbols)).tolist()))


def sequence(rng: np.random.Generator, symbols: str, length: int) -> list[str]:
    """Draw a random sequence with every symbol in it, in different numbers."""
    counts = np.arange(1, len(symbols) + 1)
    first = [symbol for symbol, count in zip(symbols, counts) for _ in range(count)]
    rest = rng.choice(list(symbols), max(length - len(first), 0)).tolist()
    return rng.permutation(first + rest).tolist()


def pairs(rng):
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


def rare_outcomes():
    """Return outcomes of 1e-6 and 1e-9 under both distributions; small ones weigh in a small
    result."""
    for p, q in ((0.3, 1e-9), (1e-4, 1e-9), (1e-6, 1e-9), (1e-9, 1e-6)):
        yield case(
            np.array([p, 1 - p]), np.array([q, 1 - q]), about="an outcome that is almost sure"
        )
