"""The cases of 05-autograd, drawn from a seed.

Networks with all dimensions different, and one where all are the same; biases that are never 0;
upstream gradients that are never 1. What takes tensors is asked with arrays, by way of
`course.tensors`, in the same words as in the notebook's graded cells.
"""

from __future__ import annotations

import numpy as np

from autograder.exercises.autograd import reference as reference
from autograder.exercises.specification import Notebook, Required, case
from course import tensors

notebook = Notebook("05-autograd")

BY_HAND = ("torch", "jax", "autograd", "sympy", "scipy.optimize", "scipy.differentiate")
OWN_BACKWARD = Required(
    ("def backward", "def vjp"),
    "has no backward of its own: the derivative is left to PyTorch. "
    "Which method says what the node does with the gradient that arrives from above?",
)
BY_AUTOGRAD = Required(
    (
        ".backward",
        "torch.autograd.grad",
        "torch.autograd.backward",
        "torch.autograd.functional",
        "torch.autograd.forward_ad",
        "torch.autograd.Function",
        "torch.func",
    ),
    "never asks PyTorch for a gradient. You have derived these by hand in notebook 4: "
    "which call lets PyTorch walk backward through the graph?",
)
# A backward that calls autograd has not been derived.
DERIVED = ("torch.autograd.grad", "torch.autograd.backward", "torch.autograd.functional")
DERIVED += ("torch.func", "torch.autograd.forward_ad")

NAMES = ("y_hat", "u3", "U", "c", "h2", "u2", "W2", "b2", "h1", "u1", "W1", "b1")


def number(rng: np.random.Generator, low: float = 0.4, high: float = 2.5) -> float:
    """A random number away from 0, of either sign."""
    return float(rng.uniform(low, high) * rng.choice([-1.0, 1.0]))


def network(rng: np.random.Generator, n: int, d0: int, d1: int, d2: int) -> tuple:
    """Random X (n, d0), y (n,) with both labels, and params of the network of notebook 4."""
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
    """The sizes every exercise about the network is asked with."""
    yield network(rng, 5, 3, 4, 2)
    yield network(rng, 7, 2, 3, 5)
    yield network(rng, 4, 4, 4, 4)
    X, y, params = network(rng, 6, 5, 2, 3)
    # The scalar as a 0-d array, which is as good as a number.
    yield X, y, params | {"c": np.array(params["c"])}


def distributions(rng: np.random.Generator, n: int, k: int) -> np.ndarray:
    """Soft targets (n, k); every row sums to 1."""
    weights = rng.permuted(np.arange(1.0, k + 1) * np.ones((n, k)), axis=1)
    weights *= rng.uniform(0.8, 1.2, (n, k))
    return weights / weights.sum(axis=1, keepdims=True)


def class_labels(rng: np.random.Generator, n: int, k: int) -> np.ndarray:
    """Integer labels (n,), not all alike."""
    return rng.permutation(np.arange(n) % k).astype(np.int64)


def one_hot(labels: np.ndarray, k: int) -> np.ndarray:
    """The targets (n, k) of integer labels."""
    return np.eye(k)[labels]


def extreme_scores(rng: np.random.Generator, n: int, k: int) -> np.ndarray:
    """Scores (n, k) that differ by thousands."""
    return rng.permuted(np.linspace(-1000.0, 1000.0, k) * np.ones((n, k)), axis=1)


@notebook.exercise(reference.product_of_sum_gradients, forbidden=BY_HAND, by_hand=True)
def product_of_sum_gradients(rng):
    yield case(2.0, -5.0, 4.0)
    for _ in range(4):
        yield case(number(rng), number(rng), number(rng))


@notebook.exercise(reference.neuron_gradients, forbidden=BY_HAND, by_hand=True)
def neuron_gradients(rng):
    yield case(np.array([-3.0, 2.0, -3.0]), np.array([-1.0, -2.0]))
    for _ in range(5):
        yield case(rng.normal(0.0, 1.2, 3), rng.uniform(0.5, 2.0, 2) * rng.choice([-1.0, 1.0], 2))
    for _ in range(5):
        # Long inputs bend f sharply along the weights, which a numerical derivative cuts short.
        w = rng.uniform(0.1, 0.35, 3) * rng.choice([-1.0, 1.0], 3)
        yield case(w, rng.uniform(4.0, 8.0, 2) * rng.choice([-1.0, 1.0], 2))


@notebook.exercise(reference.shared_node_gradient, forbidden=BY_HAND, by_hand=True)
def shared_node_gradient(rng):
    yield case(0.7)
    # Many, since it takes several numbers to see that digits are missing.
    for _ in range(12):
        yield case(number(rng, 0.3, 3.0))


@notebook.exercise(reference.central_difference, subject=tensors.named, rtol=1e-7)
def central_difference(rng):
    yield case("sine", float(rng.uniform(0.2, 1.2)))
    yield case("exponential", number(rng, 0.3, 1.5))
    yield case("cube", number(rng, 0.5, 1.5), step=float(rng.uniform(0.01, 0.1)))
    yield case("tanh", float(rng.uniform(0.3, 1.0)), step=float(rng.uniform(0.01, 0.1)))
    yield case("logarithm", float(rng.uniform(1.2, 2.5)), step=float(rng.uniform(1e-4, 1e-3)))


@notebook.exercise(reference.torch_forward, subject=tensors.tensor_from)
def torch_forward(rng):
    for X, _, params in networks(rng):
        yield case(X, params)


@notebook.exercise(reference.torch_gradients, required=BY_AUTOGRAD)
def torch_gradients(rng):
    for X, y, params in networks(rng):
        yield case(X, y, params)


@notebook.exercise(reference.torch_intermediates, required=BY_AUTOGRAD)
def torch_intermediates(rng):
    for X, y, params in networks(rng):
        yield case(X, y, params)


def table(entries: dict) -> dict:
    """The entries as arrays, and those of shape () as floats."""
    return {k: np.array(v) if np.ndim(v) else float(v) for k, v in entries.items()}


def _ledgers(rng):
    """Pairs of dicts with the shapes of the network's gradients, differing here and there."""
    X, y, params = network(rng, 5, 3, 4, 2)
    shapes = {"y_hat": (5,), "u3": (5,), "h2": (5, 2), "u2": (5, 2), "h1": (5, 4), "u1": (5, 4)}
    shapes |= {name: np.shape(value) for name, value in params.items()}
    auto = {name: rng.normal(0.0, 0.3, shapes[name]) for name in rng.permutation(NAMES).tolist()}
    hand = {name: value + rng.normal(0.0, 1e-13, np.shape(value)) for name, value in auto.items()}
    yield table(hand), table(auto)


@notebook.exercise(reference.largest_differences)
def largest_differences(rng):
    for hand, auto in _ledgers(rng):
        yield case(table({name: hand[name] + number(rng, 1e-3, 1e-2) for name in hand}), auto)
        spread = {name: hand[name] + rng.normal(0.0, 0.01, np.shape(hand[name])) for name in hand}
        yield case(table(spread), auto)
    pair = {"W": rng.normal(0.0, 1.0, (3, 4)), "b": rng.normal(0.0, 1.0, 4), "c": number(rng)}
    other = {name: value + number(rng, 0.01, 0.1) for name, value in pair.items()}
    yield case(pair, other)
    yield case(pair, other | {"W": other["W"].T}, about="a transposed matrix")
    yield case(pair, other | {"b": other["b"][:, None]}, about="a column instead of a vector")
    yield case(pair, other | {"b": other["b"][:1]}, about="one entry instead of four")


@notebook.exercise(reference.first_mismatch)
def first_mismatch(rng):
    for hand, auto in _ledgers(rng):
        order = list(NAMES)
        wrong = {name: hand[name] + rng.normal(0.0, 0.1, np.shape(hand[name])) for name in NAMES}
        first = int(rng.integers(2, 7))
        # From one wrong step on, everything behind it is wrong as well.
        spoilt = hand | {name: wrong[name] for name in order[first:]}
        yield case(table(spoilt), auto, order)
        single = str(rng.choice(["W1", "h2", "u1"]))
        entry = np.array(hand[single])
        entry[-1, -1] -= 0.25
        yield case(hand | {single: entry}, auto, order)
        small = hand | {"u2": hand["u2"] + 1e-6, "b2": hand["b2"] - 0.02}
        yield case(small, auto, order)
        yield case(small, auto, order, tolerance=1e-4)
        yield case(small, auto, [name for name in reversed(order)])
        large = {name: auto[name] * 1e4 for name in order}
        yield case(table(large | {"h1": large["h1"] + 1e-6}), table(large), order)
        yield case(hand, auto, order, about="everything agrees")
        gone = hand | {"u2": np.full((5, 2), np.nan)}
        yield case(gone, auto, order, about="NaN in one of the two")
        column = auto | {"b2": np.full(2, 0.5), "U": np.full(2, 0.25)}
        broad = column | {"U": np.full((2, 1), 0.25)}
        yield case(broad, column, order, about="a column instead of a vector")
        edge = {"U": np.array([1.0, 2.0]), "c": 3.0}
        off = {"U": np.array([1.25, 2.0]), "c": 3.5}
        yield case(edge, off, ["U", "c"], tolerance=0.25, about="a difference equal to tolerance")


@notebook.exercise(
    reference.ScaledExp,
    subject=tensors.value_and_gradient,
    forbidden=DERIVED,
    required=OWN_BACKWARD,
)
def ScaledExp(rng):
    yield case(np.array([-0.4, 0.9]), 2.0, upstream=np.array([3.0, 3.0]))
    yield case(rng.normal(0.0, 1.0, 5), number(rng, 0.3, 0.8), upstream=rng.normal(0.0, 1.0, 5))
    yield case(
        rng.normal(0.0, 1.0, (3, 4)), number(rng, 1.2, 1.8), upstream=rng.normal(0.0, 1.0, (3, 4))
    )
    yield case(
        rng.normal(0.0, 1.0, (3, 3)), number(rng, 0.3, 0.8), upstream=rng.normal(0.0, 1.0, (3, 3))
    )
    yield case(np.array(number(rng)), number(rng, 0.3, 0.8), upstream=np.array(number(rng)))


@notebook.exercise(
    reference.SoftmaxCrossEntropy,
    subject=tensors.value_and_gradient,
    forbidden=DERIVED,
    required=OWN_BACKWARD,
)
def SoftmaxCrossEntropy(rng):
    for n, k in ((3, 4), (5, 2), (4, 4)):
        scores = rng.normal(0.0, 1.5, (n, k))
        yield case(scores, distributions(rng, n, k), upstream=number(rng))
        targets = one_hot(class_labels(rng, n, k), k)
        yield case(rng.normal(0.0, 1.5, (n, k)), targets, upstream=number(rng))
    yield case(
        extreme_scores(rng, 4, 3),
        distributions(rng, 4, 3),
        upstream=number(rng),
        about="scores that differ by thousands",
    )


@notebook.exercise(reference.binary_loss, subject=tensors.value_and_gradient)
def binary_loss(rng):
    for n in (3, 5, 8):
        targets = rng.permutation((np.arange(n) % 2).astype(float))
        scores = rng.uniform(0.3, 6.0, n) * rng.choice([-1.0, 1.0], n)
        yield case(scores, targets, upstream=number(rng))
    yield case(
        np.array([800.0, -800.0, 800.0, -800.0, 1.5]),
        np.array([1.0, 0.0, 0.0, 1.0, 1.0]),
        upstream=number(rng),
        about="logits of +-800",
    )


@notebook.exercise(reference.class_loss, subject=tensors.value_and_gradient)
def class_loss(rng):
    for n, k in ((3, 4), (5, 3), (4, 4)):
        yield case(rng.normal(0.0, 1.5, (n, k)), class_labels(rng, n, k), upstream=number(rng))
    scores, labels = extreme_scores(rng, 4, 3), class_labels(rng, 4, 3)
    # At least one label is not that of the highest score.
    labels[0] = (np.argmax(scores[0]) + 1) % 3
    yield case(
        scores,
        labels,
        upstream=number(rng),
        about="scores that differ by thousands",
    )


@notebook.exercise(reference.penalized_loss, subject=tensors.value_and_gradients)
def penalized_loss(rng):
    for n, k, shapes in (
        (3, 4, [(2, 3), (3, 4)]),
        (5, 3, [(4, 2), (2, 5), (5, 3)]),
        (4, 4, [(4, 4), (4, 4)]),
    ):
        weights = [rng.normal(0.0, 0.7, shape) for shape in shapes]
        strength = float(rng.uniform(0.05, 0.4))
        scores, labels = rng.normal(0.0, 1.5, (n, k)), class_labels(rng, n, k)
        yield case(scores, labels, weights, strength, upstream=number(rng))


@notebook.exercise(reference.train_with_torch, required=BY_AUTOGRAD, rtol=1e-8)
def train_with_torch(rng):
    for (X, y, params), steps in zip(networks(rng), (1, 6, 3, 8)):
        yield case(X, y, params, float(rng.uniform(0.2, 0.8)), steps)
