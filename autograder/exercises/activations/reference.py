"""The right functions of 06-activations.

Every activation g acts on scores entry by entry, and its derivative g' is taken with respect to the
score. Where g has a kink, g' at the kink is a convention; those here are PyTorch's.
Sources: *Ativação e custo*, slides on activations; Glorot and Bengio (2010); He et al. (2015);
Klambauer et al. (2017).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

# Klambauer et al. (2017), "Self-normalizing neural networks": the two constants for which mean 0
# and variance 1 are a fixed point of a layer with weights of variance 1 / fan_in.
SELU_SCALE = 1.0507009873554804934193349852946
SELU_ALPHA = 1.6732632423543772848170429916717


def sigmoid(z: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + e^-z), exact for scores of any size: no exponential of a positive number."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def relu(x: np.ndarray) -> np.ndarray:
    """Return max(0, x), entry by entry; shaped like x."""
    return np.maximum(x, 0.0)


def relu_derivative(x: np.ndarray) -> np.ndarray:
    """Return 1 where x > 0, else 0; the slope at the kink is 0 by convention."""
    return np.where(x > 0, 1.0, 0.0)


def leaky_relu(x: np.ndarray, alpha: float = 0.01) -> np.ndarray:
    """Return x where x > 0, else alpha * x. For alpha > 1 this is not max(alpha * x, x)."""
    return np.where(x > 0, x, alpha * x)


def leaky_relu_derivative(x: np.ndarray, alpha: float = 0.01) -> np.ndarray:
    """Return 1 where x > 0, else alpha, also at the kink."""
    return np.where(x > 0, 1.0, alpha)


def prelu_gradients(
    x: np.ndarray, alpha: float, upstream: np.ndarray
) -> tuple[np.ndarray, np.floating]:
    """Return the gradients of a loss L through h = leaky_relu(x, alpha), where alpha is learned.

    dL/dx = dL/dh * g'(x). Every entry shares the one alpha, and dh/dalpha is x where x < 0 and 0
    elsewhere, so that dL/dalpha = sum of dL/dh * x over the negative entries.

    upstream  dL/dh, shaped like x
    Returns (dx, dalpha): an array like x, and a number.
    """
    return upstream * leaky_relu_derivative(x, alpha), np.sum(upstream * np.minimum(x, 0.0))


def elu(x: np.ndarray, alpha: float = 1.0) -> np.ndarray:
    """Return x where x > 0, else alpha * (e^x - 1); exact for scores of any size."""
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0.0)))


def elu_derivative(x: np.ndarray, alpha: float = 1.0) -> np.ndarray:
    """Return 1 where x > 0, else alpha * e^x; alpha at 0, where it jumps unless alpha is 1."""
    return np.where(x > 0, 1.0, alpha * np.exp(np.minimum(x, 0.0)))


def selu(x: np.ndarray) -> np.ndarray:
    """Return SELU_SCALE * elu(x, SELU_ALPHA)."""
    return SELU_SCALE * elu(x, SELU_ALPHA)


def softplus(x: np.ndarray, beta: float = 1.0, threshold: float = 20.0) -> np.ndarray:
    """Return ln(1 + e^(beta x)) / beta, and x itself where beta * x > threshold, as PyTorch has it.

    ln(1 + e^z) = ln(e^0 + e^z) is `logaddexp(0, z)`, which never forms a large exponential.
    """
    return np.where(beta * x > threshold, x, np.logaddexp(0.0, beta * x) / beta)


def softplus_derivative(x: np.ndarray, beta: float = 1.0) -> np.ndarray:
    """Return the slope of ln(1 + e^(beta x)) / beta: (1/beta) * beta e^(beta x) / (1 + e^(beta
    x))."""
    return sigmoid(beta * x)


def swish(x: np.ndarray, beta: float = 1.0) -> np.ndarray:
    """Return x * sigmoid(beta x); exact for scores of any size."""
    return x * sigmoid(beta * x)


def swish_derivative(x: np.ndarray, beta: float = 1.0) -> np.ndarray:
    """Apply the product rule to x * sigmoid(beta x): s + x * beta * s * (1 - s) with s =
    sigmoid(beta x).

    With f = x s the same reads beta f + s (1 - beta f).
    """
    s = sigmoid(beta * x)
    return s + beta * x * s * (1.0 - s)


def dead_units(X: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Say which ReLU units of a layer give 0 for every row of X.

    X  inputs (N, d_in);  W  weights (d_in, d);  b  biases (d,)
    Returns a bool array (d,).
    """
    return np.all(relu(X @ W + b) == 0.0, axis=0)


def initial_std(fan_in: int, fan_out: int, activation: str) -> float:
    """Return the standard deviation of the random weights a layer starts from.

    With u = h W and independent weights of mean 0, Var(u) = fan_in * Var(w) * E[h^2]. Forward the
    size of the signal is kept where fan_in * Var(w) * gain = 1, with gain = E[g(u)^2] / Var(u): 1
    where g is nearly the identity, 1/2 for ReLU, which loses half of a symmetric score, and 1 for
    SELU. Backward fan_out stands in place of fan_in; Glorot takes the mean of the two.

    Raises ValueError for an activation it has no rule for.
    """
    if activation in ("linear", "sigmoid", "tanh"):
        return np.sqrt(2.0 / (fan_in + fan_out))
    if activation == "relu":
        return np.sqrt(2.0 / fan_in)
    if activation == "selu":
        return np.sqrt(1.0 / fan_in)
    raise ValueError(f"there is no rule for the activation {activation!r}")


def layer_statistics(
    X: np.ndarray, weights: Sequence[np.ndarray], activation: Callable
) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean and standard deviation of all entries of every layer's output.

    X        inputs (N, d_0)
    weights  W_1 (d_0, d_1), ..., W_L (d_{L-1}, d_L)
    Returns (means, stds), arrays (L,), of h_l = activation(h_{l-1} @ W_l) with h_0 = X.
    """
    h, means, stds = X, [], []
    for W in weights:
        h = activation(h @ W)
        means.append(np.mean(h))
        stds.append(np.std(h))
    return np.array(means), np.array(stds)


def backward_norms(
    scores: Sequence[np.ndarray],
    weights: Sequence[np.ndarray],
    derivative: Callable,
    upstream: np.ndarray,
) -> np.ndarray:
    """Return the Frobenius norms of the gradients by the scores of every layer.

    From dL/dh_l one gets dL/du_l = dL/dh_l * g'(u_l), and from that dL/dh_{l-1} = dL/du_l @ W_l^T.

    scores    [u_1, ..., u_L], u_l of shape (N, d_l)
    weights   [W_2, ..., W_L], W_l of shape (d_{l-1}, d_l)
    upstream  dL/dh_L (N, d_L)
    Returns an array (L,), the norm of dL/du_1 first.
    """
    gradient, norms = upstream, []
    for layer in reversed(range(len(scores))):
        gradient = gradient * derivative(scores[layer])
        norms.append(np.linalg.norm(gradient))
        if layer:
            gradient = gradient @ weights[layer - 1].T
    return np.array(norms[::-1])
