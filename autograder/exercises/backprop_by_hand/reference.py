"""The network of Backprop a mano and every gradient of it, derived by hand.

    u1 = X W1 + b1    h1 = tanh(u1)         X (N, d0)   W1 (d0, d1)   b1 (d1,)   u1, h1 (N, d1)
    u2 = h1 W2 + b2   h2 = sigmoid(u2)                  W2 (d1, d2)   b2 (d2,)   u2, h2 (N, d2)
    u3 = h2 U + c     y_hat = sigmoid(u3)               U (d2,)       c ()       u3, y_hat (N,)
    L  = -(1/N) sum_n [y_n ln y_hat_n + (1 - y_n) ln(1 - y_hat_n)]

Row n of every matrix is example n. Below, dv stands for the gradient of L with respect to v; it has
the shape of v. Repeated indices are summed, except where an element-wise product is written. The
factor 1/N of the mean enters once, in dy_hat; everything after it is linear in dy_hat and inherits
it.
"""

from __future__ import annotations

import numpy as np


def sigmoid(u):
    """Return 1 / (1 + e^-u), entry by entry, for scores of ordinary size."""
    return 1 / (1 + np.exp(-np.asarray(u, dtype=float)))


def small_network_gradients(x, y, W1, W2):
    """Return the gradients (dW1 (3, 2), dW2 (3,)) of L = (h - y)^2 / 2 of the 2-2-1 network, one
    example.

    Weights hold the bias in row 0, so inputs are extended by a constant 1: x' = (1, x) (3,).

        z1 = x' W1 (2,)    a = sigmoid(z1)    z2 = (1, a) W2    h = sigmoid(z2)

    delta2 = dL/dz2 = (h - y) h (1 - h): a squared error does not cancel the slope of the sigmoid.
    dL/dW2_j = delta2 a'_j. Score j of the hidden layer reaches the output through its own weight
    alone, so delta1_j = delta2 W2_j a_j (1 - a_j) for j = 1, 2, and dL/dW1_ij = x'_i delta1_j: an
    outer product. The constant unit depends on nothing, so the bias W2_0 passes nothing back.

    Source: Clase 9, the 2-2-1 network, with errata E95, E97 and E98.
    """
    x_ext = np.concatenate([[1.0], x])
    a = sigmoid(x_ext @ W1)
    a_ext = np.concatenate([[1.0], a])
    h = sigmoid(a_ext @ W2)
    delta2 = (h - y) * h * (1 - h)
    delta1 = delta2 * W2[1:] * a * (1 - a)
    return np.outer(x_ext, delta1), delta2 * a_ext


def tanh_derivative(u):
    """Return 1 - tanh(u)^2, entry by entry; shape like `u`.

    tanh = s/c with s' = c and c' = s for s = sinh, c = cosh; the quotient rule gives
    (c c - s s) / c^2 = 1 - tanh^2.

    Source: Backprop a mano; Ativação e custo prints it with the sigmoid, erratum E40.
    """
    return 1 - np.tanh(u) ** 2


def sigmoid_derivative(u):
    """Return sigmoid(u) (1 - sigmoid(u)), entry by entry; shape like `u`.

    d/du (1 + e^-u)^-1 = e^-u / (1 + e^-u)^2 = [1 / (1 + e^-u)] [e^-u / (1 + e^-u)], and the second
    bracket is 1 - sigmoid(u).

    Source: Backprop a mano, with erratum E135; Ativação e custo.
    """
    s = sigmoid(u)
    return s * (1 - s)


def layer_shapes(n, d0, d1, d2):
    """Return the shape of every quantity of the network for a batch of `n`: dict name -> tuple.

    Source: Backprop a mano; Clase 9, the exercise on dimensions.
    """
    return {
        "X": (n, d0),
        "W1": (d0, d1),
        "b1": (d1,),
        "u1": (n, d1),
        "h1": (n, d1),
        "W2": (d1, d2),
        "b2": (d2,),
        "u2": (n, d2),
        "h2": (n, d2),
        "U": (d2,),
        "c": (),
        "u3": (n,),
        "y_hat": (n,),
    }


def forward(X, params):
    """Return all values of the forward pass: dict u1, h1 (N, d1), u2, h2 (N, d2), u3, y_hat (N,).

    Source: Backprop a mano.
    """
    u1 = X @ params["W1"] + params["b1"]
    h1 = np.tanh(u1)
    u2 = h1 @ params["W2"] + params["b2"]
    h2 = sigmoid(u2)
    u3 = h2 @ params["U"] + params["c"]
    return {"u1": u1, "h1": h1, "u2": u2, "h2": h2, "u3": u3, "y_hat": sigmoid(u3)}


def loss(y_hat, y):
    """Return the mean binary cross-entropy in nats of predictions `y_hat` (N,) for labels `y` (N,):
    a float.

    Source: Backprop a mano.
    """
    return float(-np.mean(y * np.log(y_hat) + (1 - y) * np.log1p(-y_hat)))


def grad_y_hat(y_hat, y):
    """Return dL/dy_hat (N,).

    Only the n-th term of the mean holds y_hat_n, and the inner derivative of ln(1 - y_hat) is -1:
    dL/dy_hat_n = (1/N) [(1 - y_n) / (1 - y_hat_n) - y_n / y_hat_n]. Here the 1/N enters.

    Source: Backprop a mano.
    """
    return ((1 - y) / (1 - y_hat) - y / y_hat) / len(y)


def grad_u3(y_hat, y):
    """Return dL/du3 (N,).

    y_hat_m depends on u3_n for m = n alone, so the Jacobian is diagonal with y_hat (1 - y_hat):
    dL/du3_n = (1/N) [(1 - y_n) y_hat_n - y_n (1 - y_hat_n)] = (y_hat_n - y_n) / N. The slope of the
    sigmoid cancels against the denominators of the loss.

    Source: Backprop a mano.
    """
    return (y_hat - y) / len(y)


def grad_U(h2, du3):
    """Return dL/dU (d2,) from `h2` (N, d2) and `du3` (N,).

    u3_n = h2_nk U_k + c, so du3_n/dU_k = h2_nk and dL/dU_k = du3_n h2_nk: summed over the examples,
    which all share U. As a matrix: h2^T du3, (d2, N)(N,).

    Source: Backprop a mano, with erratum E149.
    """
    return h2.T @ du3


def grad_c(du3):
    """Return dL/dc, a number, from `du3` (N,): every example adds c once, so dL/dc = sum_n du3_n.

    Source: Backprop a mano.
    """
    return np.sum(du3)


def grad_h2(du3, U):
    """Return dL/dh2 (N, d2) from `du3` (N,) and `U` (d2,).

    h2_nk reaches the loss through u3_n alone: du3_m/dh2_nk = delta_mn U_k, so
    dL/dh2_nk = du3_n U_k. Nothing is summed, two free indices remain: an outer product.

    Source: Backprop a mano, with erratum E137.
    """
    return np.outer(du3, U)


def grad_u2(dh2, h2):
    """Return dL/du2 (N, d2) from `dh2` and `h2` (N, d2): element-wise dh2 h2 (1 - h2).

    h2 = sigmoid(u2) entry by entry, and the slope of the sigmoid is known from its output.

    Source: Backprop a mano.
    """
    return dh2 * h2 * (1 - h2)


def grad_W2(h1, du2):
    """Return dL/dW2 (d1, d2) from `h1` (N, d1) and `du2` (N, d2).

    u2_nl = h1_nr W2_rl + b2_l gives du2_nl/dW2_jk = h1_nj delta_lk, so dL/dW2_jk = h1_nj du2_nk:
    one outer product an example, summed over the examples. As a matrix the summed index n has to
    stand inside, which takes a transpose: h1^T du2, (d1, N)(N, d2).

    Source: Backprop a mano, with erratum E142.
    """
    return h1.T @ du2


def grad_b2(du2):
    """Return dL/db2 (d2,) from `du2` (N, d2).

    du2_nl/db2_k = delta_lk for every n, so dL/db2_k = sum_n du2_nk: the sum over the batch, axis 0.

    Source: Backprop a mano, with erratum E144.
    """
    return np.sum(du2, axis=0)


def grad_h1(du2, W2):
    """Return dL/dh1 (N, d1) from `du2` (N, d2) and `W2` (d1, d2).

    du2_ml/dh1_nj = delta_mn W2_jl, so dL/dh1_nj = du2_nl W2_jl. The summed index l stands second in
    both factors, which takes a transpose of the second: du2 W2^T, (N, d2)(d2, d1).

    Source: Backprop a mano, with erratum E145.
    """
    return du2 @ W2.T


def grad_u1(dh1, h1):
    """Return dL/du1 (N, d1) from `dh1` and `h1` (N, d1): element-wise dh1 (1 - h1^2).

    Source: Backprop a mano, with erratum E146.
    """
    return dh1 * (1 - h1 * h1)


def grad_W1(X, du1):
    """Return dL/dW1 (d0, d1) from `X` (N, d0) and `du1` (N, d1): X^T du1, as for W2.

    Source: Backprop a mano, with erratum E148.
    """
    return X.T @ du1


def grad_b1(du1):
    """Return dL/db1 (d1,) from `du1` (N, d1): the sum over the batch, as for b2.

    Source: Backprop a mano.
    """
    return np.sum(du1, axis=0)


def backward(X, y, params, cache):
    """Return the gradients of the loss with respect to every parameter: dict W1, b1, W2, b2, U, c.

    cache  the values of `forward(X, params)`
    Each intermediate gradient is computed once and used for the parameters of its layer and for the
    layer below.

    Source: Backprop a mano, the recapitulation.
    """
    du3 = grad_u3(cache["y_hat"], y)
    dh2 = grad_h2(du3, params["U"])
    du2 = grad_u2(dh2, cache["h2"])
    dh1 = grad_h1(du2, params["W2"])
    du1 = grad_u1(dh1, cache["h1"])
    return {
        "W1": grad_W1(X, du1),
        "b1": grad_b1(du1),
        "W2": grad_W2(cache["h1"], du2),
        "b2": grad_b2(du2),
        "U": grad_U(cache["h2"], du3),
        "c": grad_c(du3),
    }


def numerical_gradient(f, theta, step=1e-5):
    """Return the gradient of the scalar function `f` at `theta` by central differences; shape like
    `theta`.

    Entry i is [f(theta + step e_i) - f(theta - step e_i)] / (2 step): truncation leaves an error of
    step^2 / 6 times the third derivative, rounding one of about eps |f| / step; their sum is
    smallest for a step near eps^(1/3), some 1e-5. `theta` is left as it was.

    Source: Clase 9, four ways to a gradient, with erratum E90.
    """
    theta = np.asarray(theta, dtype=float)
    gradient = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):
        above, below = theta.copy(), theta.copy()
        above[index] += step
        below[index] -= step
        gradient[index] = (f(above) - f(below)) / (2 * step)
    return gradient


def gradient_step(params, gradients, learning_rate):
    """Return a new dict of parameters, each moved against its gradient; `params` is left as it was.

    Source: Clase 9, gradient descent for networks.
    """
    return {name: value - learning_rate * gradients[name] for name, value in params.items()}


def train(X, y, params, learning_rate, steps):
    """Return the parameters after `steps` steps of gradient descent on the whole batch: a new dict.

    All gradients of a step are those of the parameters before it.

    Source: Clase 9, gradient descent for networks.
    """
    for _ in range(steps):
        gradients = backward(X, y, params, forward(X, params))
        params = gradient_step(params, gradients, learning_rate)
    return params
