"""Right answers to 03-softmax-jacobian in several honest styles; every one must pass."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercises.softmax_jacobian.cases import notebook
from autograder.exercises.softmax_jacobian.reference import (
    cross_entropy_gradient,
    grad_probabilities,
    log_softmax,
    logsumexp,
    softmax,
    softmax_jacobian,
    softmax_jacobian_batch,
)

style = notebook.style


@style("softmax")
def softmax_shifted(a):
    a = a - a.max(axis=-1, keepdims=True)
    return np.exp(a) / np.exp(a).sum(axis=-1, keepdims=True)


@style("softmax")
def softmax_recursive_lists(a):
    if np.ndim(a) > 1:
        return [softmax_recursive_lists(row) for row in a]
    m = max(a)
    e = [math.exp(x - m) for x in a]
    return [x / sum(e) for x in e]


@style("softmax")
def softmax_from_log(a):
    m = np.max(a, axis=-1)[..., np.newaxis]
    return np.exp(a - m - np.log(np.exp(a - m).sum(axis=-1))[..., np.newaxis])


@style("softmax")
def softmax_of_differences(a):
    with np.errstate(over="ignore"):
        return 1 / np.exp(a[..., None, :] - a[..., :, None]).sum(axis=-1)


@style("softmax")
def softmax_along_axis(a):
    def one(row):
        e = np.exp(row - row.max())
        return e / np.sum(e)

    return np.apply_along_axis(one, -1, a)


@style("softmax_with_temperature")
def temperature_one_line(a, temperature):
    return softmax(a / temperature)


@style("softmax_with_temperature")
def temperature_own_exponentials(a, temperature):
    e = np.exp((a - a.max(axis=-1, keepdims=True)) / temperature)
    return e / e.sum(axis=-1, keepdims=True)


@style("softmax_with_temperature")
def temperature_inverse(a, temperature):
    beta = 1.0 / temperature
    return softmax(beta * np.asarray(a)).tolist()


@style("softmax_with_temperature")
def temperature_by_rows(a, temperature):
    if a.ndim == 1:
        return softmax(a / temperature)
    return np.stack([temperature_by_rows(row, temperature) for row in a])


@style("logsumexp")
def lse_shifted(a):
    m = a.max(axis=-1)
    return m + np.log(np.exp(a - m[..., None]).sum(axis=-1))


@style("logsumexp")
def lse_logaddexp(a):
    return np.logaddexp.reduce(a, axis=-1)


@style("logsumexp")
def lse_recursive_lists(a):
    if np.ndim(a) > 1:
        return [lse_recursive_lists(row) for row in a]
    m = max(a)
    return m + math.log(sum(math.exp(x - m) for x in a))


@style("logsumexp")
def lse_squeezed(a):
    m = np.amax(a, axis=-1, keepdims=True)
    return (np.log(np.sum(np.exp(a - m), axis=-1, keepdims=True)) + m).squeeze(-1)


@style("log_softmax")
def logsoftmax_from_lse(a):
    return a - np.expand_dims(logsumexp(a), -1)


@style("log_softmax")
def logsoftmax_shifted(a):
    z = a - a.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


@style("log_softmax")
def logsoftmax_transposed(a):
    return (a.T - np.logaddexp.reduce(a, axis=-1).T).T


@style("log_softmax")
def logsoftmax_recursive_lists(a):
    if np.ndim(a) > 1:
        return [logsoftmax_recursive_lists(row) for row in a]
    total = float(logsumexp(a))
    return [float(x) - total for x in a]


@style("one_hot")
def one_hot_indexed(labels, n_classes):
    y = np.zeros((len(labels), n_classes))
    y[np.arange(len(labels)), labels] = 1
    return y


@style("one_hot")
def one_hot_compared(labels, n_classes):
    return labels[:, None] == np.arange(n_classes)


@style("one_hot")
def one_hot_loop(labels, n_classes):
    rows = []
    for label in labels:
        row = [0] * n_classes
        row[label] = 1
        rows.append(row)
    return rows


@style("one_hot")
def one_hot_take(labels, n_classes):
    return np.take(np.identity(n_classes), labels, axis=0)


@style("softmax_jacobian")
def jacobian_broadcast(a):
    s = softmax(a)
    return s[:, None] * (np.eye(len(a)) - s[None, :])


@style("softmax_jacobian")
def jacobian_two_loops(a):
    s = softmax(a)
    K = len(s)
    J = np.zeros((K, K))
    for i in range(K):
        for k in range(K):
            J[i, k] = s[i] * (1 - s[i]) if i == k else -s[i] * s[k]
    return J


@style("softmax_jacobian")
def jacobian_lists(a):
    s = [float(x) for x in softmax(a)]
    return [[p * ((i == k) - q) for k, q in enumerate(s)] for i, p in enumerate(s)]


@style("softmax_jacobian")
def jacobian_columns(a):
    s = softmax(a).reshape(-1, 1)
    return np.diagflat(s) - s @ s.T


@style("softmax_jacobian")
def jacobian_einsum(a):
    s = softmax(a)
    return np.einsum("i,ik->ik", s, np.eye(s.size)) - np.einsum("i,k->ik", s, s)


@style("softmax_jacobian_batch")
def batch_jacobian_lecture(a):
    s = softmax(a)
    first = np.einsum("ij,jk->ijk", s, np.eye(s.shape[-1]))
    second = np.einsum("ij,ik->ijk", s, s)
    return first - second


@style("softmax_jacobian_batch")
def batch_jacobian_loop(a):
    return np.array([softmax_jacobian(row) for row in a])


@style("softmax_jacobian_batch")
def batch_jacobian_broadcast(a):
    s = softmax(a)
    return s[:, :, None] * (np.eye(a.shape[1]) - s[:, None, :])


@style("softmax_jacobian_batch")
def batch_jacobian_diagonal_set(a):
    s = softmax(a)
    J = -s[:, :, None] @ s[:, None, :]
    i = np.arange(a.shape[1])
    J[:, i, i] += s
    return J


@style("softmax_jacobian_batch")
def batch_jacobian_list(a):
    return [np.diag(s) - np.outer(s, s) for s in softmax(a)]


@style("softmax_jvp")
def jvp_weighted_mean(a, v):
    s = softmax(a)
    return s * (v - np.average(v, weights=s))


@style("softmax_jvp")
def jvp_two_products(a, v):
    s = softmax(a)
    return s * v - s * np.dot(s, v)


@style("softmax_jvp")
def jvp_loop(a, v):
    s = softmax(a).tolist()
    mean = 0.0
    for p, x in zip(s, v):
        mean += p * x
    return [p * (x - mean) for p, x in zip(s, v)]


@style("softmax_jvp")
def jvp_einsum(a, v):
    s = softmax(a)
    return np.einsum("i,i->i", s, v) - np.einsum("k,k->", s, v) * s


@style("cross_entropy_loss")
def loss_log_softmax(a, y):
    return -np.mean(np.sum(y * log_softmax(a), axis=1))


@style("cross_entropy_loss")
def loss_lse_minus_score(a, y):
    return np.mean(logsumexp(a) - (y * a).sum(axis=1))


@style("cross_entropy_loss")
def loss_einsum(a, y):
    return -np.einsum("nk,nk->", y, log_softmax(a)) / a.shape[0]


@style("cross_entropy_loss")
def loss_loops(a, y):
    total = 0.0
    for scores, target in zip(a, y):
        m = max(scores)
        lse = m + math.log(sum(math.exp(x - m) for x in scores))
        for t, x in zip(target, scores):
            total -= t * (x - lse)
    return total / len(a)


@style("cross_entropy_loss")
def loss_where_the_target_is(a, y):
    return np.where(y > 0, -y * log_softmax(a), 0).sum() / len(y)


@style("grad_probabilities")
def grad_s_one_line(s, y):
    return -y / s


@style("grad_probabilities")
def grad_s_where(s, y):
    return np.where(y == 0, 0.0, -y * (1 / s))


@style("grad_probabilities")
def grad_s_loops(s, y):
    return [[-t / p for p, t in zip(row, target)] for row, target in zip(s, y)]


@style("grad_probabilities")
def grad_s_divide(s, y):
    out = np.zeros_like(s)
    np.divide(y, s, out=out)
    return np.negative(out)


@style("delta_through_jacobian")
def delta_einsum(a, y):
    return np.einsum("ni,nik->nk", grad_probabilities(softmax(a), y), softmax_jacobian_batch(a))


@style("delta_through_jacobian")
def delta_loop(a, y):
    rows = []
    for scores, target in zip(a, y):
        s = softmax(scores)
        rows.append((-target / s) @ softmax_jacobian(scores))
    return np.array(rows)


@style("delta_through_jacobian")
def delta_matmul(a, y):
    g = grad_probabilities(softmax(a), y)
    return (g[:, None, :] @ softmax_jacobian_batch(a))[:, 0, :]


@style("delta_through_jacobian")
def delta_three_loops(a, y):
    s, J = softmax(a), softmax_jacobian_batch(a)
    N, K = a.shape
    delta = np.zeros((N, K))
    for n in range(N):
        for k in range(K):
            for i in range(K):
                delta[n, k] += -y[n, i] / s[n, i] * J[n, i, k]
    return delta


@style("delta_through_jacobian")
def delta_already_fused(a, y):
    return softmax(a) - y


@style("cross_entropy_gradient")
def gradient_fused(a, y):
    return (softmax(a) - y) / a.shape[0]


@style("cross_entropy_gradient")
def gradient_loop(a, y):
    return np.array([(softmax(row) - t) / len(a) for row, t in zip(a, y)])


@style("cross_entropy_gradient")
def gradient_lists(a, y):
    N = len(y)
    return [[(p - t) / N for p, t in zip(ps, ts)] for ps, ts in zip(softmax(a).tolist(), y)]


@style("cross_entropy_gradient")
def gradient_in_place(a, y):
    g = softmax(a)
    g -= y
    g /= len(g)
    return g


@style("cross_entropy_gradient")
def gradient_for_any_targets(a, y):
    return (softmax(a) * y.sum(axis=1, keepdims=True) - y) * (1 / len(a))


@style("network_scores")
def network_matrix_products(X, theta1, beta1, theta2, beta2):
    o = 1 / (1 + np.exp(-(X @ theta1.T + beta1)))
    return o, o @ theta2.T + beta2


@style("network_scores")
def network_einsum(X, theta1, beta1, theta2, beta2):
    s1 = np.einsum("ni,ji->nj", X, theta1) + beta1
    o = 0.5 * (1 + np.tanh(s1 / 2))
    return (o, np.einsum("nj,kj->nk", o, theta2) + beta2)


@style("network_scores")
def network_example_by_example(X, theta1, beta1, theta2, beta2):
    hidden, scores = [], []
    for x in X:
        o = 1 / (1 + np.exp(-(theta1 @ x + beta1)))
        hidden.append(o)
        scores.append(theta2 @ o + beta2)
    return np.array(hidden), np.array(scores)


@style("network_scores")
def network_loops(X, theta1, beta1, theta2, beta2):
    def layer(rows, theta, beta):
        return [
            [b + sum(w * x for w, x in zip(weights, row)) for weights, b in zip(theta, beta)]
            for row in rows
        ]

    o = [[1 / (1 + math.exp(-z)) for z in row] for row in layer(X, theta1, beta1)]
    return [o, layer(o, theta2, beta2)]


@style("output_layer_gradients")
def output_matrix_product(o, a, y):
    delta = cross_entropy_gradient(a, y)
    return delta.T @ o, delta.sum(axis=0)


@style("output_layer_gradients")
def output_outer_products(o, a, y):
    N = len(a)
    dtheta = np.zeros((a.shape[1], o.shape[1]))
    dbeta = np.zeros(a.shape[1])
    for n in range(N):
        delta = softmax(a[n]) - y[n]
        dtheta += np.outer(delta, o[n])
        dbeta += delta
    return dtheta / N, dbeta / N


@style("output_layer_gradients")
def output_einsum(o, a, y):
    delta = softmax(a) - y
    return [np.einsum("nk,nj->kj", delta, o) / len(o), np.einsum("nk->k", delta) / len(o)]


@style("output_layer_gradients")
def output_mean_of_products(o, a, y):
    delta = softmax(a) - y
    return (delta[:, :, None] * o[:, None, :]).mean(axis=0), delta.mean(axis=0)


@style("output_layer_gradients")
def output_with_a_column_of_ones(o, a, y):
    extended = np.column_stack([o, np.ones(len(o))])
    both = cross_entropy_gradient(a, y).T @ extended
    return both[:, :-1], both[:, -1]


@style("one_hot")
def one_hot_own_helper(labels, n_classes):
    def unit(k):
        row = np.zeros(n_classes)
        row[k] = 1
        return row

    return np.array([unit(label) for label in labels])
