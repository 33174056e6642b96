"""The cases of 03-softmax-jacobian, drawn from a seed.

Batches with N different from K and one square batch, one-hot and soft targets, scores of a few
units and of +-3000. Where a derivative is asked for, one case is so confident that a difference
quotient loses the small entries.
"""

from __future__ import annotations

import numpy as np

from autograder.exercises.softmax_jacobian import reference as reference
from autograder.exercises.specification import Notebook, case

notebook = Notebook(
    "03-softmax-jacobian",
    forbidden=(
        "scipy.special.softmax",
        "scipy.special.log_softmax",
        "scipy.special.logsumexp",
        "scipy.optimize.approx_fprime",
        "scipy.differentiate",
        "numdifftools",
        "sympy",
        "sklearn",
        "torch",
        "jax",
        "autograd",
        "tensorflow",
    ),
)

# A matrix of 80,000 x 80,000 numbers takes 51 GB; the vectors beside it take 0.6 MB each.
MANY_CLASSES = 80_000


def scores(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Scores of a few units, both signs."""
    return rng.uniform(-2.5, 2.5, shape)


def extreme_scores(rng: np.random.Generator) -> np.ndarray:
    """A batch (4, 3) whose rows lie thousands apart; the first two do not saturate."""
    rows = [[1000, 1001, 999], [-2000, -2001, -2000.5], [3000, 0, -3000], [-3000, 800, -800]]
    return np.array(rows, dtype=float) + rng.uniform(0, 0.4, (4, 3))


def confident_scores(rng: np.random.Generator, *rows: int) -> np.ndarray:
    """Rows of four scores, the first so high that the others get 1e-4 to 1e-8."""
    return np.array([16.0, 0.0, -2.0, 6.0]) + rng.uniform(0, 0.5, (*rows, 4))


def hard_targets(rng: np.random.Generator, a: np.ndarray) -> np.ndarray:
    """One-hot targets for scores (N, K), with one clear error and one hit among them."""
    labels = rng.integers(0, a.shape[1], len(a))
    labels[0], labels[1] = a[0].argmin(), a[1].argmax()
    return np.eye(a.shape[1])[labels]


def soft_targets(rng: np.random.Generator, n: int, k: int) -> np.ndarray:
    """Targets (N, K) that are distributions, none of them uniform."""
    weights = rng.permuted(np.arange(1.0, k + 1) * np.ones((n, k)), axis=1)
    weights *= rng.uniform(0.8, 1.2, (n, k))
    return weights / weights.sum(axis=1, keepdims=True)


def _rows(rng):
    """Scores for the functions of one distribution or of any number of them."""
    yield scores(rng, 4), ""
    yield scores(rng, 5, 3), ""
    yield scores(rng, 2, 4, 3), ""
    yield scores(rng, 3, 3), "a square batch"
    yield extreme_scores(rng), "with scores of thousands"
    yield np.array([3000.0, 2999.0, -3000.0]), "with scores of thousands"


def _batches(rng):
    """Scores and targets (N, K) of moderate size: one-hot, soft, square."""
    a = scores(rng, 5, 3)
    yield case(a, hard_targets(rng, a))
    a = scores(rng, 2, 4)
    yield case(a, hard_targets(rng, a))
    yield case(scores(rng, 6, 4), soft_targets(rng, 6, 4), about="with soft labels")
    yield case(scores(rng, 3, 3), soft_targets(rng, 3, 3), about="a square batch, soft labels")


def _extreme_batches(rng):
    """Scores of thousands with one-hot and with soft targets."""
    a = extreme_scores(rng)
    labels = np.array([1, 2, 1, 1])
    yield case(a, np.eye(3)[labels], about="with scores of thousands")
    a = extreme_scores(rng)
    yield case(a, soft_targets(rng, *a.shape), about="with scores of thousands and soft labels")


@notebook.exercise(reference.softmax)
def softmax(rng):
    for a, about in _rows(rng):
        yield case(a, about=about)


@notebook.exercise(reference.softmax_with_temperature)
def softmax_with_temperature(rng):
    yield case(scores(rng, 4), float(rng.uniform(1.5, 4)))
    yield case(scores(rng, 5, 3), float(rng.uniform(0.3, 0.8)))
    yield case(scores(rng, 2, 4, 3), 10.0)
    yield case(scores(rng, 3, 3), float(rng.uniform(1.5, 4)), about="a square batch")
    yield case(extreme_scores(rng), 2.0, about="with scores of thousands")
    yield case(extreme_scores(rng), 0.5, about="with scores of thousands, cooled")
    yield case(extreme_scores(rng), 1000.0, about="with scores of thousands, very hot")


@notebook.exercise(reference.logsumexp)
def logsumexp(rng):
    for a, about in _rows(rng):
        yield case(a, about=about)


@notebook.exercise(reference.log_softmax)
def log_softmax(rng):
    for a, about in _rows(rng):
        yield case(a, about=about)


@notebook.exercise(reference.one_hot)
def one_hot(rng):
    yield case(rng.permutation([0, 2, 1, 2, 2, 0, 1]), 3)
    yield case(rng.permutation([0, 4, 3, 1, 1, 3]), 5)
    yield case(rng.permutation([1, 3, 2, 1]), 4, about="as many labels as classes")
    yield case(rng.permutation([0, 1, 2, 1, 0, 1]), 5, about="the highest classes do not occur")
    yield case(np.array([1, 1, 1]), 2, about="one class only")


@notebook.exercise(reference.softmax_jacobian, by_hand=True)
def softmax_jacobian(rng):
    yield case(scores(rng, 4))
    yield case(scores(rng, 3))
    yield case(scores(rng, 2))
    yield case(scores(rng, 7))
    yield case(confident_scores(rng), about="with a very confident prediction")
    yield case(confident_scores(rng)[::-1].copy(), about="with a very confident prediction")
    yield case(extreme_scores(rng)[0], about="with scores of thousands")
    yield case(np.array([-3000.0, 0.0, 3000.0, 2999.0]), about="with scores of thousands")


@notebook.exercise(reference.softmax_jacobian_batch, by_hand=True)
def softmax_jacobian_batch(rng):
    yield case(scores(rng, 5, 3))
    yield case(scores(rng, 2, 4))
    yield case(scores(rng, 3, 3), about="a square batch")
    yield case(confident_scores(rng, 2), about="with very confident predictions")
    yield case(extreme_scores(rng), about="with scores of thousands")


@notebook.exercise(reference.softmax_jvp, by_hand=True)
def softmax_jvp(rng):
    yield case(scores(rng, 4), rng.normal(0.5, 1, 4))
    yield case(scores(rng, 3), rng.normal(-0.5, 1, 3))
    yield case(scores(rng, 7), rng.uniform(1, 3, 7))
    v = np.array([0.0, 0.7, -1.3, 0.0]) + rng.uniform(0, 0.4) * np.array([0, 1, 1, 0])
    yield case(confident_scores(rng), v, about="with a very confident prediction")
    yield case(extreme_scores(rng)[0], rng.normal(0.5, 1, 3), about="with scores of thousands")
    yield case(
        scores(rng, MANY_CLASSES),
        rng.normal(0.5, 1, MANY_CLASSES),
        about="with so many classes that their Jacobian does not fit into memory",
    )


@notebook.exercise(reference.cross_entropy_loss)
def cross_entropy_loss(rng):
    yield from _batches(rng)
    yield from _extreme_batches(rng)


@notebook.exercise(reference.grad_probabilities, by_hand=True, guards=True)
def grad_probabilities(rng):
    for n, k in ((5, 3), (2, 4)):
        s = soft_targets(rng, n, k)
        yield case(s, hard_targets(rng, s))
    yield case(soft_targets(rng, 6, 4), soft_targets(rng, 6, 4), about="with soft labels")
    yield case(
        soft_targets(rng, 3, 3), soft_targets(rng, 3, 3), about="a square batch, soft labels"
    )
    rare = np.array([[0.9, 0.0997, 3e-4], [1e-4, 0.3, 0.6999]])
    yield case(rare, np.eye(3)[[2, 0]], about="true classes that got very small probabilities")


@notebook.exercise(reference.delta_through_jacobian, by_hand=True, guards=True)
def delta_through_jacobian(rng):
    yield from _batches(rng)


@notebook.exercise(reference.cross_entropy_gradient, by_hand=True)
def cross_entropy_gradient(rng):
    yield from _batches(rng)
    a = confident_scores(rng, 3)
    yield case(a, np.eye(4)[[0, 2, 3]], about="with very confident predictions")
    yield from _extreme_batches(rng)


@notebook.exercise(reference.network_scores)
def network_scores(rng):
    for n, d0, d, k, about in (
        (4, 2, 3, 5, ""),
        (5, 4, 2, 3, ""),
        (3, 3, 3, 3, "all layers of the same width"),
    ):
        yield case(
            rng.normal(0, 1, (n, d0)),
            rng.normal(0, 1, (d, d0)),
            rng.normal(0.5, 1, d),
            rng.normal(0, 1, (k, d)),
            rng.normal(-0.5, 1, k),
            about=about,
        )


@notebook.exercise(reference.output_layer_gradients, by_hand=True)
def output_layer_gradients(rng):
    a = scores(rng, 5, 3)
    yield case(rng.uniform(0.1, 0.9, (5, 2)), a, hard_targets(rng, a))
    a = scores(rng, 4, 3)
    yield case(rng.uniform(0.1, 0.9, (4, 5)), a, hard_targets(rng, a))
    yield case(
        rng.uniform(0.1, 0.9, (6, 2)),
        scores(rng, 6, 4),
        soft_targets(rng, 6, 4),
        about="with soft labels",
    )
    yield case(
        rng.uniform(0.1, 0.9, (3, 3)),
        scores(rng, 3, 3),
        soft_targets(rng, 3, 3),
        about="as many examples as classes and hidden units",
    )
    a = extreme_scores(rng)
    yield case(
        rng.uniform(0.1, 0.9, (4, 2)), a, np.eye(3)[[1, 2, 1, 1]], about="with scores of thousands"
    )
