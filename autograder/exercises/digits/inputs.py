"""Inputs for the exercises of 09-digits, drawn at random."""

from __future__ import annotations

import numpy as np

# N and the widths: all different, then one layer alone, three of them, and all equal, so that
# every matrix could be transposed without an error.
NETWORKS = ((5, (3, 4, 2)), (7, (4, 3)), (6, (2, 5, 3, 4)), (4, (4, 4, 4)))

# The worked example of the notebook.
EXAMPLE_X = np.array([[1.0, -2.0], [0.5, 1.5], [2.0, 1.0]])
EXAMPLE_LABELS = np.array([1, 0, 1])
EXAMPLE_PARAMS = {
    "W1": np.array([[1.0, -1.0, 0.5], [0.5, 1.0, -2.0]]),
    "b1": np.array([0.25, 0.0, -0.5]),
    "W2": np.array([[1.0, -1.0], [2.0, 0.5], [-0.5, 1.5]]),
    "b2": np.array([0.1, -0.2]),
}
EXAMPLE_SCORES = np.array([[-1.65, 5.55], [3.6, -1.2], [2.85, -2.95]])

# Six points that a straight line separates.
EASY_X = np.array([[2.0, 0.5], [1.5, 0.0], [1.0, 1.0], [-1.0, 0.5], [-2.0, 0.0], [-1.5, -1.0]])
EASY_LABELS = np.array([0, 0, 0, 1, 1, 1])


def away_from_zero(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Draw random numbers of both signs, between 0.2 and 1.5 in size."""
    return rng.uniform(0.2, 1.5, shape) * rng.choice([-1.0, 1.0], shape)


def class_labels(rng: np.random.Generator, n: int, n_classes: int) -> np.ndarray:
    """Draw random labels (n,), every class among them where `n` allows it."""
    return rng.permutation(np.arange(n) % n_classes)


def network(rng: np.random.Generator, sizes: tuple[int, ...]) -> dict[str, np.ndarray]:
    """Draw parameters of a network of these widths, none of them zero."""
    params = {}
    for layer, (d_in, d_out) in enumerate(zip(sizes, sizes[1:]), start=1):
        params[f"W{layer}"] = away_from_zero(rng, d_in, d_out) * 0.7
        params[f"b{layer}"] = away_from_zero(rng, d_out) * 0.4
    return params


def problem(rng: np.random.Generator, n: int, sizes: tuple[int, ...]) -> tuple:
    """Draw `X`, `labels` and `params` of a random network."""
    return (
        away_from_zero(rng, n, sizes[0]),
        class_labels(rng, n, sizes[-1]),
        network(rng, sizes),
    )


# Eleven layers: names sorted as text would put W10 and W11 before W2.
DEEP = (2, 3, 2, 4, 3, 2, 3, 4, 2, 3, 2, 3)


def deep_network() -> tuple:
    """Return `X`, `labels` and `params` of a fixed network of eleven layers."""
    rng = np.random.default_rng(11)
    X, labels, params = problem(rng, 4, DEEP)
    for name in params:
        # Positive on the way, so that no layer goes silent.
        params[name] = np.abs(params[name]) if name[0] == "b" else params[name]
    return X, labels, params
