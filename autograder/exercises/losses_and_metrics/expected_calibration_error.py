"""How far predicted probabilities are from what happens."""

from __future__ import annotations

import numpy as np

from autograder.exercises.losses_and_metrics import notebook, reference
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.expected_calibration_error,
    points=3,
    minutes=12,
    hints=(
        "Do it by hand for four examples and two bins: which examples share a bin, what did the "
        "model say there on average, and how often did it happen?",
        "Which weight does a bin with many examples get? Do the weights add up to 1?",
        "Where does p = 1 go? And what would you average over in an empty bin?",
    ),
)


@exercise.cases
def cases(rng):
    yield case(np.array([1, 0, 1, 1]), np.array([0.1, 0.3, 0.6, 0.9]), 2)
    yield case(np.array([0, 1, 0, 1, 1, 0]), np.array([0.15, 0.22, 0.35, 0.64, 0.93, 0.97]), 5)
    yield case(np.array([0, 1, 1]), np.array([1.0, 0.95, 0.05]), 10, about="with p = 1")
    yield case(
        np.array([1, 0, 0, 1]), np.array([0.5, 0.7, 0.25, 0.4]), 4, about="on the edge of a bin"
    )
    yield case(np.array([1, 1, 0, 1]), np.array([0.81, 0.9, 0.84, 0.99]), 20, about="empty bins")
    yield case(np.array([1, 0, 0, 1, 1]), np.array([0.2, 0.3, 0.45, 0.6, 0.85]), 1, about="one bin")
    yield case(np.array([1, 0]), np.array([1e-6, 1 - 1e-6]), 3, about="sure and wrong")
    for n, bins in ((12, 3), (40, 7), (60, 10)):
        p = np.round(rng.uniform(0.02, 0.98, n), 3) + 0.0004
        labels = (rng.uniform(size=n) < p**2).astype(int)
        labels[:2] = [1, 0]
        yield case(labels, p, bins)


@exercise.style
def ece_by_loop(labels, probabilities, n_bins):
    bins = np.minimum((probabilities * n_bins).astype(int), n_bins - 1)
    total = 0.0
    for b in range(n_bins):
        inside = bins == b
        if inside.any():
            gap = abs(labels[inside].mean() - probabilities[inside].mean())
            total += inside.mean() * gap
    return total


@exercise.style
def ece_bincount(labels, probabilities, n_bins):
    bins = np.clip(np.floor(probabilities * n_bins), 0, n_bins - 1).astype(int)
    happened = np.bincount(bins, weights=labels, minlength=n_bins)
    expected = np.bincount(bins, weights=probabilities, minlength=n_bins)
    return np.abs(happened - expected).sum() / len(labels)


@exercise.style
def ece_occupied_bins(labels, probabilities, n_bins):
    bins = np.minimum(np.floor(probabilities * n_bins), n_bins - 1)
    gaps, shares = [], []
    for b in np.unique(bins):
        gaps.append(np.abs(np.mean(labels[bins == b] - probabilities[bins == b])))
        shares.append(np.sum(bins == b) / len(bins))
    return np.dot(gaps, shares)


@exercise.style
def ece_by_dict(labels, probabilities, n_bins):
    members = {}
    for y, p in zip(labels.tolist(), probabilities.tolist()):
        members.setdefault(min(int(p * n_bins), n_bins - 1), []).append((y, p))
    total = 0.0
    for pairs in members.values():
        total += abs(sum(y for y, _ in pairs) - sum(p for _, p in pairs))
    return total / len(labels)


@exercise.style
def ece_digitize(labels, probabilities, n_bins):
    bins = np.digitize(probabilities, np.arange(1, n_bins) / n_bins)
    one_hot = np.eye(n_bins)[bins]
    return np.abs((labels - probabilities) @ one_hot).mean() * n_bins / len(labels)


@exercise.mistake(
    "Does a bin with one example count as much as one with fifty?",
    said="All occupied bins count alike, however many examples they hold.",
    root=Root.WEIGHTS,
)
def ece_unweighted(labels, probabilities, n_bins):
    bins = np.minimum((probabilities * n_bins).astype(int), n_bins - 1)
    gaps = [
        abs(labels[bins == b].mean() - probabilities[bins == b].mean()) for b in np.unique(bins)
    ]
    return np.mean(gaps)


@exercise.mistake(
    "Does a bin with one example count as much as one with fifty? And an empty one?",
    said="The gaps are divided by the number of bins, empty ones among them.",
    root=Root.WEIGHTS,
)
def ece_divided_by_bins(labels, probabilities, n_bins):
    bins = np.minimum((probabilities * n_bins).astype(int), n_bins - 1)
    gaps = [
        abs(labels[bins == b].mean() - probabilities[bins == b].mean()) for b in np.unique(bins)
    ]
    return np.sum(gaps) / n_bins


@exercise.mistake(
    "Is the gap one of a bin's means, or of each single example?",
    said="The gaps of single examples are averaged: the bins play no part.",
    root=Root.MEAN,
)
def ece_no_bins(labels, probabilities, n_bins):
    return np.mean(np.abs(labels - probabilities))


@exercise.mistake(
    "A bin that is too sure and one that is too timid: may they cancel?",
    said="The gaps keep their signs and cancel from bin to bin.",
    root=Root.SIGN,
)
def ece_signed(labels, probabilities, n_bins):
    return np.mean(labels - probabilities)


@exercise.mistake(
    "A bin that is too sure and one that is too timid: may they cancel?",
    said="The gaps are added up first and their size is taken last, so that they cancel.",
    root=Root.SIGN,
)
def ece_size_of_total(labels, probabilities, n_bins):
    return abs(np.mean(labels) - np.mean(probabilities))


@exercise.mistake(
    "What did the model say in that bin: the middle of the bin, or the mean of its probabilities?",
    said="The middle of each bin stands in for the mean probability in it.",
)
def ece_bin_centres(labels, probabilities, n_bins):
    bins = np.minimum((probabilities * n_bins).astype(int), n_bins - 1)
    total = 0.0
    for b in np.unique(bins):
        inside = bins == b
        total += inside.mean() * abs(labels[inside].mean() - (b + 0.5) / n_bins)
    return total


@exercise.mistake(
    "To which bin does a probability of exactly 1 belong?",
    said="Examples with p = 1 fall out of the last bin and are lost.",
    root=Root.INDEX,
)
def ece_one_is_lost(labels, probabilities, n_bins):
    bins = np.floor(probabilities * n_bins)
    total = 0.0
    for b in range(n_bins):
        inside = bins == b
        if inside.any():
            total += inside.mean() * abs(labels[inside].mean() - probabilities[inside].mean())
    return total


@exercise.mistake(
    "To which of its two neighbours does the edge of a bin belong?",
    said="An edge is counted to the bin below it.",
    root=Root.INDEX,
)
def ece_edges_below(labels, probabilities, n_bins):
    bins = np.maximum(np.ceil(probabilities * n_bins).astype(int) - 1, 0)
    gaps = np.bincount(bins, weights=labels - probabilities, minlength=n_bins)
    return np.sum(np.abs(gaps)) / len(labels)


@exercise.mistake(
    "What is the mean over an empty bin? Should an empty bin count?",
    said="The mean over an empty bin is 0/0.",
    root=Root.DIGITS,
)
def ece_empty_bins_nan(labels, probabilities, n_bins):
    bins = np.minimum((probabilities * n_bins).astype(int), n_bins - 1)
    total = 0.0
    for b in range(n_bins):
        inside = bins == b
        n = np.float64(inside.sum())
        gap = abs(labels[inside].sum() / n - probabilities[inside].sum() / n)
        total += n / len(labels) * gap
    return total


@exercise.mistake(
    "Is the error expected over the examples, or the largest of all bins?",
    said="The largest gap of a bin came back.",
    root=Root.MEAN,
)
def ece_largest_gap(labels, probabilities, n_bins):
    bins = np.minimum((probabilities * n_bins).astype(int), n_bins - 1)
    return max(
        abs(labels[bins == b].mean() - probabilities[bins == b].mean()) for b in np.unique(bins)
    )


@exercise.mistake(
    "What happened in a bin: how often was the label 1, or how often was a decision right?",
    said="The accuracy at one half stands where the mean label belongs.",
)
def ece_accuracy_for_label(labels, probabilities, n_bins):
    bins = np.minimum((probabilities * n_bins).astype(int), n_bins - 1)
    right = (probabilities >= 0.5) == (labels == 1)
    gaps = np.bincount(bins, weights=right - probabilities, minlength=n_bins)
    return np.sum(np.abs(gaps)) / len(labels)


@exercise.mistake(
    "Is the gap of a bin squared anywhere in the recipe?",
    said="The gaps are squared.",
)
def ece_squared_gaps(labels, probabilities, n_bins):
    bins = np.minimum((probabilities * n_bins).astype(int), n_bins - 1)
    total = 0.0
    for b in np.unique(bins):
        inside = bins == b
        total += inside.mean() * (labels[inside].mean() - probabilities[inside].mean()) ** 2
    return total


@exercise.mistake(
    "Do the bins have the same width, or the same number of examples?",
    said="Each bin holds equally many examples in place of having the same width.",
)
def ece_equal_counts(labels, probabilities, n_bins):
    order = np.argsort(probabilities)
    parts = np.array_split(order, n_bins)
    gaps = [abs(np.sum(labels[part] - probabilities[part])) for part in parts]
    return np.sum(gaps) / len(labels)


exercise.equivalent(
    "np.dot(gaps, shares) -> np.dot(shares, gaps)",
    because="The products, sums or differences are the same in either order.",
)


@exercise.property(
    "It is a mean of distances between shares, so it lies between 0 and 1, and yours is {found}. "
    "What are the weights of your bins?"
)
def between_zero_and_one(f, labels, probabilities, n_bins):
    found = np.asarray(f(labels, probabilities, n_bins))
    if found.shape == () and not -1e-9 <= found <= 1 + 1e-9:
        return {"found": found}
