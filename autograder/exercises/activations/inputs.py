"""The scores and layers that the exercises of 06-activations are asked with."""

from __future__ import annotations

import numpy as np

# The same for every student: moderate scores, a table, and saturated ones.
MODERATE = np.array([-3.2, -0.7, 0.4, 2.5, -0.05, 1.3])
TABLE = np.array([[0.6, -1.4, 3.1], [-2.2, 0.15, -0.35]])
FAR = np.array([-18.0, -9.5, 7.5, 19.0])
AT_ZERO = np.array([0.0, -1.5, 2.0])
EXTREME = np.array([-1000.0, -1.2, 0.8, 1000.0])


def signed(rng: np.random.Generator, low: float, high: float, *shape: int) -> np.ndarray:
    """Draw random numbers with low <= |x| <= high, of both signs."""
    signs = np.ones(int(np.prod(shape)))
    signs[: signs.size // 2] = -1.0
    return rng.uniform(low, high, shape) * rng.permutation(signs).reshape(shape)


def random_scores(rng: np.random.Generator) -> list[np.ndarray]:
    """Draw scores away from 0, both signs in each: a vector, a table, and a square one."""
    return [signed(rng, 0.1, 4.0, *shape) for shape in ((7,), (4, 3), (3, 3))]


def layers(rng: np.random.Generator, sizes: tuple[int, ...]) -> list[np.ndarray]:
    """Draw weights between layers of these sizes, none of them near 0."""
    pairs = zip(sizes, sizes[1:])
    return [signed(rng, 0.2, 1.2, a, b) / np.sqrt(a) for a, b in pairs]
