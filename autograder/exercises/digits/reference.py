"""The reference of 09-digits: a classifier of digits with any number of layers, from scratch.

The network: h_0 = X; u_l = h_{l-1} W_l + b_l and h_l = relu(u_l) for l = 1 ... L-1; the scores are
a = h_{L-1} W_L + b_L. Row n of every matrix is example n. `params` is a dict W1, b1, ..., WL, bL.
Logarithms are natural. No function changes what it is given.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def split(n: int, test_share: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw indices (train, test) of `n` examples in random order: the first round(n * test_share)
    of a permutation are the test, the others the train."""
    order = rng.permutation(n)
    cut = round(n * test_share)
    return order[cut:], order[:cut]


def standardize(train: np.ndarray, test: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return both tables (N, d) with the mean and the standard deviation of the columns of `train`.

    A column that is constant in `train` has no spread to divide by and is only centred.
    """
    mean, spread = train.mean(axis=0), train.std(axis=0)
    spread = np.where(spread == 0, 1.0, spread)
    return (train - mean) / spread, (test - mean) / spread


def init_params(sizes: tuple[int, ...], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw He's start for a network of these widths, (d_0, ..., d_L); biases 0.

    A score sums d_in products w h. With E[w] = 0 its variance is d_in Var(w) E[h^2], and for
    h = relu(u) with u symmetric around 0, E[h^2] = Var(u) / 2. The variance is therefore passed on
    unchanged where d_in Var(w) / 2 = 1, that is Var(w) = 2 / d_in.
    """
    params = {}
    for layer, (d_in, d_out) in enumerate(zip(sizes, sizes[1:]), start=1):
        params[f"W{layer}"] = rng.standard_normal((d_in, d_out)) * np.sqrt(2 / d_in)
        params[f"b{layer}"] = np.zeros(d_out)
    return params


def depth(params: dict[str, np.ndarray]) -> int:
    """Count the layers L of a network: each has a matrix and a vector."""
    return len(params) // 2


def forward(X: np.ndarray, params: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the hidden layers h1 ... h{L-1} (N, d_l) after ReLU, and the scores a (N, K)."""
    cache, h = {}, X
    for layer in range(1, depth(params)):
        h = np.maximum(h @ params[f"W{layer}"] + params[f"b{layer}"], 0)
        cache[f"h{layer}"] = h
    last = depth(params)
    cache["a"] = h @ params[f"W{last}"] + params[f"b{last}"]
    return cache


def loss(
    a: np.ndarray, labels: np.ndarray, params: dict[str, np.ndarray], strength: float
) -> float:
    """Return the mean cross-entropy in nats plus `strength` times the sum of the squared weights.

    For one example -ln softmax(a)_y = ln sum_k exp(a_k) - a_y. With m the largest score,
    ln sum_k exp(a_k) = m + ln sum_k exp(a_k - m): the largest exponent is 0, so nothing overflows,
    and the sum is at least 1, so its logarithm is finite.
    """
    top = a.max(axis=1)
    logsumexp = top + np.log(np.exp(a - top[:, None]).sum(axis=1))
    fit_term = np.mean(logsumexp - a[np.arange(len(a)), labels])
    penalty = sum(np.sum(params[f"W{layer}"] ** 2) for layer in range(1, depth(params) + 1))
    return float(fit_term + strength * penalty)


def softmax(a: np.ndarray) -> np.ndarray:
    """Return the probabilities (N, K) from scores (N, K)."""
    e = np.exp(a - a.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backward(
    X: np.ndarray,
    labels: np.ndarray,
    params: dict[str, np.ndarray],
    cache: dict[str, np.ndarray],
    strength: float,
) -> dict[str, np.ndarray]:
    """Return the gradients of `loss` by every entry of `params`, for any number of layers.

    At the top dL/da = (softmax(a) - y) / N (notebook 03). From there, layer by layer downward: with
    delta = dL/du_l, dL/dW_l = h_{l-1}^T delta + 2 strength W_l, dL/db_l = sum_n delta_n, and
    dL/du_{l-1} = (delta W_l^T) * [h_{l-1} > 0], since relu' is 1 where its output is positive.
    """
    delta = softmax(cache["a"])
    delta[np.arange(len(X)), labels] -= 1
    delta /= len(X)
    gradients = {}
    for layer in range(depth(params), 0, -1):
        W, below = params[f"W{layer}"], cache[f"h{layer - 1}"] if layer > 1 else X
        gradients[f"W{layer}"] = below.T @ delta + 2 * strength * W
        gradients[f"b{layer}"] = delta.sum(axis=0)
        if layer > 1:
            delta = (delta @ W.T) * (below > 0)
    return gradients


def minibatches(n: int, batch_size: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Return the indices 0 ... n-1 in random order, cut into pieces of `batch_size`; the last one
    holds what is left."""
    order = rng.permutation(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


def momentum_step(
    params: dict[str, np.ndarray],
    gradients: dict[str, np.ndarray],
    velocity: dict[str, np.ndarray],
    learning_rate: float,
    momentum: float,
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Take one step of gradient descent with momentum: new (params, velocity), in PyTorch's
    convention.

    v = momentum v + g, then theta = theta - learning_rate v. For a constant g the velocities
    g (1 + momentum + momentum^2 + ...) approach g / (1 - momentum).
    """
    velocity = {name: momentum * velocity[name] + gradients[name] for name in params}
    return {name: params[name] - learning_rate * velocity[name] for name in params}, velocity


def early_stopping(losses: np.ndarray, patience: int) -> int:
    """Return the epoch, from 0, of the lowest loss seen until `patience` epochs in a row brought no
    new lowest, or until `losses` ends; the first of equals."""
    best = 0
    for epoch, value in enumerate(losses):
        if value < losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return best


def fit(
    X: np.ndarray,
    labels: np.ndarray,
    sizes: tuple[int, ...],
    epochs: int,
    batch_size: int,
    learning_rate: float,
    momentum: float,
    strength: float,
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:
    """Train a network: one `momentum_step` for each mini-batch of each epoch."""
    params = init_params(sizes, rng)
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    for _ in range(epochs):
        for batch in minibatches(len(X), batch_size, rng):
            cache = forward(X[batch], params)
            gradients = backward(X[batch], labels[batch], params, cache, strength)
            params, velocity = momentum_step(params, gradients, velocity, learning_rate, momentum)
    return params


def predict(X: np.ndarray, params: dict[str, np.ndarray]) -> np.ndarray:
    """Return the class (N,) with the largest score; softmax keeps their order, so it is not
    needed."""
    return forward(X, params)["a"].argmax(axis=1)


def most_confused(confusion: np.ndarray) -> tuple[int, int]:
    """Return (true, predicted) of the largest entry of `confusion` (K, K) off its diagonal."""
    errors = np.where(np.eye(len(confusion), dtype=bool), -1, confusion)
    true, predicted = np.unravel_index(errors.argmax(), errors.shape)
    return int(true), int(predicted)


def loss_slice(
    f: Callable[[np.ndarray], float], theta: np.ndarray, direction: np.ndarray, steps: np.ndarray
) -> np.ndarray:
    """Return f(theta + t * direction) for every t in `steps`; `theta` is left exactly as it was."""
    return np.array([f(theta + t * direction) for t in steps])
