"""Surprise, entropy, cross-entropy and likelihood, after Clase 7 and Backprop a mano.

Surprise is the only decreasing function of a probability that adds up over independent events:
S(p q) = S(p) + S(q) makes S(e^-t) additive in t, hence linear (Cauchy), S(p) = -k ln p with k > 0,
and S(1/2) = 1 fixes the unit: S(p) = -log2 p bits. Everything below is an average or a sum of it.
"""

from __future__ import annotations

import numpy as np


def surprise(p, base=2):
    """Return -log p in the given base, entry by entry; shape like `p`, `inf` at 0, 0 at 1.

    Source: Clase 7, the biased coin.
    """
    with np.errstate(divide="ignore"):
        # `+ 0.0` turns the -0.0 of a sure event into 0.0.
        return -np.log(np.asarray(p, dtype=float)) / np.log(base) + 0.0


def sequence_surprise(outcomes, probabilities, base=2):
    """Return the surprise of a sequence of independent outcomes: a float.

    P(x1, ..., xn) = p(x1) ... p(xn), and -log turns the product into a sum of surprises, which
    stays finite where the product has long underflowed.

    outcomes       a string or list of symbols
    probabilities  dict symbol -> probability
    Source: Clase 7, C-C-S.
    """
    return float(np.sum(surprise([probabilities[symbol] for symbol in outcomes], base)))


def total_surprise(p, n, base=2):
    """Return the expected total surprise of `n` independent draws from `p` (K,): a float.

    Outcome k is expected n p_k times, each time with surprise -log p_k, so the total is
    sum_k n p_k (-log p_k) = n H(p).

    Source: Clase 7, a hundred tosses.
    """
    return n * entropy(p, base)


def entropy(p, base=2):
    """Return the expected surprise of distributions `p` (..., K) over the last axis: shape (...,).

    H(p) = E[S] = sum_k p_k (-log p_k), where a term with p_k = 0 is its limit, 0.

    Source: Clase 7 (Shannon 1948).
    """
    return cross_entropy(p, p, base)


def group_entropy(labels, base=2):
    """Return the entropy of the label frequencies of a bag of objects: a float.

    Source: Clase 7, the groups G1, G2 and G3.
    """
    counts = np.unique(np.asarray(list(labels)), return_counts=True)[1]
    return float(entropy(counts / counts.sum(), base))


def cross_entropy(p, q, base=2):
    """Return the average surprise under `q` of what `p` draws; both (..., K), result (...,).

    H(p, q) = -sum_k p_k log q_k. Terms with p_k = 0 are 0 whatever q_k is; where q_k = 0 and
    p_k > 0 the result is `inf`.

    Source: Clase 7; Backprop a mano, interlude.
    """
    p, q = np.broadcast_arrays(np.asarray(p, dtype=float), np.asarray(q, dtype=float))
    surprises = surprise(np.where(p > 0, q, 1.0), base)
    return np.sum(p * surprises, axis=-1)


def kl_divergence(p, q, base=2):
    """Return the Kullback-Leibler divergence of `q` from `p`; both (..., K), result (...,).

    KL(p || q) = sum_k p_k log(p_k / q_k) = H(p, q) - H(p): what a wrong belief costs on top of
    what is unavoidable. Non-negative because ln x <= x - 1 (Gibbs).

    Source: Backprop a mano, interlude, with its erratum on wasted bits.
    """
    return cross_entropy(p, q, base) - entropy(p, base)


def likelihood(labels, q):
    """Return the probability of exactly this sequence of independent labels under `q`: a float.

    q  dict label -> probability
    Source: Clase 7, R-A-R-A-A.
    """
    return float(np.prod([q[label] for label in labels]))


def average_log_likelihood(labels, q):
    """Return the mean of ln q(label) over a sequence of independent labels, in nats: a float.

    (1/N) ln prod_n q(x_n) = (1/N) sum_n ln q(x_n) = sum_k p_k ln q_k = -H(p, q) with the observed
    frequencies p.

    q  dict label -> probability
    Source: Clase 7, R-A-R-A-A.
    """
    return float(np.mean(np.log([q[label] for label in labels])))


def binary_cross_entropy(y, y_hat):
    """Return -[y ln y_hat + (1 - y) ln(1 - y_hat)] in nats, entry by entry; shape like `y_hat`.

    The cross-entropy of the two-outcome distributions (y, 1 - y) and (y_hat, 1 - y_hat).

    Source: Backprop a mano, the four errors.
    """
    y, y_hat = np.asarray(y, dtype=float), np.asarray(y_hat, dtype=float)
    return -(y * np.log(y_hat) + (1 - y) * np.log1p(-y_hat))
