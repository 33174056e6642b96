"""What several styles and mistakes of this notebook are made of, as a student might write it."""

from __future__ import annotations

import numpy as np


def softplus(z):
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def counts(labels, predictions):
    tp = np.sum((labels == 1) & (predictions == 1))
    fn = np.sum((labels == 1) & (predictions == 0))
    fp = np.sum((labels == 0) & (predictions == 1))
    tn = np.sum((labels == 0) & (predictions == 0))
    return tp, fn, fp, tn


def share(part, whole):
    return float(part / whole) if whole > 0 else 0.0
