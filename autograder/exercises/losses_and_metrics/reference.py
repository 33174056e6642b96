"""Losses from likelihoods, decisions from costs, and metrics, derived.

After Ativação e custo (losses and metrics), Clase 9 (several labels, precision at k) and Clase 7
(mutual information). Every loss is a mean over its entries, in nats, with its constants. Class 1 is
the positive one; `labels` and `predictions` are whole numbers.
"""

from __future__ import annotations

import numpy as np


def gaussian_nll(y, mean, sigma):
    """Return the mean negative log-likelihood of `y` (N,) under N(mean_n, sigma_n^2): a number, in
    nats.

    -ln[(2 pi sigma^2)^(-1/2) e^(-(y - mean)^2 / (2 sigma^2))]
        = (1/2) ln(2 pi sigma^2) + (y - mean)^2 / (2 sigma^2).
    `sigma` is a number or (N,). A density may exceed 1, so the value may be negative.

    Source: Ativação e custo, regression, with its errata E57, E60 and E61.
    """
    y, mean, sigma = (np.asarray(value, dtype=float) for value in (y, mean, sigma))
    terms = np.log(2 * np.pi) / 2 + np.log(sigma) + ((y - mean) / sigma) ** 2 / 2
    return float(np.mean(terms))


def best_constant(y, sigma):
    """Return the one mean m that minimises `gaussian_nll(y, m, sigma)` for known `sigma` (N,): a
    number.

    Only (1/N) sum_n (y_n - m)^2 / (2 sigma_n^2) depends on m. Its slope
    (1/N) sum_n (m - y_n) / sigma_n^2 is 0 where m sum_n 1/sigma_n^2 = sum_n y_n/sigma_n^2, and it
    rises with m, so that is the minimum: a mean weighted by 1/sigma_n^2.

    Source: Ativação e custo, regression, erratum E60.
    """
    y, weights = np.asarray(y, dtype=float), 1 / np.asarray(sigma, dtype=float) ** 2
    return float(np.sum(weights * y) / np.sum(weights))


def gaussian_nll_gradients(y, mean, log_variance):
    """Return the gradients of `gaussian_nll` by `mean` and by s = ln sigma^2: a tuple of two arrays
    (N,).

    The loss is (1/N) sum_n [ln(2 pi)/2 + s_n/2 + (y_n - mean_n)^2 e^(-s_n) / 2]. With r = y - mean,
    dL/dmean_n = -r_n e^(-s_n) / N and dL/ds_n = (1 - r_n^2 e^(-s_n)) / (2 N).

    Source: Ativação e custo, regression, with the variance predicted as well (erratum E60).
    """
    y, mean, s = (np.asarray(value, dtype=float) for value in (y, mean, log_variance))
    residual, precision = y - mean, np.exp(-s)
    n = len(y)
    return -residual * precision / n, (1 - residual**2 * precision) / (2 * n)


def laplace_nll(y, median, scale):
    """Return the mean negative log-likelihood of `y` (N,) under Laplace(median_n, scale_n): a
    number, in nats.

    The density is e^(-|y - median| / scale) / (2 scale), so each term is
    ln(2 scale) + |y - median| / scale: the absolute error, up to constants. `scale` is a number or
    (N,).

    Source: Ativação e custo, "other tasks, other distributions".
    """
    y, median, scale = (np.asarray(value, dtype=float) for value in (y, median, scale))
    return float(np.mean(np.log(2 * scale) + np.abs(y - median) / scale))


def poisson_nll(y, log_rate):
    """Return the mean negative log-likelihood of counts `y` (N,) under Poisson(e^log_rate): nats, a
    number.

    P(y) = e^(-rate) rate^y / y!, so each term is e^s - y s + ln y! with s = ln rate.

    Source: Ativação e custo, "other tasks, other distributions".
    """
    y, s = np.asarray(y, dtype=float), np.asarray(log_rate, dtype=float)
    log_factorials = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, y.max() + 1)))])
    return float(np.mean(np.exp(s) - y * s + log_factorials[y.astype(int)]))


def weighted_bce_with_logits(z, y, pos_weight):
    """Return the mean binary cross-entropy from scores, positive labels weighted: a number, exact
    everywhere.

    z, y        scores and labels, (N,) or (N, L)
    pos_weight  a number or (L,)
    Each entry is -[w y ln sigma(z) + (1 - y) ln(1 - sigma(z))]. With
    -ln sigma(z) = ln(1 + e^-z) and -ln(1 - sigma(z)) = ln(1 + e^z) this is
    w y softplus(-z) + (1 - y) softplus(z), and softplus(z) = max(z, 0) + ln(1 + e^-|z|).

    Source: Ativação e custo, BCEWithLogitsLoss with pos_weight.
    """
    z, y, w = (np.asarray(value, dtype=float) for value in (z, y, pos_weight))
    tail = np.log1p(np.exp(-np.abs(z)))
    terms = w * y * (np.maximum(-z, 0) + tail) + (1 - y) * (np.maximum(z, 0) + tail)
    return float(np.mean(terms))


def multilabel_loss(z, y):
    """Return the mean binary cross-entropy of all N L entries of scores `z` and labels `y`, both
    (N, L).

    Given the input the labels are independent Bernoullis, so their negative log-likelihoods add up;
    from a score each is max(z, 0) - z y + ln(1 + e^-|z|).

    Source: Ativação e custo, multilabel; Clase 9, multi-label networks.
    """
    z, y = np.asarray(z, dtype=float), np.asarray(y, dtype=float)
    return float(np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))))


def predict(scores, task):
    """Return the most probable target for each row of `scores`.

    task  "regression" (N,) -> (N,) floats: the mode of a bell is its mean; "binary" (N,) and
          "multilabel" (N, L) -> 0/1 ints: sigma(z) >= 1/2 where z >= 0; "multiclass" (N, K) ->
          (N,) ints: softmax keeps the order of the scores; the first of equals
    ValueError for any other task.

    Source: Ativação e custo, step 4 of the recipe, with its erratum E58.
    """
    scores = np.asarray(scores, dtype=float)
    if task == "regression":
        return scores.copy()
    if task in ("binary", "multilabel"):
        return (scores >= 0).astype(int)
    if task == "multiclass":
        return np.argmax(scores, axis=1)
    raise ValueError(f"there is no task called {task!r}")


def best_threshold(cost_false_positive, cost_false_negative):
    """Return the probability of class 1 from which predicting 1 costs less on average: a number.

    At probability p, predicting 1 costs (1 - p) c_FP on average and predicting 0 costs p c_FN. They
    are equal at p = c_FP / (c_FP + c_FN), and above it predicting 1 is cheaper.
    """
    return float(cost_false_positive / (cost_false_positive + cost_false_negative))


def mse(y, y_hat):
    """Return the mean squared error of `y_hat` (N,) for `y` (N,): a number, in the unit of y
    squared.

    Source: Ativação e custo, metrics.
    """
    return float(np.mean((np.asarray(y, dtype=float) - y_hat) ** 2))


def mae(y, y_hat):
    """Return the mean absolute error of `y_hat` (N,) for `y` (N,): a number, in the unit of y.

    Source: Ativação e custo, metrics.
    """
    return float(np.mean(np.abs(np.asarray(y, dtype=float) - y_hat)))


def r2_score(y, y_hat):
    """Return 1 - SSE / SST: the share of the variance of `y` that `y_hat` explains; at most 1.

    SSE = sum (y - y_hat)^2 and SST = sum (y - mean(y))^2, the error of the best constant. A perfect
    model scores 1, the mean 0, a worse one less than 0. `y` must not be constant.

    Source: Ativação e custo, metrics, with its erratum E68.
    """
    y = np.asarray(y, dtype=float)
    return float(1 - np.sum((y - y_hat) ** 2) / np.sum((y - y.mean()) ** 2))


def confusion_matrix(labels, predictions, n_classes):
    """Count how often class i was predicted as class j: ints (K, K), rows true, columns predicted.

    Source: Ativação e custo, the table of metrics, with its erratum E70.
    """
    table = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(table, (np.asarray(labels), np.asarray(predictions)), 1)
    return table


def accuracy(labels, predictions):
    """Return the share of right predictions: a number. Source: Ativação e custo, metrics."""
    return float(np.mean(np.asarray(labels) == np.asarray(predictions)))


def precision(labels, predictions):
    """Return TP / (TP + FP), the share of the predicted positives that are right; 0.0 if there are
    none.

    Source: Ativação e custo, metrics, with its erratum E69.
    """
    labels, predictions = np.asarray(labels), np.asarray(predictions)
    found = np.sum((labels == 1) & (predictions == 1))
    predicted = np.sum(predictions == 1)
    return float(found / predicted) if predicted else 0.0


def recall(labels, predictions):
    """Return TP / (TP + FN), the share of the real positives that were found; 0.0 if there are
    none.

    Source: Ativação e custo, metrics.
    """
    labels, predictions = np.asarray(labels), np.asarray(predictions)
    found = np.sum((labels == 1) & (predictions == 1))
    positive = np.sum(labels == 1)
    return float(found / positive) if positive else 0.0


def f_beta(labels, predictions, beta=1.0):
    """Return (1 + beta^2) P R / (beta^2 P + R) of precision P and recall R; 0.0 where both are 0.

    It is the weighted harmonic mean of the two: 1/F = (1/P + beta^2/R) / (1 + beta^2).

    Source: Ativação e custo, metrics, with its erratum E69.
    """
    p, r = precision(labels, predictions), recall(labels, predictions)
    if p == 0 and r == 0:
        return 0.0
    return float((1 + beta**2) * p * r / (beta**2 * p + r))


def macro_f1(labels, predictions, n_classes):
    """Return the plain mean over the classes of F1, each class in its turn the positive one: a
    number.

    A class that neither occurs nor is predicted counts 0.0, like one that is never hit.
    """
    labels, predictions = np.asarray(labels), np.asarray(predictions)
    scores = [f_beta(labels == k, predictions == k) for k in range(n_classes)]
    return float(np.mean(scores))


def precision_at_k(relevant, scores, k):
    """Return the share of the `k` entries with the highest `scores` that are `relevant`: a number.

    relevant, scores  (N,); there is no tie at the cut

    Source: Clase 9, "look up precision at k".
    """
    best = np.argsort(-np.asarray(scores, dtype=float), kind="stable")[:k]
    return float(np.mean(np.asarray(relevant)[best]))


def roc_auc(labels, scores):
    """Return P(score of a random positive > score of a random negative) + P(they are equal) / 2.

    It is the area under the curve of the true-positive rate over the false-positive rate: lowering
    the threshold past a negative moves the curve to the right by 1/N_neg at the height of the
    positives passed before, so the area adds up the pairs in the right order, and a tie cuts a
    rectangle in half.
    """
    labels, scores = np.asarray(labels), np.asarray(scores, dtype=float)
    positive, negative = scores[labels == 1], scores[labels == 0]
    differences = positive[:, None] - negative
    return float(np.mean((differences > 0) + 0.5 * (differences == 0)))


def expected_calibration_error(labels, probabilities, n_bins):
    """Return the mean over the examples of |mean label - mean probability| of their bin: a number.

    The bin of p is min(floor(p * n_bins), n_bins - 1); empty bins hold no example and add nothing.
    """
    labels, p = np.asarray(labels, dtype=float), np.asarray(probabilities, dtype=float)
    bins = np.minimum(np.floor(p * n_bins).astype(int), n_bins - 1)
    # (n_b / N) |mean label - mean p| = |sum over the bin of (label - p)| / N
    gaps = np.bincount(bins, weights=labels - p, minlength=n_bins)
    return float(np.sum(np.abs(gaps)) / len(p))


def mutual_information(joint, base=2):
    """Return I(X; Y) = sum_ij p_ij log(p_ij / (p_i q_j)) of a table `joint` (A, B) that sums to 1.

    p_i and q_j are its row and column sums; terms with p_ij = 0 are 0. It is KL(joint || product of
    the margins), so never negative, and 0 only for independent X and Y; and
    I = H(X) + H(Y) - H(X, Y).

    Source: Clase 7, the relatives of entropy.
    """
    joint = np.asarray(joint, dtype=float)
    product = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
    possible = joint > 0
    ratios = joint[possible] / product[possible]
    return float(np.sum(joint[possible] * np.log(ratios)) / np.log(base))
