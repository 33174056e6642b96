"""What the cases of 03-softmax-jacobian are made of, drawn from a seed.

N differs from K but for one square batch; targets are one-hot and soft, scores a few units and
+-3000 large. Where a derivative is asked for, one case is so confident that a difference
quotient loses the small entries.
"""

from __future__ import annotations

import numpy as np

from autograder.exercises.specification import case

# A matrix of 80,000 x 80,000 numbers takes 51 GB; the vectors beside it take 0.6 MB each.
MANY_CLASSES = 80_000

# The scores of the picture, the dog and the duck of the lectures, which the notebook's checks ask.
PICTURE = np.array([0.1, 0.4, 2.2, 0.0])
PICTURE_TARGET = np.array([0.1, 0.2, 0.6, 0.1])
# The scores and targets of the network of Softmax e grafo.
GRAPH = np.array(
    [
        [-0.3337, 0.0032, -0.6479],
        [-0.3792, -0.0196, -0.7505],
        [-0.2857, -0.1290, -0.6108],
        [-0.3248, -0.1544, -0.7018],
    ]
)
GRAPH_TARGETS = np.eye(3)[[0, 1, 1, 2]]
GRAPH_NETWORK = (
    np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]),
    np.array([[-0.69, 0.63], [0.36, 0.59]]),
    np.array([-0.41, -0.01]),
    np.array([[-0.31, 0.02], [0.48, -0.68], [-0.41, -0.27]]),
    np.array([-0.22, 0.15, -0.35]),
)
GRAPH_HIDDEN = np.array([[0.3989, 0.4975], [0.5548, 0.6411], [0.2497, 0.5866], [0.3846, 0.7191]])
# Probabilities of a part in 1,000, in a million, and in a thousand million beside a sure class.
SURE = np.array([[0.0, -6.9, -13.8], [-20.7, -6.9, 0.0], [-20.7, 0.0, -20.7], [20.7, 0.0, 13.8]])
ABOUT_SURE = "with classes that are almost sure"


def scores(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Draw scores of a few units, both signs."""
    return rng.uniform(-2.5, 2.5, shape)


def extreme_scores(rng: np.random.Generator) -> np.ndarray:
    """Draw a batch (4, 3) whose rows lie thousands apart; the first two do not saturate."""
    rows = [[1000, 1001, 999], [-2000, -2001, -2000.5], [3000, 0, -3000], [-3000, 800, -800]]
    return np.array(rows, dtype=float) + rng.uniform(0, 0.4, (4, 3))


def confident_scores(rng: np.random.Generator, *rows: int) -> np.ndarray:
    """Draw rows of four scores, the first so high that the others get 1e-4 to 1e-8."""
    return np.array([16.0, 0.0, -2.0, 6.0]) + rng.uniform(0, 0.5, (*rows, 4))


def hard_targets(rng: np.random.Generator, a: np.ndarray) -> np.ndarray:
    """Draw one-hot targets for scores (N, K), with one clear error and one hit among them."""
    labels = rng.integers(0, a.shape[1], len(a))
    labels[0], labels[1] = a[0].argmin(), a[1].argmax()
    return np.eye(a.shape[1])[labels]


def soft_targets(rng: np.random.Generator, n: int, k: int) -> np.ndarray:
    """Draw targets (N, K) that are distributions, none of them uniform."""
    weights = rng.permuted(np.arange(1.0, k + 1) * np.ones((n, k)), axis=1)
    weights *= rng.uniform(0.8, 1.2, (n, k))
    return weights / weights.sum(axis=1, keepdims=True)


def rows(rng):
    """Draw scores for the functions of one distribution or of any number of them."""
    yield scores(rng, 4), ""
    yield scores(rng, 5, 3), ""
    yield scores(rng, 2, 4, 3), ""
    yield scores(rng, 3, 3), "a square batch"
    yield extreme_scores(rng), "with scores of thousands"
    yield np.array([3000.0, 2999.0, -3000.0]), "with scores of thousands"


def batches(rng):
    """Draw scores and targets (N, K) of moderate size: one-hot, soft, square."""
    a = scores(rng, 5, 3)
    yield case(a, hard_targets(rng, a))
    a = scores(rng, 2, 4)
    yield case(a, hard_targets(rng, a))
    yield case(scores(rng, 6, 4), soft_targets(rng, 6, 4), about="with soft labels")
    yield case(scores(rng, 3, 3), soft_targets(rng, 3, 3), about="a square batch, soft labels")


def extreme_batches(rng):
    """Draw scores of thousands with one-hot and with soft targets."""
    a = extreme_scores(rng)
    labels = np.array([1, 2, 1, 1])
    yield case(a, np.eye(3)[labels], about="with scores of thousands")
    a = extreme_scores(rng)
    yield case(a, soft_targets(rng, *a.shape), about="with scores of thousands and soft labels")
