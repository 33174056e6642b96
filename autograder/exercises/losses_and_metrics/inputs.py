"""Inputs drawn for several exercises of this notebook."""

from __future__ import annotations

import numpy as np


def binary(rng: np.random.Generator, n: int, ones: int) -> np.ndarray:
    """Draw `n` labels 0 and 1 as int64, `ones` of them 1, in random order."""
    return rng.permutation(np.repeat([1, 0], [ones, n - ones]))


def decisions(
    rng: np.random.Generator, tp: int, fn: int, fp: int, tn: int
) -> tuple[np.ndarray, np.ndarray]:
    """Draw labels and predictions with these counts, int64, in random order."""
    labels = np.repeat([1, 1, 0, 0], [tp, fn, fp, tn])
    predictions = np.repeat([1, 0, 1, 0], [tp, fn, fp, tn])
    order = rng.permutation(len(labels))
    return labels[order], predictions[order]


def classes(rng: np.random.Generator, table) -> tuple[np.ndarray, np.ndarray]:
    """Draw labels and predictions with this confusion matrix, rows true, in random order."""
    table = np.asarray(table)
    true, predicted = np.indices(table.shape)
    order = rng.permutation(table.sum())
    labels = np.repeat(true.ravel(), table.ravel())[order]
    return labels, np.repeat(predicted.ravel(), table.ravel())[order]


def distinct(rng: np.random.Generator, n: int, low: float = 0.0, high: float = 1.0) -> np.ndarray:
    """Draw `n` numbers between `low` and `high`, no two of them equal, in random order."""
    steps = np.arange(1, n + 1) + rng.uniform(-0.3, 0.3, n)
    return rng.permutation(low + (high - low) * steps / (n + 1))


def table(rng: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """Draw a joint distribution (rows, columns): positive, no two rows alike, summing to 1."""
    weights = rng.uniform(0.2, 1.0, (rows, columns)) + 2.0 * np.eye(rows, columns)
    return weights / weights.sum()
