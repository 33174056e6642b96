"""Linear and logistic regression, after Clase 9 and Ativação e custo.

Batch first: `X` (N, d) holds one example a row, without the column of ones; `w` (d+1,) holds the
bias first. A score is z_n = w_0 + sum_j w_j x_nj, in matrices z = X' w with X' = [1, X] (N, d+1).
Every loss is a mean over the examples, in nats.
"""

from __future__ import annotations

import numpy as np


def add_bias(X):
    """Return X' = [1, X] (N, d+1) from `X` (N, d): a constant input 1 for the bias, first.

    Source: Clase 9, the code of `fit`, with its erratum E78 on the column of ones.
    """
    X = np.asarray(X, dtype=float)
    return np.column_stack((np.ones(len(X)), X))


def linear_mse_gradient(w, X, y):
    """Return the gradient of the mean squared error of linear regression at `w`; shape (d+1,).

    J = (1/N) sum_n (z_n - y_n)^2 and dz_n/dw_j = x'_nj, so by the chain rule
    dJ/dw_j = (2/N) sum_n (z_n - y_n) x'_nj, in matrices (2/N) X'^T (X' w - y).

    Source: Clase 9, recap.
    """
    Xb = add_bias(X)
    return 2 / len(Xb) * Xb.T @ (Xb @ w - y)


def sigmoid(z):
    """Return 1 / (1 + e^-z), entry by entry; shape like `z`.

    With e = e^-|z|, which lies in (0, 1] and cannot overflow, it is 1 / (1 + e) for z >= 0 and
    e / (1 + e) for z < 0.

    Source: Clase 9; Ativação e custo.
    """
    z = np.asarray(z, dtype=float)
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1 + e)


def sigmoid_derivative(z):
    """Return the slope of the sigmoid, entry by entry; shape like `z`.

    d/dz (1 + e^-z)^-1 = e^-z / (1 + e^-z)^2 = [1 / (1 + e^-z)] [e^-z / (1 + e^-z)], and the second
    factor is 1 - sigma(z) = sigma(-z): sigma' = sigma(z) sigma(-z).

    Source: Ativação e custo; Backprop a mano, with its erratum E135.
    """
    z = np.asarray(z, dtype=float)
    return sigmoid(z) * sigmoid(-z)


def predict_proba(X, w):
    """Return P(Y = 1 | x_n) of the logistic model for every row; shape (N,).

    Source: Clase 9.
    """
    return sigmoid(add_bias(X) @ w)


def bce_loss(y, p):
    """Return the mean binary cross-entropy of labels `y` (N,) and probabilities `p` (N,): a float,
    in nats.

    The likelihood of independent labels is prod_n p_n^y_n (1 - p_n)^(1 - y_n) (Bernoulli); minus
    its logarithm, divided by N, is -(1/N) sum_n [y_n ln p_n + (1 - y_n) ln(1 - p_n)].

    Source: Clase 9, the table to complete; Ativação e custo, binary classification.
    """
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log1p(-p)))


def bce_with_logits(y, z):
    """Return the mean binary cross-entropy from scores `z` (N,): a float, in nats, exact for any
    score.

    -ln sigma(z) = ln(1 + e^-z) and -ln(1 - sigma(z)) = ln(1 + e^z) = z + ln(1 + e^-z), together
    ln(1 + e^z) - z y. With ln(1 + e^z) = max(z, 0) + ln(1 + e^-|z|) no exponential overflows.

    Source: Ativação e custo, BCEWithLogitsLoss.
    """
    y, z = np.asarray(y, dtype=float), np.asarray(z, dtype=float)
    return float(np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))))


def bce_gradient(w, X, y):
    """Return the gradient of the mean binary cross-entropy of logistic regression at `w`; shape
    (d+1,).

    Per example dl/dp = (p - y) / (p (1 - p)) and dp/dz = p (1 - p), so dl/dz = p - y. With
    dz_n/dw_j = x'_nj this is dJ/dw_j = (1/N) sum_n (p_n - y_n) x'_nj, in matrices
    (1/N) X'^T (sigma(X' w) - y).

    Source: Clase 9, with its erratum E76.
    """
    Xb = add_bias(X)
    return Xb.T @ (sigmoid(Xb @ w) - y) / len(Xb)


def bce_hessian(w, X):
    """Return the second derivatives of the mean binary cross-entropy at `w`; shape (d+1, d+1).

    The derivative of (p_n - y_n) x'_nj with respect to w_k is p_n (1 - p_n) x'_nj x'_nk: the labels
    are gone. In matrices (1/N) X'^T diag(p (1 - p)) X'. For every v,
    v^T H v = (1/N) sum_n p_n (1 - p_n) (x'_n . v)^2 >= 0, so the loss is convex.

    Source: Clase 9 ("another convex function"), proven.
    """
    Xb = add_bias(X)
    weights = sigmoid_derivative(Xb @ w)
    return Xb.T @ (weights[:, None] * Xb) / len(Xb)


def l2_gradient(w, X, y, strength):
    """Return the gradient of the mean binary cross-entropy plus `strength` * sum(w[1:]**2); shape
    (d+1,).

    d/dw_j of the penalty is 2 strength w_j for j >= 1 and 0 for the bias, which stays free.

    Source: Clase 9, the complete cost, with its erratum E104.
    """
    w = np.asarray(w, dtype=float)
    penalty = 2 * strength * w
    penalty[0] = 0.0
    return bce_gradient(w, X, y) + penalty


def gradient_descent(gradient, w0, learning_rate, steps):
    """Take `steps` times the step w <- w - learning_rate * gradient(w), from `w0`; shape like `w0`.

    gradient  function of `w`
    Source: Clase 9; its `descenso_gradiente` is not shown (erratum E82).
    """
    w = np.array(w0, dtype=float)
    for _ in range(steps):
        w = w - learning_rate * gradient(w)
    return w


def fit(X, y, learning_rate=0.1, steps=1000):
    """Return the weights of logistic regression after gradient descent from zeros; shape (d+1,).

    Source: Clase 9, `fit`, repaired (errata E78 to E82).
    """
    start = np.zeros(np.shape(X)[1] + 1)
    return gradient_descent(lambda w: bce_gradient(w, X, y), start, learning_rate, steps)


def predict(X, w, threshold=0.5):
    """Return class 1 where P(Y = 1 | x_n) >= `threshold`, else class 0; ints of shape (N,).

    Source: Clase 9.
    """
    return (predict_proba(X, w) >= threshold).astype(int)
