"""Reverse-mode derivatives by hand, and the same network in PyTorch, after Clase 9 and Softmax e
grafo.

The adjoint of a node v is v̄ = ∂f/∂v. It starts with f̄ = 1 at the output, and walking backward
each use of v adds its share: v̄ += ū · ∂u/∂v for every node u that v enters. A node that is used
twice receives two shares, and they are added.
"""

from __future__ import annotations

import numpy as np
import torch

PARAMETERS = ("W1", "b1", "W2", "b2", "U", "c")


def product_of_sum_gradients(a, b, c):
    """Return the derivatives of f = (a + b) c with respect to a, b and c: a tuple of three numbers.

    With d = a + b and f = d c: f̄ = 1, d̄ = c, c̄ = d; the sum passes d̄ on to both its inputs.

    Source: Softmax e grafo.
    """
    d = a + b
    d_bar = c
    return d_bar, d_bar, d


def neuron_gradients(w, x):
    """Return the gradients of f = sigmoid(w0 + w1 x1 + w2 x2): a tuple (dw (3,), dx (2,)).

    f = 1 / q, q = 1 + e, e = exp(m), m = -z, z = w0 + w1 x1 + w2 x2. Backward:
    q̄ = -1/q², ē = q̄, m̄ = ē e, z̄ = -m̄ = e / q² = f (1 - f); then w̄0 = z̄, w̄i = z̄ xi, x̄i = z̄ wi.

    w  (3,), the bias first
    x  (2,)
    Source: Clase 9, with numbers; Softmax e grafo, the graph.
    """
    z = w[0] + w[1] * x[0] + w[2] * x[1]
    # tanh never overflows; it is the sigmoid stretched and shifted.
    f = 0.5 * (1.0 + np.tanh(0.5 * z))
    z_bar = f * (1.0 - f)
    return z_bar * np.array([1.0, x[0], x[1]]), z_bar * np.array([w[1], w[2]])


def shared_node_gradient(x):
    """Return the derivative of f = x sin x + x²: a float.

    x enters three places: the factor x, the sine, and the square. Their shares are sin x, x cos x
    and 2x, and x̄ is their sum.
    """
    return float(np.sin(x) + x * np.cos(x) + 2.0 * x)


def central_difference(f, x, step=1e-5):
    """Return (f(x + step) - f(x - step)) / (2 step): a float.

    Taylor: f(x ± h) = f ± h f' + h²/2 f'' ± h³/6 f''' + ..., so the even terms cancel and the error
    is h²/6 f''' of truncation, plus about ε |f| / h of rounding.
    """
    return float((f(x + step) - f(x - step)) / (2.0 * step))


def leaves(params):
    """Return fresh float64 leaves that ask for a gradient: a dict name -> tensor."""
    return {
        name: torch.tensor(np.array(params[name]), dtype=torch.float64, requires_grad=True)
        for name in PARAMETERS
    }


def torch_forward(X, params):
    """Return y_hat (N,) of the network tanh, sigmoid, sigmoid of notebook 4, as a tensor.

    X       (N, d0)
    params  dict: W1 (d0, d1), b1 (d1,), W2 (d1, d2), b2 (d2,), U (d2,), c scalar; arrays or tensors
    Source: Backprop a mano.
    """
    X = torch.as_tensor(X, dtype=torch.float64)
    p = {name: torch.as_tensor(params[name], dtype=torch.float64) for name in PARAMETERS}
    h1 = torch.tanh(X @ p["W1"] + p["b1"])
    h2 = torch.sigmoid(h1 @ p["W2"] + p["b2"])
    return torch.sigmoid(h2 @ p["U"] + p["c"])


def mean_loss(X, y, tensors):
    """Return the mean binary cross-entropy of the network, a scalar tensor."""
    y = torch.as_tensor(y, dtype=torch.float64)
    return torch.nn.functional.binary_cross_entropy(torch_forward(X, tensors), y)


def torch_gradients(X, y, params):
    """Return the gradients of the mean loss, by `backward()`: a dict name -> array."""
    tensors = leaves(params)
    mean_loss(X, y, tensors).backward()
    return {name: tensor.grad.numpy() for name, tensor in tensors.items()}


def torch_intermediates(X, y, params):
    """Return the gradients of the mean loss with respect to the values between the parameters and
    the loss: a dict of arrays y_hat (N,), u3 (N,), h2 (N, d2), u2 (N, d2), h1 (N, d1), u1 (N, d1).

    An intermediate value is no leaf: it keeps its gradient only where `retain_grad` asks it to.
    """
    p, v = leaves(params), {}
    v["u1"] = torch.as_tensor(X, dtype=torch.float64) @ p["W1"] + p["b1"]
    v["h1"] = torch.tanh(v["u1"])
    v["u2"] = v["h1"] @ p["W2"] + p["b2"]
    v["h2"] = torch.sigmoid(v["u2"])
    v["u3"] = v["h2"] @ p["U"] + p["c"]
    v["y_hat"] = torch.sigmoid(v["u3"])
    for tensor in v.values():
        tensor.retain_grad()
    y = torch.as_tensor(y, dtype=torch.float64)
    torch.nn.functional.binary_cross_entropy(v["y_hat"], y).backward()
    return {name: tensor.grad.numpy() for name, tensor in v.items()}


def largest_differences(hand, auto):
    """Return the largest |hand - auto| of every name of `hand`, `inf` where shapes differ: a
    dict."""
    found = {}
    for name, left in hand.items():
        left, right = np.asarray(left, dtype=float), np.asarray(auto[name], dtype=float)
        same_shape = left.shape == right.shape
        found[name] = float(np.max(np.abs(left - right))) if same_shape else float("inf")
    return found


def first_mismatch(hand, auto, order, tolerance=1e-9):
    """Return the first name in `order` whose entries differ by more than `tolerance`, else None.

    With the names ordered from the loss backward, everything before the answer is right, so the
    mistake was made in the one step that leads to it.
    """
    for name in order:
        left, right = np.asarray(hand[name], dtype=float), np.asarray(auto[name], dtype=float)
        # Written so that NaN, which is neither larger nor smaller, counts as a mismatch.
        if left.shape != right.shape or not np.all(np.abs(left - right) <= tolerance):
            return name
    return None


class ScaledExp(torch.autograd.Function):
    """y = exp(k x), entry by entry, for a constant number k.

    dy/dx = k exp(k x) = k y, so x̄ = ȳ k y; k asks for no gradient.

    Source: Clase 9, the class `Exp`.
    """

    @staticmethod
    def forward(ctx, x, k):
        y = torch.exp(k * x)
        ctx.save_for_backward(y)
        ctx.k = k
        return y

    @staticmethod
    def backward(ctx, upstream):
        (y,) = ctx.saved_tensors
        return upstream * ctx.k * y, None


class SoftmaxCrossEntropy(torch.autograd.Function):
    """The mean over the batch of -sum_k y_k log softmax(a)_k; scores a and targets y are (N, K).

    With rows of y that sum to 1, ∂L/∂a = (softmax(a) - y) / N (Softmax e grafo derives it through
    the Jacobian), times the upstream gradient, one number since the loss is one.
    """

    @staticmethod
    def forward(ctx, a, y):
        log_s = a - torch.logsumexp(a, dim=1, keepdim=True)
        ctx.save_for_backward(log_s, y)
        return -(y * log_s).sum() / len(a)

    @staticmethod
    def backward(ctx, upstream):
        log_s, y = ctx.saved_tensors
        return upstream * (torch.exp(log_s) - y) / len(y), None


def binary_loss(z, y):
    """Return the mean binary cross-entropy from logits z (N,) and targets y (N,), a scalar tensor.

    -y ln s(z) - (1 - y) ln(1 - s(z)) = max(z, 0) - z y + ln(1 + e^-|z|), which never overflows.

    Source: Ativação e custo, BCEWithLogitsLoss.
    """
    return torch.nn.functional.binary_cross_entropy_with_logits(z, y)


def class_loss(a, labels):
    """Return the mean cross-entropy from scores a (N, K) and integer labels (N,), a scalar tensor.

    -ln s_label = logsumexp(a) - a_label, row by row.

    Source: Clase 9, CrossEntropyLoss, which takes scores, not probabilities.
    """
    return torch.nn.functional.cross_entropy(a, labels)


def penalized_loss(a, labels, weights, strength):
    """Return `class_loss` plus `strength` times the sum of the squared entries of every tensor in
    `weights`, a scalar tensor. The penalty adds 2 · strength · W to the gradient of W.

    Source: Clase 9, the regularised cost.
    """
    return class_loss(a, labels) + strength * sum((W**2).sum() for W in weights)


def train_with_torch(X, y, params, learning_rate, steps):
    """Return the parameters after `steps` of gradient descent on the whole batch: a dict name ->
    array."""
    tensors = leaves(params)
    for _ in range(steps):
        gradients = torch.autograd.grad(mean_loss(X, y, tensors), tensors.values())
        # What torch.optim.SGD does; its first use alone takes seconds, which a grader has not.
        with torch.no_grad():
            for tensor, gradient in zip(tensors.values(), gradients):
                tensor -= learning_rate * gradient
    return {name: tensor.detach().numpy() for name, tensor in tensors.items()}
