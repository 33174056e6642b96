"""Right answers to 01-surprise-and-entropy in several honest styles; every one must pass."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np

from autograder.exercises.surprise_and_entropy.cases import notebook
from autograder.exercises.surprise_and_entropy.reference import cross_entropy, entropy, surprise

style = notebook.style


@style("surprise")
def surprise_one_line(p, base=2):
    return -np.log(p) / np.log(base)


@style("surprise")
def surprise_of_reciprocal(p, base=2):
    with np.errstate(divide="ignore"):
        return np.log(1 / np.asarray(p)) / np.log(base)


@style("surprise")
def surprise_from_bits(p, base=2):
    bits = np.abs(np.log2(np.asarray(p, dtype=float)))
    return bits / math.log2(base)


@style("surprise")
def surprise_entry_by_entry(p, base=2):
    def one(x):
        return math.inf if x == 0 else -math.log(x, base)

    p = np.asarray(p)
    return np.array([one(x) for x in p.ravel()]).reshape(p.shape)


@style("surprise")
def surprise_as_lists(p, base=2):
    if isinstance(p, float):
        return math.inf if p == 0 else -math.log(p) / math.log(base)
    return [surprise_as_lists(x, base) for x in p]


@style("sequence_surprise")
def sequence_by_sum(outcomes, probabilities, base=2):
    return sum(-math.log(probabilities[o], base) for o in outcomes)


@style("sequence_surprise")
def sequence_by_loop(outcomes, probabilities, base=2):
    total = 0.0
    for outcome in outcomes:
        total += surprise(probabilities[outcome], base)
    return total


@style("sequence_surprise")
def sequence_vectorised(outcomes, probabilities, base=2):
    p = np.array([probabilities[o] for o in outcomes])
    return -np.log(p).sum() / np.log(base)


@style("sequence_surprise")
def sequence_by_counts(outcomes, probabilities, base=2):
    counts = Counter(outcomes)
    return np.array([n * np.log(1 / probabilities[o]) for o, n in counts.items()]).sum() / np.log(
        base
    )


@style("total_surprise")
def total_from_entropy(p, n, base=2):
    return n * entropy(p, base)


@style("total_surprise")
def total_by_loop(p, n, base=2):
    total = 0
    for pk in p:
        if pk > 0:
            total += (n * pk) * -math.log(pk, base)
    return total


@style("total_surprise")
def total_masked(p, n, base=2):
    p = np.asarray(p)
    q = p[p > 0]
    return n * q @ (-np.log(q) / np.log(base))


@style("total_surprise")
def total_nan_to_num(p, n, base=2):
    with np.errstate(all="ignore"):
        return np.nansum(n * p * -np.log(p)) / np.log(base)


@style("entropy")
def entropy_masked(p, base=2):
    p = np.asarray(p, dtype=float)
    logs = np.log(np.where(p > 0, p, 1))
    return -(p * logs).sum(axis=-1) / np.log(base)


@style("entropy")
def entropy_einsum(p, base=2):
    s = -np.log2(p, where=p > 0, out=np.zeros_like(p)) / np.log2(base)
    return np.einsum("...k,...k->...", p, s)


@style("entropy")
def entropy_nansum(p, base=2):
    with np.errstate(all="ignore"):
        return np.nansum(-p * np.log(p) / np.log(base), axis=-1)


@style("entropy")
def entropy_recursive_lists(p, base=2):
    if np.ndim(p) > 1:
        return [entropy_recursive_lists(row, base) for row in p]
    return sum(-x * math.log(x, base) for x in p if x > 0)


@style("entropy")
def entropy_tiny(p, base=2):
    return -np.sum(p * np.log(np.maximum(p, 1e-300)), axis=-1) / np.log(base)


@style("group_entropy")
def group_counter(labels, base=2):
    n = len(labels)
    return sum(-c / n * math.log(c / n, base) for c in Counter(labels).values())


@style("group_entropy")
def group_unique(labels, base=2):
    _, counts = np.unique(labels, return_counts=True)
    return entropy(counts / counts.sum(), base)


@style("group_entropy")
def group_by_set(labels, base=2):
    total = 0.0
    for colour in set(labels):
        p = labels.count(colour) / len(labels)
        total += p * math.log(1 / p) / math.log(base)
    return total


@style("group_entropy")
def group_mean_of_surprises(labels, base=2):
    frequency = {label: labels.count(label) / len(labels) for label in labels}
    return np.mean([-np.log(frequency[label]) for label in labels]) / np.log(base)


@style("cross_entropy")
def cross_entropy_masked(p, q, base=2):
    with np.errstate(divide="ignore"):
        logs = np.log(np.where(p > 0, q, 1))
    return -(p * logs).sum(axis=-1) / np.log(base)


@style("cross_entropy")
def cross_entropy_nan_aware(p, q, base=2):
    with np.errstate(all="ignore"):
        terms = -p * np.log(q) / np.log(base)
    terms[p == 0] = 0
    return np.sum(terms, axis=-1)


@style("cross_entropy")
def cross_entropy_loops(p, q, base=2):
    if np.ndim(p) > 1:
        return np.array([cross_entropy_loops(a, b, base) for a, b in zip(p, q)])
    total = 0.0
    for pk, qk in zip(p, q):
        if pk > 0:
            total += math.inf if qk == 0 else -pk * math.log(qk, base)
    return total


@style("cross_entropy")
def cross_entropy_einsum(p, q, base=2):
    return np.einsum("...k,...k->...", p, surprise(np.where(p > 0, q, 1.0), base))


@style("kl_divergence")
def kl_as_difference(p, q, base=2):
    return cross_entropy(p, q, base) - entropy(p, base)


@style("kl_divergence")
def kl_of_ratio(p, q, base=2):
    with np.errstate(divide="ignore"):
        ratio = np.where(p > 0, p, 1) / np.where(p > 0, q, 1)
    return (p * np.log(ratio)).sum(axis=-1) / np.log(base)


@style("kl_divergence")
def kl_loops(p, q, base=2):
    if np.ndim(p) > 1:
        return [kl_loops(a, b, base) for a, b in zip(p, q)]
    total = 0.0
    for pk, qk in zip(p, q):
        if pk > 0 and qk == 0:
            return np.inf
        if pk > 0:
            total += pk * (np.log(pk) - np.log(qk))
    return total / np.log(base)


@style("kl_divergence")
def kl_difference_of_logs(p, q, base=2):
    with np.errstate(all="ignore"):
        terms = p * (np.log(p) - np.log(q))
    return np.where(p == 0, 0.0, terms).sum(-1) / np.log(base)


@style("likelihood")
def likelihood_loop(labels, q):
    product = 1
    for label in labels:
        product *= q[label]
    return product


@style("likelihood")
def likelihood_math_prod(labels, q):
    return math.prod(q[label] for label in labels)


@style("likelihood")
def likelihood_numpy(labels, q):
    return np.prod(np.array([q[label] for label in labels]))


@style("likelihood")
def likelihood_powers(labels, q):
    return math.prod(q[k] ** n for k, n in Counter(labels).items())


@style("average_log_likelihood")
def average_mean(labels, q):
    return np.mean([np.log(q[label]) for label in labels])


@style("average_log_likelihood")
def average_loop(labels, q):
    total = 0
    for label in labels:
        total += math.log(q[label])
    return total / len(labels)


@style("average_log_likelihood")
def average_by_counts(labels, q):
    return sum(n * math.log(q[k]) for k, n in Counter(labels).items()) / len(labels)


@style("average_log_likelihood")
def average_by_frequencies(labels, q):
    symbols = sorted(q)
    p = np.array([list(labels).count(s) for s in symbols]) / len(labels)
    return -cross_entropy(p, np.array([q[s] for s in symbols]), base=math.e)


@style("binary_cross_entropy")
def bce_one_line(y, y_hat):
    return -(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat))


@style("binary_cross_entropy")
def bce_cases(y, y_hat):
    return np.where(np.asarray(y) == 1, -np.log(y_hat), -np.log(1 - np.asarray(y_hat)))


@style("binary_cross_entropy")
def bce_probability_of_truth(y, y_hat):
    y, y_hat = np.asarray(y), np.asarray(y_hat)
    return -np.log(y * y_hat + (1 - y) * (1 - y_hat))


@style("binary_cross_entropy")
def bce_lists(y, y_hat):
    if np.ndim(y_hat):
        return [bce_lists(a, b) for a, b in zip(y, y_hat)]
    return -math.log(y_hat) if y else -math.log(1 - y_hat)
