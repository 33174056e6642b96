"""What the cases of 02-logistic-regression are made of, drawn from a seed.

Numbers of examples and of features differ, and one case besides has a square X' = [1, X]; both
labels occur; biases are well away from 0; scores stay within +-20 except where an exercise is meant
to be exact at extreme ones. Gradients are also asked for close to a minimum, where a difference
quotient has lost the digits that a derivative keeps.
"""

from __future__ import annotations

import numpy as np

from autograder.exercises.logistic_regression import reference
from autograder.exercises.specification import case

# What the notebook's own checks ask about.
FIVE = np.array(
    [[0.5, -1.2, 0.3], [1.0, 0.4, -0.6], [-0.7, 0.8, 1.1], [0.2, -0.3, 0.9], [-1.5, 0.6, -0.4]]
)
FIVE_LABELS = np.array([1.0, 0.0, 1.0, 1.0, 0.0])
FIVE_WEIGHTS = np.array([0.2, -0.5, 0.8, 0.3])

# (examples, features) of the ordinary cases; in the last one X' is square.
SHAPES = ((7, 3), (9, 2), (4, 3))


def signed(rng: np.random.Generator, low: float, high: float, *shape: int) -> np.ndarray:
    """Draw random numbers with low <= |x| <= high and either sign."""
    return rng.uniform(low, high, shape) * rng.choice([-1.0, 1.0], shape)


def features(rng: np.random.Generator, n: int, d: int) -> np.ndarray:
    """Draw a data matrix (n, d) without a column of ones, its entries away from 0."""
    return signed(rng, 0.2, 1.8, n, d)


def weights(rng: np.random.Generator, d: int) -> np.ndarray:
    """Draw weights (d+1,), bias first; no two of the same size."""
    sizes = rng.permutation(np.linspace(0.3, 1.2, d + 1)) * rng.uniform(0.9, 1.1, d + 1)
    return sizes * rng.choice([-1.0, 1.0], d + 1)


def labels(rng: np.random.Generator, n: int) -> np.ndarray:
    """Draw labels 0.0 and 1.0, more of one kind than of the other."""
    ones = n // 3 if rng.random() < 0.5 else n - n // 3
    return rng.permutation([1.0] * ones + [0.0] * (n - ones))


def mixed(rng: np.random.Generator, n: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw data that no line separates: every second row repeats the one before with another
    label."""
    X = features(rng, n, d)
    y = labels(rng, n)
    X[1::2] = X[: 2 * (n // 2) : 2] + signed(rng, 0.01, 0.1, n // 2, d)
    y[1::2] = 1 - y[: 2 * (n // 2) : 2]
    return X, y


def near_minimum(rng: np.random.Generator, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return weights a tiny way off the minimiser of the mean binary cross-entropy (Newton's
    method)."""
    w = np.zeros(X.shape[1] + 1)
    for _ in range(30):
        gradient, hessian = reference.bce_gradient(w, X, y), reference.bce_hessian(w, X)
        w -= np.linalg.solve(hessian, gradient)
    return w + signed(rng, 2e-8, 4e-8, len(w))


CLOSE = "close to the minimum, where the gradient is tiny"


def scores(rng):
    yield case(signed(rng, 0.3, 4.0, 5))
    yield case(signed(rng, 0.3, 4.0, 3, 2))
    yield case(signed(rng, 0.3, 4.0, 3, 3))


def probabilities(rng, n: int) -> np.ndarray:
    """Draw distinct probabilities on both sides of 1/2, some near 0 and near 1."""
    return rng.permutation(np.linspace(0.04, 0.93, n)) + rng.uniform(0, 0.02, n)


def classified(rng):
    """Draw weights and data for the gradients: ordinary shapes, then close to a minimum."""
    for n, d in SHAPES:
        yield weights(rng, d), features(rng, n, d), labels(rng, n), ""
    X, y = mixed(rng, 17, 4)
    yield near_minimum(rng, X, y), X, y, CLOSE


def placed(rng, scores: list[float]) -> tuple[np.ndarray, np.ndarray]:
    """Draw two features and weights for which the examples get these scores, in random order."""
    z = rng.permutation(scores) + rng.uniform(-0.05, 0.05, len(scores))
    w = np.array([1.7, 0.6, -0.9]) * rng.choice([-1.0, 1.0], 3)
    first = signed(rng, 0.2, 1.8, len(z))
    return np.column_stack((first, (z - w[0] - w[1] * first) / w[2])), w


def sure() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return weights of size 8 and two features, for scores of +-22, +-20, +-16 and +-12; and the
    labels that these scores stand for."""
    w = np.array([8.0, -8.0, 4.0])
    z = np.array([22.0, -22.0, 20.0, -20.0, 16.0, -16.0, 12.0, -12.0])
    first = np.array([0.25, -0.75, 0.5, 0.25, -0.5, 1.0, 0.75, -0.25])
    return w, np.column_stack((first, (z - w[0] - w[1] * first) / w[2])), (z > 0).astype(float)


SURE = "with weights of size 8 and scores of up to 22"
