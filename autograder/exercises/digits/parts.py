"""Helper functions of the styles and mistakes of 09-digits."""

from __future__ import annotations

import numpy as np


def probabilities(a):
    e = np.exp(a - a.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def surprises(a, labels):
    top = a.max(axis=1, keepdims=True)
    logsumexp = top[:, 0] + np.log(np.exp(a - top).sum(axis=1))
    return logsumexp - a[np.arange(len(a)), labels]


def squared_weights(params):
    return sum(np.sum(params[name] ** 2) for name in params if name.startswith("W"))


def score_gradient(a, labels):
    delta = probabilities(a)
    delta[np.arange(len(a)), labels] -= 1
    return delta / len(a)
