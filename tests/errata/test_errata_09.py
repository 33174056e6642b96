"""The errata of notebook 09: what the lectures print beside what is right."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

from autograder.exercises.digits.reference import (
    fit,
    forward,
    loss,
    predict,
    softmax,
    standardize,
)

DIGITS = load_digits()
X, _ = standardize(DIGITS.data[:400], DIGITS.data[400:])
LABELS = DIGITS.target[:400]
SIZES, STRENGTH = (64, 30, 10), 0.001


def cost(params):
    return loss(forward(X, params)["a"], LABELS, params, STRENGTH)


def trained(seed):
    return fit(X, LABELS, SIZES, 40, 32, 0.05, 0.9, STRENGTH, np.random.default_rng(seed))


def distance(one, other):
    return np.sqrt(sum(np.sum((one[name] - other[name]) ** 2) for name in one))


def test_E106_minima_are_alike_by_observation_and_by_exchanging_units():
    ends = [trained(seed) for seed in range(3)]
    values = [cost(end) for end in ends]
    assert max(values) < 1.05 * min(values)
    half_way = {name: (ends[0][name] + ends[1][name]) / 2 for name in ends[0]}
    assert cost(half_way) > 1.2 * max(values)
    order = np.random.default_rng(0).permutation(30)
    exchanged = {
        "W1": ends[0]["W1"][:, order],
        "b1": ends[0]["b1"][order],
        "W2": ends[0]["W2"][order],
        "b2": ends[0]["b2"],
    }
    assert cost(exchanged) == pytest.approx(values[0], rel=1e-12)
    assert distance(exchanged, ends[0]) > 5


def test_E108_the_decision_is_flat_and_the_loss_is_not():
    params = trained(0)
    a = forward(X, params)["a"]
    moved = params | {"b2": params["b2"] + 1e-6 * np.arange(10)}
    assert np.array_equal(predict(X, moved), predict(X, params))
    slope = (softmax(a) - np.eye(10)[LABELS]).mean(axis=0) @ np.arange(10)
    assert (cost(moved) - cost(params)) / 1e-6 == pytest.approx(slope, rel=1e-3, abs=1e-6)
    assert slope != 0
