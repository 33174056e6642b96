"""The cases of 02-logistic-regression, drawn from a seed.

Numbers of examples and of features differ, and one case besides has a square X' = [1, X]; both
labels occur; biases are well away from 0; scores stay within +-20 except where an exercise is meant
to be exact at extreme ones. Gradients are also asked for close to a minimum, where a difference
quotient has lost the digits that a derivative keeps.
"""

from __future__ import annotations

import numpy as np

from autograder.exercises.logistic_regression import reference as reference
from autograder.exercises.specification import Notebook, case

notebook = Notebook(
    "02-logistic-regression",
    forbidden=(
        "torch",
        "sklearn",
        "tensorflow",
        "jax",
        "autograd",
        "numdifftools",
        "sympy",
        "scipy.stats",
        "scipy.optimize",
        "scipy.differentiate",
        "scipy.misc",
        "scipy.special.expit",
        "scipy.special.log_expit",
        "scipy.special.softmax",
        "scipy.special.log_softmax",
    ),
)

# (examples, features) of the ordinary cases; in the last one X' is square.
SHAPES = ((7, 3), (9, 2), (4, 3))


def signed(rng: np.random.Generator, low: float, high: float, *shape: int) -> np.ndarray:
    """Random numbers with low <= |x| <= high and either sign."""
    return rng.uniform(low, high, shape) * rng.choice([-1.0, 1.0], shape)


def features(rng: np.random.Generator, n: int, d: int) -> np.ndarray:
    """A data matrix (n, d) without a column of ones, its entries away from 0."""
    return signed(rng, 0.2, 1.8, n, d)


def weights(rng: np.random.Generator, d: int) -> np.ndarray:
    """Weights (d+1,), bias first; no two of the same size."""
    sizes = rng.permutation(np.linspace(0.3, 1.2, d + 1)) * rng.uniform(0.9, 1.1, d + 1)
    return sizes * rng.choice([-1.0, 1.0], d + 1)


def labels(rng: np.random.Generator, n: int) -> np.ndarray:
    """Labels 0.0 and 1.0, more of one kind than of the other."""
    ones = n // 3 if rng.random() < 0.5 else n - n // 3
    return rng.permutation([1.0] * ones + [0.0] * (n - ones))


def mixed(rng: np.random.Generator, n: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    """Data that no line separates: every second row repeats the one before with another label."""
    X = features(rng, n, d)
    y = labels(rng, n)
    X[1::2] = X[: 2 * (n // 2) : 2] + signed(rng, 0.01, 0.1, n // 2, d)
    y[1::2] = 1 - y[: 2 * (n // 2) : 2]
    return X, y


def near_minimum(rng: np.random.Generator, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Weights a tiny way off the minimiser of the mean binary cross-entropy (Newton's method)."""
    w = np.zeros(X.shape[1] + 1)
    for _ in range(30):
        gradient, hessian = reference.bce_gradient(w, X, y), reference.bce_hessian(w, X)
        w -= np.linalg.solve(hessian, gradient)
    return w + signed(rng, 2e-8, 4e-8, len(w))


CLOSE = "close to the minimum, where the gradient is tiny"


@notebook.exercise(reference.linear_mse_gradient)
def linear_mse_gradient(rng):
    for n, d in SHAPES:
        yield case(weights(rng, d), features(rng, n, d), signed(rng, 0.3, 2.0, n))
    X, y = features(rng, 12, 4), signed(rng, 1.0, 3.0, 12)
    best = np.linalg.lstsq(reference.add_bias(X), y, rcond=None)[0]
    yield case(best + signed(rng, 2e-8, 4e-8, 5), X, y, about=CLOSE)


@notebook.exercise(reference.add_bias)
def add_bias(rng):
    yield case(features(rng, 3, 2))
    yield case(features(rng, 5, 4))
    yield case(features(rng, 4, 1))
    yield case(features(rng, 3, 3))


def _scores(rng):
    yield case(signed(rng, 0.3, 4.0, 5))
    yield case(signed(rng, 0.3, 4.0, 3, 2))
    yield case(signed(rng, 0.3, 4.0, 3, 3))


@notebook.exercise(reference.sigmoid)
def sigmoid(rng):
    yield from _scores(rng)
    yield case(signed(rng, 11.0, 19.0, 4), about="scores of 11 to 19")
    yield case(np.array([-1000.0, rng.uniform(0.5, 2.0), 1000.0]), about="extreme scores")


@notebook.exercise(reference.sigmoid_derivative)
def sigmoid_derivative(rng):
    yield from _scores(rng)
    far = rng.uniform(17.0, 19.0, 20) * np.tile([1.0, 1.0, 1.0, -1.0], 5)
    yield case(far, about="far out, where the slope is tiny")


@notebook.exercise(reference.predict_proba)
def predict_proba(rng):
    for n, d in SHAPES:
        yield case(features(rng, n, d), weights(rng, d))


def _probabilities(rng, n: int) -> np.ndarray:
    """Distinct probabilities on both sides of 1/2, some near 0 and near 1."""
    return rng.permutation(np.linspace(0.04, 0.93, n)) + rng.uniform(0, 0.02, n)


@notebook.exercise(reference.bce_loss)
def bce_loss(rng):
    yield case(np.array([1.0, 0, 1, 0, 0]), np.array([0.775, 0.116, 0.884, 0.744, 0.320]))
    for n in (4, 9):
        yield case(labels(rng, n), _probabilities(rng, n))


@notebook.exercise(reference.bce_with_logits)
def bce_with_logits(rng):
    for n in (4, 7):
        y = labels(rng, n)
        right = np.where(np.arange(n) % 3 == 0, -1.0, 1.0)
        yield case(y, right * (2 * y - 1) * rng.uniform(0.3, 4.0, n))
    y = np.array([0.0, 1, 1, 0])
    z = np.array([60.0, -60, 1.5, -0.7]) + rng.uniform(0, 0.3, 4)
    yield case(y, z, about="scores of 60, wrong ones")
    yield case(np.array([1.0, 0, 1]), np.array([-800.0, 1.2, 0.4]), about="a score of -800")
    yield case(np.array([1.0, 0, 1]), np.array([800.0, 1.2, 0.4]), about="a score of 800")
    yield case(np.array([0.0, 1, 0]), np.array([800.0, 1.2, -800.0]), about="scores of +-800")


def _classified(rng):
    """Weights and data for the gradients: ordinary shapes, then close to a minimum."""
    for n, d in SHAPES:
        yield weights(rng, d), features(rng, n, d), labels(rng, n), ""
    X, y = mixed(rng, 17, 4)
    yield near_minimum(rng, X, y), X, y, CLOSE


@notebook.exercise(reference.bce_gradient)
def bce_gradient(rng):
    for w, X, y, about in _classified(rng):
        yield case(w, X, y, about=about)


@notebook.exercise(reference.bce_hessian)
def bce_hessian(rng):
    for n, d in SHAPES:
        yield case(weights(rng, d), features(rng, n, d))


@notebook.exercise(reference.l2_gradient)
def l2_gradient(rng):
    for n, d in SHAPES:
        yield case(weights(rng, d), features(rng, n, d), labels(rng, n), rng.uniform(0.1, 0.4))
    yield case(weights(rng, 2), features(rng, 5, 2), labels(rng, 5), 0.0, about="no penalty at all")


def descend(gradient_descent):
    """The graded cell's expression: descent on the gradient A w - b of w.A w / 2 - b.w."""
    return lambda A, b, w0, rate, steps: gradient_descent(lambda w: A @ w - b, w0, rate, steps)


@notebook.exercise(reference.gradient_descent, subject=descend)
def gradient_descent(rng):
    for d, rate, steps in ((3, 0.1, 50), (2, 0.35, 7), (4, 0.2, 20)):
        turn = np.linalg.qr(rng.normal(size=(d, d)))[0]
        A = turn @ np.diag(rng.uniform(0.4, 1.6, d)) @ turn.T
        yield case(A, signed(rng, 0.5, 2.0, d), signed(rng, 0.5, 2.0, d), rate, steps)
    A = np.array([[1.5, 0.5], [0.5, 1.0]])
    yield case(A, np.array([1.0, -2.0]), signed(rng, 0.5, 2.0, 2), 0.3, 1, about="one step")


@notebook.exercise(reference.fit)
def fit(rng):
    X, y = mixed(rng, 7, 2)
    yield case(X + 0.4, y)
    X, y = mixed(rng, 9, 3)
    yield case(X - 0.3, y, learning_rate=0.4, steps=25)
    yield case(features(rng, 4, 3), labels(rng, 4), learning_rate=0.25, steps=12)
    X = np.array([[-1.4], [-0.6], [0.9], [1.7], [2.4]]) + rng.uniform(-0.1, 0.1, (5, 1))
    y = np.array([0.0, 0, 1, 1, 1])
    yield case(X, y, learning_rate=0.5, steps=200, about="classes that a threshold separates")


def _placed(rng, scores: list[float]) -> tuple[np.ndarray, np.ndarray]:
    """Two features and weights for which the examples get these scores, in random order."""
    z = rng.permutation(scores) + rng.uniform(-0.05, 0.05, len(scores))
    w = np.array([1.7, 0.6, -0.9]) * rng.choice([-1.0, 1.0], 3)
    first = signed(rng, 0.2, 1.8, len(z))
    return np.column_stack((first, (z - w[0] - w[1] * first) / w[2])), w


@notebook.exercise(reference.predict)
def predict(rng):
    # Scores 0.25 and -0.6 lie between the thresholds 0.5, 0.3 and 0.8 in probability and in score.
    yield case(*_placed(rng, [-2.3, -1.2, -0.6, 0.25, 1.0, 1.2, 2.6]))
    yield case(*_placed(rng, [-2.3, -1.2, -0.6, 0.15, 0.2, 2.6]), threshold=0.3)
    yield case(*_placed(rng, [-2.0, -0.6, 0.25, 0.9, 1.1, 1.9, 3.0]), threshold=0.8)
    X = np.array([[0.5, 0.0], [0.0, -1.0], [1.5, 0.25]])
    yield case(X, np.array([0.5, -1.0, 2.0]), about="an example exactly on the threshold")
