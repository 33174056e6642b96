"""What the cases of 04-backprop-by-hand are made of, drawn from a seed.

All dimensions different, and one square case in which every matrix could be transposed without an
error; biases away from zero, both labels, random upstream gradients.
"""

from __future__ import annotations

import numpy as np

from autograder.exercises.specification import case

# N, d0, d1, d2: all different twice, then all equal.
SIZES = ((5, 3, 4, 2), (6, 2, 3, 5), (4, 4, 4, 4))


def away_from_zero(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Random numbers of both signs, between 0.2 and 1.5 in size."""
    return rng.uniform(0.2, 1.5, shape) * rng.choice([-1.0, 1.0], shape)


def labels(rng: np.random.Generator, n: int) -> np.ndarray:
    """Random labels 0 and 1, both of them, in different numbers where `n` is at least 3."""
    ones = int(rng.integers(1, n)) if n < 3 else 1 + n // 2
    return rng.permutation(np.repeat([1.0, 0.0], [ones, n - ones]))


def random_params(rng: np.random.Generator, d0: int, d1: int, d2: int) -> dict:
    """Parameters of a network of these sizes, none of them zero."""
    return {
        "W1": away_from_zero(rng, d0, d1) * 0.6,
        "b1": away_from_zero(rng, d1) * 0.4,
        "W2": away_from_zero(rng, d1, d2) * 0.7,
        "b2": away_from_zero(rng, d2) * 0.4,
        "U": away_from_zero(rng, d2),
        "c": float(away_from_zero(rng) * 0.4),
    }


def problem(rng: np.random.Generator, n: int, d0: int, d1: int, d2: int) -> tuple:
    """`X`, `y` and `params` of random networks."""
    return away_from_zero(rng, n, d0), labels(rng, n), random_params(rng, d0, d1, d2)


def predictions(rng):
    for n in (5, 8, 2):
        yield case(rng.uniform(0.08, 0.92, n), labels(rng, n))
