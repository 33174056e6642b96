"""What the cases of 05-autograd are made of, drawn from a seed.

The dimensions of a network all differ, and in one network all are the same; biases are never 0,
and upstream gradients never 1. The inputs are arrays: `course.tensors` makes tensors of them for
the student's functions, as it does in the notebook's graded cells.
"""

from __future__ import annotations

import numpy as np

# Classes with probabilities of a part in 1,000, in a million, and in a thousand million beside a
# sure one, the labels that are sure, and others.
CONFIDENT = np.array(
    [[0.0, -6.9, -13.8], [-20.7, -6.9, 0.0], [-20.7, 0.0, -20.7], [20.7, 0.0, 13.8]]
)
# Examples whose own scores are ordinary, thousands apart from those of the others.
APART = np.array([[0.3, -0.5, 1.2], [1000.1, 999.5, 1001.0], [-2000.0, -2001.5, -2000.7]])
RIGHT, WRONG = np.array([0, 2, 1, 0]), np.array([2, 0, 0, 1])

NAMES = ("y_hat", "u3", "U", "c", "h2", "u2", "W2", "b2", "h1", "u1", "W1", "b1")


def number(rng: np.random.Generator, low: float = 0.4, high: float = 2.5) -> float:
    """Draw a random number away from 0, of either sign."""
    return float(rng.uniform(low, high) * rng.choice([-1.0, 1.0]))


def network(rng: np.random.Generator, n: int, d0: int, d1: int, d2: int) -> tuple:
    """Draw random X (n, d0), y (n,) with both labels, and params of the network of notebook 4."""
    labels = np.arange(n) % 3 == 0
    params = {
        "W1": rng.normal(0.0, 0.8, (d0, d1)),
        "b1": rng.uniform(0.1, 0.6, d1) * rng.choice([-1.0, 1.0], d1),
        "W2": rng.normal(0.0, 0.8, (d1, d2)),
        "b2": rng.uniform(0.1, 0.6, d2) * rng.choice([-1.0, 1.0], d2),
        "U": rng.uniform(0.5, 1.5, d2) * rng.choice([-1.0, 1.0], d2),
        "c": number(rng, 0.15, 0.6),
    }
    return rng.normal(0.0, 1.0, (n, d0)), rng.permutation(labels.astype(float)), params


def networks(rng: np.random.Generator):
    """Return the sizes every exercise about the network is asked with."""
    yield network(rng, 5, 3, 4, 2)
    yield network(rng, 7, 2, 3, 5)
    yield network(rng, 4, 4, 4, 4)
    X, y, params = network(rng, 6, 5, 2, 3)
    # The scalar as a 0-d array, which is as good as a number.
    yield X, y, params | {"c": np.array(params["c"])}


def distributions(rng: np.random.Generator, n: int, k: int) -> np.ndarray:
    """Draw soft targets (n, k); every row sums to 1."""
    weights = rng.permuted(np.arange(1.0, k + 1) * np.ones((n, k)), axis=1)
    weights *= rng.uniform(0.8, 1.2, (n, k))
    return weights / weights.sum(axis=1, keepdims=True)


def class_labels(rng: np.random.Generator, n: int, k: int) -> np.ndarray:
    """Draw integer labels (n,), not all alike."""
    return rng.permutation(np.arange(n) % k).astype(np.int64)


def one_hot(labels: np.ndarray, k: int) -> np.ndarray:
    """Return the targets (n, k) of integer labels (n,)."""
    return np.eye(k)[labels]


def extreme_scores(rng: np.random.Generator, n: int, k: int) -> np.ndarray:
    """Draw scores (n, k) that differ by thousands."""
    return rng.permuted(np.linspace(-1000.0, 1000.0, k) * np.ones((n, k)), axis=1)


def table(entries: dict) -> dict:
    """Return the entries as arrays, and those of shape () as floats."""
    return {k: np.array(v) if np.ndim(v) else float(v) for k, v in entries.items()}


def ledgers(rng):
    """Draw pairs of dicts with the shapes of the network's gradients, differing here and there."""
    X, y, params = network(rng, 5, 3, 4, 2)
    shapes = {"y_hat": (5,), "u3": (5,), "h2": (5, 2), "u2": (5, 2), "h1": (5, 4), "u1": (5, 4)}
    shapes |= {name: np.shape(value) for name, value in params.items()}
    auto = {name: rng.normal(0.0, 0.3, shapes[name]) for name in rng.permutation(NAMES).tolist()}
    hand = {name: value + rng.normal(0.0, 1e-13, np.shape(value)) for name, value in auto.items()}
    yield table(hand), table(auto)
