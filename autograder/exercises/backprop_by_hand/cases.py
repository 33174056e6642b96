"""The cases of 04-backprop-by-hand, drawn from a seed.

All dimensions different, and one square case in which every matrix could be transposed without an
error; biases away from zero, both labels, random upstream gradients.
"""

from __future__ import annotations

import numpy as np

from autograder.exercises.backprop_by_hand import reference as reference
from autograder.exercises.logistic_regression import notebook as notebook_02
from autograder.exercises.specification import Notebook, case

notebook = Notebook(
    "04-backprop-by-hand",
    forbidden=(
        "autograd",
        "casadi",
        "jax",
        "keras",
        "numdifftools",
        "scipy.differentiate",
        "scipy.misc",
        "scipy.optimize",
        "sklearn",
        "sympy",
        "tensorflow",
        "torch.autograd",
        "torch.func",
        "torch.nn",
        "torch.optim",
    ),
)

# N, d0, d1, d2: all different twice, then all equal.
SIZES = ((5, 3, 4, 2), (6, 2, 3, 5), (4, 4, 4, 4))


def by_hand(of, **options):
    """An exercise whose derivative is to be made by hand: no torch at all, no differences."""
    return notebook.exercise(of, forbidden=("torch", "numerical_gradient"), by_hand=True, **options)


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


# Students bring the sigmoid of notebook 02 along; it is judged as it was there.
brought = notebook_02.exercises["sigmoid"]


@notebook.exercise(brought.reference, forbidden=brought.forbidden)
def sigmoid(rng):
    yield from brought.draw(rng)


@by_hand(reference.small_network_gradients)
def small_network_gradients(rng):
    for y in (1.0, 0.0, 1.0):
        x, W2 = away_from_zero(rng, 2), np.array([0.4, -0.9, 1.4]) * rng.uniform(0.7, 1.3, 3)
        yield case(x, y, away_from_zero(rng, 3, 2), rng.permutation(W2))


@by_hand(reference.tanh_derivative)
def tanh_derivative(rng):
    yield case(away_from_zero(rng, 5))
    yield case(away_from_zero(rng, 3, 4))
    yield case(away_from_zero(rng, 2, 2))
    yield case(np.array([-20.0, -3.0, 0.0, 2.0, 20.0]), about="with saturated units")


@by_hand(reference.sigmoid_derivative)
def sigmoid_derivative(rng):
    yield case(away_from_zero(rng, 5))
    yield case(away_from_zero(rng, 3, 4))
    yield case(away_from_zero(rng, 2, 2))
    yield case(np.array([-20.0, -3.0, 0.0, 2.0, 20.0]), about="with saturated units")


@notebook.exercise(reference.layer_shapes)
def layer_shapes(rng):
    yield case(5, 3, 4, 2)
    yield case(*rng.permutation([2, 3, 4, 6, 7, 9])[:4].tolist())
    yield case(4, 4, 4, 4, about="all sizes equal")


@notebook.exercise(reference.forward)
def forward(rng):
    for sizes in SIZES:
        X, _, params = problem(rng, *sizes)
        yield case(X, params)


def _predictions(rng):
    for n in (5, 8, 2):
        yield case(rng.uniform(0.08, 0.92, n), labels(rng, n))


@notebook.exercise(reference.loss, forbidden=("torch.binary_cross_entropy_with_logits",))
def loss(rng):
    yield from _predictions(rng)


# A small number that guards a denominator costs digits, too, and is honest.
@by_hand(reference.grad_y_hat, guards=True)
def grad_y_hat(rng):
    yield from _predictions(rng)


@by_hand(reference.grad_u3, guards=True)
def grad_u3(rng):
    yield from _predictions(rng)


@by_hand(reference.grad_U)
def grad_U(rng):
    for n, _, _, d2 in SIZES:
        yield case(rng.uniform(0.1, 0.9, (n, d2)), away_from_zero(rng, n))


@by_hand(reference.grad_c)
def grad_c(rng):
    for n in (5, 8, 3, 6, 4):
        yield case(away_from_zero(rng, n))


@by_hand(reference.grad_h2)
def grad_h2(rng):
    for n, _, _, d2 in SIZES:
        yield case(away_from_zero(rng, n), away_from_zero(rng, d2))


@by_hand(reference.grad_u2)
def grad_u2(rng):
    for n, _, _, d2 in SIZES:
        yield case(away_from_zero(rng, n, d2), rng.uniform(0.05, 0.95, (n, d2)))


@by_hand(reference.grad_W2)
def grad_W2(rng):
    for n, _, d1, d2 in SIZES:
        yield case(np.tanh(away_from_zero(rng, n, d1)), away_from_zero(rng, n, d2))


@by_hand(reference.grad_b2)
def grad_b2(rng):
    for n, _, _, d2 in SIZES:
        yield case(away_from_zero(rng, n, d2))


@by_hand(reference.grad_h1)
def grad_h1(rng):
    for n, _, d1, d2 in SIZES:
        yield case(away_from_zero(rng, n, d2), away_from_zero(rng, d1, d2))


@by_hand(reference.grad_u1)
def grad_u1(rng):
    for n, _, d1, _ in SIZES:
        yield case(away_from_zero(rng, n, d1), np.tanh(away_from_zero(rng, n, d1)))


@by_hand(reference.grad_W1)
def grad_W1(rng):
    for n, d0, d1, _ in SIZES:
        yield case(away_from_zero(rng, n, d0), away_from_zero(rng, n, d1))


@by_hand(reference.grad_b1)
def grad_b1(rng):
    for n, _, d1, _ in SIZES:
        yield case(away_from_zero(rng, n, d1))


@by_hand(reference.backward, guards=True)
def backward(rng):
    for sizes in SIZES:
        X, y, params = problem(rng, *sizes)
        yield case(X, y, params, reference.forward(X, params))


def _of_a_given_function(numerical_gradient):
    """What the graded cell asks: the gradient of a given function, and what is left on `theta`."""

    def gradient_and_rest(theta, A, **step):
        own = theta.copy()

        def f(t):
            return float((A * np.exp(t)).sum() ** 2 / 10)

        return numerical_gradient(f, own, **step), own - theta

    return gradient_and_rest


# The step is given, so that the error of the differences themselves is part of the right answer.
@notebook.exercise(reference.numerical_gradient, subject=_of_a_given_function, rtol=1e-7)
def numerical_gradient(rng):
    for shape, step in (((4,), 1e-2), ((2, 3), 1e-3), ((3, 3), 1e-2)):
        yield case(away_from_zero(rng, *shape), rng.uniform(0.5, 1.5, shape), step=step)
    yield case(away_from_zero(rng, 5), rng.uniform(0.5, 1.5, 5), about="with the default step")


@notebook.exercise(reference.gradient_step)
def gradient_step(rng):
    for (_, *sizes), rate in zip(SIZES, (0.5, 0.07, 1.3)):
        yield case(random_params(rng, *sizes), random_params(rng, *sizes), rate)


@notebook.exercise(reference.train, forbidden=("torch", "numerical_gradient"))
def train(rng):
    for sizes, rate, steps in zip(SIZES, (0.5, 0.2, 0.8), (1, 3, 20)):
        X, y, params = problem(rng, *sizes)
        yield case(X, y, params, rate, steps)
