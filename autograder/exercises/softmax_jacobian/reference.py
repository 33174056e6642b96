"""Softmax, its Jacobian and the gradient of cross-entropy, after Clase 7 and Softmax e grafo.

Batch first: row n is example n, the last axis runs over the K classes; logarithms are natural.
Everything follows from one line, ln s_i = a_i - lse(a) with lse(a) = ln sum_j e^(a_j), and from the
derivative of that sum, d lse/d a_k = e^(a_k) / sum_j e^(a_j) = s_k.
"""

from __future__ import annotations

import numpy as np


def softmax(a):
    """Return s_i = e^(a_i) / sum_j e^(a_j) over the last axis; shape like `a` (..., K).

    A constant added to all scores of a row cancels, so each row is shifted by its own maximum:
    the largest exponential is then 1 and none overflows.

    Source: Clase 7, softmax; Softmax e grafo, second layer.
    """
    e = np.exp(a - np.max(a, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def softmax_with_temperature(a, temperature):
    """Return softmax(a / T): flatter for T > 1, sharper for 0 < T < 1; shape like `a` (..., K)."""
    return softmax(np.asarray(a) / temperature)


def logsumexp(a):
    """Return ln sum_k e^(a_k) over the last axis; shape (...,) from `a` (..., K).

    = m + ln sum_k e^(a_k - m) with m = max a. The sum lies between 1 and K, so that
    m <= lse(a) <= m + ln K.
    """
    m = np.max(a, axis=-1, keepdims=True)
    return np.squeeze(m, axis=-1) + np.log(np.sum(np.exp(a - m), axis=-1))


def log_softmax(a):
    """Return ln s_i = a_i - lse(a); shape like `a` (..., K). Finite where softmax underflows to 0.

    Source: Clase 7, first line of the Jacobian's derivation.
    """
    return a - logsumexp(a)[..., None]


def one_hot(labels, n_classes):
    """Return the table (N, K) from labels (N,) in 0..K-1: row n is 1 at labels[n] and 0
    elsewhere."""
    return np.eye(n_classes)[labels]


def softmax_jacobian(a):
    """Return J_ik = d s_i / d a_k: (K, K) from scores `a` (K,).

    d ln s_i / d a_k = delta_ik - s_k, and d ln s_i = d s_i / s_i, so
    J_ik = s_i (delta_ik - s_k), as a matrix J = diag(s) - s s^T.

    Source: Clase 7, appendix on the new gradients.
    """
    s = softmax(a)
    return np.diag(s) - np.outer(s, s)


def softmax_jacobian_batch(a):
    """Return J_nik = s_ni (delta_ik - s_nk): one matrix per example, (N, K, K) from `a` (N, K).

    Between different examples all derivatives are 0, so the full (N, K, N, K) array is not built.

    Source: Softmax e grafo, the code with two einsums.
    """
    s = softmax(a)
    return np.einsum("ni,ik->nik", s, np.eye(s.shape[-1])) - np.einsum("ni,nk->nik", s, s)


def softmax_jvp(a, v):
    """Return J v for scores `a` (K,) and a vector `v` (K,), shape (K,), in O(K).

    sum_k s_i (delta_ik - s_k) v_k = s_i (v_i - sum_k s_k v_k); J is symmetric, so it is v J too.
    """
    s = softmax(a)
    return s * (v - s @ v)


def cross_entropy_loss(a, y):
    """Return the mean over the batch of -sum_k y_k ln s_k, from scores and targets (N, K): a float.

    Source: Clase 7, the classification loss; Softmax e grafo, 1.0644.
    """
    return float(-np.mean(np.sum(y * log_softmax(a), axis=-1)))


def grad_probabilities(s, y):
    """Return d/d s_k of -sum_i y_i ln s_i = -y_k / s_k, per example: (N, K), no 1/N.

    Source: Softmax e grafo, first factor of delta.
    """
    return -y / s


def delta_through_jacobian(a, y):
    """Return delta_nk = sum_i (dl/ds_i) J_ik = s_nk - y_nk, per example: (N, K), no 1/N.

    A row vector times a matrix for every example: (N, K) with (N, K, K) gives (N, K).

    Source: Softmax e grafo, delta of the second layer.
    """
    return np.einsum("ni,nik->nk", grad_probabilities(softmax(a), y), softmax_jacobian_batch(a))


def cross_entropy_gradient(a, y):
    """Return the gradient of the mean loss in the scores, (S - Y) / N: (N, K).

    dl/da_k = -sum_i y_i (delta_ik - s_k) = s_k sum_i y_i - y_k, and sum_i y_i = 1.

    Source: Clase 7, Softmax e grafo (fused derivation).
    """
    return (softmax(a) - y) / len(a)


def network_scores(X, theta1, beta1, theta2, beta2):
    """Return the hidden activations o (N, d) and scores a (N, K) of the network of Softmax e grafo.

    o = sigmoid(X theta1^T + beta1) and a = o theta2^T + beta2, where a row of theta holds the
    weights into one unit: theta1 (d, d0), beta1 (d,), theta2 (K, d), beta2 (K,).
    """
    o = 1 / (1 + np.exp(-(X @ theta1.T + beta1)))
    return o, o @ theta2.T + beta2


def output_layer_gradients(o, a, y):
    """Return the mean gradients of the loss in theta (K, d) and beta (K,), where a = o theta^T +
    beta.

    a_nk = sum_j theta_kj o_nj + beta_k, so dL/dtheta_kj = (1/N) sum_n delta_nk o_nj: the mean of
    one outer product per example, as matrices delta^T o / N; and dL/dbeta_k = (1/N) sum_n delta_nk.

    Source: Softmax e grafo, gradient of the second layer, with its errata.
    """
    delta = cross_entropy_gradient(a, y)
    return delta.T @ o, delta.sum(axis=0)
