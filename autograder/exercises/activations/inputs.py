"""The scores, layers and named functions that the exercises of 06-activations are asked with."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

# The same for every student: moderate scores, a table, and saturated ones.
MODERATE = np.array([-3.2, -0.7, 0.4, 2.5, -0.05, 1.3])
TABLE = np.array([[0.6, -1.4, 3.1], [-2.2, 0.15, -0.35]])
FAR = np.array([-18.0, -9.5, 7.5, 15.0])
AT_ZERO = np.array([0.0, -1.5, 2.0])
EXTREME = np.array([-1000.0, -1.2, 0.8, 1000.0])

# Activations and slopes of one score, for exercises that are given a function.
ACTIVATIONS = {
    "tanh": np.tanh,
    "rectifier": lambda u: np.maximum(u, 0.0),
    "square": lambda u: 0.3 * u**2 - 0.2 * u,
}
SLOPES = {
    "tanh": lambda u: 1 - np.tanh(u) ** 2,
    "leaky": lambda u: np.where(u > 0, 1.0, 0.2),
    "square": lambda u: 0.6 * u - 0.2,
}


def signed(rng: np.random.Generator, low: float, high: float, *shape: int) -> np.ndarray:
    """Random numbers with low <= |x| <= high, of both signs."""
    signs = np.ones(int(np.prod(shape)))
    signs[: signs.size // 2] = -1.0
    return rng.uniform(low, high, shape) * rng.permutation(signs).reshape(shape)


def random_scores(rng: np.random.Generator) -> list[np.ndarray]:
    """Scores away from 0, both signs in each: a vector, a table, and a square one."""
    return [signed(rng, 0.1, 4.0, *shape) for shape in ((7,), (4, 3), (3, 3))]


def layers(rng: np.random.Generator, sizes: tuple[int, ...]) -> list[np.ndarray]:
    """Weights between layers of these sizes, none of them near 0."""
    pairs = zip(sizes, sizes[1:])
    return [signed(rng, 0.2, 1.2, a, b) / np.sqrt(a) for a, b in pairs]


def with_activation(layer_statistics: Callable) -> Callable:
    """`layer_statistics` asked with the name of an activation, as the graded cell asks it."""
    return lambda X, weights, name: layer_statistics(X, weights, ACTIVATIONS[name])


def with_slope(backward_norms: Callable) -> Callable:
    """`backward_norms` asked with the name of a slope, as the graded cell asks it."""
    return lambda scores, weights, name, upstream: backward_norms(
        scores, weights, SLOPES[name], upstream
    )
